//! Any bytes as a message: read, listed, and each of its parts opened.
#![no_main]

use caliopen_mime::{limits, one_click, parse, part, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let (message, defects) = parse(raw);
    assert!(!defects.iter().any(|defect| defect.code == "parser-panic"), "the vendor's parser panicked");
    for file in &message.parts {
        let (again, bytes) = part(raw, file.id).expect("a part that is listed can be read");
        assert_eq!((&again, bytes.len() as u64), (file, file.size_bytes));
    }
    read(raw);
    if let Some(url) = one_click(raw) {
        assert!(url.len() <= limits::URI_BYTES_MAX && url.is_ascii() && !url.contains(char::is_whitespace));
    }
});
