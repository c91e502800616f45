//! The words of what a message is and shows: those of docs/api.

use caliopen_model::{ConversationKind, Protection, Warning};

pub(super) const fn kind(kind: ConversationKind) -> &'static str {
    match kind {
        ConversationKind::List => "list",
        ConversationKind::Room => "room",
        ConversationKind::Automated => "automated",
        ConversationKind::Group => "group",
        ConversationKind::Direct => "direct",
    }
}

pub(super) const fn protection(protection: Protection) -> &'static str {
    match protection {
        Protection::None => "none",
        Protection::PgpSigned => "pgp-signed",
        Protection::PgpEncrypted => "pgp-encrypted",
        Protection::PgpInlineSigned => "pgp-inline-signed",
        Protection::PgpInlineEncrypted => "pgp-inline-encrypted",
        Protection::SmimeSigned => "smime-signed",
        Protection::SmimeEncrypted => "smime-encrypted",
    }
}

pub(super) const fn warning(warning: Warning) -> &'static str {
    match warning {
        Warning::SeveralFrom => "severalFrom",
        Warning::NoFrom => "noFrom",
        Warning::NameLooksLikeAddress => "nameLooksLikeAddress",
        Warning::ReplyGoesElsewhere => "replyGoesElsewhere",
        Warning::LookAlikeAddress => "lookAlikeAddress",
        Warning::DuplicateHeader => "duplicateHeader",
    }
}
