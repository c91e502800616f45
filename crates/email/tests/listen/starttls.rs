//! Mail from the network after STARTTLS (RFC 3207).

use crate::client::Client;
use crate::{Host, journal::Journal};
use caliopen_model::HopSecurity;
use rustls::pki_types::{PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ProtocolVersion, RootCertStore, ServerConfig, SupportedProtocolVersion};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// A certificate of `mx.here.test`, for the server and for who trusts it.
fn certificate(versions: &[&'static SupportedProtocolVersion]) -> (Arc<ServerConfig>, TlsConnector) {
    let signed = rcgen::generate_simple_self_signed(["mx.here.test".to_owned()]).unwrap();
    let certificate = signed.cert.der().clone();
    let key = PrivateKeyDer::try_from(signed.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let server = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    let client = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    (Arc::new(server), TlsConnector::from(Arc::new(client)))
}

async fn shake_hands(connector: &TlsConnector, stream: TcpStream) -> TlsStream<TcpStream> {
    let name = ServerName::try_from("mx.here.test").unwrap();
    connector.connect(name, stream).await.unwrap()
}

async fn send_message(journal: &Journal, mut client: Client<TlsStream<TcpStream>>) {
    client.begin(&["bob"]).await;
    client.send(b"x\r\n.\r\n").await;
    client.expect("250 2.0.0 ").await;
    client.say("QUIT").await;
    client.expect("221 ").await;
    client.expect_end().await;
    assert_eq!(journal.arrival().channel.security, HopSecurity::Opportunistic);
}

#[tokio::test]
async fn what_was_put_before_the_handshake_is_dropped() {
    let (server, connector) = certificate(rustls::ALL_VERSIONS);
    let host = Host::smtp(|config| config.tls = Some(server)).await;
    let mut client = Client::greeted(host.address, "EHLO").await;
    let injected = "STARTTLS\r\nEHLO mallory.test\r\nMAIL FROM:<mallory@there.test>\r\n\
                    RCPT TO:<bob@here.test>\r\n";
    client.send(injected.as_bytes()).await;
    client.expect("220 2.0.0 ").await;

    let mut client = Client::over(shake_hands(&connector, client.into_stream()).await);
    client.say("DATA").await;
    client.expect("503 5.5.1 Greet the server first").await;
    let offers = client.hello("EHLO").await;
    assert!(!offers.iter().any(|line| line.contains("STARTTLS")), "{offers:?}");
    client.say("STARTTLS").await;
    client.expect("503 5.5.1 TLS is active already").await;
    send_message(&host.journal, client).await;

    let channel = host.journal.arrival().channel;
    assert_eq!(channel.greeting.as_deref(), Some("client.test"));
    let tls = channel.tls.unwrap();
    assert_eq!(tls.version, "TLSv1.3");
    assert!(tls.cipher.starts_with("TLS_"), "the name of IANA's registry: {}", tls.cipher);
    assert_eq!(tls.group.as_deref(), Some("X25519MLKEM768"));
}

#[tokio::test]
async fn an_older_version_is_told_apart() {
    let (server, connector) = certificate(&[&rustls::version::TLS12]);
    let host = Host::smtp(|config| config.tls = Some(server)).await;
    let mut client = Client::greeted(host.address, "EHLO").await;
    client.say("STARTTLS").await;
    client.expect("220 2.0.0 ").await;
    let stream = shake_hands(&connector, client.into_stream()).await;
    assert_eq!(stream.get_ref().1.protocol_version(), Some(ProtocolVersion::TLSv1_2));
    let mut client = Client::over(stream);
    client.hello("EHLO").await;
    send_message(&host.journal, client).await;

    let tls = host.journal.arrival().channel.tls.unwrap();
    assert_eq!(tls.version, "TLSv1.2");
    assert!(tls.cipher.starts_with("TLS_ECDHE_"), "{}", tls.cipher);
    assert!(tls.group.is_some());
}

#[tokio::test]
async fn a_handshake_that_is_none_ends_the_connection() {
    let (server, _) = certificate(rustls::ALL_VERSIONS);
    let host = Host::smtp(|config| config.tls = Some(server)).await;
    let mut client = Client::greeted(host.address, "EHLO").await;
    client.say("STARTTLS").await;
    client.expect("220 2.0.0 ").await;
    let mut stream = client.into_stream();
    tokio::io::AsyncWriteExt::write_all(&mut stream, b"MAIL FROM:<>\r\nRCPT TO:<bob@here.test>\r\n")
        .await
        .unwrap();
    let mut said = Vec::new();
    // The server may answer with an alert or a reset; it must not answer with a reply.
    let _ = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut said).await;
    assert!(!said.windows(3).any(|bytes| bytes == b"250"), "{}", said.escape_ascii());
    assert_eq!(host.journal.arrivals().len(), 0);
}

#[tokio::test]
async fn a_handshake_that_does_not_begin_is_not_waited_for() {
    let (server, _) = certificate(rustls::ALL_VERSIONS);
    let host = Host::smtp(|config| {
        config.tls = Some(server);
        config.tls_handshake_timeout = Duration::from_millis(50);
    })
    .await;
    let mut client = Client::greeted(host.address, "EHLO").await;
    client.say("STARTTLS").await;
    client.expect("220 2.0.0 ").await;
    client.expect_end().await;
}
