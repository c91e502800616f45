//! PNG (ISO/IEC 15948, third edition): chunks that draw stay; texts, times, EXIF and everything unknown go.

use super::{Cursor, exif};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// What is needed to draw the picture as it was meant, animation included.
const KEPT: [&[u8; 4]; 18] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP",
    b"mDCV", b"cLLI", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
];

/// The picture without; nothing when it is not one, whole. Checksums are copied, not checked.
pub(super) fn strip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut cursor = Cursor { rest: bytes.strip_prefix(SIGNATURE)? };
    let mut kept = Vec::with_capacity(bytes.len());
    kept.extend_from_slice(SIGNATURE);
    let (mut first, mut has_data) = (true, false);
    loop {
        let from = cursor.rest;
        let length = usize::try_from(u32::from_be_bytes(cursor.array()?)).ok()?;
        let name: [u8; 4] = cursor.array()?;
        let content = cursor.take(length)?;
        cursor.take(4)?;
        let whole = from.get(..length.checked_add(12)?)?;
        if first != (&name == b"IHDR") {
            return None;
        }
        first = false;
        has_data |= &name == b"IDAT";
        if KEPT.contains(&&name) {
            kept.extend_from_slice(whole);
        } else if &name == b"eXIf" {
            if let Some(turned) = exif::orientation(content) {
                push(&name, &exif::only_orientation(turned), &mut kept);
            }
        } else if name.first().is_some_and(u8::is_ascii_uppercase) {
            // A critical chunk that is not known: without it nothing can be drawn.
            return None;
        }
        if &name == b"IEND" {
            return has_data.then_some(kept);
        }
    }
}

fn push(name: &[u8; 4], content: &[u8; 26], kept: &mut Vec<u8>) {
    kept.extend(26u32.to_be_bytes());
    kept.extend(name);
    kept.extend(content);
    kept.extend(checksum(name.iter().chain(content)).to_be_bytes());
}

/// The CRC of ISO 3309, bit by bit: it is for some thirty bytes.
fn checksum<'b>(bytes: impl Iterator<Item = &'b u8>) -> u32 {
    let bit = |crc: u32| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| bit(crc)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).expect("a short chunk");
        let crc = checksum(name.iter().chain(content));
        [&length.to_be_bytes(), name.as_slice(), content, &crc.to_be_bytes()].concat()
    }

    fn picture(chunks: &[Vec<u8>]) -> Vec<u8> {
        let end = [chunk(b"IDAT", b"pixels"), chunk(b"IEND", b"")].concat();
        [SIGNATURE.to_vec(), chunk(b"IHDR", b"size"), chunks.concat(), end].concat()
    }

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        assert_eq!(checksum(b"IEND".iter()), 0xAE42_6082);
    }

    #[test]
    fn texts_times_and_places_go() {
        let kept = [chunk(b"gAMA", b"4444"), chunk(b"iCCP", b"profile")];
        let said = [b"tEXt", b"zTXt", b"iTXt", b"tIME", b"caBX", b"eXIf"].map(|name| chunk(name, b"Ana"));
        assert_eq!(strip(&picture(&[kept.to_vec(), said.to_vec()].concat())), Some(picture(&kept)));
        assert_eq!(strip(&picture(&kept)), Some(picture(&kept)));
        assert_eq!(strip(&[picture(&kept), b"more".to_vec()].concat()), Some(picture(&kept)));
        let turned = chunk(b"eXIf", &exif::only_orientation(3));
        let exif = chunk(b"eXIf", &[exif::only_orientation(3).as_slice(), b"45.07 north"].concat());
        assert_eq!(strip(&picture(&[exif])), Some(picture(&[turned])));
    }

    #[test]
    fn a_broken_picture_is_none() {
        let whole = picture(&[chunk(b"tEXt", b"Ana")]);
        for end in 0..whole.len() {
            assert_eq!(strip(&whole[..end]), None, "cut at {end}");
        }
        assert_eq!(strip(&picture(&[chunk(b"CgBI", b"")])), None);
        assert_eq!(strip(&[SIGNATURE.to_vec(), chunk(b"IHDR", b""), chunk(b"IEND", b"")].concat()), None);
        assert_eq!(strip(&[SIGNATURE.to_vec(), chunk(b"IDAT", b""), chunk(b"IEND", b"")].concat()), None);
    }
}
