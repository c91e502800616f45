//! What is built in and where it comes from, by cargo-deny, which is brought when it may be.

use super::Suite;
use crate::shell;
use std::fs;
use std::path::{Path, PathBuf};

/// What is built when the machine has none. Any version that it has serves as well.
const VERSION: &str = "0.20.2";

impl Suite<'_> {
    /// Bans, licences and sources follow from Cargo.lock; advisories need a database from the network.
    pub(super) fn dependencies(&mut self) {
        let Some(program) = self.cargo_deny() else {
            self.left_out(
                "dependencies",
                "cargo-deny is not here and cannot be built: sources and advisories are not checked, bans and licences by tidy alone",
            );
            return;
        };
        let deny = |what: &[&str]| {
            let arguments = [["--locked"].as_slice(), what].concat();
            let mut command = self.shell.command("", &program.to_string_lossy(), &arguments);
            // A network that swallows everything is given up in time.
            command.env("GIT_HTTP_LOW_SPEED_LIMIT", "1").env("GIT_HTTP_LOW_SPEED_TIME", "30");
            command
        };
        let known = deny(&["check", "bans", "licenses", "sources"]);
        let fetch = deny(&["fetch", "db"]);
        let advisories = deny(&["--offline", "check", "advisories"]);
        self.step("dependencies", known);
        if self.shell.finish("advisory database", fetch).is_ok_and(|fetched| fetched.success) {
            self.step("advisories", advisories);
        } else {
            self.left_out("advisories", "the database of RustSec cannot be fetched");
        }
    }

    /// Where cargo-deny is. Built without optimisation, which takes a third of the time and checks as well.
    fn cargo_deny(&self) -> Option<PathBuf> {
        if shell::has_program("cargo-deny") {
            return Some(PathBuf::from("cargo-deny"));
        }
        let tools = self.shell.programs.join("xtask-tools");
        let program = tools.join("bin/cargo-deny");
        if !program.is_file() {
            println!("          building cargo-deny {VERSION}");
            self.build_cargo_deny(&tools);
        }
        program.is_file().then_some(program)
    }

    fn build_cargo_deny(&self, tools: &Path) {
        let (root, build) = (tools.to_string_lossy(), tools.join("build"));
        let arguments =
            ["install", "--locked", "--debug", "cargo-deny", "--version", VERSION, "--root", &root];
        let mut command = self.shell.command("", "cargo", &arguments);
        command.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_TARGET_DIR", &build);
        if let Err(error) = self.shell.finish("build cargo-deny", command) {
            println!("  {error:#}");
        }
        // What remains of building is large, and of no use. Nothing is there when nothing was begun.
        let _ = fs::remove_dir_all(build);
    }
}
