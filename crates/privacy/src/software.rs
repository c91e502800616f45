//! Whether a browser and an operating system still get corrections, by what they say of themselves.
//!
//! A dated table says, for each, up to which version its maker gave it up, and from which on it gets corrections. What is
//! between, what the table does not know, and what a browser does not tell are not known, and unknown is not good.
//! Browsers freeze most of what their `User-Agent` says of the system (RFC 9110 §10.1.5 lets them); the version is
//! believed only where it means something, or where the browser gives it as a client hint (User-Agent Client Hints,
//! `Sec-CH-UA-Platform-Version`).

use caliopen_model::Support;

/// When the table was last held against what the makers publish.
pub const TABLE_DATE: &str = "2026-11-27";

/// What a browser says of itself and of its system. None of it is checked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Declared<'a> {
    /// The header `User-Agent`.
    pub user_agent: &'a str,
    /// The client hint `Sec-CH-UA-Platform`, without its quotes.
    pub platform: &'a str,
    /// The client hint `Sec-CH-UA-Platform-Version`, without its quotes.
    pub platform_version: &'a str,
}

/// What follows from it; none where it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Software {
    /// The operating system.
    pub system: Option<Support>,
    /// The browser.
    pub browser: Option<Support>,
}

/// Longest header that is looked at, in bytes.
const DECLARED_BYTES_MAX: usize = 512;

/// Versions of something, by their first number.
struct Versions {
    /// What stands in front of the number.
    mark: &'static str,
    /// Smaller ones were given up by their maker.
    given_up_before: u32,
    /// These and greater ones get corrections.
    corrected_from: u32,
}

const fn versions(mark: &'static str, given_up_before: u32, corrected_from: u32) -> Versions {
    Versions { mark, given_up_before, corrected_from }
}

/// The first mark that a `User-Agent` has is the one that counts: others pretend to be the ones below them.
const BROWSERS: [Versions; 5] = [
    // Built from Chromium, under numbers of their own: what counts is Chromium's, which they name too.
    versions("CriOS/", 147, 153),
    versions("FxiOS/", 140, 153),
    // The last release with long support, and the present one, get corrections.
    versions("Firefox/", 140, 153),
    versions("Chrome/", 147, 153),
    versions("Version/", 18, 26),
];

/// Systems by the hint of their name; numbers are those of the hint of the version.
const PLATFORMS: [Versions; 3] = [
    // 1 to 10 are Windows 10, which its maker gave up on 2025-10-14; from 13 on it is Windows 11.
    versions("Windows", 13, 13),
    versions("macOS", 15, 15),
    versions("Android", 13, 14),
];

/// Systems by what a `User-Agent` still says truly. Windows 10 and 11 both say 10, every macOS since 11 says 10.15.
const SYSTEMS: [Versions; 3] =
    [versions("Windows NT ", 10, u32::MAX), versions("iPhone OS ", 17, 26), versions("CPU OS ", 17, 26)];

/// Reads what a browser says.
pub fn read(declared: Declared<'_>) -> Software {
    let user_agent = cut(declared.user_agent);
    let hinted = PLATFORMS.iter().find(|known| known.mark == declared.platform);
    let by_hint = hinted.and_then(|known| support(known, first_number(cut(declared.platform_version))?));
    Software { system: by_hint.or_else(|| find(&SYSTEMS, user_agent)), browser: find(&BROWSERS, user_agent) }
}

fn cut(text: &str) -> &str {
    text.get(..DECLARED_BYTES_MAX.min(text.len())).unwrap_or_default()
}

fn find(table: &[Versions], user_agent: &str) -> Option<Support> {
    table.iter().find_map(|known| {
        let (_, after) = user_agent.split_once(known.mark)?;
        Some(support(known, first_number(after)?))
    })?
}

fn first_number(text: &str) -> Option<u32> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end)?.parse().ok()
}

const fn support(known: &Versions, version: u32) -> Option<Support> {
    if version < known.given_up_before {
        Some(Support::EndOfLife)
    } else if version >= known.corrected_from {
        Some(Support::Supported)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Support::{EndOfLife, Supported};

    fn check(user_agent: &str, hint: (&str, &str), system: Option<Support>, browser: Option<Support>) {
        let declared = Declared { user_agent, platform: hint.0, platform_version: hint.1 };
        assert_eq!(read(declared), Software { system, browser }, "{user_agent} {hint:?}");
    }

    fn chrome(system: &str, version: u32) -> String {
        format!(
            "Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version}.0.0.0 Safari/537.36"
        )
    }

    #[test]
    fn a_browser_is_known_by_its_version_and_its_system_by_its_hint() {
        let windows = "Windows NT 10.0; Win64; x64";
        check(&chrome(windows, 156), ("Windows", "15.0.0"), Some(Supported), Some(Supported));
        check(&chrome(windows, 100), ("Windows", "10.0.0"), Some(EndOfLife), Some(EndOfLife));
        check(&chrome(windows, 150), ("", ""), None, None);
        check(&chrome("X11; Linux x86_64", 156), ("Linux", "6.1.0"), None, Some(Supported));
        check(&chrome("Linux; Android 10; K", 156), ("Android", "16.0.0"), Some(Supported), Some(Supported));
        check(
            &chrome("Macintosh; Intel Mac OS X 10_15_7", 156),
            ("macOS", "14.6.1"),
            Some(EndOfLife),
            Some(Supported),
        );
        check(&chrome("Windows NT 6.1", 109), ("", ""), Some(EndOfLife), Some(EndOfLife));
    }

    #[test]
    fn firefox_and_safari_are_known_by_what_they_say() {
        check(
            "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
            ("", ""),
            None,
            Some(Supported),
        );
        check(
            "Mozilla/5.0 (Windows NT 10.0; rv:102.0) Gecko/20100101 Firefox/102.0",
            ("", ""),
            None,
            Some(EndOfLife),
        );
        let safari = |system: &str, version: &str| {
            format!(
                "Mozilla/5.0 ({system}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{version} Safari/605.1.15"
            )
        };
        check(&safari("Macintosh; Intel Mac OS X 10_15_7", "26.1"), ("", ""), None, Some(Supported));
        let phone = "iPhone; CPU iPhone OS 15_8 like Mac OS X";
        check(&safari(phone, "15.6"), ("", ""), Some(EndOfLife), Some(EndOfLife));
    }

    #[test]
    fn what_says_nothing_is_not_known() {
        for odd in [
            "",
            "curl/8.0",
            "Chrome/",
            "Chrome/x",
            "Firefox/99999999999999",
            "Windows NT",
            "é".repeat(600).as_str(),
        ] {
            check(odd, ("Windows", "x"), None, None);
        }
    }

    #[test]
    fn no_version_is_given_up_and_corrected() {
        for known in BROWSERS.iter().chain(&PLATFORMS).chain(&SYSTEMS) {
            assert!(known.given_up_before <= known.corrected_from, "{}", known.mark);
        }
    }
}
