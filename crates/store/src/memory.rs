//! Memory.
/// Memory.
#[derive(Debug, Default)]
pub struct MemoryStore;
