//! The kinds of ways that a message can take, as the evidence of one shows them. What each is worth is said by the
//! formula alone: a kind says which ways are alike, and has no number of its own.

use crate::facts::Facts;
use caliopen_model::{Evidence, HandlerClass, HandlerSees, HopSecurity};

/// A kind of ways. Each has one sentence in the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Encrypted from one person to the other.
    EndToEnd,
    /// It does not leave this server.
    SameServer,
    /// TLS whose peer proves who it is: DANE, or an enforced MTA-STS.
    Proven,
    /// TLS without a proof of who answers.
    Encrypted,
    /// Encrypted if the other server can, which nobody saw yet.
    NotSeen,
    /// In clear.
    Clear,
    /// However protected on its way, a service that lives on advertising, or was named in a programme of surveillance,
    /// reads it.
    Advertising,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::EndToEnd,
        Self::SameServer,
        Self::Proven,
        Self::Encrypted,
        Self::NotSeen,
        Self::Clear,
        Self::Advertising,
    ];

    /// The stable name, for records and interfaces.
    pub const fn key(self) -> &'static str {
        match self {
            Self::EndToEnd => "end-to-end",
            Self::SameServer => "same-server",
            Self::Proven => "proven",
            Self::Encrypted => "encrypted",
            Self::NotSeen => "not-seen",
            Self::Clear => "clear",
            Self::Advertising => "advertising",
        }
    }
}

/// Which kind of way a message with this evidence takes. What harms most decides.
pub fn kind(evidence: &[Evidence]) -> Kind {
    let facts = Facts::gather(evidence);
    if facts.encryption.is_some() {
        return Kind::EndToEnd;
    }
    if facts.hop_clear {
        return Kind::Clear;
    }
    if facts.class_e_reads {
        return Kind::Advertising;
    }
    match facts.way {
        Some(HopSecurity::SameServer) => Kind::SameServer,
        Some(HopSecurity::Authenticated) => Kind::Proven,
        Some(HopSecurity::Opportunistic) => Kind::Encrypted,
        Some(HopSecurity::Clear) => Kind::Clear,
        Some(HopSecurity::Unknown) | None => Kind::NotSeen,
    }
}

/// The service that makes a way one of [`Kind::Advertising`]: the first by name.
pub fn advertiser<'e>(evidence: &'e [Evidence]) -> Option<&'e str> {
    let name = |fact: &'e Evidence| match fact {
        Evidence::Handler(found) if found.class == HandlerClass::E && found.sees == HandlerSees::Content => {
            Some(found.name.as_str())
        }
        _ => None,
    };
    evidence.iter().filter_map(name).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use caliopen_model::{Handler, Hop};

    fn hop(security: HopSecurity) -> Evidence {
        Evidence::Hop(Hop { peer: "mx.example.net".to_owned(), security, tls: None })
    }

    fn handler(name: &str, class: HandlerClass) -> Evidence {
        let sees = HandlerSees::Content;
        Evidence::Handler(Handler { name: name.to_owned(), class, sees, found_by: "mx".to_owned() })
    }

    #[test]
    fn the_channel_says_the_kind_unless_somebody_who_lives_on_advertising_reads() {
        use HopSecurity::{Authenticated, Clear, Opportunistic, SameServer, Unknown};
        for (security, good, bad) in [
            (SameServer, Kind::SameServer, Kind::Advertising),
            (Authenticated, Kind::Proven, Kind::Advertising),
            (Opportunistic, Kind::Encrypted, Kind::Advertising),
            (Unknown, Kind::NotSeen, Kind::Advertising),
            (Clear, Kind::Clear, Kind::Clear),
        ] {
            assert_eq!(kind(&[hop(security), handler("Posteo", HandlerClass::B)]), good);
            assert_eq!(kind(&[handler("Gmail", HandlerClass::E), hop(security)]), bad, "{security:?}");
        }
        assert_eq!(kind(&[]), Kind::NotSeen);
    }

    #[test]
    fn who_lives_on_advertising_is_named_and_nobody_else() {
        let both = [handler("Yahoo", HandlerClass::E), handler("Gmail", HandlerClass::E)];
        assert_eq!(advertiser(&both), Some("Gmail"));
        assert_eq!(advertiser(&[handler("Posteo", HandlerClass::B)]), None);
    }

    #[test]
    fn each_kind_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<&str> = Kind::ALL.into_iter().map(Kind::key).collect();
        assert_eq!(names.len(), Kind::ALL.len());
    }
}
