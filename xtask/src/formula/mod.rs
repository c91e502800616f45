//! The privacy index for the browser: `crates/web-core` compiled to WebAssembly, where something on this machine can.
//!
//! The application works without it, by asking the server: so a machine that cannot compile it is told so, and no more.

mod compiler;

use crate::run::web::{modified, newest};
use crate::shell::Shell;
use anyhow::{Context, Result};
use compiler::Compiler;
use std::fs;
use std::path::Path;

/// Where the build of `web/` looks for it.
const PLACE: &str = "web/compiled/formula.wasm";
/// What it is made of.
const SOURCES: [&str; 5] = ["crates/model", "crates/privacy", "crates/web-core", "Cargo.lock", "Cargo.toml"];
const CRATE: &str = "caliopen-web-core";
const TARGET: &str = "wasm32-unknown-unknown";

/// What became of it.
#[derive(Debug)]
pub enum Formula {
    /// It is there, of this source.
    Ready,
    /// It is not there, because of this.
    LeftOut(&'static str),
}

/// Compiles it unless it is newer than every source. A compiler may be brought where `brings`: a hundred megabytes of
/// Debian's packages, unpacked beside the build and installed nowhere.
pub fn build(shell: &Shell, brings: bool) -> Result<Formula> {
    let place = shell.root.join(PLACE);
    if is_built(&shell.root) {
        return Ok(Formula::Ready);
    }
    // One of another source must not be served.
    if place.is_file() {
        fs::remove_file(&place).with_context(|| format!("cannot remove {}", place.display()))?;
    }
    let tools = shell.programs.join("xtask-tools/rust-web");
    let found = Compiler::find(shell, &tools);
    let Some(compiler) = found.or_else(|| brings.then(|| Compiler::bring(shell, &tools)).flatten()) else {
        return Ok(Formula::LeftOut(
            "no compiler for WebAssembly is here (`rustup target add wasm32-unknown-unknown` brings one): the \
             browser asks the server for each index",
        ));
    };
    compile(shell, &compiler, &place)?;
    Ok(Formula::Ready)
}

fn compile(shell: &Shell, compiler: &Compiler, place: &Path) -> Result<()> {
    // A folder of its own: another compiler would have everything else compiled anew.
    let target = shell.programs.join("xtask-formula");
    let arguments = ["rustc", "--locked", "--package", CRATE, "--lib", "--crate-type", "cdylib"];
    let browser = ["--profile", "browser", "--target", TARGET];
    let mut command = shell.command("", "cargo", &[arguments.as_slice(), browser.as_slice()].concat());
    compiler.apply(command.env("CARGO_TARGET_DIR", &target));
    shell.require("formula", command)?;
    let built = target.join(TARGET).join("browser").join(format!("{}.wasm", CRATE.replace('-', "_")));
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::copy(&built, place).with_context(|| format!("cannot copy {}", built.display()))?;
    Ok(())
}

fn is_built(root: &Path) -> bool {
    let built = modified(&root.join(PLACE));
    built.is_some() && built > SOURCES.iter().filter_map(|source| newest(&root.join(source))).max()
}
