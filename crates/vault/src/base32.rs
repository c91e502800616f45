//! Crockford's base 32, as people type it: any case, `o` for 0, `i` and `l` for 1, hyphens and spaces anywhere.

use crate::error::RecoveryCodeError;
use zeroize::Zeroizing;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The letter of a value below 32; higher bits are ignored.
pub(crate) fn letter(value: u8) -> char {
    ALPHABET.get(usize::from(value & 31)).copied().map_or('0', char::from)
}

/// The values of a text that a person typed. Refuses every character that is neither a digit nor a separator.
pub(crate) fn read_typed(text: &str) -> Result<Zeroizing<Vec<u8>>, RecoveryCodeError> {
    let mut values = Zeroizing::new(Vec::with_capacity(text.len()));
    for typed in text.chars() {
        if typed.is_whitespace() || matches!(typed, '-' | '\u{2010}'..='\u{2015}' | '.' | '_') {
            continue;
        }
        values.push(value(typed).ok_or(RecoveryCodeError::Character)?);
    }
    Ok(values)
}

fn value(typed: char) -> Option<u8> {
    let folded = match typed.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let position = ALPHABET.iter().position(|known| char::from(*known) == folded)?;
    u8::try_from(position).ok()
}
