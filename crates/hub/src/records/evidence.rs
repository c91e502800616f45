//! Evidence as it is stored with its message, sealed. How it is written stands with the formula, which the browser has too.

pub use caliopen_privacy::EvidenceRecord;
pub(crate) use caliopen_privacy::{HopSecurityRecord, TlsRecord};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::{read, write};
    use caliopen_model::{
        AtRest, AtRestState, DeviceStanding, Evidence, Hop, HopProof, HopSecurity, KeyStanding, MetadataPath,
        PeerService, Side,
    };

    #[test]
    fn what_was_stored_yesterday_is_read_today() {
        let at_rest = AtRest { side: Side::There, state: AtRestState::SealedToUser };
        for (evidence, stored) in [
            (
                Evidence::Hop(Hop { peer: "mx".to_owned(), security: HopSecurity::SameServer, tls: None }),
                &[1, 0, 2, b'm', b'x', 4, 0][..],
            ),
            (Evidence::Key(KeyStanding::Verified), &[1, 4, 5]),
            (Evidence::Metadata(MetadataPath::IntraCaliopenSealed), &[1, 5, 2]),
            (Evidence::AtRest(at_rest), &[1, 6, 1, 2]),
            (Evidence::Device(DeviceStanding::Index(60)), &[1, 7, 0, 60]),
            (Evidence::Peer(PeerService::LabelledCaliopen), &[1, 8, 2]),
            (Evidence::TelephoneNetwork, &[1, 11]),
            (Evidence::HopProven { peer: "mx".to_owned(), by: HopProof::MtaSts }, &[1, 13, 2, b'm', b'x', 1]),
            (Evidence::OneClickSigned { domain: "a.b".to_owned() }, &[1, 14, 3, b'a', b'.', b'b']),
        ] {
            let record = EvidenceRecord(evidence);
            assert_eq!(write(&record), stored, "{record:?}");
            assert_eq!(read::<EvidenceRecord>(stored), Ok(record));
        }
    }
}
