//! The command line's side: it sends a file, or writes the one that it is sent.

use super::progress::Progress;
use super::source::Source;
use super::talk::{Exported, Report, Said, Wish, hear};
use crate::Config;
use crate::control::{self, Command};
use crate::folder::DataFolder;
use crate::serve::resolver;
use crate::time::SystemClock;
use anyhow::{Context, Result, bail};
use caliopen_email::EmailFormat;
use std::path::Path;
use std::sync::Arc;
use tokio::io::{
    AsyncBufRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader, DuplexStream, ReadHalf, WriteHalf,
};
use zeroize::Zeroizing;

/// Bytes between the two sides when both are in this process.
const BETWEEN_BYTES: usize = 256 * 1024;
/// Largest piece of an export.
const PIECE_BYTES_MAX: u32 = 1024 * 1024;

/// Whose account, and what opens it.
pub(crate) struct Visit<'a> {
    pub(crate) data: &'a Path,
    pub(crate) address: String,
    pub(crate) password: Zeroizing<String>,
}

impl Visit<'_> {
    fn command(&self, wish: Option<Wish>, exported: Exported) -> Command {
        let (address, password) = (self.address.clone(), self.password.to_string());
        match wish {
            Some(wish) => Command::Import { address, password, wish },
            None => Command::Export { address, password, exported },
        }
    }
}

/// Brings in a file or a folder; prints what became of it. True when something of it is there now.
pub(crate) async fn bring_in(visit: &Visit<'_>, path: &Path, into_archive: bool) -> Result<bool> {
    let source = Source::at(path)?;
    let wish = Wish { name: source.name.clone(), size: source.size, into_archive };
    let command = visit.command(Some(wish), Exported { as_mbox: false });
    let folder = DataFolder::at(visit.data);
    let report = match control::call(&folder.control_socket(), &command).await? {
        Some(stream) => {
            let (input, mut out) = tokio::io::split(stream);
            send(&source, &mut BufReader::new(input), &mut out).await?
        }
        None => {
            let (mut here, there) = sides();
            let serve = serve_alone(&folder, &command, there);
            let (report, served) =
                tokio::join!(async { send(&source, &mut here.0, &mut here.1).await }, serve);
            served.and(report)?
        }
    };
    print(&source.name, &report);
    if !report.is_done {
        bail!("{} is not whole: run the same command again to go on", source.name);
    }
    Ok(report.passed == 0 || report.stored + report.known + report.cards > 0)
}

type Side = (BufReader<ReadHalf<DuplexStream>>, WriteHalf<DuplexStream>);

fn sides() -> (Side, Side) {
    let (here, there) = tokio::io::duplex(BETWEEN_BYTES);
    let side = |stream: DuplexStream| {
        let (input, out) = tokio::io::split(stream);
        (BufReader::new(input), out)
    };
    (side(here), side(there))
}

/// Opens the store that no server holds, and does what is asked.
async fn serve_alone(folder: &DataFolder, command: &Command, (mut input, mut out): Side) -> Result<()> {
    let format = EmailFormat::new(resolver(&Config::default().dns)?);
    let opened = folder.open_hub(Arc::new(SystemClock), vec![Arc::new(format)], Vec::new(), None).await?;
    let served = control::transfer(&opened.hub, command, &mut input, &mut out).await;
    out.shutdown().await?;
    served
}

async fn send(
    source: &Source,
    input: &mut (impl AsyncBufRead + Unpin),
    out: &mut (impl AsyncWrite + Unpin),
) -> Result<Report> {
    let from = match hear(input).await? {
        Said::Begin { at } => at,
        Said::Refused { why } => bail!(why),
        Said::Progress(_) | Said::End(_) => bail!("the server says what it was not asked"),
    };
    let mut progress = Progress::new(&source.name, Some(source.size));
    let pour = async {
        let poured = source.pour(from, out).await;
        // The other side hears that the file is over, or that it broke off.
        out.shutdown().await?;
        poured
    };
    let listen = async {
        loop {
            match hear(input).await? {
                Said::Progress(report) => progress.show(report.bytes, Some(&report)),
                Said::End(report) => return Ok(report),
                Said::Refused { why } => bail!(why),
                Said::Begin { .. } => bail!("the server says what it was not asked"),
            }
        }
    };
    let (poured, heard) = tokio::join!(pour, listen);
    progress.end();
    let report = heard?;
    poured.map(|()| report)
}

fn print(name: &str, report: &Report) {
    let Report { stored, known, cards, passed, .. } = report;
    let mut said = format!("{name}: {stored} messages imported");
    for (count, what) in [(known, "were there already"), (cards, "cards read"), (passed, "could not be read")]
    {
        if *count > 0 {
            said.push_str(&format!(", {count} {what}"));
        }
    }
    println!("{said}");
    for fault in &report.faults {
        println!("  {fault}");
    }
    let named = report.faults.len() as u64;
    if *passed > named {
        println!("  and {} more", passed - named);
    }
}

/// Writes the whole account into a new file.
pub(crate) async fn take_out(visit: &Visit<'_>, path: &Path, exported: Exported) -> Result<()> {
    let command = visit.command(None, exported);
    let folder = DataFolder::at(visit.data);
    if path.exists() {
        bail!("{} is there already: name another file", path.display());
    }
    match control::call(&folder.control_socket(), &command).await? {
        Some(stream) => receive(&mut BufReader::new(stream), path).await,
        None => {
            let (mut here, there) = sides();
            let serve = serve_alone(&folder, &command, there);
            let (received, served) = tokio::join!(receive(&mut here.0, path), serve);
            served.and(received)
        }
    }
}

async fn receive(input: &mut (impl AsyncBufRead + Unpin), path: &Path) -> Result<()> {
    if let Said::Refused { why } = hear(input).await? {
        bail!(why);
    }
    let shown = path.display();
    // Under another name until it is whole, and for its owner alone.
    let part = path.with_added_extension("part");
    let mut options = tokio::fs::OpenOptions::new();
    let options = options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options.open(&part).await.with_context(|| format!("{shown} cannot be written"))?;
    let mut progress = Progress::new(&path.to_string_lossy(), None);
    let mut bytes = 0u64;
    let mut piece = Vec::new();
    loop {
        let length = input.read_u32().await.context("the export broke off; run the command again")?;
        if length == 0 {
            break;
        }
        if length > PIECE_BYTES_MAX {
            bail!("the server says what this program does not know; is it of the same version?");
        }
        piece.resize(length as usize, 0);
        input.read_exact(&mut piece).await.context("the export broke off; run the command again")?;
        file.write_all(&piece).await.with_context(|| format!("{shown} cannot be written"))?;
        bytes += u64::from(length);
        progress.show(bytes, None);
    }
    let Said::End(Report { passed, .. }) = hear(input).await? else {
        bail!("the server says what it was not asked");
    };
    file.sync_all().await?;
    tokio::fs::rename(&part, path).await?;
    progress.end();
    println!("{shown}: {bytes} bytes");
    if passed > 0 {
        println!(
            "  {passed} private messages are not in it: a password alone does not open them. Export the account in \
             the application, on a device that shows them"
        );
    }
    Ok(())
}
