//! Old mail coming in: an mbox, by the command line, into a server that runs: durable, and the memory that it takes.

use super::corpus;
use super::process::Caliopen;
use super::report::{Report, Row};
use anyhow::{Context, Result, bail};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Duration;

const PASSWORD: &str = "a password of the bench";
const ACCOUNT: &str = "old@example.org";
/// Messages of the mbox.
const MESSAGES: u32 = 20_000;
/// How long between two looks at the memory.
const LOOK_EVERY: Duration = Duration::from_millis(50);
const MIB: f64 = 1024.0 * 1024.0;

/// Measures one import.
pub fn measure(program: &Path, folder: &Path, report: &mut Report) -> Result<()> {
    let mailbox = folder.join("old.mbox");
    write(&mailbox)?;
    let data = folder.join("import");
    let server = Caliopen::start(program, &data)?;
    server.add_account("old", PASSWORD)?;
    // Making an account takes memory for its password, which is not what an import takes.
    server.stop()?;
    let server = Caliopen::start(program, &data)?;
    let fresh = server.memory_bytes()?;
    let begun = crate::shell::now();
    let path = mailbox.to_string_lossy();
    let mut importing = server.command(&["import", "--account", ACCOUNT, &path], PASSWORD)?;
    let mut most = fresh;
    let status = loop {
        most = most.max(server.memory_bytes()?);
        match importing.try_wait()? {
            Some(status) => break status,
            None => std::thread::sleep(LOOK_EVERY),
        }
    };
    let took = begun.elapsed();
    if !status.success() {
        bail!("the import failed");
    }
    let rate = f64::from(MESSAGES) / took.as_secs_f64();
    let found = format!("{rate:.0}/s");
    let measure = format!("import of an mbox of {MESSAGES} messages, durable");
    report.add(Row::new(measure, found, "≥ 1000/s", rate >= 1_000.0));
    let above = most.saturating_sub(fresh) as f64 / MIB;
    let found = format!("{above:.1} MB");
    report.add(Row::new("memory above idle while it is imported", found, "≤ 64 MB", above <= 64.0));
    server.stop()
}

fn write(path: &Path) -> Result<()> {
    let file = std::fs::File::create(path).with_context(|| format!("cannot make {}", path.display()))?;
    let mut out = BufWriter::new(file);
    for number in 0..MESSAGES {
        out.write_all(b"From bench@d1.test Sun Nov 22 10:00:00 2026\n")?;
        out.write_all(&corpus::message(number, ACCOUNT))?;
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}
