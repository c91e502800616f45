//! `cargo xtask test`: everything that CI runs, in order, one line for each step.
//!
//! Cheap steps come first, so that a slip is said within seconds. A failed step does not stop the later ones:
//! one run says everything that is wrong. The last line is `N passed, N failed`, alone on its line.

mod again;
mod dependencies;
mod machine;
mod tally;

use crate::formula::{self, Formula};
use crate::shell::{self, Finished, Shell};
use crate::{run, tidy};
use anyhow::Result;
use std::path::Path;
use std::process::{Command, ExitCode};
use tally::Tally;

/// What to leave out.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Leaves out what takes minutes or another program: documentation tests, fuzz targets, cargo-deny, journeys.
    #[arg(long)]
    fast: bool,
}

/// Runs the suite.
pub fn run(shell: &Shell, options: &Options) -> Result<ExitCode> {
    let begun = shell::now();
    if let Err(missing) = machine::prepare(shell) {
        println!("{missing}");
        if !options.fast {
            return Ok(finish(Tally { passed: 0, failed: 1 }));
        }
    }
    let mut suite = Suite { shell, total: Tally::default() };
    suite.cargo("format", &["fmt", "--all", "--check"]);
    suite.tidy();
    let has_formula = suite.formula();
    suite.web();
    suite.cargo("lints", &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]);
    let tested = suite.rust_tests();
    if has_formula {
        suite.same_formula(tested);
    }
    if !options.fast {
        suite.cargo("doc tests", &["test", "--workspace", "--doc", "--locked"]);
        suite.fuzz_targets();
        suite.dependencies();
        suite.journeys(tested);
    }
    println!("{:>6.0} s in all", begun.elapsed().as_secs_f64());
    Ok(finish(suite.total))
}

fn finish(total: Tally) -> ExitCode {
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

struct Suite<'a> {
    shell: &'a Shell,
    total: Tally,
}

impl Suite<'_> {
    fn cargo(&mut self, name: &str, arguments: &[&str]) -> bool {
        let command = self.shell.command("", "cargo", arguments);
        self.step(name, command)
    }

    /// Nextest, when it is there, runs each test in a process of its own and all of them at once.
    fn rust_tests(&mut self) -> bool {
        if shell::has_program("cargo-nextest") {
            self.cargo("tests", &["nextest", "run", "--workspace", "--locked", "--no-fail-fast"])
        } else {
            self.cargo("tests", &["test", "--workspace", "--all-targets", "--locked", "--no-fail-fast"])
        }
    }

    fn tidy(&mut self) {
        let begun = shell::now();
        let findings = tidy::findings(self.shell);
        let count = findings.len();
        for finding in findings.iter().take(tidy::SHOWN_MAX) {
            println!("  {finding}");
        }
        self.report("tidy", count == 0, begun.elapsed().as_secs_f64(), Tally::of_step(count == 0));
    }

    /// The privacy index is compiled for the browser before the application, which brings it along.
    fn formula(&mut self) -> bool {
        let begun = shell::now();
        let built = formula::build(self.shell, true);
        match &built {
            Ok(Formula::LeftOut(why)) => self.left_out("formula in the browser", why),
            Err(error) => println!("  {error:#}"),
            Ok(Formula::Ready) => {}
        }
        let ready = matches!(built, Ok(Formula::Ready));
        if ready || built.is_err() {
            self.report("formula", ready, begun.elapsed().as_secs_f64(), Tally::of_step(ready));
        }
        ready
    }

    /// The browser's program answers as this machine's does, which was compiled with the tests, when they were.
    fn same_formula(&mut self, tested: bool) {
        let example = ["build", "--package", "caliopen-web-core", "--example", "questions", "--locked"];
        if tested || self.cargo("questions", &example) {
            let mut command = self.shell.command("web", "npm", &["run", "--silent", "formula"]);
            command.env("CALIOPEN_QUESTIONS", self.shell.programs.join("examples/questions"));
            self.step("formula in the browser", command);
        }
    }

    /// The application is built before the server, which embeds it.
    fn web(&mut self) {
        let root = &self.shell.root;
        if !run::web::is_installed(root) {
            let install = self.shell.command("web", "npm", &["ci", "--ignore-scripts"]);
            if !self.step("web install", install) {
                return;
            }
        }
        for (name, script) in [("web types", "check"), ("web build", "build"), ("web size", "size")] {
            let command = self.shell.command("web", "npm", &["run", "--silent", script]);
            self.step(name, command);
        }
        self.step_in_browser("web tests", "test");
    }

    /// The fuzz targets are no part of the workspace: here they are seen to compile, with the same versions.
    fn fuzz_targets(&mut self) {
        let (lock, copy) = (self.shell.root.join("Cargo.lock"), self.shell.root.join("fuzz/Cargo.lock"));
        if let Err(error) = std::fs::copy(lock, copy) {
            println!("  Cargo.lock cannot be copied to the fuzz targets: {error}");
        }
        self.cargo("fuzz targets", &["check", "--manifest-path", "fuzz/Cargo.toml", "--features", "server"]);
    }

    /// The real browser against the real server: the one that the stories ran, when they ran. To build it alone would
    /// compile half of the workspace again, with the features that only tests ask for left out.
    fn journeys(&mut self, tested: bool) {
        let manifest = std::fs::read_to_string(self.shell.root.join("web/package.json")).unwrap_or_default();
        if !manifest.contains("\"journeys\":") {
            self.left_out("journeys", "web/package.json names none");
            return;
        }
        if tested || self.cargo("server and peers", &["build", "--workspace", "--bins", "--locked"]) {
            self.step_in_browser("journeys", "journeys");
        }
    }

    /// Runs one command, prints its line and, when it failed, the end of what it said.
    fn step(&mut self, name: &str, command: Command) -> bool {
        match self.shell.finish(name, command) {
            Ok(finished) => self.close(name, &finished),
            Err(error) => {
                println!("  {error:#}");
                self.report(name, false, 0.0, Tally::of_step(false));
                false
            }
        }
    }

    /// Tests of the browser: what failed is run once more, alone, and said by name if it passes then.
    fn step_in_browser(&mut self, name: &str, script: &str) {
        let first = match self.in_browser(name, "npm", &["run", "--silent", script]) {
            Ok(first) => first,
            Err(error) => {
                println!("  {error:#}");
                return self.report(name, false, 0.0, Tally::of_step(false));
            }
        };
        let Some(files) = again::files(&first.output).filter(|_| !first.success) else {
            self.close(name, &first);
            return;
        };
        println!("{}", shell::tail(&first.output));
        let node = ["--test", "--test-reporter=spec", "--test-concurrency=1"];
        let node: Vec<&str> = node.into_iter().chain(files.iter().map(String::as_str)).collect();
        let second = self.in_browser(&format!("{name}, again"), "node", &node);
        let passes = second.is_ok_and(|second| second.success);
        let mut tally = tally::read(&first.output, false);
        if passes {
            tally = Tally { passed: tally.passed + tally.failed, failed: 0 };
            for test in again::names(&first.output) {
                println!("  flaky, passed when it was run again: {test}");
            }
        }
        self.report(name, passes, first.took.as_secs_f64(), tally);
    }

    /// A command of `web/`, with the server that the stories ran.
    fn in_browser(&self, name: &str, program: &str, arguments: &[&str]) -> Result<Finished> {
        let mut command = self.shell.command("web", program, arguments);
        command.env("CALIOPEN_PROGRAM", self.shell.programs.join("caliopen"));
        self.shell.finish(name, command)
    }

    fn close(&mut self, name: &str, finished: &Finished) -> bool {
        let tally = tally::read(&finished.output, finished.success);
        if !finished.success {
            println!("{}", shell::tail(&finished.output));
            println!("  (all of it: {})", short(&finished.log));
        }
        self.report(name, finished.success, finished.took.as_secs_f64(), tally);
        finished.success
    }

    /// Says by name what was not checked, and why. It counts as nothing.
    fn left_out(&self, name: &str, why: &str) {
        println!("     –    {name}: skipped, {why}");
    }

    fn report(&mut self, name: &str, success: bool, seconds: f64, tally: Tally) {
        let word = if success { "ok" } else { "FAILED" };
        println!("{seconds:>6.1} s  {name}: {word} ({} passed, {} failed)", tally.passed, tally.failed);
        self.total.add(tally);
    }
}

fn short(log: &Path) -> String {
    log.display().to_string()
}
