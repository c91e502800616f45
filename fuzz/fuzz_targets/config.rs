//! Any text as a configuration: taken, or refused with one sentence.
#![no_main]

use caliopen_server::Config;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(error) = Config::parse(text, "caliopen.toml") {
        let sentence = error.to_string();
        assert!(sentence.starts_with("caliopen.toml, line ") && sentence.lines().count() == 1, "{sentence}");
    }
});
