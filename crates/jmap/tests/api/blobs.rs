//! Downloads and uploads (RFC 8620 §6).

use crate::support::{Client, Host, header, stalls};
use axum::body::Body;
use axum::http::Method;
use caliopen_jmap::Limits;
use serde_json::json;

const LETTER: &str = "From: Bob <bob@example.net>\r\nTo: alice@example.org\r\nSubject: Picture\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/mixed; boundary=b\r\n\r\n\
    --b\r\nContent-Type: text/plain\r\n\r\nSee this.\r\n\
    --b\r\nContent-Type: image/svg+xml; name=\"x.svg\"\r\nContent-Transfer-Encoding: base64\r\n\r\nMDEyMzQ1Njc4OQ==\r\n--b--\r\n";

async fn letter() -> (Host, Client, String, String) {
    let host = Host::new().await;
    host.deliver_raw(LETTER).await;
    let alice = host.alice().await;
    let conversation = alice.only_conversation().await;
    let message = alice.messages_of(&conversation).await.remove(0);
    let object = alice.object("Message", &message).await;
    let part = object["attachments"][0]["blobId"].as_str().unwrap().to_owned();
    let blob = object["blobId"].as_str().unwrap().to_owned();
    (host, alice, blob, part)
}

fn path(client: &Client, blob: &str, rest: &str) -> String {
    format!("/jmap/download/{}/{blob}/{rest}", client.account)
}

#[tokio::test]
async fn a_message_comes_back_bit_for_bit_as_a_file_that_runs_nothing() {
    let (_host, alice, blob, _) = letter().await;
    let answer = alice.get(&path(&alice, &blob, "Bob%E2%80%AE.eml?type=text%2Fhtml")).await;
    assert_eq!((answer.status.as_u16(), &answer.body[..]), (200, LETTER.as_bytes()));
    for (name, expected) in [
        ("content-type", "application/octet-stream"),
        ("content-disposition", "attachment; filename=\"Bob.eml\"; filename*=UTF-8''Bob.eml"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "private, max-age=31536000, immutable"),
        ("cross-origin-resource-policy", "same-origin"),
        ("accept-ranges", "bytes"),
        ("content-length", &LETTER.len().to_string()),
    ] {
        assert_eq!(header(&answer.headers, name), expected, "{name}");
    }
}

#[tokio::test]
async fn a_part_is_decoded_and_only_a_safe_type_is_said() {
    let (_host, alice, _, part) = letter().await;
    for (asked, said) in [
        ("image%2Fpng", "image/png"),
        ("image%2Fsvg%2Bxml", "application/octet-stream"),
        ("", "application/octet-stream"),
    ] {
        let answer = alice.get(&path(&alice, &part, &format!("x.svg?type={asked}"))).await;
        assert_eq!((&answer.body[..], header(&answer.headers, "content-type")), (&b"0123456789"[..], said));
    }
    assert_eq!(&alice.get(&path(&alice, &part, "x")).await.body[..], b"0123456789");
}

#[tokio::test]
async fn one_range_is_answered_with_its_bytes() {
    let (_host, alice, _, part) = letter().await;
    let file = path(&alice, &part, "x");
    for (range, status, body, content_range) in [
        ("bytes=2-4", 206, "234", "bytes 2-4/10"),
        ("bytes=-3", 206, "789", "bytes 7-9/10"),
        ("bytes=8-99", 206, "89", "bytes 8-9/10"),
        ("bytes=0-1,4-5", 200, "0123456789", ""),
    ] {
        let answer = alice.get_with(&file, &[("range", range)]).await;
        assert_eq!((answer.status.as_u16(), &answer.body[..]), (status, body.as_bytes()), "{range}");
        assert_eq!(header(&answer.headers, "content-range"), content_range);
        assert_eq!(header(&answer.headers, "content-length"), body.len().to_string());
    }
    let outside = alice.get_with(&file, &[("range", "bytes=10-")]).await;
    assert_eq!(outside.problem(), (416, "urn:caliopen:error:request".to_owned()));
    assert_eq!(header(&outside.headers, "content-range"), "bytes */10");
}

#[tokio::test]
async fn a_file_that_a_browser_has_is_not_sent_again() {
    let (_host, alice, _, part) = letter().await;
    let file = path(&alice, &part, "x");
    let tag = header(&alice.get(&file).await.headers, "etag").to_owned();
    let known = alice.get_with(&file, &[("if-none-match", &tag)]).await;
    assert_eq!((known.status.as_u16(), known.body.len()), (304, 0));
    let same = alice.get_with(&file, &[("range", "bytes=0-0"), ("if-range", &tag)]).await;
    let other = alice.get_with(&file, &[("range", "bytes=0-0"), ("if-range", "\"other\"")]).await;
    assert_eq!((same.status.as_u16(), other.status.as_u16()), (206, 200));
}

#[tokio::test]
async fn downloads_wait_for_their_turn() {
    let (_host, alice, blob, _) = letter().await;
    let file = path(&alice, &blob, "x");
    let open = || alice.open(alice.request(Method::GET, &file, &[], Body::empty()));
    let mut running = Vec::new();
    for _ in 0..4 {
        running.push(open().await);
    }
    let mut fifth = Box::pin(open());
    assert!(stalls(&mut fifth).await);
    running.pop();
    assert_eq!(fifth.await.status().as_u16(), 200);
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let (host, alice, blob, part) = letter().await;
    for wrong in [
        "b00000000000000000000000000",
        "nonsense",
        &format!("{blob}.99"),
        &format!("{blob}.x"),
        &format!("{part}.1"),
    ] {
        let answer = alice.get(&path(&alice, wrong, "x")).await;
        assert_eq!(answer.problem(), (404, "urn:caliopen:error:not-found".to_owned()), "{wrong}");
    }
    host.add("bob@example.org").await;
    let bob = host.sign_in("bob@example.org").await;
    assert_eq!(bob.get(&path(&alice, &blob, "x")).await.problem().0, 404);
    assert_eq!(bob.get(&path(&bob, &blob, "x")).await.problem().0, 404);
    assert_eq!(bob.get(&path(&bob, &part, "x")).await.problem().0, 404);
    assert_eq!(alice.get(&path(&alice, &blob, "%FF")).await.problem().0, 400);
    assert_eq!(alice.get(&path(&alice, &blob, "x?type=%FF")).await.status, 200);
}

#[tokio::test]
async fn an_upload_can_be_downloaded() {
    let host = Host::new().await;
    let alice = host.alice().await;
    let upload = format!("/jmap/upload/{}", alice.account);
    let answer = alice.post_with(&upload, &[("content-type", "image/png")], vec![7u8; 1000]).await;
    assert_eq!(answer.status.as_u16(), 201);
    let uploaded = answer.json();
    assert_eq!(
        uploaded,
        json!({ "accountId": alice.account, "blobId": uploaded["blobId"], "type": "image/png", "size": 1000 })
    );
    let file = path(&alice, uploaded["blobId"].as_str().unwrap(), "x?type=image%2Fpng");
    assert_eq!(&alice.get(&file).await.body[..], [7u8; 1000]);
    let elsewhere = alice.post_with("/jmap/upload/a00000000000000000000000000", &[], "x").await;
    assert_eq!(elsewhere.problem().0, 404);
}

#[tokio::test]
async fn an_upload_over_the_limit_is_refused_whether_or_not_it_says_so() {
    let host = Host::with_limits(Limits { upload_bytes_max: 100, ..Limits::default() }).await;
    let alice = host.alice().await;
    let upload = format!("/jmap/upload/{}", alice.account);
    let declared = alice.post_with(&upload, &[("content-length", "101")], Body::empty()).await;
    assert_eq!((declared.problem().0, &declared.json()["limit"]), (413, &json!("maxSizeUpload")));
    let chunks = futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>("x".repeat(60)));
    let endless = alice.post_with(&upload, &[], Body::from_stream(chunks)).await;
    assert_eq!((endless.problem().0, &endless.json()["limit"]), (413, &json!("maxSizeUpload")));
    assert_eq!(alice.post_with(&upload, &[], "x".repeat(100)).await.status.as_u16(), 201);
}

#[tokio::test]
async fn no_more_uploads_run_at_once_than_declared() {
    let host = Host::with_limits(Limits { uploads_at_once_max: 1, ..Limits::default() }).await;
    let alice = host.alice().await;
    let upload = format!("/jmap/upload/{}", alice.account);
    let endless = Body::from_stream(futures_util::stream::pending::<Result<String, std::io::Error>>());
    let waiting = alice.open(alice.request(Method::POST, &upload, &[], endless));
    let mut waiting = Box::pin(waiting);
    assert!(stalls(&mut waiting).await);
    let second = alice.post_with(&upload, &[], "x").await;
    assert_eq!((second.problem().0, &second.json()["limit"]), (429, &json!("maxConcurrentUpload")));
    drop(waiting);
    assert_eq!(alice.post_with(&upload, &[], "x").await.status.as_u16(), 201);
}

#[tokio::test]
async fn a_message_names_the_pictures_that_are_fetched_for_its_reader_and_nothing_else_is() {
    let host = Host::new().await;
    let alice = host.alice().await;
    host.add("bob@example.org").await;
    let html = "<p>Hello</p><img src=\"http://pictures.test/map.png\"><img src=\"https://pictures.test/gone\">\
        <img src=\"https://elsewhere.test/page\"><img src=\"https://spy.test/p\" width=\"1\" height=\"1\">";
    host.deliver_raw(&format!(
        "From: shop@example.net\r\nTo: alice@example.org\r\nSubject: Offers\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/html\r\n\r\n{html}\r\n"
    ))
    .await;
    let conversation = alice.only_conversation().await;
    let message = alice.messages_of(&conversation).await.remove(0);
    let arguments = json!({ "accountId": alice.account, "ids": [message], "properties": ["bodies"] });
    let read = alice.ask("Message/get", arguments).await;
    let body = &read["list"][0]["bodies"][0];
    assert_eq!((&body["remoteImages"], &body["remoteCount"]), (&json!(3), &json!(4)), "{body}");
    let shown = body["html"].as_str().unwrap();
    assert!(shown.contains("data-remote=\"0\"") && shown.contains("data-remote=\"\""), "{shown}");
    assert!(!shown.contains("pictures.test"), "{shown}");

    let path = |place: &str| format!("/jmap/picture/{}/{message}/0/{place}", alice.account);
    let picture = alice.get(&path("0")).await;
    assert_eq!(picture.status, 200);
    assert_eq!(header(&picture.headers, "content-type"), "image/png");
    assert_eq!(header(&picture.headers, "cache-control"), "no-store");
    assert!(picture.body.starts_with(b"\x89PNG"));
    for (place, why) in [("1", "gone"), ("2", "no picture"), ("3", "a beacon"), ("9", "never named")] {
        assert_eq!(alice.get(&path(place)).await.problem().0, 404, "{why}");
    }
    let bob = host.sign_in("bob@example.org").await;
    assert_eq!(bob.get(&path("0")).await.problem().0, 404, "of another account");
    assert_eq!(host.stranger().get(&path("0")).await.problem().0, 401);
}
