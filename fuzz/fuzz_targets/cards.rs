//! Any bytes as a file of vCards: read, and what was read written again.
#![no_main]

use caliopen_cards::{Found, Version, read, write};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for found in read(bytes).found {
        if let Found::Card { card, .. } = found {
            for version in [Version::V3, Version::V4] {
                let written = write(&card, version);
                assert_eq!(read(written.as_bytes()).found.len(), 1, "{written}");
            }
        }
    }
});
