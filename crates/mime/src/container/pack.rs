//! Writes what [`super::Container`] reads: files of a tar (POSIX pax), and messages of an mbox (mboxrd).

use super::date_of;
use super::tar::BLOCK;
use caliopen_model::{Packed, Timestamp};
use memchr::memchr_iter;

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The bytes of one piece.
#[must_use]
pub fn pack(packed: Packed<'_>) -> Vec<u8> {
    match packed {
        Packed::File { path, at, bytes } => {
            let mut out = tar_head(path, at, bytes.len() as u64);
            out.reserve(bytes.len() + BLOCK);
            out.extend_from_slice(bytes);
            fill(&mut out);
            out
        }
        Packed::End => vec![0; 2 * BLOCK],
        Packed::Message { author, at, raw } => mbox(author, at, raw),
    }
}

/// The header of a file of a tar. What follows is its bytes, then zeros up to a multiple of 512.
#[must_use]
pub fn tar_head(path: &str, at: Timestamp, size_bytes: u64) -> Vec<u8> {
    let mut out = Vec::with_capacity(3 * BLOCK);
    let mut records = record("mtime", &format!("{}.{:03}", at.unix_ms() / 1_000, at.unix_ms() % 1_000));
    records.push_str(&record("path", path));
    if size_bytes > 0o77_777_777_777 {
        records.push_str(&record("size", &size_bytes.to_string()));
    }
    out.extend(header("caliopen.pax", b'x', at, records.len() as u64));
    out.extend_from_slice(records.as_bytes());
    fill(&mut out);
    out.extend(header(path, b'0', at, size_bytes));
    out
}

fn fill(out: &mut Vec<u8>) {
    out.resize(out.len().next_multiple_of(BLOCK), 0);
}

/// `LENGTH KEY=VALUE\n`: the length counts itself.
fn record(key: &str, value: &str) -> String {
    let rest = key.len() + value.len() + 3;
    let mut length = rest + 1;
    while length != rest + length.to_string().len() {
        length = rest + length.to_string().len();
    }
    format!("{length} {key}={value}\n")
}

fn header(path: &str, kind: u8, at: Timestamp, size: u64) -> Vec<u8> {
    let mut block = Vec::with_capacity(BLOCK);
    let mut field = |bytes: &[u8], width: usize| {
        let end = block.len() + width;
        block.extend_from_slice(bytes.get(..bytes.len().min(width)).unwrap_or_default());
        block.resize(end, 0);
    };
    // Readers that know no pax see the beginning of the name.
    let ascii: String = path.chars().map(|letter| if letter.is_ascii() { letter } else { '_' }).collect();
    field(ascii.as_bytes(), 100);
    field(b"0000600\0", 8);
    field(b"0000000\0", 8);
    field(b"0000000\0", 8);
    field(format!("{:011o}\0", size.min(0o77_777_777_777)).as_bytes(), 12);
    let seconds = u64::try_from(at.unix_ms() / 1_000).unwrap_or(0).min(0o77_777_777_777);
    field(format!("{seconds:011o}\0").as_bytes(), 12);
    field(b"        ", 8);
    field(&[kind], 1);
    field(b"", 100);
    field(b"ustar\x0000", 8);
    field(b"", BLOCK - 265);
    let sum: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
    for (target, byte) in block.iter_mut().skip(148).zip(format!("{sum:06o}\0 ").bytes()) {
        *target = byte;
    }
    block
}

/// A postmark, the message with `From ` quoted, an empty line (RFC 4155 with mboxrd's quoting, which can be undone).
fn mbox(author: &str, at: Timestamp, raw: &[u8]) -> Vec<u8> {
    let author: String = author.chars().filter(|letter| letter.is_ascii_graphic()).collect();
    let author = if author.is_empty() { "MAILER-DAEMON" } else { &author };
    let mut out = Vec::with_capacity(raw.len() + 128);
    out.extend_from_slice(format!("From {author} {}\n", asctime(at)).as_bytes());
    let mut begun = 0;
    for end in memchr_iter(b'\n', raw).map(|end| end + 1).chain(std::iter::once(raw.len())) {
        let line = raw.get(begun..end).unwrap_or_default();
        let marks = line.iter().take_while(|byte| **byte == b'>').count();
        if line.get(marks..).is_some_and(|rest| rest.starts_with(b"From ")) {
            out.push(b'>');
        }
        out.extend_from_slice(line);
        begun = end;
    }
    if !raw.ends_with(b"\n") {
        out.push(b'\n');
    }
    out.push(b'\n');
    out
}

/// `Fri Mar  1 12:00:00 2024`, in UTC.
fn asctime(at: Timestamp) -> String {
    let seconds = at.unix_ms().div_euclid(1_000);
    let (days, of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = date_of(days);
    let weekday = DAYS.get(days.rem_euclid(7) as usize).copied().unwrap_or("Thu");
    let month = MONTHS.get(month as usize - 1).copied().unwrap_or("Jan");
    let (hours, minutes, seconds) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!("{weekday} {month} {day:2} {hours:02}:{minutes:02}:{seconds:02} {year:04}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_postmark_says_the_day_and_the_hour() {
        assert_eq!(asctime(Timestamp::from_unix_ms(1_709_294_400_000)), "Fri Mar  1 12:00:00 2024");
    }

    #[test]
    fn a_record_counts_its_own_length() {
        for value in ["", "a", &"b".repeat(86), &"b".repeat(90), &"c".repeat(987), &"c".repeat(1_000)] {
            let line = record("path", value);
            let said: usize = line.split(' ').next().unwrap().parse().unwrap();
            assert_eq!(said, line.len(), "{line}");
        }
    }
}
