//! Our own resolver: answers are validated with DNSSEC here, and say whether they were (RFC 4033 §7).
//!
//! Hickory validates; this room decides what is trusted, how long a question may take, and turns every
//! failure into one of two things that a caller acts on: nothing is there, or nobody knows.

use crate::deliver::limits::ASSOCIATIONS_MAX;
use crate::verify::limits;
use futures_util::FutureExt;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{
    ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::dnssec::{Proof, TrustAnchors, Verifier as _};
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::proto::serialize::txt::trust_anchor;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// Which name servers are asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum NameServers {
    /// Those of the machine (`/etc/resolv.conf`).
    #[default]
    System,
    /// These, in this order.
    Given(Vec<SocketAddr>),
}

/// Whether signatures of answers are checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Validation {
    /// Yes: a signed zone whose signatures are wrong is as if it did not answer.
    Dnssec {
        /// `DNSKEY` records, one a line as in a zone file, trusted beside the keys of the root: for the inner
        /// half of a split zone. Empty as a rule.
        extra_anchors: String,
    },
    /// No: for a network whose resolvers cut signatures off. No answer ever counts as validated.
    Off,
}

/// How names are looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolverSettings {
    /// Who is asked.
    pub name_servers: NameServers,
    /// What is believed.
    pub validation: Validation,
    /// One try of one question; it is tried again once.
    pub query_timeout: Duration,
}

impl Default for ResolverSettings {
    fn default() -> Self {
        Self {
            name_servers: NameServers::System,
            validation: Validation::Dnssec { extra_anchors: String::new() },
            query_timeout: limits::QUERY_TIMEOUT,
        }
    }
}

/// Why there is no resolver. Each is for the person who configures the host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResolverError {
    /// The machine names no usable server.
    #[error("the name servers of this machine cannot be read: {0}")]
    NoSystemServers(String),
    /// An empty list was given.
    #[error("no name server is given")]
    NoServers,
    /// The extra anchors are not `DNSKEY` records.
    #[error("a trust anchor is not a DNSKEY record: {0}")]
    BadAnchor(String),
    /// The resolver refused its settings.
    #[error("the resolver cannot start: {0}")]
    Refused(String),
}

/// Nobody knows: no answer in time, a server's failure, or an answer that its signatures contradict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unavailable;

/// What a question was answered. Empty when nothing is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer<T> {
    pub(crate) records: Vec<T>,
    /// Every record on the way to the answer was validated.
    pub(crate) secure: bool,
}

/// What a TLSA record says (RFC 6698 §2.1), in its numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tlsa {
    pub(crate) usage: u8,
    pub(crate) selector: u8,
    pub(crate) matching: u8,
    pub(crate) data: Vec<u8>,
}

/// Looks names up. Cheap to clone; clones share one cache.
#[derive(Clone)]
pub struct Resolver {
    inner: TokioResolver,
}

impl Resolver {
    /// A resolver of these settings. Asks nothing yet.
    pub fn new(settings: &ResolverSettings) -> Result<Self, ResolverError> {
        let config = name_servers(&settings.name_servers)?;
        let mut builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
            .with_options(options(settings))
            .with_tls_config(unused_tls()?);
        if let Validation::Dnssec { extra_anchors } = &settings.validation {
            builder = builder.with_trust_anchor(Arc::new(anchors(extra_anchors)?));
        }
        let inner = builder.build().map_err(|error| ResolverError::Refused(error.to_string()))?;
        Ok(Self { inner })
    }

    /// For the crate that evaluates SPF, DKIM, DMARC and ARC: the same cache, the same anchors.
    pub(crate) fn vendor(&self) -> TokioResolver {
        self.inner.clone()
    }

    /// The texts of a name, each with its pieces joined.
    pub(crate) async fn texts(&self, name: &str) -> Result<Answer<Vec<u8>>, Unavailable> {
        self.ask(name, RecordType::TXT, |data| match data {
            RData::TXT(txt) => Some(txt.txt_data.iter().flat_map(|piece| piece.iter().copied()).collect()),
            _ => None,
        })
        .await
    }

    /// The mail exchangers of a domain, most preferred first. A null MX (RFC 7505) gives none.
    pub(crate) async fn mail_exchangers(&self, domain: &str) -> Result<Answer<String>, Unavailable> {
        let Answer { records, secure } = self.mail_exchange_records(domain).await?;
        let hosts = records.into_iter().map(|(_, host)| host);
        Ok(Answer { records: hosts.filter(|host| !host.is_empty()).collect(), secure })
    }

    /// The mail exchangers of a domain with their preferences, most preferred first. A null MX (RFC 7505) has
    /// no name.
    pub(crate) async fn mail_exchange_records(
        &self,
        domain: &str,
    ) -> Result<Answer<(u16, String)>, Unavailable> {
        let mut answer = self
            .ask(domain, RecordType::MX, |data| match data {
                RData::MX(mx) => Some((mx.preference, host_text(&mx.exchange))),
                _ => None,
            })
            .await?;
        answer.records.sort();
        Ok(answer)
    }

    /// The names that an address calls itself. Unproven until they point back.
    pub(crate) async fn reverse_names(&self, address: IpAddr) -> Result<Answer<String>, Unavailable> {
        let name = Name::from(address).to_ascii();
        self.ask(&name, RecordType::PTR, |data| match data {
            RData::PTR(name) => Some(host_text(name)),
            _ => None,
        })
        .await
    }

    /// The addresses of a host, of the same family as `like`.
    pub(crate) async fn addresses(&self, host: &str, like: IpAddr) -> Result<Answer<IpAddr>, Unavailable> {
        self.addresses_of_kind(host, if like.is_ipv4() { RecordType::A } else { RecordType::AAAA }).await
    }

    /// The addresses of a host, IPv6 first. A family that cannot be looked up does not hide the other.
    pub(crate) async fn all_addresses(&self, host: &str) -> Result<Answer<IpAddr>, Unavailable> {
        let (six, four) = futures_util::future::join(
            self.addresses_of_kind(host, RecordType::AAAA),
            self.addresses_of_kind(host, RecordType::A),
        )
        .await;
        match (six, four) {
            (Ok(six), Ok(four)) => {
                let vouched_for = |answer: &Answer<IpAddr>| answer.secure || answer.records.is_empty();
                let secure = vouched_for(&six) && vouched_for(&four);
                Ok(Answer { records: [six.records, four.records].concat(), secure })
            }
            (Ok(one), Err(Unavailable)) | (Err(Unavailable), Ok(one)) if !one.records.is_empty() => Ok(one),
            _ => Err(Unavailable),
        }
    }

    async fn addresses_of_kind(&self, host: &str, kind: RecordType) -> Result<Answer<IpAddr>, Unavailable> {
        self.ask(host, kind, |data| match data {
            RData::A(address) => Some(IpAddr::V4(address.0)),
            RData::AAAA(address) => Some(IpAddr::V6(address.0)),
            _ => None,
        })
        .await
    }

    /// What is published of the certificates of a host at a TCP port (RFC 6698 §3), at most [`ASSOCIATIONS_MAX`].
    pub(crate) async fn certificate_associations(
        &self,
        host: &str,
        port: u16,
    ) -> Result<Answer<Tlsa>, Unavailable> {
        let mut answer = self
            .ask(&format!("_{port}._tcp.{host}"), RecordType::TLSA, |data| match data {
                RData::TLSA(tlsa) => Some(Tlsa {
                    usage: tlsa.cert_usage.into(),
                    selector: tlsa.selector.into(),
                    matching: tlsa.matching.into(),
                    data: tlsa.cert_data.clone(),
                }),
                _ => None,
            })
            .await?;
        answer.records.truncate(ASSOCIATIONS_MAX);
        Ok(answer)
    }

    /// What the one client that fetches looks names up with.
    pub fn for_egress(&self) -> caliopen_egress::Lookup {
        let resolver = self.clone();
        Arc::new(move |host| {
            let resolver = resolver.clone();
            async move { resolver.all_addresses(&host).await.ok().map(|answer| answer.records) }.boxed()
        })
    }

    /// Whether the answer that stands for this question was validated. A second question costs nothing as
    /// long as the answer is kept.
    pub(crate) async fn is_secure(&self, name: &str, kind: RecordType) -> bool {
        let known = self.ask(name, kind, |_| Some(())).await;
        known.is_ok_and(|answer| answer.secure)
    }

    async fn ask<T>(
        &self,
        name: &str,
        kind: RecordType,
        read: impl Fn(&RData) -> Option<T>,
    ) -> Result<Answer<T>, Unavailable> {
        // A text that is no name has no records.
        let Ok(mut name) = Name::from_str_relaxed(name) else {
            return Ok(Answer { records: Vec::new(), secure: false });
        };
        name.set_fqdn(true);
        match self.inner.lookup(name, kind).await {
            Ok(lookup) => Ok(Answer {
                records: lookup.answers().iter().filter_map(|record| read(&record.data)).collect(),
                secure: all_secure(&lookup),
            }),
            Err(error) if says_nothing_there(&error) => Ok(Answer { records: Vec::new(), secure: false }),
            Err(error) => {
                tracing::debug!(%error, %kind, "a look-up gave no answer");
                Err(Unavailable)
            }
        }
    }
}

impl std::fmt::Debug for Resolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resolver").finish_non_exhaustive()
    }
}

/// Signatures themselves carry no proof of their own, so they are left out of the count.
fn all_secure(lookup: &Lookup) -> bool {
    let mut records = lookup.answers().iter().filter(|record| record.record_type() != RecordType::RRSIG);
    let first = records.next().is_some_and(|record| record.proof == Proof::Secure);
    first && records.all(|record| record.proof == Proof::Secure)
}

fn says_nothing_there(error: &NetError) -> bool {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(_)) => true,
        // Denied by a zone whose denials prove nothing (RFC 9276 §3.2): the same as an unsigned denial.
        NetError::Dns(DnsError::Nsec { proof, .. }) => *proof == Proof::Insecure,
        _ => false,
    }
}

/// Lower case, A-labels, no final dot.
fn host_text(name: &Name) -> String {
    name.to_lowercase().to_ascii().trim_end_matches('.').to_owned()
}

fn name_servers(wanted: &NameServers) -> Result<ResolverConfig, ResolverError> {
    match wanted {
        NameServers::System => {
            let (config, _) = hickory_resolver::system_conf::read_system_conf()
                .map_err(|error| ResolverError::NoSystemServers(error.to_string()))?;
            // Search lists are for people who type: a name in a message is complete.
            Ok(ResolverConfig::from_parts(None, Vec::new(), config.name_servers().to_vec()))
        }
        NameServers::Given(addresses) if addresses.is_empty() => Err(ResolverError::NoServers),
        NameServers::Given(addresses) => {
            let servers = addresses.iter().map(|address| {
                let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
                    connection.port = address.port();
                    connection
                });
                NameServerConfig::new(address.ip(), true, connections.into())
            });
            Ok(ResolverConfig::from_parts(None, Vec::new(), servers.collect()))
        }
    }
}

fn options(settings: &ResolverSettings) -> ResolverOpts {
    let mut options = ResolverOpts::default();
    options.validate = settings.validation != Validation::Off;
    options.timeout = settings.query_timeout;
    options.attempts = limits::QUERY_RETRIES;
    options.cache_size = limits::CACHED_ANSWERS_MAX;
    options.positive_max_ttl = Some(limits::ANSWER_AGE_MAX);
    options.negative_max_ttl = Some(limits::ANSWER_AGE_MAX);
    // The file of the machine is no evidence of anything about a sender.
    options.use_hosts_file = ResolveHosts::Never;
    // An alias must be validated like the record that it leads to.
    options.preserve_intermediates = true;
    options.try_tcp_on_error = true;
    options
}

fn anchors(extra: &str) -> Result<TrustAnchors, ResolverError> {
    let bad = |error: &dyn std::fmt::Display| ResolverError::BadAnchor(error.to_string());
    let mut anchors = TrustAnchors::default();
    for entry in trust_anchor::Parser::new(extra).parse().map_err(|error| bad(&error))? {
        let trust_anchor::Entry::DNSKEY(record) = entry else {
            return Err(bad(&"not a DNSKEY"));
        };
        let key = record.data().key().map_err(|error| bad(&error))?;
        anchors.insert_with_name(&*key, record.name().into());
    }
    Ok(anchors)
}

/// No question goes over TLS; without this the vendor would read the machine's certificates and fail where
/// there are none.
fn unused_tls() -> Result<rustls::ClientConfig, ResolverError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| ResolverError::Refused(error.to_string()))?;
    Ok(builder.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_cannot_work_are_refused_in_words() {
        let settings =
            ResolverSettings { name_servers: NameServers::Given(Vec::new()), ..ResolverSettings::default() };
        assert_eq!(Resolver::new(&settings).err(), Some(ResolverError::NoServers));

        let settings = ResolverSettings {
            name_servers: NameServers::Given(vec!["127.0.0.1:53".parse().unwrap()]),
            validation: Validation::Dnssec { extra_anchors: "example.org. IN A 192.0.2.1".to_owned() },
            ..ResolverSettings::default()
        };
        assert!(matches!(Resolver::new(&settings), Err(ResolverError::BadAnchor(_))));
    }
}
