//! A real Postfix that takes mail on 127.0.0.1 and passes it on, with a queue of its own in a temporary folder.

use crate::process::{Process, free_port, run};
use anyhow::{Context, Result, bail};
use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const PROGRAMS: &str = "/usr/lib/postfix/sbin";
const SERVICES: &str = "/usr/share/postfix/master.cf.dist";

/// How Postfix speaks to where it relays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// RFC 5321.
    Smtp,
    /// RFC 2033.
    Lmtp,
}

/// What Postfix does about STARTTLS when it relays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Starttls {
    /// Never.
    Never,
    /// When it is offered, whatever the certificate says.
    WhenOffered,
    /// Always: without it the message stays in the queue.
    Always,
}

/// Where the mail of a domain goes.
#[derive(Debug, Clone)]
pub struct Route {
    /// The domain.
    pub domain: String,
    /// By which protocol.
    pub transport: Transport,
    /// To which server.
    pub server: SocketAddr,
}

/// How a Postfix is set up.
#[derive(Debug, Clone)]
pub struct PostfixOptions {
    /// What it calls itself.
    pub host_name: String,
    /// The domains that it relays, and where to.
    pub routes: Vec<Route>,
    /// On the way out.
    pub starttls: Starttls,
}

/// A running Postfix. Dropping it stops it and removes its queue.
#[derive(Debug)]
pub struct Postfix {
    address: SocketAddr,
    // Before the folder: the server goes first.
    _process: Process,
    folder: TempDir,
}

impl Postfix {
    /// Starts it and waits until it greets. Says in one sentence what is missing when it cannot.
    pub fn start(options: &PostfixOptions) -> Result<Self> {
        Self::start_with(options, "")
    }

    /// Starts it with further lines of `main.cf`, which outweigh the others.
    pub fn start_with(options: &PostfixOptions, more: &str) -> Result<Self> {
        check_machine()?;
        let folder = tempfile::tempdir()?;
        let port = free_port()?;
        write_configuration(folder.path(), port, options, more)?;
        let configuration = folder.path().join("etc");
        // Makes the folders of the queue.
        run(Command::new("/usr/sbin/postfix").arg("-c").arg(&configuration).arg("check"))?;
        let mut command = Command::new(format!("{PROGRAMS}/master"));
        command.arg("-c").arg(&configuration).arg("-d");
        let mut process = Process::start("postfix", &mut command, &folder.path().join("master.log"))?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        process
            .wait_until(|| TcpStream::connect(address).is_ok())
            .with_context(|| read(&folder.path().join("mail.log")))?;
        Ok(Self { address, _process: process, folder })
    }

    /// Where it takes mail, over SMTP.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Has it read its files anew, its certificate among them. Connections that are open stay as they are.
    pub fn reload(&self) -> Result<()> {
        run(Command::new("/usr/sbin/postfix").arg("-c").arg(self.folder.path().join("etc")).arg("reload"))?;
        Ok(())
    }

    /// What it wrote of its work: one line for each delivery, with the reply that it got.
    pub fn log(&self) -> String {
        read(&self.folder.path().join("mail.log"))
    }

    /// Messages that it still holds.
    pub fn queue_length(&self) -> Result<usize> {
        let listing =
            run(Command::new("/usr/sbin/postqueue").arg("-c").arg(self.folder.path().join("etc")).arg("-j"))?;
        Ok(listing.lines().filter(|line| !line.trim().is_empty()).count())
    }
}

fn check_machine() -> Result<()> {
    if !Path::new(PROGRAMS).join("master").exists() || !Path::new(SERVICES).exists() {
        bail!("Postfix is not installed: apt-get install postfix");
    }
    if run(Command::new("id").arg("-u"))?.trim() != "0" {
        bail!("Postfix starts only as root: run these tests as root");
    }
    Ok(())
}

fn write_configuration(folder: &Path, port: u16, options: &PostfixOptions, more: &str) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    // Its own users must be able to pass through to the queue.
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755))?;
    for name in ["etc", "queue", "data"] {
        std::fs::create_dir(folder.join(name))?;
    }
    run(Command::new("chown").arg("postfix").arg(folder.join("data")))?;
    std::fs::write(folder.join("etc/main.cf"), main_text(folder, options) + more)?;
    let services = std::fs::read_to_string(SERVICES).context("reading Postfix' own list of services")?;
    std::fs::write(folder.join("etc/master.cf"), master_text(&services, port))?;
    Ok(())
}

fn main_text(folder: &Path, options: &PostfixOptions) -> String {
    let folder = folder.display();
    let domains: Vec<&str> = options.routes.iter().map(|route| route.domain.as_str()).collect();
    let mut routes = String::new();
    for route in &options.routes {
        let transport = match route.transport {
            Transport::Smtp => format!("smtp:[{}]:{}", route.server.ip(), route.server.port()),
            Transport::Lmtp => format!("lmtp:inet:{}:{}", route.server.ip(), route.server.port()),
        };
        let _ = write!(routes, " {{ {} = {transport} }}", route.domain);
    }
    let level = match options.starttls {
        Starttls::Never => "none",
        Starttls::WhenOffered => "may",
        Starttls::Always => "encrypt",
    };
    let mut text = format!(
        "compatibility_level = 3.6\nqueue_directory = {folder}/queue\ndata_directory = {folder}/data\n\
         command_directory = /usr/sbin\ndaemon_directory = {PROGRAMS}\nmail_owner = postfix\n\
         setgid_group = postdrop\nmaillog_file = {folder}/mail.log\nmaillog_file_prefixes = {folder}\n\
         inet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nmyhostname = {}\nmydestination =\n\
         local_recipient_maps =\nalias_maps =\nalias_database =\ndisable_dns_lookups = yes\n\
         smtp_host_lookup = native\nsmtpd_peername_lookup = no\n\
         queue_run_delay = 1s\nminimal_backoff_time = 1s\nmaximal_backoff_time = 2s\n\
         smtp_tls_security_level = {level}\nlmtp_tls_security_level = {level}\n",
        options.host_name
    );
    let _ = writeln!(text, "relay_domains = {}", domains.join(" "));
    let _ = writeln!(text, "transport_maps = inline:{{{routes} }}");
    text
}

/// The services of the distribution, none in a jail, and the door moved to our port.
fn master_text(services: &str, port: u16) -> String {
    let door = format!("127.0.0.1:{port}");
    let mut text = String::new();
    for line in services.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [name, kind, private, unprivileged, _jail, rest @ ..]
                if rest.len() >= 3 && !line.starts_with([' ', '\t', '#']) =>
            {
                let name = if (*name, *kind) == ("smtp", "inet") { &door } else { *name };
                let _ = writeln!(text, "{name} {kind} {private} {unprivileged} n {}", rest.join(" "));
            }
            _ => {
                let _ = writeln!(text, "{line}");
            }
        }
    }
    text
}

fn read(path: &PathBuf) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;

    /// Takes one message over SMTP and gives its transcript.
    fn sink(listener: &TcpListener) -> String {
        let (stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut transcript = String::new();
        let mut in_data = false;
        reader.get_mut().write_all(b"220 sink.test\r\n").unwrap();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap() == 0 {
                return transcript;
            }
            transcript.push_str(&line);
            let reply = match line.trim_end() {
                "." => "250 kept",
                _ if in_data => continue,
                "DATA" => "354 go on",
                "QUIT" => return transcript,
                _ => "250 yes",
            };
            in_data = line.trim_end() == "DATA";
            reader.get_mut().write_all(format!("{reply}\r\n").as_bytes()).unwrap();
        }
    }

    #[test]
    fn postfix_passes_a_message_on() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let route = Route {
            domain: "here.test".to_owned(),
            transport: Transport::Smtp,
            server: listener.local_addr().unwrap(),
        };
        let postfix = Postfix::start(&PostfixOptions {
            host_name: "mx.peer.test".to_owned(),
            routes: vec![route],
            starttls: Starttls::Never,
        })
        .unwrap();
        let output = Command::new("swaks")
            .args(["--server", &postfix.address().to_string(), "--from", "bob@peer.test"])
            .args(["--to", "alice@here.test", "--header", "Subject: Ciao"])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), postfix.log());
        let transcript = sink(&listener);
        assert!(transcript.contains("RCPT TO:<alice@here.test>"), "{transcript}");
        assert!(transcript.contains("Subject: Ciao"), "{transcript}");
    }
}
