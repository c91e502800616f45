//! What `inspect` and `assess` read and print.

mod assessment;
mod evidence;
mod inspection;

pub(crate) use assessment::AssessmentJson;
pub(crate) use evidence::EvidenceJson;
pub(crate) use inspection::InspectionJson;
