//! What a server offers, as its answer to EHLO said (RFC 5321 §4.1.1.1).

/// The extensions that we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Offers {
    /// RFC 1870: a message's size may be announced.
    pub announces_size: bool,
    /// The largest message, when one is named with it.
    pub message_bytes_max: Option<u64>,
    /// RFC 2920.
    pub pipelining: bool,
    /// RFC 3030.
    pub chunking: bool,
    /// RFC 6152.
    pub eight_bit_mime: bool,
    /// RFC 6531.
    pub smtputf8: bool,
    /// RFC 3207.
    pub starttls: bool,
    /// RFC 3461.
    pub dsn: bool,
    /// RFC 8689.
    pub require_tls: bool,
}

impl Offers {
    /// Reads the lines after the first one. What is not known is not used.
    pub(super) fn read(lines: &[String]) -> Self {
        let mut offers = Self::default();
        for line in lines {
            let mut words = line.split_ascii_whitespace();
            let keyword = words.next().unwrap_or_default().to_ascii_uppercase();
            match keyword.as_str() {
                // RFC 1870 §4: no number and 0 both mean that no limit is known.
                "SIZE" => {
                    offers.announces_size = true;
                    let size = words.next().and_then(|number| number.parse().ok());
                    offers.message_bytes_max = size.filter(|size| *size > 0);
                }
                "PIPELINING" => offers.pipelining = true,
                "CHUNKING" => offers.chunking = true,
                "8BITMIME" => offers.eight_bit_mime = true,
                "SMTPUTF8" => offers.smtputf8 = true,
                "STARTTLS" => offers.starttls = true,
                "DSN" => offers.dsn = true,
                "REQUIRETLS" => offers.require_tls = true,
                _ => {}
            }
        }
        offers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[&str], expected: Offers) {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        assert_eq!(Offers::read(&lines), expected, "{lines:?}");
    }

    #[test]
    fn keywords_are_read_in_any_case() {
        let all = Offers {
            announces_size: true,
            message_bytes_max: Some(1_000),
            pipelining: true,
            chunking: true,
            eight_bit_mime: true,
            smtputf8: true,
            starttls: true,
            dsn: true,
            require_tls: true,
        };
        let lines = "size 1000|Pipelining|CHUNKING|8BitMime|SMTPUTF8|STARTTLS|DSN|RequireTls|X-NEW 1";
        check(&lines.split('|').collect::<Vec<_>>(), all);
        let no_limit = Offers { announces_size: true, ..Offers::default() };
        check(&["SIZE", "", "AUTH PLAIN STARTTLS"], no_limit);
        check(&["SIZE 0"], no_limit);
        check(&["SIZE 99999999999999999999999"], no_limit);
    }
}
