//! GIF (GIF89a specification): images, their controls and the count of loops stay; comments and what
//! programs add go.

use super::Cursor;

const TRAILER: u8 = 0x3B;
/// Application extensions that change what is seen.
const APPLICATIONS: [&[u8]; 3] = [b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"];

/// The picture without; nothing when it is not one, whole.
pub(super) fn strip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut cursor = Cursor { rest: bytes };
    let mut kept = Vec::with_capacity(bytes.len());
    let screen = cursor.take(13)?;
    kept.extend_from_slice(screen);
    kept.extend_from_slice(colours(&mut cursor, *screen.get(10)?)?);
    loop {
        let from = cursor.rest;
        let keep = match cursor.byte()? {
            0x2C => {
                let image = cursor.take(9)?;
                colours(&mut cursor, *image.get(8)?)?;
                cursor.byte()?;
                blocks(&mut cursor)?;
                true
            }
            0x21 => match cursor.byte()? {
                // Graphic control, plain text.
                0xF9 | 0x01 => blocks(&mut cursor).map(|_| true)?,
                0xFF => APPLICATIONS.contains(&blocks(&mut cursor)?),
                _ => blocks(&mut cursor).map(|_| false)?,
            },
            TRAILER => {
                kept.push(TRAILER);
                return Some(kept);
            }
            _ => return None,
        };
        if keep {
            kept.extend_from_slice(from.get(..from.len() - cursor.rest.len())?);
        }
    }
}

/// The colour table that these flags announce.
fn colours<'a>(cursor: &mut Cursor<'a>, flags: u8) -> Option<&'a [u8]> {
    let entries = if flags & 0x80 == 0 { 0 } else { 2usize << (flags & 7) };
    cursor.take(entries * 3)
}

/// Moves past the blocks up to the empty one that ends them, and gives the first.
fn blocks<'a>(cursor: &mut Cursor<'a>) -> Option<&'a [u8]> {
    let mut first = None;
    loop {
        let length = cursor.byte()?;
        let block = cursor.take(usize::from(length))?;
        let known = *first.get_or_insert(block);
        if length == 0 {
            return Some(known);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(extensions: &[&[u8]]) -> Vec<u8> {
        let screen = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff";
        let image = b"\x21\xF9\x04\0\0\0\0\0\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x4c\x01\0";
        [screen.as_slice(), &extensions.concat(), image, &[TRAILER]].concat()
    }

    #[test]
    fn comments_and_additions_go() {
        let loops: &[u8] = b"\x21\xFF\x0bNETSCAPE2.0\x03\x01\0\0\0";
        let comment: &[u8] = b"\x21\xFE\x03Ana\x02by\0";
        let xmp: &[u8] = b"\x21\xFF\x0bXMP DataXMP\x04<x/>\0";
        assert_eq!(strip(&picture(&[comment, loops, xmp])), Some(picture(&[loops])));
        assert_eq!(strip(&picture(&[loops])), Some(picture(&[loops])));
        assert_eq!(strip(&[picture(&[]), b"more".to_vec()].concat()), Some(picture(&[])));
    }

    #[test]
    fn a_broken_picture_is_none() {
        let whole = picture(&[b"\x21\xFE\x03Ana\0"]);
        for end in 0..whole.len() {
            assert_eq!(strip(&whole[..end]), None, "cut at {end}");
        }
        assert_eq!(strip(b"GIF89a\x01\0\x01\0\0\0\0\x99"), None);
    }
}
