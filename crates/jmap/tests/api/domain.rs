//! GET /public/domain: why mail to a domain has its index, for whoever asks.

use crate::support::Host;
use serde_json::json;

#[tokio::test]
async fn a_domain_is_explained_to_a_stranger_in_their_language() {
    let host = Host::new().await;
    let stranger = host.stranger();
    let answer = stranger.get("/public/domain/example.org?language=fr").await.json();
    assert_eq!(
        (&answer["domain"], &answer["complete"], &answer["hosts"]),
        (&json!("example.org"), &json!(true), &json!([]))
    );
    assert!(answer["sentence"].as_str().unwrap().contains("ce serveur"), "{answer}");
    assert!(answer["privacy"]["score"].as_u64().is_some());
    let unknown = stranger.get("/public/domain/example.net?language=en").await.json();
    assert_eq!(unknown["complete"], false, "this host sends nothing: it knows nothing");
}

#[tokio::test]
async fn what_is_no_domain_and_what_is_too_much_is_refused_with_a_sentence() {
    let stranger = Host::new().await.stranger();
    for (path, expected) in [
        ("/public/domain/nothing?language=en", (404, "urn:caliopen:error:not-found")),
        ("/public/domain/a%40example.org?language=en", (404, "urn:caliopen:error:not-found")),
        ("/public/domain/example.org", (400, "urn:caliopen:error:request")),
        ("/public/domain/example.org?language=de", (400, "urn:caliopen:error:request")),
    ] {
        let (status, kind) = stranger.get(path).await.problem();
        assert_eq!((status, kind.as_str()), expected, "{path}");
    }
    let mut last = 200;
    for _ in 0..40 {
        last = stranger.get("/public/domain/example.org?language=en").await.status.as_u16();
    }
    assert_eq!(last, 429);
}
