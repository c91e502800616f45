//! The `caliopen` binary.
fn main() {}
