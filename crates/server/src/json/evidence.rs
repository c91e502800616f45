//! Evidence as JSON: the names of `model` in camel case, one object for each fact, named by its kind.

use caliopen_model::{
    ArcResult, AtRest, AtRestState, Authentication, Custody, DeviceStanding, DkimResult, DkimVerdict,
    DmarcResult, Encryption, EncryptionScheme, Evidence, Handler, HandlerClass, HandlerSees, Hop,
    HopSecurity, KeyStanding, MetadataPath, PeerService, Side, SpfResult, TlsFacts,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EvidenceJson(#[serde(with = "Json")] pub(crate) Evidence);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Evidence")]
enum Json {
    Hop(#[serde(with = "JsonHop")] Hop),
    Authentication(#[serde(with = "JsonAuthentication")] Authentication),
    Handler(#[serde(with = "JsonHandler")] Handler),
    Encryption(#[serde(with = "JsonEncryption")] Encryption),
    Key(#[serde(with = "JsonKeyStanding")] KeyStanding),
    Metadata(#[serde(with = "JsonMetadataPath")] MetadataPath),
    AtRest(#[serde(with = "JsonAtRest")] AtRest),
    Device(#[serde(with = "JsonDevice")] DeviceStanding),
    Peer(#[serde(with = "JsonPeer")] PeerService),
    DecryptedByBridge { operator: String },
    PubliclyArchived { archive: String },
    TelephoneNetwork,
    ReadableByServices { operators: Vec<String> },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Hop")]
struct JsonHop {
    peer: String,
    #[serde(with = "JsonHopSecurity")]
    security: HopSecurity,
    #[serde(with = "optional_tls")]
    tls: Option<TlsFacts>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "HopSecurity")]
enum JsonHopSecurity {
    Unknown,
    Clear,
    Opportunistic,
    Authenticated,
    SameServer,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "TlsFacts")]
struct JsonTls {
    version: String,
    cipher: String,
    group: Option<String>,
}

mod optional_tls {
    use super::{Deserialize, Deserializer, JsonTls, Serialize, Serializer, TlsFacts};

    #[derive(Serialize, Deserialize)]
    struct Wrapped(#[serde(with = "JsonTls")] TlsFacts);

    pub(super) fn serialize<S: Serializer>(tls: &Option<TlsFacts>, serializer: S) -> Result<S::Ok, S::Error> {
        tls.clone().map(Wrapped).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<TlsFacts>, D::Error> {
        Ok(Option::<Wrapped>::deserialize(deserializer)?.map(|wrapped| wrapped.0))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Authentication")]
struct JsonAuthentication {
    from_domain: Option<String>,
    #[serde(with = "JsonSpf")]
    spf: SpfResult,
    spf_domain: Option<String>,
    #[serde(with = "dkim_verdicts")]
    dkim: Vec<DkimVerdict>,
    #[serde(with = "JsonDmarc")]
    dmarc: DmarcResult,
    #[serde(with = "JsonArc")]
    arc: ArcResult,
    dnssec: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "SpfResult")]
enum JsonSpf {
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
enum JsonDkim {
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
struct JsonDkimVerdict {
    domain: String,
    selector: String,
    #[serde(with = "JsonDkim")]
    result: DkimResult,
    body_length_limited: bool,
}

mod dkim_verdicts {
    use super::{Deserialize, Deserializer, DkimVerdict, JsonDkimVerdict, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Wrapped(#[serde(with = "JsonDkimVerdict")] DkimVerdict);

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
enum JsonDmarc {
    None,
    Pass,
    Fail,
    Temperror,
    Permerror,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "ArcResult")]
enum JsonArc {
    None,
    Pass,
    Fail,
    Temperror,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Handler")]
struct JsonHandler {
    name: String,
    #[serde(with = "JsonClass")]
    class: HandlerClass,
    #[serde(with = "JsonSees")]
    sees: HandlerSees,
    found_by: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "HandlerClass")]
enum JsonClass {
    E,
    D,
    C,
    B,
    A,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "HandlerSees")]
enum JsonSees {
    Metadata,
    Content,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Encryption")]
struct JsonEncryption {
    #[serde(with = "JsonScheme")]
    scheme: EncryptionScheme,
    #[serde(with = "JsonCustody")]
    theirs: Custody,
    #[serde(with = "JsonCustody")]
    ours: Custody,
    forward_secrecy: bool,
    covers_everything: bool,
    post_quantum: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "EncryptionScheme")]
enum JsonScheme {
    OpenPgp,
    Smime,
    Omemo,
    Megolm,
    Mls,
    Caliopen,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Custody")]
enum JsonCustody {
    Unknown,
    Server,
    Client,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "KeyStanding")]
enum JsonKeyStanding {
    BadSignature,
    ChangedAfterVerification,
    FirstSeen,
    Unchanged,
    DirectoryConfirmed,
    Verified,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "MetadataPath")]
enum JsonMetadataPath {
    Bare,
    DirectServerToServer,
    IntraCaliopenSealed,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "AtRest")]
struct JsonAtRest {
    #[serde(with = "JsonSide")]
    side: Side,
    #[serde(with = "JsonAtRestState")]
    state: AtRestState,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Side")]
enum JsonSide {
    Here,
    There,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "AtRestState")]
enum JsonAtRestState {
    Unknown,
    ManagedByServer,
    SealedToUser,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "DeviceStanding")]
enum JsonDevice {
    Index(u8),
    Unsafe,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "PeerService")]
enum JsonPeer {
    Other,
    Caliopen,
    LabelledCaliopen,
}
