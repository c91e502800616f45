//! Any bytes, and any segments of pictures: nothing panics, what is removed stays removed, and no byte of a
//! place or a name is left.

use caliopen_mime::{Stripped, strip_metadata};
use proptest::prelude::*;

/// Stands for whatever nobody else shall know.
const SECRET: &[u8] = b"45.0703N 7.6869E";

fn be_segment(code: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).expect("a short segment");
    [&[0xFF, code], length.to_be_bytes().as_slice(), content].concat()
}

fn jpeg_piece() -> impl Strategy<Value = Vec<u8>> {
    let said: Vec<Vec<u8>> = vec![
        [b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0", SECRET].concat(),
        [b"http://ns.adobe.com/xap/1.0/\0", SECRET].concat(),
        [b"Photoshop 3.0\0", SECRET].concat(),
        [b"JFIF\0\x01\x02\0\0\x01\0\x01\x01\x01", SECRET].concat(),
        [b"MPF\0", SECRET].concat(),
        SECRET.to_vec(),
    ];
    let scan = [be_segment(0xDA, b"scan"), b"\x01\xFF\x00\x02\xFF\xD3\x03".to_vec()].concat();
    prop_oneof![
        (prop::sample::select(said), 0xE0u8..=0xEF).prop_map(|(content, code)| be_segment(code, &content)),
        Just(be_segment(0xFE, SECRET)),
        Just(be_segment(0xDB, b"table")),
        Just(be_segment(0xE2, b"ICC_PROFILE\0\x01\x01colours")),
        Just(scan),
        Just(b"\xFF".to_vec()),
    ]
}

fn jpeg() -> impl Strategy<Value = Vec<u8>> {
    (prop::collection::vec(jpeg_piece(), 0..12), any::<bool>()).prop_map(|(pieces, more)| {
        let tail: &[u8] = if more { SECRET } else { b"" };
        [b"\xFF\xD8", pieces.concat().as_slice(), b"\xFF\xD9", tail].concat()
    })
}

fn png() -> impl Strategy<Value = Vec<u8>> {
    const NAMES: &[&[u8; 4]] = &[b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"prVt", b"IDAT", b"gAMA"];
    let chunk = |name: &[u8; 4], content: &[u8]| {
        let length = u32::try_from(content.len()).expect("a short chunk");
        [&length.to_be_bytes(), name.as_slice(), content, b"crc!"].concat()
    };
    prop::collection::vec(prop::sample::select(NAMES), 0..8).prop_map(move |names| {
        let drawn = |name: &[u8; 4]| name == b"IDAT" || name == b"gAMA";
        let inner = names.iter().map(|name| chunk(name, if drawn(name) { b"pixels" } else { SECRET }));
        let head = [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", b"size")].concat();
        [
            head,
            inner.collect::<Vec<_>>().concat(),
            chunk(b"IDAT", b"pixels"),
            chunk(b"IEND", b""),
            SECRET.to_vec(),
        ]
        .concat()
    })
}

fn webp() -> impl Strategy<Value = Vec<u8>> {
    const NAMES: &[&[u8; 4]] = &[b"EXIF", b"XMP ", b"what", b"VP8X", b"VP8L"];
    prop::collection::vec(prop::sample::select(NAMES), 0..8).prop_map(|names| {
        let chunk = |name: &[u8; 4]| {
            let content: &[u8] = if name.starts_with(b"VP8") { b"\x0Cpixels." } else { SECRET };
            let length = u32::try_from(content.len()).expect("a short chunk");
            [name.as_slice(), &length.to_le_bytes(), content].concat()
        };
        let chunks: Vec<u8> = names.into_iter().flat_map(chunk).collect();
        let length = u32::try_from(chunks.len() + 4).expect("a short file");
        [b"RIFF".as_slice(), &length.to_le_bytes(), b"WEBP", &chunks, SECRET].concat()
    })
}

fn gif() -> impl Strategy<Value = Vec<u8>> {
    let blocks = |label: &[u8], first: &[u8]| {
        let block =
            |content: &[u8]| [&[u8::try_from(content.len()).expect("a short block")], content].concat();
        [label, &block(first), &block(SECRET), b"\0"].concat()
    };
    let image = b"\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x4c\x01\0".to_vec();
    let pieces = vec![
        blocks(b"\x21\xFE", b"a comment"),
        blocks(b"\x21\xFF", b"XMP DataXMP"),
        blocks(b"\x21\xCE", b"unknown"),
        b"\x21\xFF\x0bNETSCAPE2.0\x03\x01\0\0\0".to_vec(),
        image,
    ];
    prop::collection::vec(prop::sample::select(pieces), 0..8).prop_map(|pieces| {
        [b"GIF89a\x01\0\x01\0\0\0\0", pieces.concat().as_slice(), b"\x3B", SECRET].concat()
    })
}

fn check(bytes: &[u8]) {
    if let Stripped::Removed(stripped) = strip_metadata("image/x", bytes) {
        assert_eq!(strip_metadata("image/x", &stripped), Stripped::Clean);
        assert!(stripped.len() <= bytes.len() + 64, "no more than an orientation is added");
    }
}

fn has_secret(bytes: &[u8]) -> bool {
    bytes.windows(SECRET.len()).any(|window| window == SECRET)
}

fn check_whole(bytes: &[u8]) {
    match strip_metadata("image/x", bytes) {
        Stripped::Removed(stripped) => assert!(!has_secret(&stripped), "{stripped:?}"),
        Stripped::Clean => assert!(!has_secret(bytes), "{bytes:?}"),
        Stripped::Malformed => {}
        Stripped::Unknown => unreachable!("it begins as a picture"),
    }
    check(bytes);
}

fn broken(whole: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let index = any::<prop::sample::Index>;
    (whole, index(), prop::collection::vec((index(), any::<u8>()), 0..4)).prop_map(
        |(mut bytes, end, changes)| {
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes.splice(at..=at, [byte]);
            }
            bytes.truncate(bytes.len().saturating_sub(end.index(16)));
            bytes
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_said_is_left(jpeg in jpeg(), png in png(), webp in webp(), gif in gif()) {
        for picture in [jpeg, png, webp, gif] {
            check_whole(&picture);
        }
    }

    #[test]
    fn broken_pictures_do_no_harm(jpeg in broken(jpeg()), png in broken(png()), webp in broken(webp()), gif in broken(gif())) {
        for picture in [jpeg, png, webp, gif] {
            check(&picture);
        }
    }

    #[test]
    fn any_bytes_do_no_harm(magic in prop::sample::select(vec![
        &b"\xFF\xD8\xFF"[..], b"\x89PNG\r\n\x1a\n", b"RIFF\x20\0\0\0WEBP", b"GIF89a",
    ]), bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        check(&[magic, &bytes].concat());
    }
}

#[test]
fn only_pictures_are_touched() {
    let comment = b"GIF89a\x01\0\x01\0\0\0\0\x21\xFE\x03Ana\0\x3B";
    assert!(matches!(strip_metadata("image/gif", comment), Stripped::Removed(_)));
    assert!(matches!(strip_metadata("application/octet-stream", comment), Stripped::Removed(_)));
    assert_eq!(strip_metadata("application/pdf", comment), Stripped::Unknown);
    assert_eq!(strip_metadata("image/heic", b"\0\0\0\x18ftypheic"), Stripped::Unknown);
    assert_eq!(strip_metadata("image/svg+xml", b"<svg/>"), Stripped::Unknown);
    assert_eq!(strip_metadata("image/gif", b"GIF89a"), Stripped::Malformed);
}
