//! Signed or encrypted, by structure alone (RFC 3156, RFC 8551 §3, RFC 9580 §6.2). Nothing is verified.
//!
//! Only a protection of the whole message counts: a partly signed message is unsigned.

use crate::{
    defects::Defects,
    structure::{Node, Tree},
};
use caliopen_model::Protection;

const SIGNED_BEGIN: &str = "-----BEGIN PGP SIGNED MESSAGE-----";
const SIGNATURE_BEGIN: &str = "-----BEGIN PGP SIGNATURE-----";
const SIGNATURE_END: &str = "-----END PGP SIGNATURE-----";
const ENCRYPTED_BEGIN: &str = "-----BEGIN PGP MESSAGE-----";
const ENCRYPTED_END: &str = "-----END PGP MESSAGE-----";

/// What the message is, given the text of its only body when it has just one.
pub(crate) fn of(tree: &Tree<'_>, only_text: Option<&str>, defects: &mut Defects) -> Protection {
    let Some(root) = tree.root() else { return Protection::None };
    let found = match root.media.value.as_str() {
        "multipart/signed" => signed(tree, root),
        "multipart/encrypted" => encrypted(tree, root),
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => Some(smime(root)),
        _ => return inline(root, only_text, defects),
    };
    found.unwrap_or_else(|| {
        defects.add("bad-protection", "a signed or encrypted structure that is not complete");
        Protection::None
    })
}

fn signed(tree: &Tree<'_>, root: &Node<'_>) -> Option<Protection> {
    let protocol = root.media.parameter("protocol")?.to_ascii_lowercase();
    let [_, signature] = root.children.as_slice() else { return None };
    let signature = tree.node(*signature)?;
    let same = |name: &str| {
        let plain = |text: &str| text.replace("/x-", "/");
        plain(&protocol) == name && plain(&signature.media.value) == name
    };
    if same("application/pgp-signature") {
        Some(Protection::PgpSigned)
    } else if same("application/pkcs7-signature") {
        Some(Protection::SmimeSigned)
    } else {
        None
    }
}

fn encrypted(tree: &Tree<'_>, root: &Node<'_>) -> Option<Protection> {
    let protocol = root.media.parameter("protocol")?;
    let [version, _] = root.children.as_slice() else { return None };
    let version = tree.node(*version)?;
    let complete =
        protocol.eq_ignore_ascii_case("application/pgp-encrypted") && version.is("application/pgp-encrypted");
    complete.then_some(Protection::PgpEncrypted)
}

/// RFC 8551 §3.2.2: without `smime-type`, enveloped data is the rule.
fn smime(root: &Node<'_>) -> Protection {
    match root.media.parameter("smime-type").map(str::to_ascii_lowercase).as_deref() {
        Some("signed-data") => Protection::SmimeSigned,
        Some("certs-only" | "compressed-data") => Protection::None,
        _ => Protection::SmimeEncrypted,
    }
}

fn inline(root: &Node<'_>, only_text: Option<&str>, defects: &mut Defects) -> Protection {
    let Some(text) = only_text.filter(|_| root.is("text/plain")) else { return Protection::None };
    let text = text.trim();
    if text.starts_with(SIGNED_BEGIN) && text.ends_with(SIGNATURE_END) && once(text, SIGNATURE_END) {
        return Protection::PgpInlineSigned;
    }
    if text.starts_with(ENCRYPTED_BEGIN) && text.ends_with(ENCRYPTED_END) && once(text, ENCRYPTED_END) {
        return Protection::PgpInlineEncrypted;
    }
    let armour = [SIGNED_BEGIN, ENCRYPTED_BEGIN];
    if text.lines().any(|line| armour.contains(&line.trim_end())) {
        defects.add("partly-protected", "armour that covers only a part of the text");
    }
    Protection::None
}

fn once(text: &str, wanted: &str) -> bool {
    text.matches(wanted).nth(1).is_none()
}

/// Text without its armour: what a cleartext signature covers (RFC 9580 §7), and nothing of a ciphertext.
pub(crate) fn without_armour(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let (mut in_block, mut in_armour_headers) = (false, false);
    let signed = text.lines().any(|line| line.trim_end() == SIGNED_BEGIN);
    for line in text.lines() {
        match line.trim_end() {
            SIGNED_BEGIN => in_armour_headers = true,
            SIGNATURE_BEGIN | ENCRYPTED_BEGIN => in_block = true,
            SIGNATURE_END | ENCRYPTED_END => in_block = false,
            "" if in_armour_headers => in_armour_headers = false,
            _ if in_block || in_armour_headers => {}
            _ => {
                kept.push_str(if signed { line.strip_prefix("- ").unwrap_or(line) } else { line });
                kept.push('\n');
            }
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cleartext_signature_leaves_its_text_and_a_ciphertext_nothing() {
        let signed = format!(
            "{SIGNED_BEGIN}\nHash: SHA512\n\nHello\n- -- \n{SIGNATURE_BEGIN}\nabc\n{SIGNATURE_END}\n"
        );
        assert_eq!(without_armour(&signed), "Hello\n-- \n");
        let encrypted = format!("{ENCRYPTED_BEGIN}\n\nabc\n{ENCRYPTED_END}\nbye\n");
        assert_eq!(without_armour(&encrypted), "bye\n");
    }
}
