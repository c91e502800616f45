//! Any bytes as a message of a person's own program: what leaves has the one author that was checked.
#![no_main]

use caliopen_mime::{complete, parse};
use caliopen_model::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let at = Timestamp::from_unix_ms(0);
    let Ok(done) = complete(raw, "new", at) else { return };
    let (message, _) = parse(&done.raw);
    assert_eq!(message.from.len(), 1);
    assert_eq!(message.from[0].handle, done.from.handle);
    let again = complete(&done.raw, "new", at).expect("what leaves can leave");
    assert_eq!((again.from.handle, again.senders), (done.from.handle, done.senders));
});
