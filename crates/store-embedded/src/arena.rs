//! Where small blobs are appended: rows of one table, cut so that each page is full.
//!
//! SQLite puts a row that does not fit onto a page of its own; with blobs of 2 KB and pages of 4 KB that leaves
//! almost half of the file empty. The writer knows what it has put on the last page ("Database File Format"
//! §1.6, §2.1), so that it cuts a blob where the page ends. When it is wrong, after a start or a removal, a page
//! is less full and nothing else happens.

use crate::schema::PAGE_BYTES;
use rusqlite::Connection;

const APPEND: &str = "INSERT INTO part (number, bytes) VALUES (?, ?)";
const LAST: &str = "SELECT coalesce(max(number), 0) FROM part";

/// The header of a leaf page.
const PAGE_HEADER_BYTES: usize = 8;
/// A row with a longer payload spills over into other pages.
const PAYLOAD_BYTES_MAX: usize = PAGE_BYTES as usize - 35;
/// A part shorter than this is not worth its row: the next page is started.
const PART_BYTES_MIN: usize = 64;

/// The end of the table.
pub(crate) struct Arena {
    next_number: i64,
    /// What the last page still takes, in bytes.
    room: usize,
}

/// The rows of a blob: `count` of them from `first` on.
pub(crate) struct Parts {
    pub(crate) first: i64,
    pub(crate) count: i64,
}

impl Arena {
    /// Finds the end. What its page holds is not known: the next blob starts another one.
    pub(crate) fn find(connection: &Connection) -> rusqlite::Result<Self> {
        let last: i64 = connection.prepare_cached(LAST)?.query_row((), |row| row.get(0))?;
        Ok(Self { next_number: last + 1, room: 0 })
    }

    /// Appends a blob. An empty one has one empty row.
    pub(crate) fn append(&mut self, connection: &Connection, blob: &[u8]) -> rusqlite::Result<Parts> {
        let mut statement = connection.prepare_cached(APPEND)?;
        let first = self.next_number;
        let mut rest = blob;
        loop {
            let (part, later) = rest.split_at(self.part_bytes(rest.len()));
            statement.execute((self.next_number, part))?;
            self.room = self.room.saturating_sub(row_bytes(part.len(), self.next_number));
            self.next_number += 1;
            rest = later;
            if rest.is_empty() {
                return Ok(Parts { first, count: self.next_number - first });
            }
        }
    }

    /// How much of what is left goes into the next row. Starts a page when too little fits on the last one.
    fn part_bytes(&mut self, rest_bytes: usize) -> usize {
        let fits = self.fits();
        if rest_bytes > fits && fits < PART_BYTES_MIN {
            self.room = PAGE_BYTES as usize - PAGE_HEADER_BYTES;
        }
        rest_bytes.min(self.fits())
    }

    fn fits(&self) -> usize {
        let overhead = row_bytes(PAYLOAD_BYTES_MAX, self.next_number) - PAYLOAD_BYTES_MAX;
        self.room.saturating_sub(overhead).min(PAYLOAD_BYTES_MAX - RECORD_HEADER_BYTES_MAX)
    }
}

/// Its own length, the type of the row number (which stands elsewhere) and that of the bytes.
const RECORD_HEADER_BYTES_MAX: usize = 5;

/// What a row takes of its page: a pointer, two lengths, the record's header and the bytes.
fn row_bytes(part_bytes: usize, number: i64) -> usize {
    let type_of_bytes = 12 + 2 * part_bytes as u64;
    let payload = 2 + varint_bytes(type_of_bytes) + part_bytes;
    2 + varint_bytes(payload as u64) + varint_bytes(number.unsigned_abs()) + payload
}

/// Length of SQLite's variable-length integer, for the sizes that occur here.
fn varint_bytes(value: u64) -> usize {
    let bits = (u64::BITS - value.leading_zeros()).max(1);
    bits.div_ceil(7) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, schema};

    /// Pages of the table for a number of blobs.
    fn pages(blobs: &[usize]) -> i64 {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("arena");
        schema::create(&path).unwrap();
        let connection = schema::open_writer(&path, Options::default()).unwrap();
        let mut arena = Arena::find(&connection).unwrap();
        connection.execute_batch("BEGIN").unwrap();
        for length in blobs {
            arena.append(&connection, &vec![7; *length]).unwrap();
        }
        connection.execute_batch("COMMIT").unwrap();
        connection.query_row("SELECT count(*) FROM dbstat WHERE name = 'part'", (), |row| row.get(0)).unwrap()
    }

    #[test]
    fn pages_are_full_whatever_the_blobs_are() {
        for length in [30, 500, 2_200, 4_000, 4_060, 4_100, 5_000, 60_000] {
            let count = 2_000_000 / length;
            let pages = pages(&vec![length; count]);
            let bytes = pages * i64::from(PAGE_BYTES);
            let rows = (count + count * length / PAYLOAD_BYTES_MAX) as i64;
            let most = (count * length) as i64 * 103 / 100 + rows * 20;
            assert!(bytes <= most, "{count} blobs of {length} bytes take {pages} pages");
        }
    }

    #[test]
    fn an_empty_blob_has_a_row() {
        assert!(pages(&[0, 0, 0]) > 0);
    }
}
