//! The configuration: one TOML file, every key optional, every mistake said in one sentence with its line.

mod coaching;
mod storage;

pub use coaching::{Coaching, Colours, Gift};
pub use storage::{Room, Storage};

use caliopen_hub::limits::HOST_RECIPIENTS_HOUR_MAX;
use caliopen_hub::{Hub, Lowered};
use caliopen_model::HandlerClass;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// What an operator may choose. Nothing here changes what is stored.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The host's own name, as other mail servers see it.
    pub host_name: String,
    /// The web application and the API.
    pub http: Http,
    /// Mail from the network.
    pub smtp: Smtp,
    /// Mail from a relay of the same host.
    pub lmtp: Lmtp,
    /// Mail from people's other programs.
    pub submission: Submission,
    /// The certificate, for HTTPS, STARTTLS and submission.
    pub tls: Tls,
    /// How names are looked up.
    pub dns: Dns,
    /// How mail leaves.
    pub deliver: Deliver,
    /// What is fetched from elsewhere: policies of other domains, pictures, the way out of a list.
    pub fetch: Fetch,
    /// What the administrator knows of services that handle mail.
    pub services: Services,
    /// What people are given for their privacy quests.
    pub coaching: Coaching,
    /// How much of the disk mail may take.
    pub storage: Storage,
}

/// The `[http]` table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Http {
    /// Where to listen. HTTPS when there is a certificate; without one only this machine is served.
    pub listen: SocketAddr,
    /// Where people reach it, when a proxy stands in between: `https://mail.example.org`.
    pub public_url: Option<String>,
}

/// The `[smtp]` table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Smtp {
    /// Where to listen; nowhere when empty.
    pub listen: Vec<SocketAddr>,
}

/// The `[lmtp]` table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lmtp {
    /// TCP addresses of this machine.
    pub listen: Vec<SocketAddr>,
    /// Unix sockets.
    pub sockets: Vec<PathBuf>,
}

/// The `[submission]` table. Programs send a password, so that all of it takes a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Submission {
    /// Where to listen for TLS from the first byte; port 465 beside `http.listen` when it is not said.
    pub listen: Option<Vec<SocketAddr>>,
    /// Where to listen for STARTTLS; nowhere when empty.
    pub starttls: Vec<SocketAddr>,
}

/// The `[deliver]` table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Deliver {
    /// People whom all accounts together may write to in an hour.
    pub recipients_hour_max: u32,
    /// A host that takes all mail, instead of those that the DNS names.
    pub smarthost: Option<Way>,
    /// Hosts that take the mail of a domain.
    pub routes: BTreeMap<String, Way>,
    /// PEM file of authorities that are believed about mail hosts beside those that browsers know.
    pub authorities: Option<PathBuf>,
    /// Whether other domains that want it are told once a day how encryption with them went (RFC 8460).
    pub tls_reports: bool,
    /// Hosts that are reached at this address, instead of those that the DNS names. Nothing else changes for them.
    pub hosts: BTreeMap<String, SocketAddr>,
}

/// The `[fetch]` table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Fetch {
    /// PEM file of authorities that are believed beside those that browsers know.
    pub authorities: Option<PathBuf>,
}

/// The `[services]` table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Services {
    /// Services, by their name, domain or host, that live worse than the table of this release says, and how: `B`, `C`,
    /// `D` or `E`. What would raise one changes nothing.
    pub lower: BTreeMap<String, Class>,
}

/// How a service lives: see `docs/operate.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "the letters are those of the table")]
pub enum Class {
    B,
    C,
    D,
    E,
}

impl Services {
    /// The services, as the use cases know them.
    pub fn lowered(&self) -> Vec<Lowered> {
        let class = |class| match class {
            Class::B => HandlerClass::B,
            Class::C => HandlerClass::C,
            Class::D => HandlerClass::D,
            Class::E => HandlerClass::E,
        };
        self.lower.iter().map(|(service, found)| Lowered::new(service, class(*found))).collect()
    }
}

/// A host that mail is handed to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// Its name or address.
    pub host: String,
    /// Its port.
    #[serde(default = "smtp_port")]
    pub port: u16,
    /// How the channel to it is protected.
    #[serde(default)]
    pub tls: WayTls,
}

/// How the channel to a host is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WayTls {
    /// Not at all: for a host of the same machine.
    None,
    /// Where it is offered.
    Offered,
    /// Or not at all, whatever the certificate says.
    Required,
    /// With a certificate that proves its name, or not at all.
    #[default]
    Verified,
}

const fn smtp_port() -> u16 {
    25
}

/// The `[tls]` table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tls {
    /// PEM file of the certificate and what it was issued by.
    pub certificate: Option<PathBuf>,
    /// PEM file of its private key.
    pub key: Option<PathBuf>,
}

/// The `[dns]` table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Dns {
    /// Name servers to ask; those of the machine when empty.
    pub servers: Vec<SocketAddr>,
    /// File of `DNSKEY` records to trust beside the root's.
    pub trust_anchors: Option<PathBuf>,
    /// Whether signatures of answers are checked.
    pub dnssec: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            host_name: "localhost".to_owned(),
            http: Http::default(),
            smtp: Smtp::default(),
            lmtp: Lmtp::default(),
            submission: Submission::default(),
            tls: Tls::default(),
            dns: Dns::default(),
            deliver: Deliver::default(),
            fetch: Fetch::default(),
            services: Services::default(),
            coaching: Coaching::default(),
            storage: Storage::default(),
        }
    }
}

impl Default for Http {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 8080)), public_url: None }
    }
}

impl Default for Smtp {
    fn default() -> Self {
        Self { listen: vec![SocketAddr::from(([127, 0, 0, 1], 2525))] }
    }
}

impl Default for Deliver {
    fn default() -> Self {
        Self {
            recipients_hour_max: HOST_RECIPIENTS_HOUR_MAX,
            smarthost: None,
            authorities: None,
            routes: BTreeMap::new(),
            tls_reports: true,
            hosts: BTreeMap::new(),
        }
    }
}

impl Default for Dns {
    fn default() -> Self {
        Self { servers: Vec::new(), trust_anchors: None, dnssec: true }
    }
}

/// What is wrong with a configuration: one sentence, with the file, the line and the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError(pub String);

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let name = path.display();
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError(format!("{name} cannot be read: {error}")))?;
        Self::parse(&text, &name.to_string())
    }

    /// Reads `caliopen.toml` of a data folder, where there is one.
    pub fn of_folder(data: &Path) -> Result<Self, ConfigError> {
        let usual = data.join("caliopen.toml");
        if usual.exists() { Self::read(&usual) } else { Ok(Self::default()) }
    }

    /// Says to the use cases what they must know of it.
    pub(crate) fn tell(&self, hub: &Hub) {
        hub.limit_recipients_an_hour(self.deliver.recipients_hour_max);
        hub.lower_services(self.services.lowered());
        hub.unlock_for_quests(self.coaching.unlocks());
        if let Some(bytes) = self.storage.account_max.bytes() {
            hub.limit_storage(bytes);
        }
    }

    /// Reads the text of a file of this name.
    pub fn parse(text: &str, name: &str) -> Result<Self, ConfigError> {
        let config: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| line_of(text, span.start));
            let key = key_on(text, line).map(|key| format!("`{key}`: ")).unwrap_or_default();
            ConfigError(format!("{name}, line {line}: {key}{}", one_line(error.message())))
        })?;
        config.check(text, name)?;
        Ok(config)
    }

    /// The same checks for a configuration that options of the command line changed.
    pub fn check_whole(&self) -> Result<(), ConfigError> {
        self.check("", "the options")
    }

    /// What each value alone cannot show.
    fn check(&self, text: &str, name: &str) -> Result<(), ConfigError> {
        let fault = |table: &str, key: &str, what: &str| {
            Err(ConfigError(format!("{name}, line {}: {what}", line_of_key(text, table, key))))
        };
        if self.tls.certificate.is_some() != self.tls.key.is_some() {
            return fault("tls", "", "`tls.certificate` and `tls.key` belong together: give both or none");
        }
        if self.tls.certificate.is_none() && !self.http.listen.ip().is_loopback() {
            return fault(
                "http",
                "listen",
                "`http.listen` is reached from other machines, which takes a certificate: set `tls.certificate` and `tls.key`, or listen on 127.0.0.1 behind a proxy",
            );
        }
        if let Some(key) = self.submission.listening_key().filter(|_| self.tls.certificate.is_none()) {
            return fault(
                "submission",
                key,
                "`submission` takes a certificate, since programs send a password: set `tls.certificate` and `tls.key`",
            );
        }
        if self.lmtp.listen.iter().any(|address| !address.ip().is_loopback()) {
            return fault(
                "lmtp",
                "listen",
                "`lmtp.listen` trusts who connects: it takes addresses of this machine alone",
            );
        }
        if self.host_name.is_empty()
            || !self.host_name.bytes().all(|b| b.is_ascii_alphanumeric() || b".-".contains(&b))
        {
            return fault(
                "",
                "host_name",
                "`host_name` is a domain name in ASCII, for example mail.example.org",
            );
        }
        Ok(())
    }
}

impl Submission {
    /// The key that opens a door, when one does.
    fn listening_key(&self) -> Option<&'static str> {
        if self.listen.as_ref().is_some_and(|addresses| !addresses.is_empty()) {
            return Some("listen");
        }
        (!self.starttls.is_empty()).then_some("starttls")
    }
}

/// The line of a key in its table, of the table when there is no such line, of the text when there is no table.
fn line_of_key(text: &str, table: &str, key: &str) -> usize {
    let head = format!("[{table}]");
    let lines = || (1..).zip(text.lines().map(str::trim));
    let table_line = lines().find(|(_, line)| *line == head).map(|(number, _)| number);
    let inside = lines()
        .skip(table_line.unwrap_or(0))
        .take_while(|(_, line)| !line.starts_with('['))
        .find(|(_, line)| !key.is_empty() && line.starts_with(key))
        .map(|(number, _)| number);
    inside.or(table_line).unwrap_or(1)
}

fn line_of(text: &str, position: usize) -> usize {
    text.bytes().take(position).filter(|byte| *byte == b'\n').count() + 1
}

/// The key that a line sets, with its table: `http.listen`.
fn key_on(text: &str, line: usize) -> Option<String> {
    let before: Vec<&str> = text.lines().take(line).map(str::trim).collect();
    let (key, _) = before.last()?.split_once('=')?;
    let table = before.iter().rev().find_map(|line| line.strip_prefix('[')?.strip_suffix(']'));
    Some(table.into_iter().chain([key.trim()]).collect::<Vec<_>>().join("."))
}

fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_fault(text: &str, expected: &str) {
        let fault = Config::parse(text, "caliopen.toml").expect_err("it is wrong").0;
        assert!(fault.starts_with(expected), "{fault}");
        assert_eq!(fault.lines().count(), 1, "{fault}");
    }

    #[test]
    fn an_empty_file_is_a_whole_configuration() {
        assert_eq!(Config::parse("", "caliopen.toml"), Ok(Config::default()));
    }

    #[test]
    fn a_mistake_is_one_sentence_with_its_line_and_its_key() {
        check_fault(
            "[http]\nlisten = 5\n",
            "caliopen.toml, line 2: `http.listen`: invalid type: integer `5`",
        );
        check_fault("\n\nhots_name = \"x\"\n", "caliopen.toml, line 3: `hots_name`: unknown field");
        check_fault(
            "[tls]\nkey = \"k\"\n",
            "caliopen.toml, line 1: `tls.certificate` and `tls.key` belong together",
        );
        check_fault(
            "[http]\nlisten = \"0.0.0.0:80\"\n",
            "caliopen.toml, line 2: `http.listen` is reached from",
        );
        check_fault("[lmtp]\nlisten = [\"192.0.2.1:24\"]\n", "caliopen.toml, line 2: `lmtp.listen` trusts");
        check_fault(
            "[smtp]\nlisten = []\n[lmtp]\nsockets = []\nlisten = [\"192.0.2.1:24\"]\n",
            "caliopen.toml, line 5: `lmtp.listen` trusts",
        );
        check_fault(
            "[deliver]\nsmarthost = { host = \"mx\", tls = \"maybe\" }\n",
            "caliopen.toml, line 2: `deliver.smarthost`: unknown variant `maybe`",
        );
        check_fault(
            "[submission]\nlisten = [\"127.0.0.1:465\"]\n",
            "caliopen.toml, line 2: `submission` takes",
        );
        check_fault(
            "[submission]\nstarttls = [\"127.0.0.1:587\"]\n",
            "caliopen.toml, line 2: `submission` takes",
        );
        check_fault(
            "[deliver.hosts]\n\"mx.a.test\" = \"10.0.0.7\"\n",
            "caliopen.toml, line 2: `deliver.hosts.",
        );
        check_fault("host_name = \"a b\"\n", "caliopen.toml, line 1: `host_name` is a domain name");
        check_fault(
            "[services.lower]\n\"gmail.com\" = \"A\"\n",
            "caliopen.toml, line 2: `services.lower.\"gmail.com\"`: unknown variant `A`",
        );
        check_fault(
            "[storage]\naccount_max = \"much\"\n",
            "caliopen.toml, line 2: `storage.account_max`: a size is a number and",
        );
        check_fault("[http\n", "caliopen.toml, line 1: ");
    }
}
