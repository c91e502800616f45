//! JPEG (ITU-T T.81 Annex B): tables, frames and scans stay; application segments and comments go, but for
//! JFIF without its thumbnail, ICC profiles, Adobe's colour transform and the orientation.

use super::{Cursor, exif};

const EXIF: &[u8] = b"Exif\0\0";
/// Bytes of a JFIF segment's content without a thumbnail (ITU-T T.871 §10.1).
const JFIF_BYTES: usize = 14;

/// The picture without; nothing when it is not one, whole.
pub(super) fn strip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut cursor = Cursor { rest: bytes };
    let mut kept = Vec::with_capacity(bytes.len());
    kept.extend_from_slice(cursor.take(2)?);
    let mut has_scan = false;
    loop {
        match marker(&mut cursor)? {
            0xD9 => {
                // Whatever follows the end is not this picture.
                kept.extend_from_slice(b"\xFF\xD9");
                return has_scan.then_some(kept);
            }
            code @ (0xC0..=0xCF | 0xDA..=0xDF) => {
                push(code, content(&mut cursor)?, &mut kept);
                if code == 0xDA {
                    has_scan = true;
                    kept.extend_from_slice(scan(&mut cursor)?);
                }
            }
            code @ (0xE0..=0xEF) => application(code, content(&mut cursor)?, &mut kept),
            0xFE => drop(content(&mut cursor)?),
            _ => return None,
        }
    }
}

/// The code of the next marker; bytes that fill are passed over (§B.1.1.2).
fn marker(cursor: &mut Cursor<'_>) -> Option<u8> {
    if cursor.byte()? != 0xFF {
        return None;
    }
    loop {
        match cursor.byte()? {
            0xFF => {}
            code => return Some(code),
        }
    }
}

fn content<'a>(cursor: &mut Cursor<'a>) -> Option<&'a [u8]> {
    let length = usize::from(u16::from_be_bytes(cursor.array()?));
    cursor.take(length.checked_sub(2)?)
}

/// The entropy-coded data up to the next marker that is neither a stuffed zero nor a restart (§B.1.1.5).
fn scan<'a>(cursor: &mut Cursor<'a>) -> Option<&'a [u8]> {
    let ends = |pair: &[u8]| matches!(pair, [0xFF, code] if !matches!(code, 0 | 0xD0..=0xD7 | 0xFF));
    let end = cursor.rest.windows(2).position(ends)?;
    let data = cursor.take(end)?;
    // Bytes that fill belong to the marker.
    let filled = data.iter().rev().take_while(|byte| **byte == 0xFF).count();
    data.get(..data.len() - filled)
}

fn application(code: u8, content: &[u8], kept: &mut Vec<u8>) {
    match code {
        0xE0 if content.starts_with(b"JFIF\0") && content.len() >= JFIF_BYTES => {
            let mut jfif = content.get(..JFIF_BYTES - 2).unwrap_or_default().to_vec();
            jfif.extend([0, 0]);
            push(code, &jfif, kept);
        }
        0xE1 => {
            let turned = content.strip_prefix(EXIF).and_then(exif::orientation);
            if let Some(turned) = turned {
                push(code, &[EXIF, &exif::only_orientation(turned)].concat(), kept);
            }
        }
        0xE2 if content.starts_with(b"ICC_PROFILE\0") => push(code, content, kept),
        0xEE if content.starts_with(b"Adobe") && content.len() == 12 => push(code, content, kept),
        _ => {}
    }
}

fn push(code: u8, content: &[u8], kept: &mut Vec<u8>) {
    // It was read with a length of two bytes, or is shorter than what was read.
    let length = u16::try_from(content.len() + 2).unwrap_or(u16::MAX);
    kept.extend([0xFF, code]);
    kept.extend(length.to_be_bytes());
    kept.extend_from_slice(content);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(code: u8, content: &[u8]) -> Vec<u8> {
        let mut segment = Vec::new();
        push(code, content, &mut segment);
        segment
    }

    fn picture(segments: &[Vec<u8>]) -> Vec<u8> {
        let scan = [segment(0xC0, b"frame"), segment(0xDA, b"scan"), b"\x12\xFF\x00\xFF\xD0\x34".to_vec()];
        [b"\xFF\xD8".to_vec(), segments.concat(), scan.concat(), b"\xFF\xD9".to_vec()].concat()
    }

    fn check(segments: &[Vec<u8>], kept: &[Vec<u8>]) {
        assert_eq!(strip(&picture(segments)), Some(picture(kept)));
    }

    #[test]
    fn what_the_picture_needs_stays() {
        let jfif = segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0");
        let profile = segment(0xE2, b"ICC_PROFILE\0\x01\x01colours");
        let adobe = segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01");
        let all = [jfif, profile, adobe, segment(0xDB, b"table")];
        check(&all, &all);
    }

    #[test]
    fn what_it_says_beside_goes() {
        let turned = [EXIF, &exif::only_orientation(6)].concat();
        let mut exif = turned.clone();
        exif.extend(b"45.07 north, 7.68 east");
        check(&[segment(0xE1, &exif)], &[segment(0xE1, &turned)]);
        check(&[segment(0xE1, b"Exif\0\0nothing")], &[]);
        check(&[segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>")], &[]);
        check(&[segment(0xED, b"Photoshop 3.0\0"), segment(0xFE, b"Ana's camera")], &[]);
        check(&[segment(0xE2, b"MPF\0"), segment(0xEE, b"Adobe and more")], &[]);
        let thumbnail = segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\x01\x01RGB");
        check(&[thumbnail], &[segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0")]);
    }

    #[test]
    fn what_follows_the_end_or_fills_goes() {
        let whole = picture(&[]);
        assert_eq!(strip(&[whole.clone(), picture(&[])].concat()), Some(whole.clone()));
        let filled = [&whole[..2], b"\xFF\xFF", &whole[2..whole.len() - 2], b"\xFF\xFF\xD9"].concat();
        assert_eq!(strip(&filled), Some(whole));
    }

    #[test]
    fn metadata_between_scans_goes() {
        let scan = [segment(0xDA, b"scan"), b"\x12\x34".to_vec()].concat();
        let between =
            [b"\xFF\xD8".to_vec(), scan.clone(), segment(0xFE, b"Ana"), scan.clone(), b"\xFF\xD9".to_vec()];
        assert_eq!(
            strip(&between.concat()),
            Some([b"\xFF\xD8", scan.as_slice(), &scan, b"\xFF\xD9"].concat())
        );
    }

    #[test]
    fn a_broken_picture_is_none() {
        let whole = picture(&[segment(0xE1, b"Exif\0\0")]);
        for end in 0..whole.len() {
            assert_eq!(strip(&whole[..end]), None, "cut at {end}");
        }
        assert_eq!(strip(b"\xFF\xD8\xFF\xD9"), None);
        assert_eq!(strip(b"\xFF\xD8\xFF\xE1\0\x01"), None);
        assert_eq!(strip(b"\xFF\xD8\xFF\x02\0\x02\xFF\xD9"), None);
        assert_eq!(strip(b"\xFF\xD8\xFF\xE1\0\x02x\xFF\xD9"), None);
    }
}
