//! WebP (RFC 9649): chunks that draw stay; EXIF, XMP and everything unknown go, and the header says so.

use super::{Cursor, exif};

const EXIF_FLAG: u8 = 0x08;
const XMP_FLAG: u8 = 0x04;

/// The picture without; nothing when it is not one, whole.
pub(super) fn strip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut file = Cursor { rest: bytes.strip_prefix(b"RIFF")? };
    let length = usize::try_from(u32::from_le_bytes(file.array()?)).ok()?;
    // What follows the container is not this picture.
    let mut chunks = Cursor { rest: file.take(length)?.strip_prefix(b"WEBP")? };
    let (mut kept, mut has_picture, mut turned) = (Vec::with_capacity(bytes.len()), false, None);
    while !chunks.rest.is_empty() {
        let name: [u8; 4] = chunks.array()?;
        let size = u32::from_le_bytes(chunks.array()?);
        let content = chunks.take(usize::try_from(size).ok()?)?;
        if size % 2 == 1 {
            chunks.take(1)?;
        }
        match &name {
            b"VP8 " | b"VP8L" | b"ANMF" => {
                has_picture = true;
                push(&name, content, &mut kept)?;
            }
            b"VP8X" | b"ALPH" | b"ANIM" | b"ICCP" => push(&name, content, &mut kept)?,
            b"EXIF" => turned = turned.or_else(|| orientation(content)),
            _ => {}
        }
    }
    if let Some(turned) = turned {
        push(b"EXIF", &exif::only_orientation(turned), &mut kept)?;
    }
    correct_flags(&mut kept, turned.is_some());
    let length = u32::try_from(kept.len() + b"WEBP".len()).ok()?;
    has_picture.then(|| [b"RIFF".as_slice(), &length.to_le_bytes(), b"WEBP", &kept].concat())
}

/// Some programs write the prefix that JPEG needs.
fn orientation(content: &[u8]) -> Option<u8> {
    exif::orientation(content.strip_prefix(b"Exif\0\0").unwrap_or(content))
}

fn push(name: &[u8; 4], content: &[u8], kept: &mut Vec<u8>) -> Option<()> {
    kept.extend_from_slice(name);
    kept.extend(u32::try_from(content.len()).ok()?.to_le_bytes());
    kept.extend_from_slice(content);
    kept.extend(std::iter::repeat_n(0, content.len() % 2));
    Some(())
}

/// The extended header, which comes first, announces what the file holds (RFC 9649 §2.7.1).
fn correct_flags(kept: &mut [u8], has_exif: bool) {
    if !kept.starts_with(b"VP8X") {
        return;
    }
    if let Some(flags) = kept.get_mut(8) {
        *flags &= !(EXIF_FLAG | XMP_FLAG);
        *flags |= if has_exif { EXIF_FLAG } else { 0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut kept = b"WEBP".to_vec();
        for (name, content) in chunks {
            push(name, content, &mut kept).expect("a short chunk");
        }
        let length = u32::try_from(kept.len()).expect("a short file");
        [b"RIFF".as_slice(), &length.to_le_bytes(), &kept].concat()
    }

    #[test]
    fn texts_and_places_go() {
        let pixels: (&[u8; 4], &[u8]) = (b"VP8 ", b"pixels!");
        let said = picture(&[
            (b"VP8X", b"\x2C\0\0\0aaabbb"),
            (b"ICCP", b"profile"),
            pixels,
            (b"EXIF", b"where"),
            (b"XMP ", b"<x/>"),
            (b"note", b"Ana"),
        ]);
        let kept = picture(&[(b"VP8X", b"\x20\0\0\0aaabbb"), (b"ICCP", b"profile"), pixels]);
        assert_eq!(strip(&said), Some(kept.clone()));
        assert_eq!(strip(&kept), Some(kept.clone()));
        assert_eq!(strip(&[kept.clone(), b"more".to_vec()].concat()), Some(kept));
        assert_eq!(strip(&picture(&[pixels])), Some(picture(&[pixels])));
    }

    #[test]
    fn a_turned_picture_stays_turned() {
        let turned = exif::only_orientation(8);
        let exif = [b"Exif\0\0".as_slice(), &turned, b"45.07 north"].concat();
        let said = picture(&[(b"VP8X", b"\x08\0\0\0aaabbb"), (b"VP8L", b"pixels"), (b"EXIF", &exif)]);
        let kept = picture(&[(b"VP8X", b"\x08\0\0\0aaabbb"), (b"VP8L", b"pixels"), (b"EXIF", &turned)]);
        assert_eq!(strip(&said), Some(kept));
    }

    #[test]
    fn a_broken_picture_is_none() {
        let whole = picture(&[(b"VP8L", b"pixels"), (b"EXIF", b"where")]);
        for end in 0..whole.len() {
            assert_eq!(strip(&whole[..end]), None, "cut at {end}");
        }
        assert_eq!(strip(&picture(&[(b"EXIF", b"where")])), None);
        assert_eq!(strip(b"RIFF\x03\0\0\0WEBP"), None);
    }
}
