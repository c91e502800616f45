//! Any bytes as a segment: refused or read, never trusted.
#![no_main]

use caliopen_search::{Held, Merge, Segment, matches, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let held = Held::whole(bytes.to_vec());
    if let Ok(segment) = Segment::open(&held) {
        let _refused = matches(&segment, &parse("\"a b\" c* OR is:sent from:d", 0, true));
    }
    if let Ok(mut merge) = Merge::begin(vec![bytes.to_vec()], &|_| true) {
        while matches!(merge.advance(100), Ok(false)) {}
    }
});
