//! `caliopen dns`: the records that a domain needs, as lines of a zone file.

use crate::config::Config;
use crate::folder::DataFolder;
use crate::signing::KeyFolder;
use anyhow::{Result, bail};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Bytes of one string of a TXT record (RFC 1035 §3.3).
const STRING_BYTES_MAX: usize = 255;

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// The domain, for example example.org.
    domain: String,
    /// The configuration; `caliopen.toml` in the data folder when it is there.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(super) fn run(data: &Path, options: &Options) -> Result<ExitCode> {
    if !data.exists() {
        bail!("there is no data folder {}; name it with --data", data.display());
    }
    let domain = options.domain.trim_end_matches('.').to_lowercase();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
    if domain.is_empty() || domain.starts_with('.') || domain.contains("..") || !domain.bytes().all(is_name) {
        bail!("`{domain}` is no domain name; an international one is written in its xn-- form");
    }
    let config = match &options.config {
        Some(path) => Config::read(path)?,
        None => Config::of_folder(data)?,
    };
    let host = &config.host_name;
    println!("{domain}. MX 10 {host}.");
    println!("{domain}. TXT \"v=spf1 mx -all\"");
    for (name, value) in KeyFolder::at(&DataFolder::at(data).keys()).records(&domain)? {
        println!("{name} TXT {}", strings(&value));
    }
    for line in programs(&config, &domain) {
        println!("{line}");
    }
    println!("_dmarc.{domain}. TXT \"v=DMARC1; p=reject\"");
    Ok(ExitCode::SUCCESS)
}

/// Where programs find the door that they send by (RFC 6186 §3.1, RFC 8314 §5.1); none without a certificate.
fn programs(config: &Config, domain: &str) -> Vec<String> {
    if config.tls.certificate.is_none() {
        return Vec::new();
    }
    let host = &config.host_name;
    let port = match config.submission.listen.as_deref() {
        None => Some(465),
        Some(addresses) => addresses.first().map(SocketAddr::port),
    };
    let starttls = config.submission.starttls.first().map(SocketAddr::port);
    let doors = [("_submissions", port), ("_submission", starttls)];
    let line = |(name, port): (&str, Option<u16>)| {
        port.map(|port| format!("{name}._tcp.{domain}. SRV 0 1 {port} {host}."))
    };
    doors.into_iter().filter_map(line).collect()
}

/// A value as the strings of one TXT record. It holds neither quotes nor anything outside ASCII.
fn strings(value: &str) -> String {
    let mut quoted = Vec::new();
    let mut rest = value;
    while !rest.is_empty() {
        let (first, after) = rest.split_at_checked(STRING_BYTES_MAX).unwrap_or((rest, ""));
        quoted.push(format!("\"{first}\""));
        rest = after;
    }
    quoted.join(" ")
}

#[cfg(test)]
mod tests {
    use super::strings;

    #[test]
    fn a_long_value_is_cut_into_strings_of_one_record() {
        assert_eq!(strings("v=DKIM1"), "\"v=DKIM1\"");
        let parts = strings(&"a".repeat(300));
        assert_eq!(parts.split(' ').map(|part| part.len() - 2).collect::<Vec<_>>(), [255, 45]);
    }
}
