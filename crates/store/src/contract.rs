//! Contract.
/// Contract.
pub async fn contract() {}
