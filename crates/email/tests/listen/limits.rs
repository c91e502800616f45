//! How many may come, and how much they may bring.

use crate::client::Client;
use crate::{BUDGET_BYTES, Host};
use caliopen_email::listen::{ConfigError, serve_smtp};
use caliopen_smtp::Budget;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::watch;

#[tokio::test]
async fn one_address_has_a_limited_number_of_connections() {
    let host = Host::smtp(|config| config.connections_per_address_max = 2).await;
    let mut first = host.connect().await;
    first.expect("220 ").await;
    let mut second = host.connect().await;
    second.expect("220 ").await;
    let mut third = host.connect().await;
    third.expect("421 4.7.0 Too many connections from your address").await;
    third.expect_end().await;

    first.say("QUIT").await;
    first.expect("221 ").await;
    first.expect_end().await;
    // The place is free once the server has seen the end, which is after the client has.
    let mut again = host.connect().await;
    while again.expect("").await.starts_with("421") {
        tokio::task::yield_now().await;
        again = host.connect().await;
    }
}

#[tokio::test]
async fn all_addresses_together_have_a_limit() {
    let host = Host::smtp(|config| config.connections_max = 1).await;
    let mut first = host.connect().await;
    first.expect("220 ").await;
    let mut second = host.connect().await;
    second.expect("421 4.3.2 Too many connections").await;
    second.expect_end().await;
}

#[tokio::test]
async fn when_memory_is_short_the_message_stays_with_its_sender() {
    let host = Host::smtp(|_| ()).await;
    let taken = host.budget.reserve(BUDGET_BYTES).unwrap();
    let mut client = Client::greeted(host.address, "EHLO").await;
    client.send(b"MAIL FROM:<>\r\nRCPT TO:<bob@here.test>\r\nDATA\r\n").await;
    client.expect("250 2.1.0 ").await;
    client.expect("250 2.1.5 ").await;
    client.expect("452 4.3.1 ").await;

    drop(taken);
    client.say("DATA").await;
    client.expect("354 ").await;
    client.send(b"x\r\n.\r\n").await;
    client.expect("250 2.0.0 ").await;
}

#[tokio::test]
async fn hundreds_of_idle_connections_do_not_stand_in_the_way() {
    let host = Host::smtp(|config| config.connections_per_address_max = 1_000).await;
    let mut idle = Vec::new();
    for _ in 0..300 {
        idle.push(Client::greeted(host.address, "EHLO").await);
    }
    let mut client = Client::greeted(host.address, "EHLO").await;
    client.begin(&["bob"]).await;
    client.send(b"x\r\n.\r\n").await;
    client.expect("250 2.0.0 ").await;
    for client in &mut idle {
        client.say("NOOP").await;
        client.expect("250 ").await;
    }
}

#[tokio::test]
async fn a_host_name_that_is_none_is_refused_before_anybody_connects() {
    for name in ["", "two words", "mx.here.test\r\n250 evil", "[127.0.0.1]"] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut config = crate::network_config(&Budget::new(BUDGET_BYTES));
        config.host_name = name.to_owned();
        let journal = Arc::new(crate::Journal::default());
        let (_stop, stopped) = watch::channel(false);
        assert_eq!(
            serve_smtp(listener, config, journal, stopped).await,
            Err(ConfigError::HostName),
            "{name}"
        );
    }
}
