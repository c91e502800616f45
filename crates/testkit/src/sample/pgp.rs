//! OpenPGP as mail carries it (RFC 3156): made once by GnuPG with keys that were thrown away, for the people of the
//! sample. The signatures are good over the bytes that stand here.

use super::part::{Coding, Part, hash};
use anyhow::{Result, bail};

const SIGNED: [(&str, &str); 2] = [
    (include_str!("pgp/signed-1.body"), include_str!("pgp/signed-1.asc")),
    (include_str!("pgp/signed-2.body"), include_str!("pgp/signed-2.asc")),
];
const ENCRYPTED: [&str; 3] = [
    include_str!("pgp/encrypted-1.asc"),
    include_str!("pgp/encrypted-2.asc"),
    include_str!("pgp/encrypted-3.asc"),
];
const CLEARSIGNED: &str = include_str!("pgp/clearsigned.asc");

/// The content of a message that a script calls `signed`, `encrypted` or `clearsigned`.
pub fn content(how: &str, seed: &str) -> Result<Part> {
    match how {
        "signed" => Ok(signed(seed)),
        "encrypted" => Ok(encrypted(seed)),
        "clearsigned" => Ok(Part::text("plain", CLEARSIGNED, Coding::Utf8)),
        _ => bail!("there is no way of OpenPGP called {how:?}"),
    }
}

/// RFC 3156 §5: the signed part stands as it was signed, to the byte.
fn signed(seed: &str) -> Part {
    let (body, signature) = pick(&SIGNED, seed).copied().unwrap_or_default();
    let (head, text) = body.split_once("\n\n").unwrap_or_default();
    let covered = Part { headers: head.lines().map(str::to_owned).collect(), body: text.as_bytes().to_vec() };
    let signature = Part::new(
        &[
            "Content-Type: application/pgp-signature; name=\"signature.asc\"",
            "Content-Description: OpenPGP signature",
        ],
        signature.as_bytes().to_vec(),
    );
    // The line end before a boundary belongs to the boundary: one more keeps the last line of the text whole.
    let covered = Part { body: [covered.body.as_slice(), b"\n"].concat(), ..covered };
    let kind = "signed; micalg=pgp-sha256; protocol=\"application/pgp-signature\"";
    Part::multipart(kind, seed, &[covered, signature])
}

/// RFC 3156 §4: a part that says the version, and one that holds everything.
fn encrypted(seed: &str) -> Part {
    let version = Part::new(&["Content-Type: application/pgp-encrypted"], b"Version: 1\n".to_vec());
    let bytes = pick(&ENCRYPTED, seed).copied().unwrap_or_default();
    let everything = Part::new(
        &[
            "Content-Type: application/octet-stream; name=\"encrypted.asc\"",
            "Content-Disposition: inline; filename=\"encrypted.asc\"",
        ],
        bytes.as_bytes().to_vec(),
    );
    Part::multipart("encrypted; protocol=\"application/pgp-encrypted\"", seed, &[version, everything])
}

/// One of several, always the same for a seed.
fn pick<'a, T>(all: &'a [T], seed: &str) -> Option<&'a T> {
    let count = u64::try_from(all.len()).ok()?;
    let index = hash(&[seed]).checked_rem(count)?;
    all.get(usize::try_from(index).ok()?)
}
