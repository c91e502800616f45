//! Who wants to be told, as a domain's record says (RFC 8460 §3). Pure.

use super::super::limits::REPORT_PLACES_MAX;

/// Where a report is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// By mail to this address.
    Mail(String),
    /// By HTTPS to this URL.
    Https(String),
}

impl Place {
    /// The domain that learns what the report says.
    pub(super) fn domain(&self) -> Option<&str> {
        match self {
            Self::Mail(address) => address.rsplit_once('@').map(|(_, domain)| domain),
            Self::Https(url) => {
                let rest = url.get("https://".len()..)?;
                let host = rest.split(['/', '?', '#']).next()?;
                Some(host.rsplit_once(':').map_or(host, |(host, _)| host))
            }
        }
    }
}

/// The places of the one record that begins as it must; none without exactly one (RFC 8460 §3).
pub(super) fn places(records: &[Vec<u8>]) -> Vec<Place> {
    let texts = records.iter().filter_map(|record| std::str::from_utf8(record).ok());
    let mut wishes = texts.filter(|text| version(text));
    let (Some(wish), None) = (wishes.next(), wishes.next()) else { return Vec::new() };
    let fields = wish.split(';').filter_map(|field| field.split_once('='));
    let rua = fields.map(|(name, value)| (name.trim(), value.trim())).find(|(name, _)| *name == "rua");
    let uris = rua.map(|(_, value)| value).unwrap_or_default().split(',');
    uris.filter_map(|uri| place(uri.trim())).take(REPORT_PLACES_MAX).collect()
}

fn version(text: &str) -> bool {
    text.split(';').next().is_some_and(|first| first.trim() == "v=TLSRPTv1")
}

fn place(uri: &str) -> Option<Place> {
    let (scheme, rest) = uri.split_once(':')?;
    match scheme.to_ascii_lowercase().as_str() {
        // What stands behind a `?` would be header fields of a stranger's choice.
        "mailto" => Some(Place::Mail(rest.split('?').next()?.to_owned())),
        "https" if rest.starts_with("//") => Some(Place::Https(format!("https:{rest}"))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(records: &[&str]) -> Vec<Place> {
        places(&records.iter().map(|record| record.as_bytes().to_vec()).collect::<Vec<_>>())
    }

    #[test]
    fn a_record_names_addresses_and_pages() {
        let mail = |address: &str| Place::Mail(address.to_owned());
        let page = |url: &str| Place::Https(url.to_owned());
        assert_eq!(of(&["v=TLSRPTv1; rua=mailto:r@a.test"]), [mail("r@a.test")]);
        assert_eq!(
            of(&["v=TLSRPTv1;rua = https://a.test/r , MAILTO:r@a.test?subject=x ; x=y"]),
            [page("https://a.test/r"), mail("r@a.test")]
        );
        assert_eq!(of(&["v=spf1 -all", "v=TLSRPTv1;rua=mailto:r@a.test"]), [mail("r@a.test")]);
    }

    #[test]
    fn what_is_unclear_names_nobody() {
        for none in [
            &[][..],
            &["v=TLSRPTv1;rua=mailto:a@a.test", "v=TLSRPTv1;rua=mailto:b@a.test"],
            &["v=TLSRPTv2;rua=mailto:a@a.test"],
            &["v=TLSRPTv1"],
            &["v=TLSRPTv1;rua=http://a.test/"],
            &["v=TLSRPTv1;rua=https:a.test"],
        ] {
            assert_eq!(of(none), [], "{none:?}");
        }
    }

    #[test]
    fn a_place_belongs_to_a_domain() {
        let domain = |place: Place| place.domain().map(str::to_owned);
        assert_eq!(domain(Place::Mail("\"a@b\"@c.test".to_owned())).as_deref(), Some("c.test"));
        assert_eq!(domain(Place::Https("https://c.test:8443/r?x@y".to_owned())).as_deref(), Some("c.test"));
        assert_eq!(domain(Place::Mail("nobody".to_owned())), None);
    }
}
