//! The `caliopen` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    caliopen_server::command::run()
}
