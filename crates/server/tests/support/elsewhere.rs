//! Who writes from elsewhere: swaks hands a message over, in TLS or in clear, as the mail server of its domain.

use std::io::Write;
use std::net::SocketAddr;
use std::process::{Command, Stdio};

/// How the message comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By STARTTLS, whatever our certificate says.
    Tls,
    /// In clear.
    Clear,
}

/// Hands over a message, which must be taken.
pub fn hand_over(server: SocketAddr, way: Way, (from, to): (&str, &str), message: &[u8]) {
    let mut command = Command::new("swaks");
    command.args(["--server", &server.to_string(), "--ehlo", "mail.elsewhere.test", "--from", from]);
    command.args(["--to", to, "--data", "-"]);
    if way == Way::Tls {
        command.arg("--tls");
    }
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(message).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
}
