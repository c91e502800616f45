//! How a page comes in: a question is laid into a room of this program's memory, and the answer is read from it.
//!
//! WebAssembly passes numbers alone. The page asks for [`formula_room`], writes a question there, has it answered by
//! [`formula_answer`], and reads that many bytes at [`formula_words`]. There is one room: whoever asks again overwrites
//! the former answer. Nothing of a page's memory is ever read, and no pointer comes in.
#![expect(unsafe_code, reason = "the page finds the doors by their names; nothing else here is unsafe")]

use crate::QUESTION_BYTES_MAX;
use caliopen_model::FORMULA_VERSION;
use std::cell::RefCell;

thread_local! {
    static ROOM: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// The version of the formula.
#[unsafe(no_mangle)]
pub extern "C" fn formula_version() -> u32 {
    FORMULA_VERSION.into()
}

/// Where a question of so many bytes is to be written; null when it would be too large.
#[unsafe(no_mangle)]
pub extern "C" fn formula_room(bytes: usize) -> *mut u8 {
    if bytes > QUESTION_BYTES_MAX {
        return std::ptr::null_mut();
    }
    ROOM.with_borrow_mut(|room| {
        room.clear();
        room.resize(bytes, 0);
        room.as_mut_ptr()
    })
}

/// Answers the question in the room. How many bytes the answer has.
#[unsafe(no_mangle)]
pub extern "C" fn formula_answer() -> usize {
    ROOM.with_borrow_mut(|room| {
        *room = crate::answer(room);
        room.len()
    })
}

/// Where the answer stands, until the next question.
#[unsafe(no_mangle)]
pub extern "C" fn formula_words() -> *const u8 {
    ROOM.with_borrow(|room| room.as_ptr())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_that_is_too_large_finds_no_room() {
        assert!(formula_room(QUESTION_BYTES_MAX + 1).is_null());
        assert!(!formula_room(16).is_null());
    }

    #[test]
    fn an_empty_room_is_answered_by_a_refusal() {
        formula_room(0);
        assert!(formula_answer() > 0);
        assert!(!formula_words().is_null());
        assert_eq!(formula_version(), u32::from(FORMULA_VERSION));
    }
}
