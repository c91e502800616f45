//! The report of a device: what is known of it now, and of the network that it is on.

use crate::rfc8620::resource::Object;
use crate::types::explanation::{Explanation, is_possible_for_device};
use crate::types::object;
use crate::types::words::utc_date;
use caliopen_hub::DeviceView;
use caliopen_model::{Language, Timestamp};
use serde::Serialize;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: String,
    #[serde(flatten)]
    explanation: Explanation,
    assessed_at: String,
}

pub(super) fn report(view: &DeviceView, now: Timestamp, language: Language) -> Object {
    object(&Record {
        id: view.id.to_string(),
        explanation: Explanation::of_device(&view.evidence, &is_possible_for_device, language),
        assessed_at: utc_date(now),
    })
}
