//! The peers of journeys do what they are told, line by line.

#![expect(clippy::unwrap_used, reason = "a test stops where its world is not as it should be")]

use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

struct Peers {
    child: Child,
    input: Option<ChildStdin>,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Peers {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_caliopen-peers"));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { input: child.stdin.take(), child, answers }
    }

    fn say(&mut self, line: &str) -> String {
        writeln!(self.input.as_mut().unwrap(), "{line}").unwrap();
        self.answers.next().unwrap().unwrap()
    }
}

/// The certificate that a host shows after STARTTLS, in PEM.
fn shown(address: &str) -> String {
    let mut command = Command::new("openssl");
    command.args(["s_client", "-starttls", "smtp", "-connect", address]);
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let (_, certificate) = text.split_once("-----BEGIN CERTIFICATE-----").unwrap_or_default();
    certificate.split("-----END").next().unwrap_or_default().to_owned()
}

#[test]
fn a_host_gets_another_certificate_and_the_old_one_back_and_the_dns_describes_the_old_one() {
    let mut peers = Peers::start();
    let address = peers.say("postfix mx.peer.test tls peer.test");
    assert!(address.starts_with("127.0.0.1:"), "{address}");
    for line in ["zone peer.test signed", "record @ MX 10 mx.peer.test.", "describe _25._tcp.mx mx.peer.test"]
    {
        assert_eq!(peers.say(line), "done", "{line}");
    }
    let folder = tempfile::tempdir().unwrap();
    let anchors = folder.path().join("anchors");
    let dns = peers.say(&format!("dns {}", anchors.display()));
    assert!(dns.starts_with("127.0.0.1:"), "{dns}");
    assert!(std::fs::read_to_string(&anchors).unwrap().contains("DNSKEY"));

    let first = shown(&address);
    assert!(!first.is_empty());
    assert_eq!(peers.say("turn mx.peer.test"), "done");
    let second = shown(&address);
    assert_eq!(peers.say("turn mx.peer.test"), "done");
    assert!(!second.is_empty() && second != first, "{second}");
    assert_eq!(shown(&address), first);

    assert!(peers.say("fly").starts_with("failed: no such command"));
    drop(peers.input.take());
    assert!(peers.child.wait().unwrap().success());
}
