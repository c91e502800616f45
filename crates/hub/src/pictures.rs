//! Pictures that a message wants from elsewhere, fetched in the reader's place: the sender learns that somebody reads,
//! and neither where nor with what. Only what the message itself names can be asked for.

use crate::Hub;
use crate::access::Access;
use crate::error::HubError;
use bytes::Bytes;
use caliopen_model::{Body, MessageId};

/// Why there is no picture. Which of them it was is nobody's business but the reader's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// The message names no such picture.
    #[error("there is no such picture")]
    Unknown,
    /// This host fetches none.
    #[error("this server fetches no pictures")]
    Off,
    /// It cannot be had, is too large, or is no picture.
    #[error("the picture cannot be had")]
    Unavailable,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its type, by its first bytes: what the other server says of it is not believed.
    pub media_type: &'static str,
    /// The bytes.
    pub bytes: Bytes,
}

impl Hub {
    /// A picture of a message, by its part and its place in it.
    ///
    /// # Errors
    ///
    /// See [`PictureError`]; storage and damaged records in the outer result.
    pub async fn picture(
        &self,
        access: &Access,
        message: MessageId,
        body: usize,
        place: usize,
    ) -> Result<Result<Picture, PictureError>, HubError> {
        let Some(fetcher) = &self.core.fetcher else { return Ok(Err(PictureError::Off)) };
        let reading = self.reading(access, message).await?;
        let url = reading.and_then(|reading| match reading.bodies.into_iter().nth(body)? {
            Body::Html { safe, .. } => safe.remote_images.into_iter().nth(place),
            Body::Text { .. } => None,
        });
        let Some(url) = url else { return Ok(Err(PictureError::Unknown)) };
        let bytes = fetcher.picture(&url).await;
        let picture =
            bytes.and_then(|bytes| media_type(&bytes).map(|media_type| Picture { media_type, bytes }));
        Ok(picture.ok_or(PictureError::Unavailable))
    }
}

/// What a picture is by its first bytes: a format that is only a picture.
fn media_type(bytes: &[u8]) -> Option<&'static str> {
    let at = |from: usize, expected: &[u8]| bytes.get(from..from + expected.len()) == Some(expected);
    let types = [
        ("image/png", at(0, b"\x89PNG\r\n\x1a\n")),
        ("image/jpeg", at(0, b"\xff\xd8\xff")),
        ("image/gif", at(0, b"GIF87a") || at(0, b"GIF89a")),
        ("image/webp", at(0, b"RIFF") && at(8, b"WEBP")),
        ("image/avif", at(4, b"ftypavif")),
    ];
    types.into_iter().find_map(|(name, is_it)| is_it.then_some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_what_its_first_bytes_are() {
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n...."), Some("image/png"));
        assert_eq!(media_type(b"RIFF....WEBPVP8 "), Some("image/webp"));
        for no in [b"<svg xmlns=".as_slice(), b"<html>", b"", b"\x89PN", b"RIFF....WAVE"] {
            assert_eq!(media_type(no), None, "{no:?}");
        }
    }
}
