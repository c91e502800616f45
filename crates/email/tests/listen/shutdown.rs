//! The end of a listener: transactions in progress finish, and nothing else begins.

use crate::Host;
use crate::client::Client;
use std::time::Duration;
use tokio::net::TcpStream;

#[tokio::test]
async fn a_transaction_in_progress_finishes_and_the_idle_are_told() {
    let mut host = Host::smtp(|_| ()).await;
    let mut idle = Client::greeted(host.address, "EHLO").await;
    let mut busy = Client::greeted(host.address, "EHLO").await;
    busy.begin(&["bob"]).await;
    busy.send(b"first half\r\n").await;

    host.stop.send(true).unwrap();
    idle.expect("421 4.3.2 ").await;
    idle.expect_end().await;

    busy.send(b"second half\r\n.\r\n").await;
    busy.expect("250 2.0.0 ").await;
    busy.expect("421 4.3.2 ").await;
    busy.expect_end().await;

    host.task.join_next().await.unwrap().unwrap();
    assert!(TcpStream::connect(host.address).await.is_err(), "nobody is let in any more");
    assert_eq!(&host.journal.arrival().raw[..], b"first half\r\nsecond half\r\n");
}

#[tokio::test]
async fn a_message_that_is_being_stored_is_answered_before_the_end() {
    let mut host = Host::smtp(|_| ()).await;
    let mut client = Client::greeted(host.address, "EHLO").await;
    client.begin(&["slow"]).await;
    client.send(b"x\r\n.\r\n").await;
    host.journal.slow_began.notified().await;

    host.stop.send(true).unwrap();
    host.journal.slow_may_end.notify_one();
    client.expect("250 2.0.0 ").await;
    client.expect("421 4.3.2 ").await;
    host.task.join_next().await.unwrap().unwrap();
}

#[tokio::test]
async fn a_client_that_does_not_finish_is_cut_after_the_grace() {
    let mut host = Host::smtp(|config| config.shutdown_grace = Duration::from_millis(50)).await;
    let mut client = Client::greeted(host.address, "EHLO").await;
    client.begin(&["bob"]).await;
    host.stop.send(true).unwrap();
    host.task.join_next().await.unwrap().unwrap();
    client.expect_end().await;
    assert_eq!(host.journal.arrivals().len(), 0);
}
