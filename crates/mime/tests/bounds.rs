//! Hostile sizes: everything is read within a time that does not grow faster than its input, and what comes
//! out is bounded. The bound is generous: it tells linear from quadratic, on a slow and busy machine.

use caliopen_mime::{limits, linkify, parse, part, read, safe_html};
use caliopen_model::{Body, PartId};
use std::time::{Duration, Instant};

/// What each of these would take many times longer than, if something were quadratic.
const BOUND: Duration = Duration::from_secs(3);

/// The time that this thread has spent working, which other work on the machine does not lengthen; the
/// clock's, where the system does not say.
#[expect(clippy::disallowed_methods, reason = "measuring time is what these tests are for")]
fn time_spent(start: Instant) -> Duration {
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = spent.as_deref().and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| Instant::now() - start, Duration::from_nanos)
}

#[expect(clippy::disallowed_methods, reason = "measuring time is what these tests are for")]
fn timed<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let before = time_spent(start);
    let result = run();
    let taken = time_spent(start).saturating_sub(before);
    assert!(taken < BOUND, "{what} took {taken:?}");
    result
}

#[test]
fn hostile_html_is_read_in_time() {
    let attributes: String = (0..100_000).map(|number| format!(" a{number}=1 href=x style=b")).collect();
    let documents = [
        ("deep", "<div>".repeat(100_000)),
        ("deep and closed", "<div>".repeat(100_000) + &"</div>".repeat(100_000)),
        ("formatting", "<b><i><font color=red>".repeat(30_000) + &"<p>x".repeat(100_000)),
        ("different formatting", (0..50_000).map(|number| format!("<font size={number}><p>")).collect()),
        ("attributes", format!("<a{attributes}>x")),
        ("less-than", "<".repeat(10 * 1024 * 1024)),
        ("less-than bang", "<!".repeat(2 * 1024 * 1024)),
        ("comments", "<!---->".repeat(300_000)),
        ("open comments", "<!--".repeat(300_000)),
        ("end tags", "</".repeat(1024 * 1024)),
        ("open quotes", "<a title=\"".repeat(200_000)),
        ("styles", "<style>".repeat(200_000)),
        ("almost ends", format!("<style>{}", "</styl".repeat(300_000))),
        ("raw text", "<title></title>".repeat(100_000)),
        ("tables", "<table><tr><td>".repeat(100_000)),
        ("tables and foster parents", "<table><div>".repeat(100_000)),
        ("paragraphs", "<p>".repeat(500_000)),
        ("links", "<a href=https://x.test/>y".repeat(80_000)),
        ("list items", "<ul><li>".repeat(200_000)),
        ("references", "&".repeat(2 * 1024 * 1024)),
        ("long references", "&CounterClockwiseContourIntegra".repeat(60_000)),
        ("inline images", (0..100_000).map(|number| format!("<img src=cid:{number}>")).collect()),
        ("classes", format!("<p class='{}'>", "a ".repeat(500_000))),
        ("select", "<select>".repeat(200_000)),
        ("templates", "<svg><style></svg>".repeat(100_000)),
    ];
    for (what, document) in documents {
        let safe = timed(what, || safe_html(&document));
        assert!(safe.html.len() <= 12 * limits::HTML_BYTES_MAX, "{what}: {} bytes", safe.html.len());
        let tags = safe.html.matches('<').count();
        assert!(
            tags <= limits::HTML_ELEMENTS_MAX * 2 * (limits::HTML_FORMATTING_MAX + 4),
            "{what}: {tags} tags"
        );
    }
}

#[test]
fn hostile_css_is_read_in_time() {
    let sheets = [
        ("parentheses", "(".repeat(250_000)),
        ("a value of parentheses", format!("p{{width:{}", "(".repeat(250_000))),
        ("functions", format!("p{{color:{}", "rgb(".repeat(60_000))),
        ("braces", "p{".repeat(120_000)),
        ("media", "@media all{".repeat(20_000)),
        ("selectors", "p,".repeat(120_000)),
        ("a selector", "p ".repeat(120_000)),
        ("colons", "a:".repeat(120_000)),
        ("comments", "/*".repeat(120_000)),
        ("escapes", "\\".repeat(250_000)),
        ("strings", "\"\n".repeat(120_000)),
        ("brackets", "[{(".repeat(80_000)),
        ("rules", "p{color:red}".repeat(20_000)),
        ("values", format!("p{{margin:{}}}", "1px ".repeat(60_000))),
    ];
    for (what, sheet) in sheets {
        let in_element = timed(what, || safe_html(&format!("<style>{sheet}</style>")));
        assert!(in_element.css.len() <= limits::CSS_OUTPUT_BYTES_MAX, "{what}");
        let sheet = sheet.replace('"', "'");
        timed(what, || safe_html(&format!("<p style=\"{sheet}\">")));
    }
    let many: String = (0..50_000).map(|number| format!("<p style='width:{number}px'>")).collect();
    let safe = timed("style attributes", || safe_html(&many));
    assert!(safe.css.len() <= limits::CSS_OUTPUT_BYTES_MAX);
}

#[test]
fn hostile_messages_are_read_in_time() {
    let addresses = "Ana <ana@example.org>, ".repeat(45_000);
    let nested: String = (0..5_000)
        .map(|depth| format!("Content-Type: multipart/mixed; boundary=b{depth}\r\n\r\n--b{depth}\r\n"))
        .collect();
    let messages = [
        ("addresses", format!("To: {addresses}\r\n\r\n")),
        ("many address fields", format!("To: {}\r\n", "a@x.org,".repeat(100)).repeat(1_000)),
        ("open comments", format!("From: {}\r\n\r\n", "(".repeat(1_000_000))),
        ("open quotes", format!("From: {}\r\n\r\n", "\"".repeat(1_000_000))),
        ("open angles", format!("From: {}\r\n\r\n", "<".repeat(1_000_000))),
        ("encoded words", format!("Subject: {}\r\n\r\n", "=?utf-8?q?a?= ".repeat(20_000))),
        ("open encoded words", format!("From: {}\r\n\r\n", "=?utf-8?q?".repeat(100_000))),
        ("references", format!("References: {}\r\n\r\n", "<a@b> ".repeat(100_000))),
        ("parameters", format!("Content-Type: text/plain{}\r\n\r\n", ";a*0*=b".repeat(100_000))),
        ("fields", "A: b\r\n".repeat(200_000)),
        ("folded", format!("Subject: a\r\n{}\r\n", " b\r\n".repeat(200_000))),
        ("nested", nested),
        ("messages in messages", "Content-Type: message/rfc822\r\n\r\n".repeat(100_000)),
        (
            "parts",
            format!(
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n{}",
                "--b\r\n\r\nx\r\n".repeat(100_000)
            ),
        ),
        (
            "lines like boundaries",
            format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{}", "--c\r\n".repeat(500_000)),
        ),
        ("quotes", format!("\r\n{}", "> a\r\nb\r\n".repeat(100_000))),
        ("introductions", format!("\r\n{}", "On Mon, a@x.org wrote:\r\n> a\r\n\r\n".repeat(30_000))),
        ("empty lines", format!("\r\n{}", "\r\n".repeat(500_000))),
        ("quoted and empty", format!("\r\n> a\r\n{}> b", "\r\n".repeat(500_000))),
        ("flowed", format!("Content-Type: text/plain; format=flowed\r\n\r\n{}", "a \r\n".repeat(300_000))),
        (
            "quoted-printable",
            format!("Content-Transfer-Encoding: quoted-printable\r\n\r\n{}", "=".repeat(1_000_000)),
        ),
        ("base64", format!("Content-Transfer-Encoding: base64\r\n\r\n{}", "!".repeat(4_000_000))),
    ];
    for (what, message) in messages {
        let raw = message.as_bytes();
        let (parsed, defects) = timed(what, || parse(raw));
        assert!(
            parsed.to.len() <= limits::ADDRESSES_MAX && parsed.references.len() <= limits::REFERENCES_MAX
        );
        assert!(parsed.parts.len() <= limits::PARTS_MAX && defects.len() <= limits::DEFECTS_MAX, "{what}");
        let reading = timed(what, || read(raw));
        assert!(reading.bodies.len() <= limits::BODIES_MAX, "{what}");
        for body in reading.bodies {
            let Body::Text { text, .. } = body else { continue };
            assert!(text.len() <= limits::BODY_TEXT_BYTES_MAX, "{what}");
        }
        timed(what, || part(raw, PartId(u32::MAX)));
    }
}

#[test]
fn hostile_text_is_linked_in_time() {
    for word in ["https://", "www.", "a@", "))))", "https://x.test/)", "<<<<", "https://x.test/ "] {
        let text = word.repeat(1_000_000 / word.len());
        timed(word, || linkify(&text));
    }
}

#[test]
fn limits_are_reported() {
    let codes =
        |raw: String| parse(raw.as_bytes()).1.into_iter().map(|defect| defect.code).collect::<Vec<_>>();
    let nested: String = (0..limits::MIME_DEPTH_MAX + 2)
        .map(|depth| format!("Content-Type: multipart/mixed; boundary=b{depth}\r\n\r\n--b{depth}\r\n"))
        .collect();
    assert!(codes(nested).contains(&"depth-limit"));
    let parts = "--b\r\n\r\nx\r\n".repeat(limits::PARTS_MAX + 1);
    let many = format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{parts}");
    assert!(codes(many.clone()).contains(&"part-limit"));
    let (message, _) = parse(many.as_bytes());
    let rest = message.parts.last().expect("the rest is one opaque file");
    let (_, bytes) = part(many.as_bytes(), rest.id).expect("it can be fetched");
    assert_eq!(rest.media_type, "application/octet-stream");
    assert!(bytes.ends_with(b"x\r\n") && bytes.len() > 20);
    assert!(codes(format!("To: {}\r\n\r\n", "a@x.org,".repeat(1_001))).contains(&"address-limit"));
    assert!(codes("A: b\r\n".repeat(limits::HEADER_FIELDS_MAX + 1) + "\r\n").contains(&"header-limit"));
    let ids: String = (0..=limits::REFERENCES_MAX).map(|number| format!("<{number}@x> ")).collect();
    let long = format!("References: {ids}\r\n\r\n");
    assert!(codes(long.clone()).contains(&"reference-limit"));
    let (message, _) = parse(long.as_bytes());
    assert_eq!(message.references.last().map(|id| id.0.as_str()), Some("100@x"));
    assert!(codes(format!("A: b\r\n\r\n{}", "x".repeat(2_000_000))).contains(&"body-cut"));
}
