//! The demo: alice, bob, and a year of mail, delivered by the real way in.

use super::server::Server;
use crate::shell::{Shell, has_program};
use anyhow::{Context, Result, bail};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A domain that nobody can own (RFC 2606).
const DOMAIN: &str = "caliopen.example";
/// Both accounts have it: it is printed, and the demo listens on this machine alone.
const PASSWORD: &str = "lanterne et papier";

/// Makes the accounts when the folder is new. Whether the sample is still to be delivered.
pub fn prepare(server: &Server, data: &Path) -> Result<bool> {
    let empty = fs::read_dir(data)?.next().is_none();
    // The mark stands beside the folder, and outlives it when the folder is removed to begin anew.
    if mark(data).exists() && !empty {
        if server.reads_folder()? {
            println!("the sample is already there: remove {} to begin anew", data.display());
            return Ok(false);
        }
        put_aside(data)?;
    } else if !empty {
        bail!(
            "{} holds something else than a finished demo: name an empty folder with --data",
            data.display()
        );
    }
    server.add_domain(DOMAIN)?;
    for (name, language) in [("alice", "en"), ("bob", "en")] {
        server.add_account(&format!("{name}@{DOMAIN}"), language, PASSWORD)?;
    }
    Ok(true)
}

/// A sample that an older version delivered makes room; what somebody did in it is not lost.
fn put_aside(data: &Path) -> Result<()> {
    let aside = beside(data, "old");
    if aside.exists() {
        fs::remove_dir_all(&aside).with_context(|| format!("cannot remove {}", aside.display()))?;
    }
    fs::rename(data, &aside).with_context(|| format!("cannot move {}", data.display()))?;
    fs::remove_file(mark(data)).context("cannot unmark the folder")?;
    println!("the sample was of another version: it is kept as {}, and comes in anew", aside.display());
    fs::create_dir(data).with_context(|| format!("cannot make {}", data.display()))
}

/// The DNS of the sample's world: who may send for which domain. It lives as long as this does.
#[derive(Debug)]
pub struct World {
    /// The server's configuration that asks it.
    pub config: PathBuf,
    dns: Child,
}

impl World {
    /// Starts it, where Knot is installed. Without it the sample's senders stay unproven, and are shown so.
    pub fn start(shell: &Shell, data: &Path) -> Result<Option<Self>> {
        if !has_program("knotd") {
            println!(
                "without Knot (apt-get install knot) the demo proves no sender: SPF and DMARC stay unknown"
            );
            return Ok(None);
        }
        let anchors = beside(data, "anchors");
        let mut dns = Command::new(shell.programs.join("caliopen-sample"))
            .args(["--domain", DOMAIN, "--dns"])
            .arg(&anchors)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start caliopen-sample")?;
        let mut address = String::new();
        BufReader::new(dns.stdout.take().context("caliopen-sample says nothing")?).read_line(&mut address)?;
        let config = beside(data, "toml");
        let text = format!(
            "host_name = \"mail.{DOMAIN}\"\n\n[dns]\nservers = [\"{}\"]\ntrust_anchors = {:?}\n",
            address.trim(),
            anchors.display().to_string(),
        );
        fs::write(&config, text).with_context(|| format!("cannot write {}", config.display()))?;
        Ok(Some(Self { config, dns }))
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // The end of its input ends it, and its Knot with it.
        drop(self.dns.stdin.take());
        let _status = self.dns.wait();
    }
}

/// Delivers the sample, in a process that is the server with a clock of its own: a year passes in seconds.
pub fn fill(shell: &Shell, server: &Server, data: &Path) -> Result<()> {
    let mut command = Command::new(shell.programs.join("examples/demo"));
    command.arg("--data").arg(data).args(["--domain", DOMAIN, "--password", PASSWORD]).stdin(Stdio::null());
    if let Some(config) = &server.config {
        command.arg("--config").arg(config);
    }
    println!("a year of mail comes in");
    if !command.status().context("cannot start the demo")?.success() {
        bail!("the sample was not delivered in full: remove {} and try again", data.display());
    }
    fs::write(mark(data), "The demo's sample was delivered in full.\n").context("cannot mark the folder")
}

/// What a person needs to look around.
pub fn welcome() -> String {
    format!("sign in as alice@{DOMAIN} or bob@{DOMAIN}, password: {PASSWORD}")
}

/// Stands beside the store, not in it: the store refuses files that it does not know.
fn mark(data: &Path) -> PathBuf {
    beside(data, "demo")
}

fn beside(data: &Path, ending: &str) -> PathBuf {
    let mut name = data.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}
