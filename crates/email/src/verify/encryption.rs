//! Recognises mail that is encrypted end to end, by its structure alone (RFC 3156, RFC 9580, RFC 8551).
//!
//! Structure can be forged, so nothing is believed that the bytes do not show: the payload must be an
//! encrypted message, and nothing beside it may be readable. Who holds which key stays unknown until the
//! message is opened.

mod cms;
mod openpgp;

use caliopen_model::{Body, Custody, Encryption, EncryptionScheme, Message, Protection};

/// The encryption of a message that is nothing but encrypted; `None` for everything else.
pub(super) fn recognise(raw: &[u8], message: &Message) -> Option<Encryption> {
    let scheme = match message.protection {
        Protection::PgpEncrypted | Protection::PgpInlineEncrypted => EncryptionScheme::OpenPgp,
        Protection::SmimeEncrypted => EncryptionScheme::Smime,
        _ => return None,
    };
    let sealed = match scheme {
        EncryptionScheme::Smime => all_sealed(raw, message, cms::is_enveloped),
        _ => all_sealed(raw, message, openpgp::is_encrypted),
    };
    sealed.then_some(Encryption {
        scheme,
        theirs: Custody::Unknown,
        ours: Custody::Unknown,
        forward_secrecy: false,
        // Subject and addresses travel outside; whether they stand inside too is seen when it is opened.
        covers_everything: false,
        post_quantum: false,
    })
}

/// Each body is encrypted or blank, each part is encrypted or says how, and at least one is encrypted.
fn all_sealed(raw: &[u8], message: &Message, is_sealed: impl Fn(&[u8]) -> bool) -> bool {
    let mut sealed = 0;
    for body in caliopen_mime::read(raw).bodies {
        match body {
            Body::Text { text, .. } if text.trim().is_empty() => {}
            Body::Text { text, .. } if is_sealed(text.as_bytes()) => sealed += 1,
            Body::Text { .. } | Body::Html { .. } => return false,
        }
    }
    for part in &message.parts {
        if part.media_type == "application/pgp-encrypted" {
            continue;
        }
        match caliopen_mime::part(raw, part.id) {
            Some((_, bytes)) if is_sealed(&bytes) => sealed += 1,
            _ => return false,
        }
    }
    sealed > 0
}
