//! The one thing of EXIF that is part of the picture: how it is turned (TIFF 6.0, tag 274).

const ORIENTATION: u16 = 0x0112;
const SHORT: u16 = 3;

/// How the picture is turned, from 2 to 8; nothing when it stands upright or does not say.
pub(super) fn orientation(tiff: &[u8]) -> Option<u8> {
    let big = match tiff.get(..4)? {
        b"MM\0*" => true,
        b"II*\0" => false,
        _ => return None,
    };
    let u16_at = |at: usize| {
        let bytes: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    };
    let offset: [u8; 4] = tiff.get(4..8)?.try_into().ok()?;
    let offset = if big { u32::from_be_bytes(offset) } else { u32::from_le_bytes(offset) };
    let directory = usize::try_from(offset).ok()?;
    let count = usize::from(u16_at(directory)?);
    let entries = (0..count).map(|index| directory + 2 + index * 12);
    let entry = entries.take_while(|at| at + 12 <= tiff.len()).find(|at| u16_at(*at) == Some(ORIENTATION))?;
    let value = u16_at(entry + 8).filter(|_| u16_at(entry + 2) == Some(SHORT))?;
    u8::try_from(value).ok().filter(|value| (2..=8).contains(value))
}

/// A TIFF structure that says this and nothing else.
pub(super) fn only_orientation(orientation: u8) -> [u8; 26] {
    let mut tiff = *b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    if let Some(value) = tiff.get_mut(19) {
        *value = orientation;
    }
    tiff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_orientation_is_read_in_both_byte_orders() {
        for turned in 2..=8 {
            assert_eq!(orientation(&only_orientation(turned)), Some(turned));
        }
        assert_eq!(orientation(&only_orientation(1)), None);
        assert_eq!(orientation(&only_orientation(9)), None);
        let little =
            b"II*\0\x08\0\0\0\x02\0\x0f\x01\x02\0\x04\0\0\0abc\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        assert_eq!(orientation(little), Some(6));
        assert_eq!(orientation(b"II*\0\xff\xff\xff\xff"), None);
        assert_eq!(orientation(b"MM\0*\0\0\0\x08\xff\xff"), None);
        assert_eq!(orientation(b""), None);
    }
}
