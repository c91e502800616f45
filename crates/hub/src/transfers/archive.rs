//! What an archive of ours says beside its messages: a small JSON file with the same name, so that each message can be
//! read while the archive streams by, and read again from any of them on.

use crate::error::HubError;
use crate::records::EvidenceRecord;
use caliopen_model::{Direction, Evidence, Place};
use serde::{Deserialize, Serialize};

/// The format that this program writes, and the only one that it reads.
const FORMAT: u32 = 1;
/// Longest note beside a message, in bytes.
const NOTE_BYTES_MAX: usize = 1024 * 1024;

/// What is known of a message besides its bytes. Names in camel case, times in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Beside {
    /// [`FORMAT`].
    caliopen: u32,
    place: Spelled,
    /// The user's own name for the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<String>,
    /// The user's own words for the conversation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) labels: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) pinned: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) muted: bool,
    sent: bool,
    pub(super) seen: bool,
    pub(super) flagged: bool,
    pub(super) received_at: i64,
    /// The address of the user that it came to, or left from.
    pub(super) identity: String,
    /// Recipients whom the message does not name: what they are called, and their addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) bcc: Vec<(Option<String>, String)>,
    /// As `caliopen assess` reads and prints it.
    evidence: Vec<EvidenceRecord>,
}

/// A place, as archives spell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Spelled {
    Inbox,
    Archive,
    Bin,
    NewSenders,
    Spam,
}

/// What stands at the beginning of an archive.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Manifest<'a> {
    caliopen: u32,
    address: &'a str,
    exported_at: i64,
    files: &'static str,
}

impl<'a> Manifest<'a> {
    pub(super) const fn new(address: &'a str, exported_at: i64) -> Self {
        let files = "Each message is a file of RFC 5322, byte for byte as it came or left. The .json beside it says \
                     what Caliopen knows of it. `contacts` holds vCards. `caliopen import` reads all of them.";
        Self { caliopen: FORMAT, address, exported_at, files }
    }
}

/// Everything that is said beside a message.
pub(super) struct Saying {
    pub(super) place: Place,
    pub(super) direction: Direction,
    pub(super) title: Option<String>,
    pub(super) labels: Vec<String>,
    pub(super) pinned: bool,
    pub(super) muted: bool,
    pub(super) seen: bool,
    pub(super) flagged: bool,
    pub(super) received_at: i64,
    pub(super) identity: String,
    pub(super) bcc: Vec<(Option<String>, String)>,
    pub(super) evidence: Vec<Evidence>,
}

impl Beside {
    pub(super) fn new(saying: Saying) -> Self {
        Self {
            caliopen: FORMAT,
            place: spelled(saying.place),
            title: saying.title,
            labels: saying.labels,
            pinned: saying.pinned,
            muted: saying.muted,
            sent: saying.direction == Direction::Sent,
            seen: saying.seen,
            flagged: saying.flagged,
            received_at: saying.received_at,
            identity: saying.identity,
            bcc: saying.bcc,
            evidence: saying.evidence.into_iter().map(EvidenceRecord).collect(),
        }
    }

    /// Reads a note; none when it is something else.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let note =
            bytes.get(..bytes.len().min(NOTE_BYTES_MAX + 1)).filter(|note| note.len() <= NOTE_BYTES_MAX)?;
        serde_json::from_slice::<Self>(note).ok().filter(|beside| beside.caliopen == FORMAT)
    }

    pub(super) const fn place(&self) -> Place {
        match self.place {
            Spelled::Inbox => Place::Inbox,
            Spelled::Archive => Place::Archive,
            Spelled::Bin => Place::Bin,
            Spelled::NewSenders => Place::NewSenders,
            Spelled::Spam => Place::Spam,
        }
    }

    pub(super) const fn direction(&self) -> Direction {
        if self.sent { Direction::Sent } else { Direction::Received }
    }

    pub(super) fn evidence(&self) -> Vec<Evidence> {
        self.evidence.iter().map(|record| record.0.clone()).collect()
    }
}

const fn spelled(place: Place) -> Spelled {
    match place {
        // What was to come back later is there at once where it is taken to.
        Place::Inbox | Place::Snoozed => Spelled::Inbox,
        Place::Archive => Spelled::Archive,
        Place::Bin => Spelled::Bin,
        Place::NewSenders => Spelled::NewSenders,
        Place::Spam => Spelled::Spam,
    }
}

/// What is written into an archive as JSON.
pub(super) fn json(value: &impl Serialize) -> Result<Vec<u8>, HubError> {
    serde_json::to_vec_pretty(value).map_err(|_| HubError::Damaged)
}

/// Whether a note is cards of people.
pub(super) fn is_cards(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().get(..11).is_some_and(|start| start.eq_ignore_ascii_case(b"BEGIN:VCARD"))
}

/// Where a page of the contacts stands.
pub(super) fn cards_path(number: u64) -> String {
    format!("contacts/{number:05}.vcf")
}

/// Whether a note belongs to the archive and not to a message: it is passed over in silence.
pub(super) fn is_manifest(path: &str) -> bool {
    path == MANIFEST_PATH
}

/// Where the manifest stands.
pub(super) const MANIFEST_PATH: &str = "caliopen.json";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_beside_a_message_is_read_again() {
        let saying = Saying {
            place: Place::Archive,
            direction: Direction::Sent,
            title: Some("The garden".to_owned()),
            labels: vec!["Travel".to_owned()],
            pinned: true,
            muted: false,
            seen: true,
            flagged: true,
            received_at: 7,
            identity: "alice@example.org".to_owned(),
            bcc: vec![(None, "bo@example.org".to_owned())],
            evidence: vec![Evidence::TelephoneNetwork],
        };
        let beside = Beside::new(saying);
        let read = Beside::read(&json(&beside).unwrap()).unwrap();
        assert_eq!(read, beside);
        assert_eq!((read.place(), read.direction()), (Place::Archive, Direction::Sent));
        assert_eq!(Beside::read(b"{}"), None);
    }
}
