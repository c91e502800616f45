//! What `inspect` and `assess` read and print, where the API has no shape for it.

mod evidence;
mod inspection;

pub(crate) use evidence::EvidenceJson;
pub(crate) use inspection::InspectionJson;
