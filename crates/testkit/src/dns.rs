//! A DNS of our own: Knot serves a signed root and the zones of a test on 127.0.0.1.
//!
//! The zones above are what makes it true to life: below a signed root stands `test`, signed like most
//! top-level domains with NSEC3 and opt-out (RFC 5155 §6). A signed zone is trusted through its parent's DS
//! record, an unsigned one through the parent's proof that there is none.

use crate::process::{Process, free_port, run};
use anyhow::{Context, Result};
use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

/// Where the zones of tests hang.
const TOP_LEVEL: &str = "test";

/// How a zone stands with DNSSEC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signing {
    /// Not signed, and its parent says so.
    Unsigned,
    /// Signed, and its parent vouches for its key.
    Signed,
    /// Signed, but its parent vouches for another key: every answer is bogus.
    Bogus,
    /// Named by its parent, but every question fails (SERVFAIL).
    Unavailable,
}

/// One zone.
#[derive(Debug, Clone)]
pub struct Zone {
    name: String,
    signing: Signing,
    records: String,
}

impl Zone {
    /// An empty zone: an SOA and an NS record alone. `name` has no final dot.
    pub fn new(name: &str, signing: Signing) -> Self {
        Self { name: name.to_owned(), signing, records: String::new() }
    }

    /// Adds a record in the form of a zone file; `owner` is relative to the zone, `@` is the zone itself.
    #[must_use]
    pub fn record(mut self, owner: &str, kind: &str, value: &str) -> Self {
        let _ = writeln!(self.records, "{owner} {kind} {value}");
        self
    }

    /// Adds a TXT record of any length, cut into strings of 255 bytes (RFC 1035 §3.3.14).
    #[must_use]
    pub fn text(self, owner: &str, text: &str) -> Self {
        let letters: Vec<char> = text.chars().collect();
        let strings: Vec<String> = letters
            .chunks(255)
            .map(|piece| {
                let piece: String = piece.iter().collect();
                format!("\"{}\"", piece.replace('\\', "\\\\").replace('"', "\\\""))
            })
            .collect();
        self.record(owner, "TXT", &strings.join(" "))
    }

    fn holds_keys(&self) -> bool {
        matches!(self.signing, Signing::Signed | Signing::Bogus)
    }
}

/// A running Knot. Dropping it stops it and removes its files.
#[derive(Debug)]
pub struct Knot {
    address: SocketAddr,
    anchors: String,
    // Before the folder: the server goes first.
    _process: Process,
    _folder: TempDir,
}

impl Knot {
    /// Starts a Knot that serves these zones under a signed root and a signed `test`, and waits until it
    /// answers.
    pub fn start(zones: &[Zone]) -> Result<Self> {
        let top = Zone::new(TOP_LEVEL, Signing::Signed).record("ns", "A", "127.0.0.1");
        let zones = &[&[top], zones].concat();
        let folder = tempfile::tempdir()?;
        let port = free_port()?;
        let root = folder.path();
        for name in ["run", "db", "zones"] {
            std::fs::create_dir(root.join(name))?;
        }
        let configuration = root.join("knot.conf");
        std::fs::write(&configuration, configuration_text(root, port, zones))?;

        let keys = Keys { configuration: &configuration };
        let anchors = keys.make(".")?;
        write_zones(root, zones, &keys)?;

        let mut command = Command::new(installed("knotd"));
        command.arg("-c").arg(&configuration);
        let mut process = Process::start("knotd", &mut command, &root.join("log"))?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        process.wait_until(|| answers(address).unwrap_or(false))?;
        Ok(Self { address, anchors, _process: process, _folder: folder })
    }

    /// Where it answers, over UDP and TCP.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The key of its root, as a `DNSKEY` record: what a resolver must trust to believe it.
    pub fn anchors(&self) -> &str {
        &self.anchors
    }
}

/// Makes the zones' keys before the server starts, so that parents can vouch for them.
struct Keys<'a> {
    configuration: &'a Path,
}

impl Keys<'_> {
    /// Makes the key of a zone; gives its DNSKEY record.
    fn make(&self, zone: &str) -> Result<String> {
        self.run(zone, &["generate", "algorithm=ecdsap256sha256", "ksk=yes", "zsk=yes"])?;
        let record = self.run(zone, &["dnskey"])?;
        // keymgr leaves the class out, which a zone file may and a trust anchor may not.
        Ok(record.replacen(" DNSKEY ", " IN DNSKEY ", 1))
    }

    /// The DS record (SHA-256) of a zone's key.
    fn delegation(&self, zone: &str) -> Result<String> {
        let records = self.run(zone, &["ds"])?;
        let record = records.lines().find(|line| line.contains(" 13 2 "));
        Ok(record.with_context(|| format!("keymgr gives no DS record of {zone}"))?.to_owned())
    }

    fn run(&self, zone: &str, arguments: &[&str]) -> Result<String> {
        run(Command::new(installed("keymgr")).arg("-c").arg(self.configuration).arg(zone).args(arguments))
    }
}

fn configuration_text(root: &Path, port: u16, zones: &[Zone]) -> String {
    let root = root.display();
    let mut text = format!(
        "server:\n  rundir: {root}/run\n  listen: 127.0.0.1@{port}\n\
         database:\n  storage: {root}/db\n\
         log:\n  - target: stderr\n    any: warning\n\
         policy:\n\
         \x20 - id: zone\n    algorithm: ecdsap256sha256\n    single-type-signing: on\n    nsec3: on\n\
         \x20 - id: root\n    algorithm: ecdsap256sha256\n    single-type-signing: on\n\
         \x20 - id: top\n    algorithm: ecdsap256sha256\n    single-type-signing: on\n    nsec3: on\n\
         \x20   nsec3-opt-out: on\n\
         template:\n  - id: default\n    storage: {root}/zones\n    zonefile-load: difference\n\
         \x20   journal-content: all\n    zonefile-sync: -1\n\
         zone:\n  - domain: .\n    file: root.zone\n    dnssec-signing: on\n    dnssec-policy: root\n"
    );
    for zone in zones {
        let _ = writeln!(text, "  - domain: {0}\n    file: {0}.zone", zone.name);
        if zone.holds_keys() {
            let policy = if zone.name == TOP_LEVEL { "top" } else { "zone" };
            let _ = writeln!(text, "    dnssec-signing: on\n    dnssec-policy: {policy}");
        }
    }
    text
}

fn write_zones(root: &Path, zones: &[Zone], keys: &Keys<'_>) -> Result<()> {
    let mut root_zone = zone_head(".");
    let mut delegations: Vec<(Option<&str>, String)> = Vec::new();
    for zone in zones {
        let mut lines = format!("{}. NS ns.test.\n", zone.name);
        if zone.holds_keys() {
            keys.make(&zone.name)?;
            let ds = keys.delegation(&zone.name)?;
            lines.push_str(&if zone.signing == Signing::Bogus { with_another_digest(&ds) } else { ds });
            lines.push('\n');
        }
        delegations.push((parent_of(zone, zones), lines));
    }
    let of = |parent: Option<&str>| -> String {
        delegations.iter().filter(|(name, _)| *name == parent).map(|(_, lines)| lines.as_str()).collect()
    };
    root_zone.push_str(&of(None));
    std::fs::write(root.join("zones/root.zone"), root_zone)?;
    for zone in zones.iter().filter(|zone| zone.signing != Signing::Unavailable) {
        let text =
            format!("{}{}{}", zone_head(&format!("{}.", zone.name)), zone.records, of(Some(&zone.name)));
        std::fs::write(root.join(format!("zones/{}.zone", zone.name)), text)?;
    }
    Ok(())
}

fn zone_head(origin: &str) -> String {
    format!("$ORIGIN {origin}\n$TTL 60\n@ SOA ns.test. hostmaster.test. 1 3600 600 86400 60\n@ NS ns.test.\n")
}

/// The closest of the zones that holds this one; none is the root.
fn parent_of<'a>(zone: &Zone, zones: &'a [Zone]) -> Option<&'a str> {
    let holds = |other: &&Zone| zone.name.ends_with(&format!(".{}", other.name));
    zones.iter().filter(holds).max_by_key(|other| other.name.len()).map(|other| other.name.as_str())
}

/// The DS record of a key that does not exist.
fn with_another_digest(ds: &str) -> String {
    let (start, digest) = ds.rsplit_once(' ').unwrap_or((ds, ""));
    format!("{start} {}", "0123456789abcdef".chars().cycle().take(digest.len()).collect::<String>())
}

/// Asks for the root's SOA record, by hand: the test must not depend on the resolver that it tests.
fn answers(address: SocketAddr) -> Result<bool> {
    let question: [u8; 17] = [0x43, 0x41, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 1];
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.set_read_timeout(Some(Duration::from_millis(200)))?;
    socket.send_to(&question, address)?;
    let mut answer = [0; 512];
    let length = socket.recv(&mut answer)?;
    // Same id, no error, at least one answer: the zone is loaded and signed.
    Ok(length > 12 && answer.starts_with(&[0x43, 0x41]) && answer[3] & 0x0f == 0 && answer[7] > 0)
}

/// Debian keeps servers out of the path of people.
fn installed(program: &str) -> PathBuf {
    let in_sbin = PathBuf::from("/usr/sbin").join(program);
    if in_sbin.exists() { in_sbin } else { PathBuf::from(program) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_hang_from_the_closest_one_that_holds_them() {
        let zones = ["example.test", "deep.example.test", "other.test", "notexample.test"]
            .map(|name| Zone::new(name, Signing::Unsigned));
        let parents: Vec<Option<&str>> = zones.iter().map(|zone| parent_of(zone, &zones)).collect();
        assert_eq!(parents, [None, Some("example.test"), None, None]);
    }

    #[test]
    fn long_texts_are_cut_and_quoted() {
        let zone =
            Zone::new("example.test", Signing::Unsigned).text("key", &format!("a\"{}", "x".repeat(300)));
        assert!(zone.records.starts_with("key TXT \"a\\\"xxx"));
        assert!(zone.records.contains("x\" \"x"));
    }

    #[test]
    fn knot_answers_and_exports_its_anchor() {
        let zones = [
            Zone::new("signed.test", Signing::Signed).text("@", "hello"),
            Zone::new("plain.test", Signing::Unsigned),
        ];
        let knot = Knot::start(&zones).unwrap();
        assert!(knot.anchors().starts_with(". IN DNSKEY 257 3 13 "), "{}", knot.anchors());
        assert!(answers(knot.address()).unwrap());
    }
}
