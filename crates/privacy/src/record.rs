//! Evidence as it is stored with its message, sealed, and as the API, the browser and the command line read and write it.
//!
//! The order of variants and fields is the stored format (postcard knows no names); their names are those of the JSON.
//! Nothing may be left out, flattened or tagged: postcard could not read it again.

use caliopen_model::{
    ArcResult, AtRest, AtRestState, Authentication, Custody, DeviceStanding, DkimResult, DkimVerdict,
    DmarcResult, Encryption, EncryptionScheme, Evidence, Handler, HandlerClass, HandlerSees, Hop, HopProof,
    HopSecurity, KeyStanding, MetadataPath, PeerService, Side, SpfResult, TlsFacts,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One piece of evidence. In JSON an object named by its kind, with the names of `model` in camel case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceRecord(#[serde(with = "Stored")] pub Evidence);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Evidence")]
enum Stored {
    Hop(#[serde(with = "StoredHop")] Hop),
    Authentication(#[serde(with = "StoredAuthentication")] Authentication),
    Handler(#[serde(with = "StoredHandler")] Handler),
    Encryption(#[serde(with = "StoredEncryption")] Encryption),
    Key(#[serde(with = "StoredKeyStanding")] KeyStanding),
    Metadata(#[serde(with = "StoredMetadataPath")] MetadataPath),
    AtRest(#[serde(with = "StoredAtRest")] AtRest),
    Device(#[serde(with = "StoredDevice")] DeviceStanding),
    Peer(#[serde(with = "StoredPeer")] PeerService),
    DecryptedByBridge {
        operator: String,
    },
    PubliclyArchived {
        archive: String,
    },
    TelephoneNetwork,
    ReadableByServices {
        operators: Vec<String>,
    },
    HopProven {
        peer: String,
        #[serde(with = "StoredHopProof")]
        by: HopProof,
    },
    OneClickSigned {
        domain: String,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Hop")]
struct StoredHop {
    peer: String,
    #[serde(with = "StoredHopSecurity")]
    security: HopSecurity,
    #[serde(with = "optional_tls")]
    tls: Option<TlsFacts>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "HopSecurity")]
enum StoredHopSecurity {
    Unknown,
    Clear,
    Opportunistic,
    Authenticated,
    SameServer,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "HopProof")]
enum StoredHopProof {
    Dane,
    MtaSts,
    Configured,
}

/// What protected a hop, where it stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HopSecurityRecord(#[serde(with = "StoredHopSecurity")] pub HopSecurity);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "TlsFacts")]
struct StoredTls {
    version: String,
    cipher: String,
    group: Option<String>,
}

/// A session of TLS, where it stands alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TlsRecord(#[serde(with = "StoredTls")] pub TlsFacts);

mod optional_tls {
    use super::{Deserialize, Deserializer, Serialize, Serializer, TlsFacts, TlsRecord};

    pub(super) fn serialize<S: Serializer>(tls: &Option<TlsFacts>, serializer: S) -> Result<S::Ok, S::Error> {
        tls.clone().map(TlsRecord).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<TlsFacts>, D::Error> {
        Ok(Option::<TlsRecord>::deserialize(deserializer)?.map(|record| record.0))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Authentication")]
struct StoredAuthentication {
    from_domain: Option<String>,
    #[serde(with = "StoredSpf")]
    spf: SpfResult,
    spf_domain: Option<String>,
    #[serde(with = "dkim_verdicts")]
    dkim: Vec<DkimVerdict>,
    #[serde(with = "StoredDmarc")]
    dmarc: DmarcResult,
    #[serde(with = "StoredArc")]
    arc: ArcResult,
    dnssec: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "SpfResult")]
enum StoredSpf {
    None,
    Neutral,
    Pass,
    Fail,
    Softfail,
    Temperror,
    Permerror,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "DkimResult")]
enum StoredDkim {
    None,
    Pass,
    Fail,
    Policy,
    Neutral,
    Temperror,
    Permerror,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "DkimVerdict")]
struct StoredDkimVerdict {
    domain: String,
    selector: String,
    #[serde(with = "StoredDkim")]
    result: DkimResult,
    body_length_limited: bool,
}

mod dkim_verdicts {
    use super::{Deserialize, Deserializer, DkimVerdict, Serialize, Serializer, StoredDkimVerdict};

    #[derive(Serialize, Deserialize)]
    struct Wrapped(#[serde(with = "StoredDkimVerdict")] DkimVerdict);

    pub(super) fn serialize<S: Serializer>(
        verdicts: &[DkimVerdict],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(verdicts.iter().cloned().map(Wrapped))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<DkimVerdict>, D::Error> {
        Ok(Vec::<Wrapped>::deserialize(deserializer)?.into_iter().map(|wrapped| wrapped.0).collect())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "DmarcResult")]
enum StoredDmarc {
    None,
    Pass,
    Fail,
    Temperror,
    Permerror,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "ArcResult")]
enum StoredArc {
    None,
    Pass,
    Fail,
    Temperror,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Handler")]
struct StoredHandler {
    name: String,
    #[serde(with = "StoredClass")]
    class: HandlerClass,
    #[serde(with = "StoredSees")]
    sees: HandlerSees,
    found_by: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "HandlerClass")]
enum StoredClass {
    E,
    D,
    C,
    B,
    A,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "HandlerSees")]
enum StoredSees {
    Metadata,
    Content,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Encryption")]
struct StoredEncryption {
    #[serde(with = "StoredScheme")]
    scheme: EncryptionScheme,
    #[serde(with = "StoredCustody")]
    theirs: Custody,
    #[serde(with = "StoredCustody")]
    ours: Custody,
    forward_secrecy: bool,
    covers_everything: bool,
    post_quantum: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "EncryptionScheme")]
enum StoredScheme {
    OpenPgp,
    Smime,
    Omemo,
    Megolm,
    Mls,
    Caliopen,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Custody")]
enum StoredCustody {
    Unknown,
    Server,
    Client,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "KeyStanding")]
enum StoredKeyStanding {
    BadSignature,
    ChangedAfterVerification,
    FirstSeen,
    Unchanged,
    DirectoryConfirmed,
    Verified,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "MetadataPath")]
enum StoredMetadataPath {
    Bare,
    DirectServerToServer,
    IntraCaliopenSealed,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "AtRest")]
struct StoredAtRest {
    #[serde(with = "StoredSide")]
    side: Side,
    #[serde(with = "StoredAtRestState")]
    state: AtRestState,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Side")]
enum StoredSide {
    Here,
    There,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "AtRestState")]
enum StoredAtRestState {
    Unknown,
    ManagedByServer,
    SealedToUser,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "DeviceStanding")]
enum StoredDevice {
    Index(u8),
    Unsafe,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "PeerService")]
enum StoredPeer {
    Other,
    Caliopen,
    LabelledCaliopen,
}
