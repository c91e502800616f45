//! Commands (RFC 5321 §4.1): a line of bytes → what the client wants.

use crate::auth::{InitialResponse, Mechanism};
use crate::path::{self, Path};
use crate::replies as say;
use crate::reply::Reply;
use crate::reports::{self, RecipientAsked, ReportsAsked};

/// Longest host name in a greeting, in bytes.
const GREETING_NAME_BYTES_MAX: usize = 255;

/// What a client says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Command {
    /// RFC 5321 §4.1.1.1, without extensions.
    Helo(String),
    /// RFC 5321 §4.1.1.1.
    Ehlo(String),
    /// RFC 2033 §4.1.
    Lhlo(String),
    /// RFC 5321 §4.1.1.2.
    Mail(MailFrom),
    /// RFC 5321 §4.1.1.3.
    Rcpt(Path, RecipientAsked),
    /// RFC 5321 §4.1.1.4.
    Data,
    /// RFC 3030 §2.
    Bdat(Chunk),
    /// RFC 5321 §4.1.1.5.
    Rset,
    /// RFC 5321 §4.1.1.6.
    Vrfy,
    /// RFC 5321 §4.1.1.8.
    Help,
    /// RFC 5321 §4.1.1.9.
    Noop,
    /// RFC 5321 §4.1.1.10.
    Quit,
    /// RFC 3207 §4.
    Starttls,
    /// RFC 4954 §4; without a mechanism when it names one that is not offered.
    Auth(Option<Mechanism>, Option<InitialResponse>),
}

/// The sender, and what MAIL's parameters say of the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MailFrom {
    pub(crate) reverse_path: Path,
    /// SIZE (RFC 1870 §3); zero says nothing.
    pub(crate) size_bytes: Option<u64>,
    /// SMTPUTF8 (RFC 6531 §3.4).
    pub(crate) smtputf8: bool,
    /// It had parameters, which only EHLO allows.
    pub(crate) uses_extensions: bool,
    /// RET and ENVID (RFC 3461 §4.3, §4.4).
    pub(crate) asked: ReportsAsked,
    /// AUTH (RFC 4954 §5), which nobody here is believed about.
    pub(crate) names_author: bool,
    /// REQUIRETLS (RFC 8689 §2).
    pub(crate) requires_tls: bool,
}

/// One chunk of a message (RFC 3030 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Chunk {
    pub(crate) size_bytes: u64,
    pub(crate) last: bool,
}

/// Why a line is no command that we take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SyntaxError {
    /// Answered; the client may go on.
    Refused(Reply),
    /// Answered; what follows cannot be trusted to be commands.
    Fatal(Reply),
}

use SyntaxError::{Fatal, Refused};

/// Reads a line without its CRLF.
pub(crate) fn parse(line: &[u8]) -> Result<Command, SyntaxError> {
    let text = std::str::from_utf8(line).map_err(|_| Refused(say::BAD_CHARACTER))?;
    if text.chars().any(char::is_control) {
        return Err(Refused(say::BAD_CHARACTER));
    }
    let (verb, arguments) = text.split_once(' ').unwrap_or((text, ""));
    let arguments = arguments.trim_matches(' ');
    match verb.to_ascii_uppercase().as_str() {
        "HELO" => Ok(Command::Helo(greeting_name(arguments)?)),
        "EHLO" => Ok(Command::Ehlo(greeting_name(arguments)?)),
        "LHLO" => Ok(Command::Lhlo(greeting_name(arguments)?)),
        "MAIL" => mail(arguments).map(Command::Mail),
        "RCPT" => rcpt(arguments).map(|(path, asked)| Command::Rcpt(path, asked)),
        "DATA" => alone(Command::Data, arguments),
        "BDAT" => bdat(arguments).map(Command::Bdat).ok_or(Fatal(say::BAD_CHUNK)),
        "RSET" => alone(Command::Rset, arguments),
        "QUIT" => alone(Command::Quit, arguments),
        "STARTTLS" => alone(Command::Starttls, arguments),
        "NOOP" => Ok(Command::Noop),
        "HELP" => Ok(Command::Help),
        "VRFY" => Ok(Command::Vrfy),
        "AUTH" => auth(arguments),
        "EXPN" | "ETRN" | "TURN" | "ATRN" | "SEND" | "SOML" | "SAML" => Err(Refused(say::NOT_IMPLEMENTED)),
        // A browser that was led here: what it sends as a form must not be read as commands.
        "GET" | "POST" | "PUT" | "HEAD" | "CONNECT" | "OPTIONS" => Err(Fatal(say::NOT_MAIL)),
        _ => Err(Refused(say::UNKNOWN_COMMAND)),
    }
}

/// A mechanism, and perhaps its first response.
fn auth(arguments: &str) -> Result<Command, SyntaxError> {
    let (mechanism, response) = match arguments.split_once(' ') {
        Some((mechanism, response)) => (mechanism, Some(response.trim_start_matches(' '))),
        None => (arguments, None),
    };
    if mechanism.is_empty() || response.is_some_and(|response| response.contains(' ')) {
        return Err(Refused(say::BAD_ARGUMENTS));
    }
    Ok(Command::Auth(Mechanism::parse(mechanism), response.map(InitialResponse::new)))
}

fn alone(command: Command, arguments: &str) -> Result<Command, SyntaxError> {
    if arguments.is_empty() { Ok(command) } else { Err(Refused(say::BAD_ARGUMENTS)) }
}

/// The name is unproven, so its form is judged loosely: hosts in use have names that are no domain names.
fn greeting_name(arguments: &str) -> Result<String, SyntaxError> {
    let sound = !arguments.is_empty()
        && arguments.len() <= GREETING_NAME_BYTES_MAX
        && arguments.bytes().all(|byte| byte.is_ascii_graphic());
    if sound { Ok(arguments.to_owned()) } else { Err(Refused(say::BAD_GREETING)) }
}

/// Takes a keyword such as `FROM:` from the beginning, in any case, and the spaces after it, which the
/// standard does not allow and many clients send.
fn after_keyword<'a>(text: &'a str, keyword: &str) -> Result<&'a str, SyntaxError> {
    let (found, rest) = text.split_at_checked(keyword.len()).ok_or(Refused(say::BAD_ARGUMENTS))?;
    if found.eq_ignore_ascii_case(keyword) {
        Ok(rest.trim_start_matches(' '))
    } else {
        Err(Refused(say::BAD_ARGUMENTS))
    }
}

fn mail(arguments: &str) -> Result<MailFrom, SyntaxError> {
    let text = after_keyword(arguments, "FROM:")?;
    let (reverse_path, rest) = path::parse(text).map_err(|_| Refused(say::BAD_SENDER))?;
    let mut mail = MailFrom {
        reverse_path,
        size_bytes: None,
        smtputf8: false,
        uses_extensions: false,
        asked: ReportsAsked::default(),
        names_author: false,
        requires_tls: false,
    };
    let mut body_named = false;
    for (keyword, value) in parameters(rest, say::BAD_SENDER)? {
        mail.uses_extensions = true;
        match (keyword.to_ascii_uppercase().as_str(), value) {
            ("SIZE", Some(digits)) if mail.size_bytes.is_none() => {
                mail.size_bytes = Some(number(digits).ok_or(Refused(say::BAD_ARGUMENTS))?);
            }
            ("BODY", Some(body)) if !body_named => {
                body_named = true;
                check_body(body)?;
            }
            ("SMTPUTF8", None) if !mail.smtputf8 => mail.smtputf8 = true,
            ("REQUIRETLS", None) if !mail.requires_tls => mail.requires_tls = true,
            ("RET", Some(value)) if mail.asked.returned.is_none() => {
                mail.asked.returned = Some(reports::returned(value).ok_or(Refused(say::BAD_ARGUMENTS))?);
            }
            ("ENVID", Some(value)) if mail.asked.envelope_id.is_none() => {
                mail.asked.envelope_id =
                    Some(reports::envelope_id(value).ok_or(Refused(say::BAD_ARGUMENTS))?);
            }
            ("AUTH", Some(_)) if !mail.names_author => mail.names_author = true,
            ("SIZE" | "BODY" | "SMTPUTF8" | "REQUIRETLS" | "RET" | "ENVID" | "AUTH", _) => {
                return Err(Refused(say::BAD_ARGUMENTS));
            }
            _ => return Err(Refused(say::UNKNOWN_PARAMETER)),
        }
    }
    Ok(mail)
}

/// 8BITMIME's two values (RFC 6152 §2). BINARYMIME is not offered (RFC 3030 §3).
fn check_body(body: &str) -> Result<(), SyntaxError> {
    if body.eq_ignore_ascii_case("7BIT") || body.eq_ignore_ascii_case("8BITMIME") {
        Ok(())
    } else {
        Err(Refused(say::UNKNOWN_PARAMETER))
    }
}

fn rcpt(arguments: &str) -> Result<(Path, RecipientAsked), SyntaxError> {
    let text = after_keyword(arguments, "TO:")?;
    let (forward_path, rest) = path::parse(text).map_err(|_| Refused(say::BAD_RECIPIENT))?;
    if forward_path == Path::Null {
        return Err(Refused(say::BAD_RECIPIENT));
    }
    let (mut asked, mut original_named) = (RecipientAsked::default(), false);
    for (keyword, value) in parameters(rest, say::BAD_RECIPIENT)? {
        match (keyword.to_ascii_uppercase().as_str(), value) {
            ("NOTIFY", Some(value)) if asked.notify.is_none() => {
                asked.notify = Some(reports::notify(value).ok_or(Refused(say::BAD_ARGUMENTS))?);
            }
            ("ORCPT", Some(value)) if !original_named => {
                original_named = true;
                asked.original = reports::original(value).map_err(|_| Refused(say::BAD_ARGUMENTS))?;
            }
            ("NOTIFY" | "ORCPT", _) => return Err(Refused(say::BAD_ARGUMENTS)),
            _ => return Err(Refused(say::UNKNOWN_PARAMETER)),
        }
    }
    asked.is_asked = !rest.is_empty();
    Ok((forward_path, asked))
}

/// `KEYWORD` and `KEYWORD=value`, parted by spaces. Text stuck to the path makes it unreadable.
fn parameters(
    rest: &str,
    unreadable: Reply,
) -> Result<impl Iterator<Item = (&str, Option<&str>)>, SyntaxError> {
    if !rest.is_empty() && !rest.starts_with(' ') {
        return Err(Refused(unreadable));
    }
    let words = rest.split(' ').filter(|word| !word.is_empty());
    Ok(words.map(|word| match word.split_once('=') {
        Some((keyword, value)) => (keyword, Some(value)),
        None => (word, None),
    }))
}

fn bdat(arguments: &str) -> Option<Chunk> {
    let (digits, end) = arguments.split_once(' ').unwrap_or((arguments, ""));
    let last = match end.trim_start_matches(' ') {
        "" => false,
        word if word.eq_ignore_ascii_case("LAST") => true,
        _ => return None,
    };
    Some(Chunk { size_bytes: number(digits)?, last })
}

/// At most 20 digits (RFC 1870 §3), no sign. A number past 64 bits stands for the largest.
fn number(digits: &str) -> Option<u64> {
    let sound = (1..=20).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    sound.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(line: &str, expected: Result<Command, SyntaxError>) {
        assert_eq!(parse(line.as_bytes()), expected, "{line:?}");
    }

    fn null_sender(
        size_bytes: Option<u64>,
        smtputf8: bool,
        uses_extensions: bool,
    ) -> Result<Command, SyntaxError> {
        Ok(Command::Mail(MailFrom {
            reverse_path: Path::Null,
            size_bytes,
            smtputf8,
            uses_extensions,
            asked: ReportsAsked::default(),
            names_author: false,
            requires_tls: false,
        }))
    }

    #[test]
    fn verbs_are_read_in_any_case() {
        check("data", Ok(Command::Data));
        check("NooP what ever", Ok(Command::Noop));
        check("QUIT ", Ok(Command::Quit));
        check("ehlo [192.0.2.1]", Ok(Command::Ehlo("[192.0.2.1]".to_owned())));
        check("DATA now", Err(Refused(say::BAD_ARGUMENTS)));
        check("EHLO", Err(Refused(say::BAD_GREETING)));
        check("EHLO two names", Err(Refused(say::BAD_GREETING)));
        check("", Err(Refused(say::UNKNOWN_COMMAND)));
        check("RSET\t", Err(Refused(say::BAD_CHARACTER)));
        check("POST / HTTP/1.1", Err(Fatal(say::NOT_MAIL)));
    }

    #[test]
    fn mail_takes_the_parameters_that_are_offered_and_no_other() {
        check("MAIL FROM:<>", null_sender(None, false, false));
        check("mail from: <> size=10 BODY=8bitmime", null_sender(Some(10), false, true));
        check("MAIL FROM:<> SMTPUTF8 BODY=7BIT", null_sender(None, true, true));
        check("MAIL FROM:<> SIZE=99999999999999999999", null_sender(Some(u64::MAX), false, true));
        for wrong in [
            "SIZE=",
            "SIZE=-1",
            "SIZE",
            "SIZE=1 SIZE=1",
            "SMTPUTF8=1",
            "REQUIRETLS=1",
            "REQUIRETLS REQUIRETLS",
            "BODY",
            "SIZE=123456789012345678901",
            "RET",
            "RET=ALL",
            "ENVID=",
            "RET=HDRS RET=HDRS",
        ] {
            check(&format!("MAIL FROM:<> {wrong}"), Err(Refused(say::BAD_ARGUMENTS)));
        }
        for unknown in ["BODY=BINARYMIME", "X"] {
            check(&format!("MAIL FROM:<> {unknown}"), Err(Refused(say::UNKNOWN_PARAMETER)));
        }
        check("MAIL FROM:<>SIZE=1", Err(Refused(say::BAD_SENDER)));
        check("MAIL TO:<>", Err(Refused(say::BAD_ARGUMENTS)));
        check("MAIL", Err(Refused(say::BAD_ARGUMENTS)));
    }

    #[test]
    fn auth_names_a_mechanism_and_perhaps_a_response() {
        let response = |text| Some(InitialResponse::new(text));
        check("AUTH PLAIN", Ok(Command::Auth(Some(Mechanism::Plain), None)));
        check("auth login Ym9i", Ok(Command::Auth(Some(Mechanism::Login), response("Ym9i"))));
        check("AUTH PLAIN =", Ok(Command::Auth(Some(Mechanism::Plain), response(""))));
        check("AUTH CRAM-MD5", Ok(Command::Auth(None, None)));
        check("AUTH", Err(Refused(say::BAD_ARGUMENTS)));
        check("AUTH PLAIN a b", Err(Refused(say::BAD_ARGUMENTS)));
    }

    #[test]
    fn rcpt_needs_somebody() {
        check("RCPT TO:<postmaster>", Ok(Command::Rcpt(Path::Postmaster, RecipientAsked::default())));
        check("RCPT TO:<>", Err(Refused(say::BAD_RECIPIENT)));
        check("RCPT TO:<a@b.test> X=Y", Err(Refused(say::UNKNOWN_PARAMETER)));
        for wrong in ["NOTIFY", "NOTIFY=ALWAYS", "ORCPT=a@b.test", "NOTIFY=NEVER NOTIFY=NEVER"] {
            check(&format!("RCPT TO:<a@b.test> {wrong}"), Err(Refused(say::BAD_ARGUMENTS)));
        }
    }

    #[test]
    fn a_chunk_whose_size_is_unclear_ends_the_connection() {
        check("BDAT 5", Ok(Command::Bdat(Chunk { size_bytes: 5, last: false })));
        check("bdat 0 last", Ok(Command::Bdat(Chunk { size_bytes: 0, last: true })));
        for wrong in ["BDAT", "BDAT x", "BDAT -1", "BDAT 5 LAST now", "BDAT +5", "BDAT LAST"] {
            check(wrong, Err(Fatal(say::BAD_CHUNK)));
        }
    }

    proptest! {
        #[test]
        fn any_line_is_a_command_or_is_refused(line in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = parse(&line);
        }
    }
}
