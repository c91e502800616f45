//! The server's side: it lets in whoever knows the password, takes the file, and says how far it came.

use super::talk::{Exported, Report, Said, Wish, say};
use anyhow::{Result, bail};
use caliopen_hub::{
    Access, Asking, ExportKind, Hub, Import, ImportError, ImportWish, TransferState, TransferView,
};
use caliopen_jmap::words;
use caliopen_model::{Place, Spot, TransferId, UnpackReason};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;
use tokio::io::{AsyncBufRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::Instant;

/// Bytes that are read of a file at a time.
const PIECE_BYTES: usize = 64 * 1024;
/// How often progress is said.
const PROGRESS_EVERY: Duration = Duration::from_millis(500);

/// Takes a file from the command line.
pub(crate) async fn import(
    hub: &Hub,
    (address, password): (&str, &str),
    wish: &Wish,
    input: &mut (impl AsyncBufRead + Unpin),
    out: &mut (impl AsyncWrite + Unpin),
) -> Result<()> {
    let access = match sign_in(hub, address, password, "caliopen import").await {
        Ok(access) => access,
        Err(error) => return say(out, &Said::Refused { why: error.to_string() }).await,
    };
    let taken = take(hub, &access, wish, input, out).await;
    hub.end_session(&access, access.session()).await?;
    match taken {
        Ok(said) => say(out, &said).await,
        Err(error) => say(out, &Said::Refused { why: error.to_string() }).await,
    }
}

async fn take(
    hub: &Hub,
    access: &Access,
    wish: &Wish,
    input: &mut (impl AsyncBufRead + Unpin),
    out: &mut (impl AsyncWrite + Unpin),
) -> Result<Said> {
    let place = if wish.into_archive { Place::Archive } else { Place::Inbox };
    let wished = ImportWish { name: wish.name.clone(), bytes_total: Some(wish.size), place };
    let id = hub.begin_import(access, &wished).await?;
    let Some(view) = view(hub, access, id).await? else { bail!(ImportError::Unknown) };
    let mut import = hub.import(access, id, view.resume_at).await?;
    say(out, &Said::Begin { at: view.resume_at }).await?;
    let poured = pour(hub, access, (id, &mut import), input, out).await;
    // What came in is kept, also when the other end went away.
    let is_whole = poured.is_ok() && import.has_all();
    import.end(is_whole).await?;
    poured?;
    match self::view(hub, access, id).await? {
        Some(view) => Ok(Said::End(report(view))),
        None => bail!(ImportError::Unknown),
    }
}

async fn pour(
    hub: &Hub,
    access: &Access,
    (id, import): (TransferId, &mut Import<'_>),
    input: &mut (impl AsyncBufRead + Unpin),
    out: &mut (impl AsyncWrite + Unpin),
) -> Result<()> {
    let mut piece = vec![0; PIECE_BYTES];
    let mut told_at = Instant::now();
    loop {
        let length = input.read(&mut piece).await?;
        if length == 0 {
            return Ok(());
        }
        import.feed(piece.get(..length).unwrap_or_default()).await?;
        if told_at.elapsed() >= PROGRESS_EVERY {
            told_at = Instant::now();
            if let Some(view) = view(hub, access, id).await? {
                say(out, &Said::Progress(Report { faults: Vec::new(), ..report(view) })).await?;
            }
        }
    }
}

async fn view(hub: &Hub, access: &Access, id: TransferId) -> Result<Option<TransferView>> {
    Ok(hub.transfers(access, &[id]).await?.into_iter().flatten().next())
}

fn report(view: TransferView) -> Report {
    Report {
        is_done: view.state == TransferState::Done,
        bytes: view.bytes,
        stored: view.stored,
        known: view.known,
        cards: view.cards,
        passed: view.passed,
        faults: view.faults.iter().map(sentence).collect(),
    }
}

/// One fault in words.
fn sentence((spot, reason): &(Spot, UnpackReason)) -> String {
    let Spot { path, number, offset } = spot;
    let place = if path.is_empty() { String::new() } else { format!("{path}: ") };
    let why = match reason {
        UnpackReason::NotRecognised => "this is no mail that Caliopen knows",
        UnpackReason::NoHeader => "it has no header, so it is no message",
        UnpackReason::Empty => "nothing stands there",
        UnpackReason::TooLarge => "it is larger than a message may be",
        UnpackReason::Truncated => "the file ends in the middle of it",
        UnpackReason::Damaged => "the archive is damaged from here on",
        UnpackReason::Encrypted => "it is locked with a password",
        UnpackReason::Unsupported => "it is packed in a way that cannot be read as a stream",
        UnpackReason::Draft => "it is a draft that was never sent",
        UnpackReason::Deleted => "it was thrown away in the other program",
    };
    let word = words::unpack_reason(*reason);
    format!("{place}message {number}, at byte {offset}: {why} ({word})")
}

/// Sends the whole account: pieces behind their lengths, the last one of length zero, and how much was held back.
pub(crate) async fn export(
    hub: &Hub,
    (address, password): (&str, &str),
    exported: Exported,
    out: &mut (impl AsyncWrite + Unpin),
) -> Result<()> {
    let access = match sign_in(hub, address, password, "caliopen export").await {
        Ok(access) => access,
        Err(error) => return say(out, &Said::Refused { why: error.to_string() }).await,
    };
    let given = give(hub, &access, exported, out).await;
    hub.end_session(&access, access.session()).await?;
    given
}

async fn give(
    hub: &Hub,
    access: &Access,
    exported: Exported,
    out: &mut (impl AsyncWrite + Unpin),
) -> Result<()> {
    let kind = if exported.as_mbox { ExportKind::Mailbox } else { ExportKind::Archive };
    let Some(mut export) = hub.export(access, kind).await? else {
        return say(out, &Said::Refused { why: ImportError::Busy.to_string() }).await;
    };
    say(out, &Said::Begin { at: 0 }).await?;
    while let Some(bytes) = export.next(hub, access).await? {
        for piece in bytes.chunks(PIECE_BYTES) {
            out.write_all(&(piece.len() as u32).to_be_bytes()).await?;
            out.write_all(piece).await?;
        }
    }
    out.write_all(&0u32.to_be_bytes()).await?;
    say(out, &Said::End(Report { is_done: true, passed: export.held_back(), ..Report::default() })).await
}

async fn sign_in(hub: &Hub, address: &str, password: &str, client: &str) -> Result<Access> {
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let signed_in = hub.sign_in(address, password, client, here).await?;
    match hub.unlock(&signed_in.token, &Asking::default()).await? {
        Ok(access) => Ok(access),
        Err(_) => bail!("the session was ended at once"),
    }
}
