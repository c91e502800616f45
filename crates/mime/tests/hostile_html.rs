//! A corpus of hostile HTML and CSS of our own making: whatever the trick, what comes out is on the
//! allow-lists, fetches nothing, and does not change when it is sanitised again.

mod judge;

use caliopen_mime::safe_html;
use judge::{assert_safe, assert_sent_safe, sent};

/// Vectors that must leave nothing behind. `{}` is where a style or a script would stand.
const CORPUS: &str = include_str!("fixtures/hostile.txt");

fn vectors() -> impl Iterator<Item = &'static str> {
    CORPUS.split("\n====\n").map(|vector| vector.trim_start_matches('\n')).filter(|vector| !vector.is_empty())
}

#[test]
fn nothing_of_the_corpus_survives() {
    let mut count = 0;
    for vector in vectors() {
        let safe = safe_html(vector);
        assert_safe(&safe, vector);
        let lower = format!("{}{}", safe.html, safe.css).to_ascii_lowercase();
        assert!(!lower.contains("evil.test/x"), "{vector:?} left {lower:?}");
        count += 1;
    }
    assert!(count >= 150, "the corpus has only {count} vectors");
}

#[test]
fn what_is_sent_is_as_clean_as_what_is_shown() {
    for vector in vectors() {
        let document = sent(vector);
        assert_sent_safe(&document, vector);
        assert!(!document.to_ascii_lowercase().contains("evil.test/x"), "{vector:?} left {document:?}");
    }
}

#[test]
fn a_picture_inside_the_text_says_nothing_beside() {
    // A GIF with the comment "Ana".
    let said = "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACH+A0FuYQAsAAAAAAEAAQAAAgJMAQA7'>";
    let kept = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACAkwBADs=";
    assert!(sent(said).contains(kept), "{}", sent(said));
    assert!(!sent("<img src='data:image/png;base64,AAAA'>").contains("data:"), "it may hold anything");
}

#[test]
fn vectors_stay_harmless_inside_each_other() {
    // A vector that opens something changes how the next one is read.
    let all: Vec<&str> = vectors().collect();
    for (index, first) in all.iter().enumerate() {
        for second in all.iter().skip(index % 7).step_by(7) {
            let joined = format!("{first}{second}");
            assert_safe(&safe_html(&joined), &joined);
        }
    }
}

#[test]
fn a_second_pass_changes_nothing() {
    for vector in vectors() {
        let once = safe_html(vector);
        let twice = safe_html(&once.html);
        assert_eq!(once.html, twice.html, "{vector:?}");
        assert_eq!((twice.css.as_str(), twice.remote_count), ("", 0), "{vector:?}");
    }
}

#[test]
fn everything_remote_is_counted() {
    let check = |html: &str, expected: u32| {
        let safe = safe_html(html);
        assert_eq!(safe.remote_count, expected, "{html}");
        assert_safe(&safe, html);
    };
    check("<img src=http://x.test/a><img src=//x.test/b><img src='/c'>", 3);
    check("<img srcset='a 1x, b 2x'>", 1);
    check("<img src=cid:a><img src='data:image/png;base64,AAAA'><img src=''>", 0);
    check("<td background=http://x.test/a><body background=b>", 2);
    check("<video poster=a src=b></video><audio src=c></audio>", 3);
    check("<link rel=stylesheet href=a><iframe src=b></iframe><embed src=c><object data=d></object>", 4);
    check("<svg><image href=a /><use xlink:href=b /></svg>", 2);
    check("<meta http-equiv=Refresh content='0;url=x'>", 1);
    check("<style>@import 'a';p{background:url(b)}</style><p style='list-style:url(c)'>", 3);
    check("<p style=\"background-image:image-set('a' 1x)\">", 1);
    check("<a href=http://x.test/>not fetched</a>", 0);
    check("<input type=image src=x><script src=y></script>", 2);
}

#[test]
fn images_keep_their_place() {
    let safe = safe_html(
        "<img src='cid:one@x' alt=1><img src='CID:two%40x'><img src=cid:one@x><img src=http://x.test/p.gif \
         width=600 height=99999 alt='A cat' onload=x>",
    );
    assert_eq!(safe.content_ids, ["one@x", "two@x"]);
    assert_eq!(
        safe.html,
        "<img alt=\"1\" data-cid=\"0\"><img data-cid=\"1\"><img data-cid=\"0\">\
         <img alt=\"A cat\" height=\"2000\" width=\"600\" data-remote=\"0\">"
    );
}

#[test]
fn links_say_where_they_lead() {
    let safe =
        safe_html("<a href='https://evil.test/' title=x>https://bank.test</a> <a href=HTTP://ok.test>ok</a>");
    assert_eq!(
        safe.html,
        "<a title=\"x\" href=\"https://evil.test/\" data-mismatch=\"evil.test\" target=\"_blank\" \
         rel=\"noreferrer noopener\">https://bank.test</a> <a href=\"http://ok.test/\" target=\"_blank\" \
         rel=\"noreferrer noopener\">ok</a>"
    );
}

#[test]
fn a_newsletter_keeps_its_look() {
    let safe = safe_html(include_str!("fixtures/newsletter.html"));
    assert_safe(&safe, "newsletter");
    assert_eq!(safe.html.trim(), include_str!("fixtures/newsletter.safe.html").trim());
    assert_eq!(safe.css, include_str!("fixtures/newsletter.safe.css"));
    assert_eq!(safe.remote_count, 5);
}
