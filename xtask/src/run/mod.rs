//! `cargo xtask run`: builds everything and starts Caliopen on an embedded store.
//!
//! All it knows of the product is its command line, in `server`. With `--demo`, two accounts are made before the
//! start, and a year of mail comes in through the real SMTP port of the very server, under a clock that is moved.

mod demo;
mod server;
pub mod web;

use crate::shell::{Shell, has_program};
use anyhow::{Context, Result, bail};
use server::Server;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

/// What to start, and where.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Adds alice and bob, and a year of their mail.
    #[arg(long)]
    demo: bool,
    /// Where everything is kept. Without it: a folder of your own for data, or one beside the build for the demo.
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// The port of the web application.
    #[arg(long, value_name = "N", default_value_t = 8080)]
    port: u16,
    /// The port that mail comes in by.
    #[arg(long, value_name = "N", default_value_t = 2525)]
    smtp_port: u16,
    /// Builds and prepares, but does not wait for the server to end: it is stopped again.
    #[arg(long, hide = true)]
    once: bool,
}

/// Builds, starts, fills when asked to, and waits until the server ends.
pub fn run(shell: &Shell, options: &Options) -> Result<ExitCode> {
    for (program, how) in [("npm", "Node.js 20.19 or later"), ("cc", "a C compiler (build-essential)")] {
        if !has_program(program) {
            bail!("`{program}` is missing: install {how}, then run this again");
        }
    }
    build(shell, options.demo)?;
    let data = data_folder(shell, options)?;
    println!("data: {}", data.display());
    let mut server = Server::new(shell, &data, options.port, options.smtp_port);
    let fill = options.demo && demo::prepare(&server, &data)?;
    let world = if fill { demo::World::start(shell, &data)? } else { None };
    server.config = world.as_ref().map(|world| world.config.clone());
    if fill {
        demo::fill(shell, &server, &data)?;
    }
    // The server says itself what to open: with a one-time token while nobody has an account.
    let mut running = server.start()?;
    if options.demo {
        println!("{}", demo::welcome());
    }
    if options.once {
        running.stop()?;
        return Ok(ExitCode::SUCCESS);
    }
    let ended = running.wait();
    drop(world);
    ended
}

fn build(shell: &Shell, demo: bool) -> Result<()> {
    if web::build(shell)? {
        println!("built the web application");
    }
    println!("building the server (the first time takes some minutes)");
    let mut packages = vec!["build", "--locked", "--package", "caliopen-server", "--bins"];
    if demo {
        packages.extend(["--example", "demo", "--package", "caliopen-testkit"]);
    }
    let finished = shell.require("build", shell.command("", "cargo", &packages))?;
    println!("built the server in {:.0} s", finished.took.as_secs_f64());
    Ok(())
}

/// The folder that was named; else the user's own for data (XDG Base Directory), or the demo's beside the build.
fn data_folder(shell: &Shell, options: &Options) -> Result<PathBuf> {
    let folder = match &options.data {
        Some(folder) => folder.clone(),
        None if options.demo => shell.programs.join("caliopen-demo"),
        None => {
            let of_user = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from);
            let of_home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share"));
            of_user
                .or_else(of_home)
                .context("name a folder with --data: there is no home folder")?
                .join("caliopen")
        }
    };
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    folder.canonicalize().with_context(|| format!("cannot find {}", folder.display()))
}
