//! `caliopen assess < evidence.json`: the index of any evidence, with its reasons.

use anyhow::{Context, Result, bail};
use caliopen_hub::EvidenceRecord;
use caliopen_jmap::Explanation;
use caliopen_model::{Evidence, Language};
use clap::Args;
use std::io::Read;
use std::process::ExitCode;

/// Largest list of evidence, in bytes.
const INPUT_BYTES_MAX: u64 = 16 * 1024 * 1024;

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The language of the reasons: en, fr or it.
    #[arg(long, default_value = "en")]
    language: String,
}

pub(super) fn run(options: &Options) -> Result<ExitCode> {
    let Some(language) = Language::from_tag(&options.language) else {
        bail!("the language is one of en, fr, it");
    };
    let mut text = String::new();
    std::io::stdin().take(INPUT_BYTES_MAX).read_to_string(&mut text).context("standard input is not text")?;
    let evidence: Vec<EvidenceRecord> =
        serde_json::from_str(&text).context("standard input is not a JSON list of evidence")?;
    let evidence: Vec<Evidence> = evidence.into_iter().map(|record| record.0).collect();
    println!("{}", serde_json::to_string_pretty(&Explanation::new(&evidence, language))?);
    Ok(ExitCode::SUCCESS)
}
