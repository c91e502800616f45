//! Mail from a relay of the same host.

use crate::client::Client;
use crate::journal::Journal;
use crate::{BUDGET_BYTES, Host, NOW};
use caliopen_connect::Origin;
use caliopen_email::listen::{ListenConfig, serve_lmtp_unix};
use caliopen_model::HopSecurity;
use caliopen_smtp::Budget;
use std::sync::Arc;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

#[tokio::test]
async fn each_recipient_has_its_own_reply() {
    let host = Host::lmtp().await;
    let mut client = Client::greeted(host.address, "LHLO").await;
    client.begin(&["bob", "full", "gone", "busy", "carol"]).await;
    client.send(b"x\r\n.\r\n").await;
    client.expect_in_one_read(&["250 2.0.0", "452 4.3.1", "550 5.1.1", "451 4.3.0", "250 2.0.0"]).await;

    let channel = host.journal.arrival().channel;
    assert_eq!((channel.origin, channel.security), (Origin::LocalRelay, HopSecurity::Unknown));
}

#[tokio::test]
async fn one_connection_brings_many_messages() {
    let host = Host::lmtp().await;
    let mut client = Client::greeted(host.address, "LHLO").await;
    for _ in 0..200 {
        client.begin(&["bob"]).await;
        client.send(b"x\r\n.\r\n").await;
        client.expect("250 2.0.0 ").await;
    }
    assert_eq!(host.journal.arrivals().len(), 200);
}

#[tokio::test]
async fn a_unix_socket_will_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lmtp");
    let listener = UnixListener::bind(&path).unwrap();
    let journal = Arc::new(Journal::default());
    let (stop, stopped) = watch::channel(false);
    let config = ListenConfig::for_relay("mx.here.test", Budget::new(BUDGET_BYTES), Arc::new(|| NOW));
    let inbox = Arc::clone(&journal);
    let mut task = JoinSet::new();
    task.spawn(async move { serve_lmtp_unix(listener, config, inbox, stopped).await.unwrap() });

    let mut client = Client::over(UnixStream::connect(&path).await.unwrap());
    client.expect("220 mx.here.test LMTP").await;
    client.hello("LHLO").await;
    client.begin(&["bob"]).await;
    client.send(b"x\r\n.\r\n").await;
    client.expect("250 2.0.0 ").await;
    assert_eq!(journal.arrival().channel.peer, None);

    stop.send(true).unwrap();
    client.expect("421 4.3.2 ").await;
    task.join_next().await.unwrap().unwrap();
}
