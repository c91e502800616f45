//! Hostile style sheets and style attributes: what comes out is safe.
#![no_main]

#[path = "../../crates/mime/tests/judge/mod.rs"]
mod judge;

use caliopen_mime::safe_html;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|css: &str| {
    let in_attribute = css.replace('"', "&quot;");
    for html in [format!("<style>{css}</style><p class=a>"), format!("<p style=\"{in_attribute}\">")] {
        judge::assert_safe(&safe_html(&html), &html);
    }
});
