//! Mail from the network, in clear.

use crate::client::Client;
use crate::{BUDGET_BYTES, Host, NOW};
use caliopen_connect::Origin;
use caliopen_model::{HopSecurity, Protocol};

#[tokio::test]
async fn a_message_arrives_bit_for_bit_with_the_facts_of_its_channel() {
    let host = Host::smtp(|_| ()).await;
    let mut client = Client::greeted(host.address, "EHLO").await;
    client.begin(&["bob"]).await;
    client.send(b"Subject: one\r\n\r\n..dot\r\n\xff\x00\r\n.\r\n").await;
    client.expect("250 2.0.0 ").await;

    let arrival = host.journal.arrival();
    assert_eq!(&arrival.raw[..], b"Subject: one\r\n\r\n.dot\r\n\xff\x00\r\n");
    assert_eq!((arrival.protocol, arrival.received_at), (Protocol::Email, NOW));
    assert_eq!(arrival.envelope.reverse_path.unwrap().to_string(), "email:ana@there.test");
    assert_eq!(arrival.envelope.recipients.len(), 1);
    assert_eq!(arrival.channel.origin, Origin::Network);
    assert_eq!(arrival.channel.security, HopSecurity::Clear);
    assert_eq!(arrival.channel.peer, Some([127, 0, 0, 1].into()));
    assert_eq!(arrival.channel.greeting.as_deref(), Some("client.test"));
    assert_eq!(arrival.channel.tls, None);
    assert_eq!(host.budget.free_bytes(), BUDGET_BYTES, "the message's share of the memory came back");
}

#[tokio::test]
async fn without_a_certificate_tls_is_not_offered() {
    let host = Host::smtp(|_| ()).await;
    let mut client = host.connect().await;
    client.expect("220 mx.here.test ESMTP").await;
    let offers = client.hello("EHLO").await;
    assert!(!offers.iter().any(|line| line.contains("STARTTLS")), "{offers:?}");
    client.say("STARTTLS").await;
    client.expect("502 5.5.1 ").await;
}

#[tokio::test]
async fn pipelined_commands_are_answered_in_one_segment() {
    let host = Host::smtp(|_| ()).await;
    let mut client = Client::greeted(host.address, "EHLO").await;
    let commands = "MAIL FROM:<ana@there.test>\r\nRCPT TO:<bob@here.test>\r\nRCPT TO:<nobody@here.test>\r\n\
                    RCPT TO:<carol@elsewhere.test>\r\nDATA\r\n";
    client.send(commands.as_bytes()).await;
    client.expect_in_one_read(&["250 2.1.0", "250 2.1.5", "550 5.1.1", "550 5.7.1", "354 "]).await;
    client.send(b"x\r\n.\r\nNOOP\r\nQUIT\r\n").await;
    client.expect_in_one_read(&["250 2.0.0", "250 2.0.0", "221 2.0.0"]).await;
    client.expect_end().await;
    assert_eq!(host.journal.arrival().envelope.recipients.len(), 1);
}

#[tokio::test]
async fn a_large_message_comes_whole_by_data_and_in_chunks() {
    let host = Host::smtp(|_| ()).await;
    let mut client = Client::greeted(host.address, "EHLO").await;
    let mut message = b"Subject: large\r\n\r\n".to_vec();
    (0..30_000).for_each(|line| message.extend_from_slice(format!("{line} {:x>80}\r\n", "").as_bytes()));

    client.begin(&["bob"]).await;
    client.send(&message).await;
    client.send(b".\r\n").await;
    client.expect("250 2.0.0 ").await;

    client.send(b"MAIL FROM:<ana@there.test>\r\nRCPT TO:<bob@here.test>\r\n").await;
    let chunks: Vec<&[u8]> = message.chunks(100_001).collect();
    for (at, chunk) in chunks.iter().enumerate() {
        let last = if at + 1 == chunks.len() { " LAST" } else { "" };
        client.say(&format!("BDAT {}{last}", chunk.len())).await;
        client.send(chunk).await;
    }
    client.expect("250 2.1.0 ").await;
    client.expect("250 2.1.5 ").await;
    for _ in &chunks {
        client.expect("250 2.0.0 ").await;
    }
    let arrivals = host.journal.arrivals();
    assert_eq!(arrivals.len(), 2);
    assert!(arrivals.iter().all(|arrival| arrival.raw == message));
}

#[tokio::test]
async fn a_message_that_is_cut_off_never_arrived() {
    let host = Host::smtp(|_| ()).await;
    let mut client = Client::greeted(host.address, "EHLO").await;
    client.begin(&["bob"]).await;
    client.send(b"Subject: half\r\n\r\n.\r").await;
    drop(client);
    let mut client = Client::greeted(host.address, "EHLO").await;
    client.begin(&["bob"]).await;
    client.send(b"whole\r\n.\r\n").await;
    client.expect("250 2.0.0 ").await;
    assert_eq!(&host.journal.arrival().raw[..], b"whole\r\n");
}

#[tokio::test]
async fn a_smuggled_message_is_not_one() {
    let host = Host::smtp(|_| ()).await;
    let mut client = Client::greeted(host.address, "EHLO").await;
    client.begin(&["bob"]).await;
    client
        .send(b"one\r\n\n.\r\nMAIL FROM:<mallory@there.test>\r\nRCPT TO:<bob@here.test>\r\nDATA\r\ntwo\r\n.\r\n")
        .await;
    client.expect("554 5.6.0 ").await;
    client.say("QUIT").await;
    client.expect("221 ").await;
    client.expect_end().await;
    assert_eq!(host.journal.arrivals().len(), 0);
}

#[tokio::test]
async fn a_panic_ends_its_own_connection_alone() {
    let host = Host::smtp(|_| ()).await;
    let mut other = Client::greeted(host.address, "EHLO").await;
    let mut client = Client::greeted(host.address, "EHLO").await;
    client.begin(&["crash"]).await;
    client.send(b"x\r\n.\r\n").await;
    client.expect_end().await;

    other.begin(&["bob"]).await;
    other.send(b"x\r\n.\r\n").await;
    other.expect("250 2.0.0 ").await;
    Client::greeted(host.address, "EHLO").await;
    assert_eq!(host.budget.free_bytes(), BUDGET_BYTES);
}
