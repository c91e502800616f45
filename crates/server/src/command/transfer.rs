//! `caliopen import`, `caliopen export`: an account's own things, in and out, for whoever knows its password.

use crate::transfer::{Exported, Visit, bring_in, take_out};
use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use zeroize::Zeroizing;

#[derive(Debug, Args)]
pub(super) struct Import {
    /// The address of the account. Its password is asked for, or read from standard input.
    #[arg(long, value_name = "ADDRESS")]
    account: String,
    /// Where messages go whose folder names no place.
    #[arg(long, value_enum, default_value_t = Into::Inbox)]
    into: Into,
    /// mbox, eml, zip, tar, gz, an archive of Caliopen, or a folder of them: Maildir too.
    #[arg(required = true, value_name = "FILE|FOLDER")]
    files: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Into {
    Inbox,
    Archive,
}

#[derive(Debug, Args)]
pub(super) struct Export {
    /// The address of the account. Its password is asked for, or read from standard input.
    #[arg(long, value_name = "ADDRESS")]
    account: String,
    /// The messages alone, as an mbox for other programs.
    #[arg(long)]
    mbox: bool,
    /// The file to write.
    file: PathBuf,
}

impl Import {
    pub(super) async fn run(self, data: &Path) -> Result<ExitCode> {
        let visit = visit(data, self.account)?;
        let mut is_well = true;
        for file in &self.files {
            is_well &= bring_in(&visit, file, self.into == Into::Archive).await?;
        }
        Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl Export {
    pub(super) async fn run(self, data: &Path) -> Result<ExitCode> {
        let visit = visit(data, self.account)?;
        take_out(&visit, &self.file, Exported { as_mbox: self.mbox }).await?;
        Ok(ExitCode::SUCCESS)
    }
}

fn visit(data: &Path, address: String) -> Result<Visit<'_>> {
    if !data.exists() {
        bail!("there is no data folder {}; name it with --data", data.display());
    }
    let password = read_password(&address)?;
    Ok(Visit { data, address, password })
}

fn read_password(address: &str) -> Result<Zeroizing<String>> {
    if std::io::stdin().is_terminal() {
        return Ok(Zeroizing::new(rpassword::prompt_password(format!("Password for {address}: "))?));
    }
    let mut line = Zeroizing::new(String::new());
    std::io::stdin().read_line(&mut line).context("no password on standard input")?;
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}
