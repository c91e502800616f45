//! What pictures say beside what they show: places, cameras, names, thumbnails of what was cut away. Removed
//! before a picture leaves, unless the person wants it kept.
//!
//! Containers are read down to their segments and no pixel is decoded. What is kept is named; anything else
//! goes, so that a kind of metadata that is not known yet goes too. How the picture is turned (EXIF
//! orientation) and its colours (ICC) stay: without them it would look otherwise.
//!
//! Ours, though img-parts (MIT or Apache-2.0, well kept) splits three of these containers: it keeps what
//! follows the end of a JPEG, where telephones put second pictures with places of their own, passes over
//! bytes that are no segment, and does not know GIF. It would save a third of this.

mod exif;
mod gif;
mod jpeg;
mod png;
mod webp;

/// What became of a file whose metadata was to be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stripped {
    /// The same picture, without.
    Removed(Vec<u8>),
    /// There was nothing to remove.
    Clean,
    /// It begins as a picture and goes on as none: it is left as it is, and may hold anything.
    Malformed,
    /// Not a kind of picture that is known here. It may hold anything.
    Unknown,
}

/// Removes what a picture says beside what it shows. Never fails, never decodes, costs one pass.
///
/// The bytes decide which kind of picture it is; `media_type` only says whether it is meant as one, so that
/// an archive or a document is never touched.
pub fn strip_metadata(media_type: &str, bytes: &[u8]) -> Stripped {
    let media_type = media_type.trim().to_ascii_lowercase();
    if !media_type.starts_with("image/") && media_type != "application/octet-stream" {
        return Stripped::Unknown;
    }
    let stripped = match bytes {
        [0xFF, 0xD8, 0xFF, ..] => jpeg::strip(bytes),
        [0x89, b'P', b'N', b'G', ..] => png::strip(bytes),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => webp::strip(bytes),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => gif::strip(bytes),
        _ => return Stripped::Unknown,
    };
    match stripped {
        None => Stripped::Malformed,
        Some(stripped) if stripped == bytes => Stripped::Clean,
        Some(stripped) => Stripped::Removed(stripped),
    }
}

/// Bytes that are taken from the front; nothing when there are too few.
struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn byte(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }
}
