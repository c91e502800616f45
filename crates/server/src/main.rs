//! The `caliopen` binary.

use std::process::ExitCode;

/// A message is read on one thread and written on another: the system's allocator makes each free wait for the thread
/// that allocated, and costs a fifth of what an arrival costs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    caliopen_server::command::run()
}
