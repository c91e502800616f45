//! When a list may be left by one request (RFC 8058 §4): what was signed, what was not, and what was added on the way.

use crate::world::{STRANGER, World, arrival};
use caliopen_model::{Authentication, DkimResult, Evidence};

const WAYS: &str = "List-Unsubscribe: <https://news.test/leave?u=1>, <mailto:leave@news.test>\r\n";
const POST: &str = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n";
const BOTH: [&str; 4] = ["From", "Subject", "List-Unsubscribe", "List-Unsubscribe-Post"];

fn newsletter(fields: &str) -> String {
    format!(
        "From: News <news@plain.test>\r\nTo: bob@here.test\r\nSubject: Offers\r\n{fields}\
         Date: Sun, 22 Nov 2026 12:00:00 +0000\r\nMessage-ID: <1@plain.test>\r\n\r\nBuy this!\r\n"
    )
}

/// Whose signature lets it be left, and what the checks of signatures said.
async fn signer(world: &World, raw: &[u8]) -> (Option<String>, Vec<DkimResult>) {
    let verified = world.verify(&arrival(STRANGER, "bounce@plain.test", raw)).await;
    let signer = verified.evidence.iter().find_map(|fact| match fact {
        Evidence::OneClickSigned { domain } => Some(domain.clone()),
        _ => None,
    });
    let Authentication { dkim, .. } = crate::world::authentication(&verified);
    (signer, dkim.iter().map(|verdict| verdict.result).collect())
}

async fn check(world: &World, raw: &[u8], expected: Option<&str>, results: &[DkimResult]) {
    let (found, said) = signer(world, raw).await;
    assert_eq!((found.as_deref(), said.as_slice()), (expected, results), "{}", String::from_utf8_lossy(raw));
}

#[tokio::test]
async fn what_the_sender_signed_is_offered_and_anything_less_is_not() {
    let world = World::start();
    let whole = newsletter(&format!("{WAYS}{POST}"));
    let pass = &[DkimResult::Pass];
    check(&world, &world.signed_over("plain.test", &BOTH, &whole), Some("plain.test"), pass).await;
    check(&world, whole.as_bytes(), None, &[]).await;
    for fields in [&BOTH[..2], &BOTH[..3], &["From", "Subject", "List-Unsubscribe-Post"]] {
        check(&world, &world.signed_over("plain.test", fields, &whole), None, pass).await;
    }
    // Signed, and missing: the signature says that there is no such field.
    check(&world, &world.signed_over("plain.test", &BOTH, &newsletter(WAYS)), None, pass).await;
    let text = String::from_utf8(world.signed_over("plain.test", &BOTH, &whole)).unwrap();
    let forged = text.replace("news.test/leave", "evil.test/leave");
    check(&world, forged.as_bytes(), None, &[DkimResult::Fail]).await;
    let down = whole.replace("news@plain.test", "news@down.test");
    check(&world, &world.signed_over("down.test", &BOTH, &down), None, &[DkimResult::Temperror]).await;
}

#[tokio::test]
async fn a_field_that_was_added_on_the_way_is_never_asked() {
    let world = World::start();
    let pass = &[DkimResult::Pass];
    let signed = world.signed_over("plain.test", &BOTH, &newsletter(&format!("{WAYS}{POST}")));
    let bare = world.signed_over("plain.test", &BOTH, &newsletter(POST));
    // The signature covers the last of several, and none of a name that is spelled otherwise: it still passes.
    for name in ["List-Unsubscribe", "list-unsubscribe", "List-Unsubscribe "] {
        let evil = format!("{name}: <https://evil.test/>\r\n");
        check(&world, &[evil.as_bytes(), &signed].concat(), None, pass).await;
    }
    let spelled = "List-Unsubscribe : <https://evil.test/>\r\n";
    check(&world, &[spelled.as_bytes(), &bare].concat(), None, pass).await;
    check(&world, &[POST.as_bytes(), &signed].concat(), None, pass).await;
}

#[tokio::test]
async fn the_senders_own_signature_is_named_before_that_of_who_sends_for_them() {
    let world = World::start();
    let whole = newsletter(&format!("{WAYS}{POST}"));
    let by_service = world.signed_over("nopolicy.test", &BOTH, &whole);
    check(&world, &by_service, Some("nopolicy.test"), &[DkimResult::Pass]).await;
    let text = String::from_utf8(by_service).unwrap();
    let by_both = world.signed_over("plain.test", &BOTH, &text);
    check(&world, &by_both, Some("plain.test"), &[DkimResult::Pass; 2]).await;
    let swapped = world.signed_over("nopolicy.test", &BOTH, &whole);
    let own = world.signed_over("plain.test", &BOTH, &whole);
    let head = &swapped[..swapped.len() - whole.len()];
    check(&world, &[head, &own].concat(), Some("plain.test"), &[DkimResult::Pass; 2]).await;
}
