//! Debian's Dovecot LMTP as a peer: Maildir, `mail_fsync = always`, on the same disk.

use anyhow::{Context, Result, bail};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A running Dovecot.
#[derive(Debug)]
pub struct Dovecot {
    master: Child,
    /// Where mail comes in.
    pub lmtp: SocketAddr,
}

impl Dovecot {
    /// Starts it in a new folder. Needs root, as its master process does.
    pub fn start(folder: &Path) -> Result<Self> {
        for part in ["", "run", "state", "mail"] {
            std::fs::create_dir_all(folder.join(part))?;
        }
        std::fs::set_permissions(folder.join("mail"), std::fs::Permissions::from_mode(0o777))?;
        let lmtp = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let config = folder.join("dovecot.conf");
        std::fs::write(&config, configuration(folder, lmtp))?;
        let master = Command::new("dovecot")
            .arg("-F")
            .arg("-c")
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start dovecot: install it with apt-get install dovecot-lmtpd")?;
        let dovecot = Self { master, lmtp };
        for _ in 0..100 {
            if TcpStream::connect(lmtp).is_ok() {
                return Ok(dovecot);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("Dovecot does not answer: see {}", folder.join("log").display())
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-TERM", &self.master.id().to_string()]).status();
        let _ = self.master.wait();
    }
}

fn configuration(folder: &Path, lmtp: SocketAddr) -> String {
    let at = folder.display();
    format!(
        "protocols = lmtp\nbase_dir = {at}/run\nstate_dir = {at}/state\nlog_path = {at}/log\nssl = no\n\
         mail_fsync = always\nmail_location = maildir:{at}/mail/%u\nfirst_valid_uid = 1\n\
         default_login_user = nobody\ndefault_internal_user = nobody\ndefault_internal_group = nogroup\n\
         passdb {{\n  driver = static\n  args = nopassword=y\n}}\n\
         userdb {{\n  driver = static\n  args = uid=nobody gid=nogroup home={at}/mail/%u allow_all_users=yes\n}}\n\
         service lmtp {{\n  process_min_avail = 8\n  process_limit = 200\n  client_limit = 1\n  inet_listener lmtp {{\n    \
         address = {}\n    port = {}\n  }}\n}}\n",
        lmtp.ip(),
        lmtp.port(),
    )
}
