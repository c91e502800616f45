//! The peers of a journey, told line by line what to be: a signed DNS, and Postfixes with good, bad and no TLS.
//!
//! Never part of an installation: `web/journeys/support/peers.mjs` starts it. Each line of standard input is one
//! command, each line of standard output its answer; the end of the input stops everybody.

use anyhow::{Context, Result, bail};
use caliopen_testkit::certificates::HostCertificate;
use caliopen_testkit::dns::{Knot, Signing, Zone};
use caliopen_testkit::postfix::{Postfix, PostfixOptions, Route, Starttls, Transport};
use std::collections::BTreeMap;
use std::io::{BufRead, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use tempfile::TempDir;

/// Where a Postfix would pass mail on to: nobody is there, so that it keeps what it took.
const NOWHERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 9);

fn main() -> Result<()> {
    let mut peers = Peers::new()?;
    for line in std::io::stdin().lock().lines() {
        let answer = match peers.obey(&line?) {
            Ok(answer) => answer,
            Err(error) => format!("failed: {error:#}"),
        };
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}", answer.replace('\n', " "))?;
        out.flush()?;
    }
    Ok(())
}

struct Peers {
    folder: TempDir,
    zones: Vec<Zone>,
    dns: Option<Knot>,
    hosts: BTreeMap<String, Host>,
}

/// A Postfix, and the certificate that it began with.
struct Host {
    folder: PathBuf,
    certificate: Option<HostCertificate>,
    postfix: Postfix,
}

impl Peers {
    fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        Ok(Self { folder, zones: Vec::new(), dns: None, hosts: BTreeMap::new() })
    }

    /// Does what a line says; the words of its answer.
    fn obey(&mut self, line: &str) -> Result<String> {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["zone", name, signing] => self.zone(name, signing),
            ["record", owner, kind, value @ ..] => {
                self.change_zone(|zone| zone.record(owner, kind, &value.join(" ")))
            }
            ["text", owner, value @ ..] => self.change_zone(|zone| zone.text(owner, &value.join(" "))),
            ["describe", owner, host] => {
                let association = self.certificate(host)?.association();
                self.change_zone(|zone| zone.record(owner, "TLSA", &association))
            }
            ["dns", anchors] => self.serve_dns(anchors),
            ["postfix", name, tls @ ("tls" | "clear"), domains @ ..] => {
                self.postfix(name, *tls == "tls", domains)
            }
            ["turn", host] => self.turn(host),
            ["log", host] => Ok(self.host(host)?.postfix.log().replace('\n', "\u{1f}")),
            _ => bail!("no such command: {line}"),
        }
    }

    fn zone(&mut self, name: &str, signing: &str) -> Result<String> {
        let signing = match signing {
            "signed" => Signing::Signed,
            "unsigned" => Signing::Unsigned,
            "bogus" => Signing::Bogus,
            "unavailable" => Signing::Unavailable,
            other => bail!("a zone is not {other}"),
        };
        self.zones.push(Zone::new(name, signing));
        Ok("done".to_owned())
    }

    fn change_zone(&mut self, change: impl FnOnce(Zone) -> Zone) -> Result<String> {
        let zone = self.zones.pop().context("no zone was begun")?;
        self.zones.push(change(zone));
        Ok("done".to_owned())
    }

    fn serve_dns(&mut self, anchors: &str) -> Result<String> {
        let knot = Knot::start(&self.zones)?;
        std::fs::write(anchors, knot.anchors()).with_context(|| format!("cannot write {anchors}"))?;
        let address = knot.address().to_string();
        self.dns = Some(knot);
        Ok(address)
    }

    /// Starts a host that takes the mail of these domains, and keeps it.
    fn postfix(&mut self, name: &str, has_tls: bool, domains: &[&str]) -> Result<String> {
        let folder = self.folder.path().join(name);
        std::fs::create_dir(&folder)?;
        let certificate = has_tls.then(|| HostCertificate::make(&folder, name)).transpose()?;
        let route = |domain: &&str| Route {
            domain: (*domain).to_owned(),
            transport: Transport::Smtp,
            server: NOWHERE,
        };
        let options = PostfixOptions {
            host_name: name.to_owned(),
            routes: domains.iter().map(route).collect(),
            starttls: Starttls::Never,
        };
        let lines = certificate.as_ref().map(HostCertificate::postfix_lines).unwrap_or_default();
        let postfix = Postfix::start_with(&options, &lines)?;
        let address = postfix.address().to_string();
        self.hosts.insert(name.to_owned(), Host { folder, certificate, postfix });
        Ok(address)
    }

    /// Gives a host another certificate, as whoever renews one and forgets the DNS; and the old one back.
    fn turn(&self, name: &str) -> Result<String> {
        let host = self.host(name)?;
        let (aside, files) = (host.folder.join("aside"), ["certificate.pem", "key.pem"]);
        if aside.exists() {
            for file in files {
                std::fs::rename(aside.join(file), host.folder.join(file))?;
            }
            std::fs::remove_dir(&aside)?;
        } else {
            std::fs::create_dir(&aside)?;
            for file in files {
                std::fs::rename(host.folder.join(file), aside.join(file))?;
            }
            HostCertificate::make(&host.folder, name)?;
        }
        host.postfix.reload()?;
        Ok("done".to_owned())
    }

    fn host(&self, name: &str) -> Result<&Host> {
        self.hosts.get(name).with_context(|| format!("there is no {name}"))
    }

    fn certificate(&self, name: &str) -> Result<&HostCertificate> {
        self.host(name)?.certificate.as_ref().with_context(|| format!("{name} has no certificate"))
    }
}
