//! Links in text: the spans are the text, and lead to nothing but the web and mail.
#![no_main]

use caliopen_mime::linkify;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let spans = linkify(text);
    assert_eq!(spans.iter().map(|span| span.text.as_str()).collect::<String>(), text);
    for target in spans.into_iter().filter_map(|span| span.target) {
        let schemes = ["http://", "https://", "mailto:"];
        assert!(schemes.iter().any(|scheme| target.starts_with(scheme)), "{target}");
    }
});
