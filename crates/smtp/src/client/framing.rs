//! A message on its way out: with its dots doubled for DATA (RFC 5321 §4.5.2), or in chunks for BDAT
//! (RFC 3030 §2). It goes out in blocks, so that a large message is not copied whole.

use bytes::{Bytes, BytesMut};
use memchr::memmem;
use std::fmt::Write as _;

/// How much is put into the output at one time.
const BLOCK_BYTES: usize = 64 * 1_024;

/// Where the framing of a message stands after a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framed {
    /// There is more before the server has anything to answer.
    More,
    /// The server answers for this chunk, and there is another.
    ChunkEnd,
    /// The server answers for the message.
    End,
}

/// How the end of the message is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Framing {
    /// By a dot on its own line.
    Dot,
    /// By counting; the chunk in progress ends here.
    Chunks { chunk_end: usize, chunk_bytes_max: usize },
}

/// One message that is being written.
#[derive(Debug)]
pub(super) struct Framer {
    bytes: Bytes,
    at: usize,
    framing: Framing,
}

impl Framer {
    /// For DATA.
    pub(super) const fn with_dots(bytes: Bytes) -> Self {
        Self { bytes, at: 0, framing: Framing::Dot }
    }

    /// For BDAT.
    pub(super) fn in_chunks(bytes: Bytes, chunk_bytes_max: usize) -> Self {
        let chunk_bytes_max = chunk_bytes_max.max(1);
        Self { bytes, at: 0, framing: Framing::Chunks { chunk_end: 0, chunk_bytes_max } }
    }

    /// Appends the next block.
    pub(super) fn write_block(&mut self, output: &mut BytesMut) -> Framed {
        match self.framing {
            Framing::Dot => self.write_lines(output),
            Framing::Chunks { chunk_end, chunk_bytes_max } => {
                self.write_chunk(output, chunk_end, chunk_bytes_max)
            }
        }
    }

    fn write_lines(&mut self, output: &mut BytesMut) -> Framed {
        let mut end = self.bytes.len().min(self.at + BLOCK_BYTES);
        // A line end stays in one block, or the dot after it would not be seen.
        while end < self.bytes.len() && self.bytes.get(..end).is_some_and(|block| block.ends_with(b"\r")) {
            end += 1;
        }
        output.reserve(end - self.at);
        while self.at < end {
            let rest = self.bytes.get(self.at..end).unwrap_or_default();
            if rest.first() == Some(&b'.') && self.is_at_line_start() {
                output.extend_from_slice(b".");
            }
            // Up to the next line that begins with a dot.
            let length = memmem::find(rest, b"\r\n.").map_or(rest.len(), |found| found + 2);
            output.extend_from_slice(rest.get(..length).unwrap_or_default());
            self.at += length;
        }
        if self.at < self.bytes.len() {
            return Framed::More;
        }
        // The dot stands on its own line: a message without a last line end gets one (RFC 5321 §4.1.1.4).
        output.extend_from_slice(if self.is_at_line_start() { b".\r\n" } else { b"\r\n.\r\n" });
        Framed::End
    }

    fn is_at_line_start(&self) -> bool {
        let before = self.bytes.get(..self.at).unwrap_or_default();
        before.is_empty() || before.ends_with(b"\r\n")
    }

    fn write_chunk(&mut self, output: &mut BytesMut, chunk_end: usize, chunk_bytes_max: usize) -> Framed {
        let total = self.bytes.len();
        let mut chunk_end = chunk_end;
        if self.at == chunk_end {
            chunk_end = total.min(self.at + chunk_bytes_max);
            self.framing = Framing::Chunks { chunk_end, chunk_bytes_max };
            let last = if chunk_end == total { " LAST" } else { "" };
            // Writing into memory that grows does not fail.
            let _ = write!(output, "BDAT {}{last}\r\n", chunk_end - self.at);
        }
        let end = chunk_end.min(self.at + BLOCK_BYTES);
        output.extend_from_slice(self.bytes.get(self.at..end).unwrap_or_default());
        self.at = end;
        match end {
            _ if end < chunk_end => Framed::More,
            _ if end < total => Framed::ChunkEnd,
            _ => Framed::End,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn framed(mut framer: Framer) -> Vec<u8> {
        let mut output = BytesMut::new();
        while framer.write_block(&mut output) != Framed::End {}
        output.to_vec()
    }

    fn check_dots(content: &'static str, expected: &str) {
        let found = framed(Framer::with_dots(Bytes::from_static(content.as_bytes())));
        assert_eq!(found.escape_ascii().to_string(), expected.as_bytes().escape_ascii().to_string());
    }

    #[test]
    fn dots_are_doubled_at_the_beginning_of_lines_alone() {
        check_dots("", ".\r\n");
        check_dots("a", "a\r\n.\r\n");
        check_dots("a.b\r\n", "a.b\r\n.\r\n");
        check_dots(".\r\n", "..\r\n.\r\n");
        check_dots(".a\r\n..\r\n\r\n.\r\n", "..a\r\n...\r\n\r\n..\r\n.\r\n");
    }

    #[test]
    fn a_line_end_behind_other_returns_is_seen_at_the_edge_of_a_block() {
        let content = format!("{}\r\r\n.\r\n", "x".repeat(BLOCK_BYTES - 1));
        let wire = framed(Framer::with_dots(Bytes::from(content)));
        assert!(wire.ends_with(b"\r\r\n..\r\n.\r\n"));
    }

    #[test]
    fn chunks_say_how_long_they_are() {
        let chunks = |content: &'static [u8], chunk_bytes_max| {
            let found = framed(Framer::in_chunks(Bytes::from_static(content), chunk_bytes_max));
            String::from_utf8(found).unwrap()
        };
        assert_eq!(chunks(b"", 5), "BDAT 0 LAST\r\n");
        assert_eq!(chunks(b"abcde", 5), "BDAT 5 LAST\r\nabcde");
        assert_eq!(chunks(b"abcdef", 5), "BDAT 5\r\nabcdeBDAT 1 LAST\r\nf");
    }

    /// What RFC 5321 §4.5.2 tells a receiver to do.
    fn received(wire: &[u8]) -> Vec<u8> {
        let mut content = Vec::new();
        for line in wire.strip_suffix(b".\r\n").unwrap().split_inclusive(|byte| *byte == b'\n') {
            content.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
        }
        content
    }

    proptest! {
        #[test]
        fn what_is_received_is_what_was_sent(
            // Lines around the size of a block, so that dots and line ends fall on its edges.
            lines in prop::collection::vec(
                (
                    prop::sample::select(vec!["", ".", "..", "a.", "\r"]),
                    prop_oneof![0..3_usize, BLOCK_BYTES - 5..BLOCK_BYTES + 3],
                ),
                1..6,
            ),
        ) {
            let line = |(start, rest): &(&str, usize)| format!("{start}{}\r\n", "x".repeat(*rest));
            let content: String = lines.iter().map(line).collect();
            let wire = framed(Framer::with_dots(Bytes::from(content.clone())));
            let end = memmem::find(&wire, b"\r\n.\r\n").map(|at| at + 5);
            prop_assert!(end == Some(wire.len()), "a dot on its own line within the message");
            prop_assert!(received(&wire) == content.as_bytes());
        }
    }
}
