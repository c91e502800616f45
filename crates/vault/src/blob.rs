//! The cipher of blobs: 64 KiB chunks, each sealed with ChaCha20-Poly1305 (RFC 8439) under a key of this blob
//! alone, in the STREAM construction: the nonce is the chunk's number and whether it is the last one. A chunk
//! that is missing, doubled, moved or altered does not open, and a range is read without the rest.
//!
//! Format: version (1 byte) ‖ chunks, each ciphertext ‖ tag (16). Only the last chunk is shorter than 64 KiB;
//! it is empty in an empty blob alone. The key is made with the blob and never seals another, which is what
//! allows nonces that count.

use crate::error::OpenError;
use crate::random::{Random, secret};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use std::ops::Range;
use zeroize::ZeroizeOnDrop;

/// Plaintext in each chunk but the last, in bytes.
pub const BLOB_CHUNK_BYTES: usize = 64 * 1024;

const VERSION: u8 = 1;
const HEADER_BYTES: u64 = 1;
const TAG_BYTES: usize = 16;
const SEALED_CHUNK_BYTES: usize = BLOB_CHUNK_BYTES + TAG_BYTES;
const DATA: &[u8] = b"caliopen blob 1";

/// The key of one blob. It is kept inside the sealed record that names the blob.
#[derive(ZeroizeOnDrop)]
pub struct ContentKey([u8; 32]);

impl ContentKey {
    /// The key that a record kept.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to keep, inside something sealed.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new((&self.0).into())
    }
}

/// Whether a chunk ends its blob.
#[derive(Clone, Copy)]
enum Place {
    Inside,
    Last,
}

/// The chunk's number and place. 2⁶⁴ chunks are more than any disk holds.
fn nonce(chunk: u64, place: Place) -> Nonce {
    let mut bytes = [0; 12];
    let (_, end) = bytes.split_at_mut(3);
    let flag = match place {
        Place::Inside => 0,
        Place::Last => 1,
    };
    for (target, byte) in end.iter_mut().zip(chunk.to_be_bytes().into_iter().chain([flag])) {
        *target = byte;
    }
    Nonce::from(bytes)
}

/// Seals a blob piece by piece, keeping at most one chunk in memory.
pub struct BlobSealer {
    cipher: ChaCha20Poly1305,
    waiting: Vec<u8>,
    chunk: u64,
    out: Vec<u8>,
}

impl BlobSealer {
    /// Starts a blob under a new key of its own.
    #[must_use]
    pub fn start(random: Random<'_>) -> (ContentKey, Self) {
        let key = ContentKey(*secret(random));
        let cipher = key.cipher();
        (key, Self { cipher, waiting: Vec::new(), chunk: 0, out: vec![VERSION] })
    }

    /// Takes the next piece, and gives the sealed bytes that are ready: append them to the blob.
    pub fn push(&mut self, mut piece: &[u8]) -> Vec<u8> {
        while !piece.is_empty() {
            // A full chunk is sealed only when more comes: until then it may be the last.
            if self.waiting.len() == BLOB_CHUNK_BYTES {
                self.seal_waiting(Place::Inside);
            }
            let room = BLOB_CHUNK_BYTES - self.waiting.len();
            let (now, later) = piece.split_at(room.min(piece.len()));
            self.waiting.extend_from_slice(now);
            piece = later;
        }
        std::mem::take(&mut self.out)
    }

    /// Ends the blob, and gives its last sealed bytes.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        self.seal_waiting(Place::Last);
        std::mem::take(&mut self.out)
    }

    fn seal_waiting(&mut self, place: Place) {
        let sealed = self
            .cipher
            .encrypt(&nonce(self.chunk, place), Payload { msg: &self.waiting, aad: DATA })
            .expect("a chunk of 64 KiB is shorter than the cipher's limit of 256 GiB");
        self.out.extend_from_slice(&sealed);
        self.waiting.clear();
        self.chunk += 1;
    }
}

/// Seals a whole blob under a new key of its own.
#[must_use]
pub fn seal_blob(plaintext: &[u8], random: Random<'_>) -> (ContentKey, Vec<u8>) {
    let (key, mut sealer) = BlobSealer::start(random);
    let mut sealed = sealer.push(plaintext);
    sealed.extend(sealer.finish());
    (key, sealed)
}

/// Opens a whole blob.
pub fn open_blob(key: &ContentKey, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    let layout = BlobLayout::of_sealed(sealed.len() as u64)?;
    match sealed.split_first() {
        Some((&VERSION, chunks)) => open_range(key, layout, chunks, 0..layout.plaintext_bytes()),
        _ => Err(OpenError::Malformed),
    }
}

/// Where the chunks of a blob stand, known from its length alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlobLayout {
    plaintext_bytes: u64,
    chunks: u64,
}

impl BlobLayout {
    /// The layout of a blob of this much plaintext.
    #[must_use]
    pub fn of_plaintext(plaintext_bytes: u64) -> Self {
        Self { plaintext_bytes, chunks: plaintext_bytes.div_ceil(BLOB_CHUNK_BYTES as u64).max(1) }
    }

    /// The layout of a sealed blob of this length. `Malformed` when no blob has this length.
    pub fn of_sealed(sealed_bytes: u64) -> Result<Self, OpenError> {
        let body = sealed_bytes.checked_sub(HEADER_BYTES).ok_or(OpenError::Malformed)?;
        let chunks = body.div_ceil(SEALED_CHUNK_BYTES as u64);
        let tags = chunks.checked_mul(TAG_BYTES as u64).ok_or(OpenError::Malformed)?;
        let layout = Self::of_plaintext(body.checked_sub(tags).ok_or(OpenError::Malformed)?);
        if layout.sealed_bytes() == sealed_bytes { Ok(layout) } else { Err(OpenError::Malformed) }
    }

    /// Length of the plaintext.
    #[must_use]
    pub fn plaintext_bytes(&self) -> u64 {
        self.plaintext_bytes
    }

    /// Length of the sealed blob.
    #[must_use]
    pub fn sealed_bytes(&self) -> u64 {
        HEADER_BYTES
            .saturating_add(self.plaintext_bytes)
            .saturating_add(self.chunks.saturating_mul(TAG_BYTES as u64))
    }

    /// The sealed bytes that a range of plaintext needs: whole chunks. The range is cut at the blob's end.
    #[must_use]
    pub fn sealed_range(&self, range: &Range<u64>) -> Range<u64> {
        let chunks = self.chunks_of(range);
        let offset =
            |chunk: u64| HEADER_BYTES.saturating_add(chunk.saturating_mul(SEALED_CHUNK_BYTES as u64));
        offset(chunks.start)..offset(chunks.end).min(self.sealed_bytes())
    }

    /// The chunks of a range. An empty range still names one chunk, so that its place is authenticated.
    fn chunks_of(&self, range: &Range<u64>) -> Range<u64> {
        let end = range.end.min(self.plaintext_bytes);
        let start = range.start.min(end);
        let first = (start / BLOB_CHUNK_BYTES as u64).min(self.chunks - 1);
        first..end.div_ceil(BLOB_CHUNK_BYTES as u64).clamp(first + 1, self.chunks)
    }
}

/// Opens a range of plaintext from the sealed bytes that [`BlobLayout::sealed_range`] asked for. A blob that was
/// cut is noticed by a range that reaches its end.
pub fn open_range(
    key: &ContentKey,
    layout: BlobLayout,
    sealed: &[u8],
    range: Range<u64>,
) -> Result<Vec<u8>, OpenError> {
    let cipher = key.cipher();
    let chunks = layout.chunks_of(&range);
    let wanted = layout.sealed_range(&range);
    if sealed.len() as u64 != wanted.end - wanted.start {
        return Err(OpenError::Malformed);
    }
    let mut plaintext = Vec::with_capacity(sealed.len());
    for (chunk, body) in chunks.clone().zip(sealed.chunks(SEALED_CHUNK_BYTES)) {
        let place = if chunk + 1 == layout.chunks { Place::Last } else { Place::Inside };
        let opened = cipher
            .decrypt(&nonce(chunk, place), Payload { msg: body, aad: DATA })
            .map_err(|_| OpenError::Refused)?;
        plaintext.extend_from_slice(&opened);
    }
    let before = chunks.start * BLOB_CHUNK_BYTES as u64;
    let cut = |offset: u64| usize::try_from(offset.saturating_sub(before)).unwrap_or(usize::MAX);
    plaintext.truncate(cut(range.end));
    plaintext.drain(..cut(range.start).min(plaintext.len()));
    Ok(plaintext)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::fixed::stream;
    use proptest::prelude::*;

    const CHUNK: usize = BLOB_CHUNK_BYTES;

    fn content(length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        stream("content")(&mut bytes);
        bytes
    }

    fn sealed(length: usize) -> (ContentKey, Vec<u8>) {
        seal_blob(&content(length), &mut stream("key"))
    }

    /// What a store does for a ranged read.
    fn read(key: &ContentKey, blob: &[u8], range: Range<u64>) -> Result<Vec<u8>, OpenError> {
        let layout = BlobLayout::of_sealed(blob.len() as u64)?;
        let wanted = layout.sealed_range(&range);
        open_range(key, layout, &blob[wanted.start as usize..wanted.end as usize], range)
    }

    #[test]
    fn lengths_around_a_chunk_come_back() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 17] {
            let (key, blob) = sealed(length);
            assert_eq!(open_blob(&key, &blob), Ok(content(length)), "{length}");
            let layout = BlobLayout::of_plaintext(length as u64);
            assert_eq!(layout.sealed_bytes(), blob.len() as u64);
            assert_eq!(BlobLayout::of_sealed(blob.len() as u64), Ok(layout));
        }
    }

    #[test]
    fn a_blob_that_was_cut_does_not_open() {
        let (key, blob) = sealed(3 * CHUNK);
        for length in [0, 1, 16, 17, 18, 1 + SEALED_CHUNK_BYTES, 1 + 2 * SEALED_CHUNK_BYTES, blob.len() - 1] {
            assert!(open_blob(&key, &blob[..length]).is_err(), "{length}");
        }
        // Cut between two chunks: the length is a possible one, the last chunk says that it was not the last.
        assert_eq!(open_blob(&key, &blob[..1 + SEALED_CHUNK_BYTES]), Err(OpenError::Refused));
    }

    #[test]
    fn chunks_that_change_places_do_not_open() {
        let (key, mut blob) = sealed(3 * CHUNK);
        let (first, rest) = blob[1..].split_at_mut(SEALED_CHUNK_BYTES);
        first.swap_with_slice(&mut rest[..SEALED_CHUNK_BYTES]);
        assert_eq!(open_blob(&key, &blob), Err(OpenError::Refused));
    }

    #[test]
    fn a_range_at_or_past_the_end_is_empty() {
        for length in [0, 10, CHUNK] {
            let (key, blob) = sealed(length);
            let end = length as u64;
            assert_eq!(read(&key, &blob, end..end + 5), Ok(Vec::new()));
            assert_eq!(read(&key, &blob, u64::MAX..u64::MAX), Ok(Vec::new()));
        }
    }

    #[test]
    fn no_length_overflows() {
        for length in [u64::MAX, u64::MAX - 1, u64::MAX / 2] {
            let layout = BlobLayout::of_plaintext(length);
            assert!(layout.sealed_range(&(0..length)).end >= length);
            if let Ok(layout) = BlobLayout::of_sealed(length) {
                assert_eq!(layout.sealed_bytes(), length);
            }
        }
    }

    #[test]
    fn the_format_stays_what_it_is() {
        let (_, blob) = seal_blob(b"caliopen", &mut stream("key"));
        let hex: String = blob.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "01b86c311f232d11e061be96f502da71e319b88c25c69482fd");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn a_range_equals_that_part_of_the_whole(
            length in 0_usize..3 * CHUNK, start in 0_usize..3 * CHUNK, span in 0_usize..2 * CHUNK,
        ) {
            let (key, blob) = sealed(length);
            let whole = content(length);
            let expected = &whole[start.min(length)..(start + span).min(length)];
            let range = start as u64..(start + span) as u64;
            let opened = read(&key, &blob, range);
            prop_assert_eq!(opened.as_deref(), Ok(expected));
        }

        #[test]
        fn a_flipped_bit_is_noticed(length in 0_usize..2 * CHUNK, place: prop::sample::Index, bit in 0_u8..8) {
            let (key, mut blob) = sealed(length);
            let place = place.index(blob.len());
            blob[place] ^= 1 << bit;
            prop_assert!(open_blob(&key, &blob).is_err());
        }

        #[test]
        fn pieces_of_any_size_give_the_same_blob(sizes in prop::collection::vec(0_usize..CHUNK * 2, 0..6)) {
            let whole = content(sizes.iter().sum());
            let (_, mut sealer) = BlobSealer::start(&mut stream("key"));
            let mut rest = whole.as_slice();
            let mut blob = Vec::new();
            for size in sizes {
                let (piece, later) = rest.split_at(size);
                blob.extend(sealer.push(piece));
                rest = later;
            }
            blob.extend(sealer.finish());
            prop_assert_eq!(blob, seal_blob(&whole, &mut stream("key")).1);
        }
    }
}
