//! `cargo xtask run · test · bench · tidy`.
fn main() {}
