//! `Contact/import`: the cards of an uploaded file.

use super::Contact;
use crate::rfc8620::arguments::Arguments;
use crate::rfc8620::call::Call;
use crate::rfc8620::error::MethodError;
use crate::rfc8620::resource::Resource;
use caliopen_hub::{ImportReport, SkipReason};
use caliopen_model::BlobId;
use serde_json::{Value, json};

/// Answers `Contact/import`.
pub(crate) async fn import(call: &Call<'_>, mut arguments: Arguments) -> Result<Value, MethodError> {
    let account = call.account(&mut arguments)?;
    let blob: BlobId = call.need_id(&mut arguments, "blobId")?;
    arguments.finish()?;
    let (_, bytes) = call.hub.uploaded(call.access, blob).await?.ok_or_else(|| {
        MethodError::InvalidArguments("blobId names no upload: send the file again".to_owned())
    })?;
    let old_state = Contact::state(call).await?;
    let report = call.hub.import_vcards(call.access, &bytes).await?;
    Ok(told(&report, &account, (&old_state, &Contact::state(call).await?)))
}

fn told(report: &ImportReport, account: &str, (old_state, new_state): (&str, &str)) -> Value {
    let skipped: Vec<Value> = report
        .skipped_cards
        .iter()
        .map(|card| json!({ "number": card.number, "name": card.name, "why": why(card.why) }))
        .collect();
    json!({
        "accountId": account,
        "oldState": old_state,
        "newState": new_state,
        "made": report.made,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "skipped": report.skipped,
        "skippedCards": skipped,
        "leftOut": report.left_out,
        "isCut": report.is_cut,
    })
}

const fn why(reason: SkipReason) -> &'static str {
    match reason {
        SkipReason::TooLarge => "tooLarge",
        SkipReason::Empty => "empty",
        SkipReason::Own => "own",
        SkipReason::TooMany => "overQuota",
    }
}
