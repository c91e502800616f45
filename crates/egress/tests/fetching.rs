//! What is fetched, and what is refused, by a client that knows one authority and a server on loopback.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use caliopen_egress::{Allowance, Egress, EgressConfig, EgressError, Form, Lookup, Places, Redirects};
use caliopen_testkit::https::{Answer, Https};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

const ALLOWANCE: Allowance =
    Allowance { body_bytes_max: 1_000, time_max: Duration::from_secs(5), redirects: Redirects::Refused };

/// A DNS that gives every name these addresses.
fn everywhere_at(addresses: &'static [&'static str]) -> Lookup {
    let found: Vec<IpAddr> = addresses.iter().map(|address| address.parse().unwrap()).collect();
    Arc::new(move |_| {
        let found = found.clone();
        Box::pin(async move { Some(found) })
    })
}

/// A client that believes the server, and knows where these hosts are.
fn client(server: &Https, hosts: &[&str]) -> Egress {
    let places = hosts.iter().map(|host| ((*host).to_owned(), server.address()));
    let config = EgressConfig {
        roots: server.roots(),
        lookup: everywhere_at(&["127.0.0.1"]),
        places: places.collect::<Places>(),
    };
    Egress::new(config).unwrap()
}

async fn fetch(answer: Answer, allowance: Allowance) -> (Result<Vec<u8>, EgressError>, Https) {
    let server = Https::start(&["a.test"], answer).await;
    let fetched = client(&server, &["a.test"]).get("https://a.test/x", allowance).await;
    (fetched.map(|fetched| fetched.body.to_vec()), server)
}

#[tokio::test]
async fn a_body_is_fetched_by_a_request_that_says_nothing_of_us() {
    let (body, server) = fetch(Answer::text("hello"), ALLOWANCE).await;
    assert_eq!(body, Ok(b"hello".to_vec()));
    let request = server.requests().remove(0).to_ascii_lowercase();
    assert!(request.starts_with("get /x http/1.1\r\n"), "{request}");
    for header in ["user-agent", "referer", "cookie", "accept-language"] {
        assert!(!request.contains(header), "{request}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_whatever_it_announces() {
    let large = "x".repeat(1_001);
    assert_eq!(fetch(Answer::text(&large), ALLOWANCE).await.0, Err(EgressError::TooLarge));
    assert_eq!(fetch(Answer::endless(), ALLOWANCE).await.0, Err(EgressError::TooLarge));
}

#[tokio::test]
async fn a_slow_server_is_left() {
    let hasty = Allowance { time_max: Duration::from_millis(300), ..ALLOWANCE };
    assert_eq!(fetch(Answer::silent(), hasty).await.0, Err(EgressError::TooSlow));
}

#[tokio::test]
async fn a_redirect_is_refused_unless_the_caller_follows_it() {
    let to_b = || Answer::redirect("https://b.test/y");
    assert_eq!(fetch(to_b(), ALLOWANCE).await.0, Err(EgressError::Redirected));

    let following = Allowance { redirects: Redirects::Followed(2), ..ALLOWANCE };
    let server = Https::start(&["a.test", "b.test"], to_b()).await;
    server.then(Answer::text("there"));
    let both = client(&server, &["a.test", "b.test"]);
    assert_eq!(both.get("https://a.test/x", following).await.unwrap().body, "there");
}

#[tokio::test]
async fn each_redirect_is_decided_anew() {
    let following = Allowance { redirects: Redirects::Followed(2), ..ALLOWANCE };
    // The server is not among the places under this name, and the DNS says that it is inside.
    let (body, _) = fetch(Answer::redirect("https://inside.test/"), following).await;
    assert_eq!(body, Err(EgressError::NotPublic));
    for elsewhere in
        ["https://127.0.0.1/", "https://[::ffff:10.0.0.1]/", "http://a.test/", "file:///etc/passwd"]
    {
        let (body, server) = fetch(Answer::redirect(elsewhere), following).await;
        assert_eq!(body, Err(EgressError::Redirected), "{elsewhere}");
        assert_eq!(server.requests().len(), 1, "{elsewhere}");
    }
    let (body, server) = fetch(Answer::redirect("https://a.test/x"), following).await;
    assert_eq!(body, Err(EgressError::Redirected), "round and round");
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn nothing_inside_is_reached_in_any_spelling() {
    let server = Https::start(&["a.test"], Answer::text("inside")).await;
    let client = client(&server, &[]);
    let port = server.address().port();
    for host in [
        "127.0.0.1",
        "127.1",
        "0x7f000001",
        "2130706433",
        "[::1]",
        "[::ffff:7f00:1]",
        "0.0.0.0",
        "a.test",
        "localhost",
    ] {
        let fetched = client.get(&format!("https://{host}:{port}/"), ALLOWANCE).await;
        assert_eq!(fetched, Err(EgressError::NotPublic), "{host}");
    }
    for url in ["http://a.test/", "ftp://a.test/", "https://u:p@a.test/", "a.test", "https://"] {
        assert_eq!(client.get(url, ALLOWANCE).await, Err(EgressError::Url), "{url}");
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_certificate_that_does_not_prove_the_name_is_refused() {
    let server = Https::start(&["b.test"], Answer::text("no")).await;
    let fetched = client(&server, &["a.test"]).get("https://a.test/", ALLOWANCE).await;
    assert_eq!(fetched, Err(EgressError::Unreachable));
}

#[tokio::test]
async fn only_a_whole_answer_counts() {
    assert_eq!(fetch(Answer::status(404), ALLOWANCE).await.0, Err(EgressError::Status(404)));
    assert_eq!(fetch(Answer::status(206), ALLOWANCE).await.0, Err(EgressError::Status(206)));
    assert_eq!(fetch(Answer::cut_short(), ALLOWANCE).await.0, Err(EgressError::Unreachable));
}

const FORM: Form<'_> =
    Form { media_type: "application/x-www-form-urlencoded", body: "List-Unsubscribe=One-Click" };

async fn post(answer: Answer) -> (Result<(), EgressError>, Https) {
    let server = Https::start(&["a.test"], answer).await;
    let posted = client(&server, &["a.test"]).post("https://a.test/x?u=1", FORM, ALLOWANCE.time_max).await;
    (posted, server)
}

#[tokio::test]
async fn a_form_is_posted_once_and_says_nothing_of_us() {
    let (posted, server) = post(Answer::text("done")).await;
    assert_eq!(posted, Ok(()));
    let [request] = &server.requests()[..] else { panic!("one request") };
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /x?u=1 HTTP/1.1\r\n"), "{head}");
    assert_eq!(body, FORM.body);
    let head = head.to_ascii_lowercase();
    assert!(head.contains("content-type: application/x-www-form-urlencoded\r\n"), "{head}");
    for header in ["user-agent", "referer", "cookie", "authorization", "accept-language", "origin"] {
        assert!(!head.contains(header), "{head}");
    }
}

#[tokio::test]
async fn only_a_status_that_says_so_is_a_success() {
    for code in [200, 202, 204] {
        assert_eq!(post(Answer::status(code)).await.0, Ok(()), "{code}");
    }
    for code in [400, 404, 405, 429, 500, 503] {
        assert_eq!(post(Answer::status(code)).await.0, Err(EgressError::Status(code)), "{code}");
    }
}

#[tokio::test]
async fn a_form_follows_no_redirect() {
    for elsewhere in ["https://a.test/y", "http://a.test/x", "https://127.0.0.1/"] {
        let (posted, server) = post(Answer::redirect(elsewhere)).await;
        assert_eq!(posted, Err(EgressError::Redirected), "{elsewhere}");
        assert_eq!(server.requests().len(), 1, "{elsewhere}");
    }
}

#[tokio::test]
async fn the_answer_to_a_form_costs_nothing_however_long_it_is() {
    assert_eq!(post(Answer::endless()).await.0, Ok(()));
    assert_eq!(post(Answer::silent()).await.0, Ok(()), "the status was said");
    let server = Https::start(&["a.test"], Answer::mute()).await;
    let hasty = Duration::from_millis(300);
    let posted = client(&server, &["a.test"]).post("https://a.test/", FORM, hasty).await;
    assert_eq!(posted, Err(EgressError::TooSlow));
}

#[tokio::test]
async fn a_form_reaches_nothing_inside() {
    let server = Https::start(&["a.test"], Answer::text("inside")).await;
    let (client, port) = (client(&server, &[]), server.address().port());
    for host in ["127.0.0.1", "0x7f000001", "[::1]", "[::ffff:7f00:1]", "a.test", "localhost"] {
        let posted = client.post(&format!("https://{host}:{port}/"), FORM, ALLOWANCE.time_max).await;
        assert_eq!(posted, Err(EgressError::NotPublic), "{host}");
    }
    for url in ["http://a.test/", "https://u:p@a.test/", "a.test", "https://"] {
        assert_eq!(client.post(url, FORM, ALLOWANCE.time_max).await, Err(EgressError::Url), "{url}");
    }
    assert!(server.requests().is_empty());
}
