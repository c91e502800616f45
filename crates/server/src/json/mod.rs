//! What `inspect` and `assess` read and print.

mod assessment;
mod evidence;
mod inspection;
mod words;

pub(crate) use assessment::AssessmentJson;
pub(crate) use evidence::EvidenceJson;
pub(crate) use inspection::InspectionJson;
