//! The sample's way in: an SMTP client (RFC 5321) as strangers' servers have one.
//!
//! It starts TLS when it is offered and believes any certificate, as mail servers do without DANE or MTA-STS. Each
//! message comes from the loopback address of its domain, so that SPF has something to say. One transaction for
//! each connection; the first refusal ends it all, with the server's words.

use super::Sample;
use anyhow::{Context, Result, bail, ensure};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;

/// Longest line of a reply that is read, in bytes (RFC 5321 §4.5.3.1.5 says 512).
const REPLY_LINE_BYTES_MAX: u64 = 4096;
/// Most lines of one reply.
const REPLY_LINES_MAX: usize = 64;
/// Longest wait for one transaction.
const TRANSACTION_TIMEOUT: Duration = Duration::from_secs(60);
/// Messages that are no further apart go to the server without a word to the clock in between.
const GROUP_MS: i64 = 3_600_000;

/// Sends every message, in the order given, and returns how many were taken.
///
/// `advance_to` is told the time of each group of messages before the group is sent: whoever owns the server's
/// clock moves it there, so that the year is a year for the receiver too.
pub async fn deliver(
    samples: &[Sample],
    server: SocketAddr,
    mut advance_to: impl FnMut(i64) -> Result<()>,
) -> Result<usize> {
    let connector = connector()?;
    let mut group_ends = i64::MIN;
    for (index, sample) in samples.iter().enumerate() {
        if sample.sent_at > group_ends {
            advance_to(sample.sent_at)?;
        }
        group_ends = sample.sent_at.saturating_add(GROUP_MS);
        let sent = tokio::time::timeout(TRANSACTION_TIMEOUT, transaction(sample, server, &connector)).await;
        sent.context("the server is silent")
            .and_then(|sent| sent)
            .with_context(|| format!("message {} of {}, from {}", index + 1, samples.len(), sample.helo))?;
    }
    Ok(samples.len())
}

async fn transaction(sample: &Sample, server: SocketAddr, connector: &TlsConnector) -> Result<()> {
    let mut session = Session::new(connect(sample, server).await?);
    session.reply("220").await?;
    let mut offers = session.ask(&format!("EHLO {}", sample.helo), "250").await?;
    if offers.contains("STARTTLS") {
        session.ask("STARTTLS", "220").await?;
        let name = ServerName::IpAddress(server.ip().into());
        session =
            Session::new(connector.connect(name, session.stream.into_inner()).await.context("TLS failed")?);
        offers = session.ask(&format!("EHLO {}", sample.helo), "250").await?;
    }
    session.ask(&mail_from(sample, &offers)?, "250").await?;
    for recipient in &sample.recipients {
        session.ask(&format!("RCPT TO:<{recipient}>"), "25").await?;
    }
    session.ask("DATA", "354").await?;
    session.write(&stuffed(&sample.raw)).await?;
    session.reply("250").await?;
    session.ask("QUIT", "221").await?;
    Ok(())
}

/// With the parameters that the message needs (RFC 6152, RFC 6531).
fn mail_from(sample: &Sample, offers: &str) -> Result<String> {
    let mut line = format!("MAIL FROM:<{}>", sample.envelope_from);
    if !sample.raw.is_ascii() {
        ensure!(offers.contains("8BITMIME"), "the server takes no 8-bit text");
        line.push_str(" BODY=8BITMIME");
    }
    let head_ends =
        sample.raw.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(sample.raw.len());
    if !sample.raw.iter().take(head_ends).all(u8::is_ascii) {
        ensure!(offers.contains("SMTPUTF8"), "the server takes no UTF-8 in headers");
        line.push_str(" SMTPUTF8");
    }
    Ok(line)
}

/// The message as DATA carries it: a dot before each line that begins with one, and the last dot (§4.5.2).
fn stuffed(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() + 16);
    for line in raw.split_inclusive(|&byte| byte == b'\n') {
        if line.starts_with(b".") {
            out.push(b'.');
        }
        out.extend_from_slice(line);
    }
    out.extend_from_slice(b".\r\n");
    out
}

/// From the address of the sending domain, where this machine has it: Linux has all of 127.0.0.0/8.
async fn connect(sample: &Sample, server: SocketAddr) -> Result<TcpStream> {
    ensure!(server.ip().is_loopback(), "the sample is only ever sent to this machine, not to {server}");
    let source = SocketAddr::new(IpAddr::V4(sample.source), 0);
    let mut socket = if server.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    if server.is_ipv4() && socket.bind(source).is_err() {
        socket = TcpSocket::new_v4()?;
    }
    let stream = socket.connect(server).await.with_context(|| format!("no answer from {server}"))?;
    // Short commands that wait for short replies: nothing is gained by holding them back.
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// One side of a conversation with the server.
trait Stream: AsyncRead + AsyncWrite + Unpin {}
impl<T: AsyncRead + AsyncWrite + Unpin> Stream for T {}

struct Session {
    stream: BufReader<Box<dyn Stream>>,
}

impl Session {
    fn new(stream: impl Stream + 'static) -> Self {
        Self { stream: BufReader::new(Box::new(stream)) }
    }

    async fn ask(&mut self, command: &str, expected: &str) -> Result<String> {
        self.write(format!("{command}\r\n").as_bytes()).await?;
        self.reply(expected).await.with_context(|| format!("after {command:?}"))
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.stream.write_all(bytes).await?;
        Ok(self.stream.flush().await?)
    }

    /// A reply of one or more lines, whose code begins with what is expected.
    async fn reply(&mut self, expected: &str) -> Result<String> {
        let mut reply = String::new();
        for _ in 0..REPLY_LINES_MAX {
            let mut line = String::new();
            (&mut self.stream).take(REPLY_LINE_BYTES_MAX).read_line(&mut line).await?;
            reply.push_str(&line);
            let is_last = line.as_bytes().get(3) != Some(&b'-');
            if is_last {
                ensure!(line.starts_with(expected), "the server said {:?}", reply.trim_end());
                return Ok(reply);
            }
        }
        bail!("the server's reply has no end")
    }
}

fn connector() -> Result<TlsConnector> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .context("TLS has no versions")?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AnyCertificate(provider)))
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// Opportunistic TLS (RFC 7435): whoever answers is encrypted to.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, &known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, &known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;
    use tokio::net::TcpListener;

    fn one(raw: &[u8], sent_at: i64) -> Sample {
        Sample {
            envelope_from: "sam@okafor.example".to_owned(),
            recipients: vec!["alice@here.example".to_owned()],
            sent_at,
            raw: raw.to_vec(),
            helo: "mail.okafor.example".to_owned(),
            source: Ipv4Addr::new(127, 0, 1, 9),
        }
    }

    /// Speaks the server's lines, each after the client's line that is expected, and returns who called.
    async fn server(listener: &TcpListener, script: &[(&str, &str)]) -> IpAddr {
        let (stream, peer) = listener.accept().await.unwrap();
        let mut session = Session::new(stream);
        for (expected, answer) in script {
            let mut said = String::new();
            while !expected.is_empty() && !said.ends_with(expected) {
                assert_ne!(
                    session.stream.read_line(&mut said).await.unwrap(),
                    0,
                    "{expected} did not come: {said}"
                );
            }
            session.write(answer.as_bytes()).await.unwrap();
        }
        peer.ip()
    }

    const WELCOME: [(&str, &str); 4] = [
        ("", "220 here\r\n"),
        ("EHLO mail.okafor.example\r\n", "250-here\r\n250 8BITMIME\r\n"),
        ("MAIL FROM:<sam@okafor.example> BODY=8BITMIME\r\n", "250 ok\r\n"),
        ("RCPT TO:<alice@here.example>\r\n", "250 ok\r\n"),
    ];

    #[tokio::test]
    async fn a_message_is_said_line_by_line() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let samples = [one("A: b\r\n\r\n.é\r\n".as_bytes(), 5)];
        let mut told = Vec::new();
        let advance = |at| {
            told.push(at);
            Ok(())
        };
        let script = [
            &WELCOME[..],
            &[("DATA\r\n", "354 go\r\n"), ("..é\r\n.\r\n", "250 kept\r\n"), ("QUIT\r\n", "221 bye\r\n")],
        ]
        .concat();
        let (sent, peer) = tokio::join!(deliver(&samples, address, advance), server(&listener, &script));
        assert_eq!(sent.unwrap(), 1);
        assert_eq!(told, [5]);
        assert_eq!(peer, IpAddr::V4(samples[0].source));
    }

    #[tokio::test]
    async fn a_refusal_is_told_in_the_servers_words() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let samples = [one("A: b\r\n\r\né\r\n".as_bytes(), 5)];
        let script = [&WELCOME[..], &[("DATA\r\n", "452 4.3.1 The disk is full\r\n")]].concat();
        let (sent, _) = tokio::join!(deliver(&samples, address, |_| Ok(())), server(&listener, &script));
        let said = format!("{:#}", sent.unwrap_err());
        assert!(said.contains("452 4.3.1 The disk is full") && said.contains("message 1 of 1"), "{said}");
    }

    #[tokio::test]
    async fn nothing_leaves_this_machine() {
        let address = SocketAddr::from(([192, 0, 2, 1], 25));
        let said = format!("{:#}", deliver(&[one(b"", 0)], address, |_| Ok(())).await.unwrap_err());
        assert!(said.contains("only ever sent to this machine"), "{said}");
    }

    #[test]
    fn utf8_in_a_header_asks_for_smtputf8() {
        let line = mail_from(&one("A: é\r\n\r\n".as_bytes(), 0), "8BITMIME SMTPUTF8").unwrap();
        assert_eq!(line, "MAIL FROM:<sam@okafor.example> BODY=8BITMIME SMTPUTF8");
        assert!(mail_from(&one("A: é\r\n\r\n".as_bytes(), 0), "8BITMIME").is_err());
    }
}
