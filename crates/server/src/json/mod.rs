//! What `inspect` and `assess` read and print, where the API has no shape for it.

mod inspection;

pub(crate) use inspection::InspectionJson;
