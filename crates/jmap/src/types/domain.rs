//! What is said of a domain to whoever asks: the index of mail to it, and the hosts that take its mail.

use super::Explanation;
use super::words::cause;
use caliopen_hub::{DomainView, ExpectedChannel, ExpectedHost};
use caliopen_model::HopProof;
use serde::Serialize;

/// A domain, explained.
#[derive(Debug, Serialize)]
pub(crate) struct Record {
    domain: String,
    #[serde(flatten)]
    explanation: Explanation,
    complete: bool,
    trouble: Option<&'static str>,
    hosts: Vec<Host>,
}

#[derive(Debug, Serialize)]
struct Host {
    name: String,
    channel: &'static str,
}

impl Record {
    pub(crate) fn new(domain: String, explanation: Explanation, view: &DomainView) -> Self {
        let trouble = view.trouble.as_ref().map(|trouble| cause(trouble.cause));
        let hosts = view.hosts.iter().map(host).collect();
        Self { domain, explanation, complete: view.complete, trouble, hosts }
    }
}

fn host(host: &ExpectedHost) -> Host {
    let channel = match host.channel {
        ExpectedChannel::Clear => "clear",
        ExpectedChannel::AsItCan => "as-it-can",
        ExpectedChannel::Encrypted => "encrypted",
        ExpectedChannel::Proven(HopProof::Dane) => "dane",
        ExpectedChannel::Proven(HopProof::MtaSts) => "mta-sts",
        ExpectedChannel::Proven(HopProof::Configured) => "configured",
        ExpectedChannel::Withheld => "withheld",
    };
    Host { name: host.host.clone(), channel }
}
