//! The record and the policy of MTA-STS, as text (RFC 8461 §3). Pure.

use std::time::Duration;

/// RFC 8461 §3.2: about a year.
pub(super) const AGE_MAX: Duration = Duration::from_secs(31_557_600);

/// Patterns of hosts of one policy that are kept.
pub(super) const PATTERNS_MAX: usize = 100;

/// What a domain wants of who sends to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::deliver) enum Mode {
    /// No delivery without proof.
    Enforce,
    /// Delivery as if there were no policy, and a report.
    Testing,
    /// As if there were no policy.
    None,
}

impl Mode {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Testing => "testing",
            Self::None => "none",
        }
    }
}

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::deliver) struct Policy {
    pub(super) mode: Mode,
    /// Hosts in lower case; `*.` stands for one label.
    pub(super) hosts: Vec<String>,
    /// How long it holds after it was fetched.
    pub(super) age_max: Duration,
}

impl Policy {
    /// Reads a policy (RFC 8461 §3.2). Lines may end with LF alone, fields stand in any order, the first of a kind
    /// counts, unknown ones are passed over. None when it lacks something.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let fields =
            || text.lines().filter_map(|line| line.split_once(':')).map(|(k, v)| (k.trim(), v.trim()));
        let first = |key: &str| fields().find(|(k, _)| *k == key).map(|(_, value)| value);
        if first("version")? != "STSv1" {
            return None;
        }
        let mode = mode(first("mode")?)?;
        let hosts: Vec<String> = fields()
            .filter(|(key, _)| *key == "mx")
            .map(|(_, host)| host.trim_end_matches('.').to_ascii_lowercase())
            .filter(|host| is_pattern(host))
            .take(PATTERNS_MAX)
            .collect();
        if hosts.is_empty() && mode != Mode::None {
            return None;
        }
        Some(Self { mode, hosts, age_max: seconds(first("max_age")?)? })
    }

    /// As its domain would write it (RFC 8461 §3.2).
    pub(super) fn lines(&self) -> Vec<String> {
        let hosts = self.hosts.iter().map(|host| format!("mx: {host}"));
        let (mode, age) =
            (format!("mode: {}", self.mode.word()), format!("max_age: {}", self.age_max.as_secs()));
        ["version: STSv1".to_owned(), mode].into_iter().chain(hosts).chain([age]).collect()
    }

    pub(in crate::deliver) const fn mode(&self) -> Mode {
        self.mode
    }

    /// Whether a host is one of the policy's (RFC 8461 §4.1).
    pub(in crate::deliver) fn names(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let parent = host.split_once('.').map(|(_, parent)| parent);
        self.hosts.iter().any(|pattern| match pattern.strip_prefix("*.") {
            Some(suffix) => parent == Some(suffix),
            None => *pattern == host,
        })
    }
}

/// The words of the standard, as they are written and kept.
pub(super) fn mode(text: &str) -> Option<Mode> {
    match text.to_ascii_lowercase().as_str() {
        "enforce" => Some(Mode::Enforce),
        "testing" => Some(Mode::Testing),
        "none" => Some(Mode::None),
        _ => None,
    }
}

/// Up to ten digits. More than a year is a year.
pub(super) fn seconds(text: &str) -> Option<Duration> {
    let is_number = (1..=10).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = is_number.then(|| text.parse().ok())??;
    Some(Duration::from_secs(number).min(AGE_MAX))
}

fn is_pattern(text: &str) -> bool {
    let host = text.strip_prefix("*.").unwrap_or(text);
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    host.len() <= 253 && host.split('.').all(is_label)
}

/// The id of a domain's policy, from the texts of `_mta-sts` (RFC 8461 §3.1). None unless there is exactly one.
pub(super) fn id(texts: &[Vec<u8>]) -> Option<String> {
    let ours = |text: &&Vec<u8>| {
        text.strip_prefix(b"v=STSv1").is_some_and(|rest| rest.trim_ascii_start().starts_with(b";"))
    };
    let mut found = texts.iter().filter(ours);
    let (Some(record), None) = (found.next(), found.next()) else { return None };
    let record = std::str::from_utf8(record).ok()?;
    let value = record.split(';').find_map(|field| field.trim().strip_prefix("id="))?;
    let is_id = (1..=32).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_id.then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_id(texts: &[&str], expected: Option<&str>) {
        let texts: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
        assert_eq!(id(&texts).as_deref(), expected, "{texts:?}");
    }

    #[test]
    fn a_record_names_its_policy() {
        check_id(&["v=STSv1; id=20160831085700Z;"], Some("20160831085700Z"));
        check_id(&["v=STSv1;id=a", "v=spf1 -all"], Some("a"));
        check_id(&["v=STSv1 ; x=y; id=a"], Some("a"));
        check_id(&["v=STSv1; id=a", "v=STSv1; id=b"], None);
        for none in ["v=STSv1", "v=STSv1; id=", "v=STSv1; id=a-b", "v=STSv10; id=a", "V=stsv1; id=a", "id=a"]
        {
            check_id(&[none], None);
        }
        check_id(&[&format!("v=STSv1; id={}", "a".repeat(33))], None);
        check_id(&[], None);
    }

    fn check(text: &str, expected: Option<(Mode, &[&str], u64)>) {
        let policy = Policy::parse(text);
        let found = policy.as_ref().map(|policy| {
            (
                policy.mode,
                policy.hosts.iter().map(String::as_str).collect::<Vec<_>>(),
                policy.age_max.as_secs(),
            )
        });
        assert_eq!(found, expected.map(|(mode, hosts, age)| (mode, hosts.to_vec(), age)), "{text:?}");
    }

    #[test]
    fn a_policy_is_read_leniently_where_the_standard_is() {
        let usual = "version: STSv1\r\nmode: enforce\r\nmx: MX.a.test\r\nmx: *.b.test\r\nmax_age: 604800\r\n";
        check(usual, Some((Mode::Enforce, &["mx.a.test", "*.b.test"], 604_800)));
        check(&usual.replace('\r', ""), Some((Mode::Enforce, &["mx.a.test", "*.b.test"], 604_800)));
        check(
            "max_age:1\nmx:a.test.\nnew: x\nmode:testing\nversion:STSv1",
            Some((Mode::Testing, &["a.test"], 1)),
        );
        check("version: STSv1\nmode: none\nmax_age: 60", Some((Mode::None, &[], 60)));
        let twice = "version: STSv1\nmode: testing\nmode: enforce\nmx: a.test\nmax_age: 60\nmax_age: 9";
        check(twice, Some((Mode::Testing, &["a.test"], 60)));
        check(
            "version: STSv1\nmode: enforce\nmx: a.test\nmax_age: 9999999999",
            Some((Mode::Enforce, &["a.test"], 31_557_600)),
        );
    }

    #[test]
    fn a_policy_that_lacks_something_is_none() {
        for text in [
            "",
            "mode: enforce\nmx: a.test\nmax_age: 60",
            "version: STSv2\nmode: enforce\nmx: a.test\nmax_age: 60",
            "version: STSv1\nmode: sometimes\nmx: a.test\nmax_age: 60",
            "version: STSv1\nmode: enforce\nmax_age: 60",
            "version: STSv1\nmode: enforce\nmx: *.*.test\nmax_age: 60",
            "version: STSv1\nmode: enforce\nmx: a.test",
            "version: STSv1\nmode: enforce\nmx: a.test\nmax_age: -1",
            "version: STSv1\nmode: enforce\nmx: a.test\nmax_age: 12345678901",
            "<html>version: STSv1</html>",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn a_star_stands_for_one_label() {
        let policy =
            Policy::parse("version: STSv1\nmode: enforce\nmx: a.test\nmx: *.b.test\nmax_age: 60").unwrap();
        for host in ["a.test", "A.test", "x.b.test", "X.B.test"] {
            assert!(policy.names(host), "{host}");
        }
        for host in ["b.test", "x.a.test", "x.y.b.test", "ab.test", "test", ""] {
            assert!(!policy.names(host), "{host}");
        }
    }
}
