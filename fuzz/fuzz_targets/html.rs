//! Hostile HTML: what comes out is safe, and nothing is left to be made safe in it.
#![no_main]

#[path = "../../crates/mime/tests/judge/mod.rs"]
mod judge;

use caliopen_mime::safe_html;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|html: &str| {
    let once = safe_html(html);
    judge::assert_safe(&once, html);
    assert_eq!(once.html, safe_html(&once.html).html, "{html:?}");
});
