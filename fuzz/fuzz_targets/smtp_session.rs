//! Command lines, paths, parameters and sign-ins of SMTP, submission and LMTP, in reads of any size.
#![no_main]

use caliopen_fuzz::Connection;
use caliopen_smtp::Dialect;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((how, said)) = input.split_first() else { return };
    let dialect = match how % 3 {
        0 => Dialect::Smtp,
        1 => Dialect::Lmtp,
        _ => Dialect::Submission,
    };
    let mut whole = Connection::open(dialect);
    whole.read(said);
    let mut split = Connection::open(dialect);
    said.chunks(usize::from(how / 3) + 1).for_each(|bytes| split.read(bytes));
    assert_eq!(whole.delivered, split.delivered, "the same bytes, split otherwise");
});
