//! Debian's Postfix with Debian's OpenDKIM as its milter, as peers: their own defaults, on the same disk.

use super::sinks::free_port;
use anyhow::{Context, Result, bail};
use std::fmt::Write as _;
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const PROGRAMS: &str = "/usr/lib/postfix/sbin";
/// The services that a host without local mailboxes needs, as Debian sets them, none in a jail.
const SERVICES: &str = "pickup unix n - n 60 1 pickup\ncleanup unix n - n - 0 cleanup\nqmgr unix n - n 300 1 qmgr\n\
    rewrite unix - - n - - trivial-rewrite\nbounce unix - - n - 0 bounce\ndefer unix - - n - 0 bounce\n\
    trace unix - - n - 0 bounce\nverify unix - - n - 1 verify\nproxymap unix - - n - - proxymap\n\
    smtp unix - - n - - smtp\nrelay unix - - n - - smtp\nerror unix - - n - - error\nretry unix - - n - - error\n\
    anvil unix - - n - 1 anvil\nscache unix - - n - 1 scache\npostlog unix-dgram n - n - 1 postlogd\n";

/// A running pair.
pub(super) struct Postfix {
    master: Child,
    signer: Child,
    /// Where mail comes in.
    pub(super) smtp: SocketAddr,
}

impl Postfix {
    /// Starts both in a new folder, with a way for each domain. Needs root, as its master process does.
    pub(super) fn start(folder: &Path, ways: &[(String, u16)]) -> Result<Self> {
        for part in ["etc", "queue", "data"] {
            std::fs::create_dir_all(folder.join(part))?;
        }
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755))?;
        done(Command::new("chown").arg("postfix").arg(folder.join("data")))?;
        let (smtp, milter) = (free_port()?, free_port()?);
        let signer = start_signer(folder, milter)?;
        let at = folder.display();
        let mut main = format!(
            "compatibility_level = 3.6\nqueue_directory = {at}/queue\ndata_directory = {at}/data\ncommand_directory = \
             /usr/sbin\ndaemon_directory = {PROGRAMS}\nmail_owner = postfix\nsetgid_group = postdrop\nmaillog_file = \
             {at}/mail.log\nmaillog_file_prefixes = {at}\ninet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nmyhostname = \
             mail.example.org\nmydestination =\nlocal_recipient_maps =\nalias_maps =\nalias_database =\n\
             disable_dns_lookups = yes\nsmtp_host_lookup = native\nsmtpd_peername_lookup = no\n\
             smtpd_milters = inet:127.0.0.1:{milter}\nmilter_default_action = tempfail\ntransport_maps = inline:{{"
        );
        for (domain, port) in ways {
            // Writing into a string does not fail.
            let _ = write!(main, " {{ {domain} = smtp:[127.0.0.1]:{port} }}");
        }
        let domains: Vec<&str> = ways.iter().map(|(domain, _)| domain.as_str()).collect();
        let _ = writeln!(main, " }}\nrelay_domains = {}", domains.join(" "));
        std::fs::write(folder.join("etc/main.cf"), main)?;
        std::fs::write(
            folder.join("etc/master.cf"),
            format!("127.0.0.1:{smtp} inet n - n - - smtpd\n{SERVICES}"),
        )?;
        let etc = folder.join("etc");
        done(Command::new("/usr/sbin/postfix").arg("-c").arg(&etc).arg("check"))?;
        let mut command = Command::new(format!("{PROGRAMS}/master"));
        let master = quiet(command.arg("-c").arg(&etc).arg("-d").stdin(Stdio::null()))
            .spawn()
            .context("cannot start postfix: install it with apt-get install postfix")?;
        let smtp = SocketAddr::from(([127, 0, 0, 1], smtp));
        let postfix = Self { master, signer, smtp };
        wait_for(smtp)?;
        Ok(postfix)
    }
}

/// OpenDKIM with a key of 2,048 bits for every domain.
fn start_signer(folder: &Path, port: u16) -> Result<Child> {
    let key = folder.join("dkim.key");
    done(Command::new("openssl").args(["genrsa", "-traditional", "-out"]).arg(&key).arg("2048"))?;
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600))?;
    let config = folder.join("opendkim.conf");
    let text = format!(
        "Syslog no\nMode s\nCanonicalization relaxed/simple\nOversignHeaders From\nDomain example.org\nSelector bench\n\
         KeyFile {}\nRequireSafeKeys no\nSocket inet:{port}@127.0.0.1\nInternalHosts 127.0.0.1\n",
        key.display()
    );
    std::fs::write(&config, text)?;
    let mut command = Command::new("/usr/sbin/opendkim");
    let child = quiet(command.arg("-f").arg("-x").arg(&config).stdin(Stdio::null()))
        .spawn()
        .context("cannot start opendkim: install it with apt-get install opendkim")?;
    wait_for(SocketAddr::from(([127, 0, 0, 1], port)))?;
    Ok(child)
}

fn quiet(command: &mut Command) -> &mut Command {
    command.stdout(Stdio::null()).stderr(Stdio::null())
}

fn done(command: &mut Command) -> Result<()> {
    let name = command.get_program().display().to_string();
    let status = quiet(command).status().with_context(|| format!("cannot start {name}"))?;
    if status.success() { Ok(()) } else { bail!("{name} failed: {status}") }
}

fn wait_for(address: SocketAddr) -> Result<()> {
    for _ in 0..400 {
        if TcpStream::connect(address).is_ok() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    bail!("a peer does not answer at {address}")
}

impl Drop for Postfix {
    fn drop(&mut self) {
        for child in [&mut self.master, &mut self.signer] {
            // What has ended by itself needs no signal.
            let _ = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
            let _ = child.wait();
        }
    }
}
