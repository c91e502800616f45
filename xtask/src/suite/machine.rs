//! What the suite needs on the machine besides Rust and Node, and how it comes there.
//!
//! On Debian, as root or with sudo that asks nothing, missing packages are installed. No daemon is started by
//! that: each test starts the peers that it needs on loopback and stops them. Elsewhere one sentence says what
//! is missing.

use crate::shell::{Shell, has_program};
use anyhow::{Result, bail};
use std::process::{Command, Stdio};

/// A program, the Debian package that brings it, and what for.
const NEEDED: [(&str, &str); 11] = [
    ("cc", "build-essential"),
    ("git", "git"),
    ("chromium", "chromium"),
    ("postfix", "postfix"),
    ("knotd", "knot"),
    ("kdig", "knot-dnsutils"),
    ("dovecot", "dovecot-lmtpd"),
    ("swaks", "swaks"),
    ("openssl", "openssl"),
    ("strace", "strace"),
    ("fc-list", "fontconfig"),
];

/// Files that are no programs: fonts for the pictures of the journeys, what judges the mail that we send, and what swaks
/// encrypts with.
const FILES: [(&str, &str); 6] = [
    ("/usr/lib/python3/dist-packages/aiosmtpd/__init__.py", "python3-aiosmtpd"),
    ("/usr/lib/python3/dist-packages/dkim/__init__.py", "python3-dkim"),
    ("/usr/lib/python3/dist-packages/nacl/__init__.py", "python3-nacl"),
    ("/usr/share/doc/libnet-ssleay-perl/copyright", "libnet-ssleay-perl"),
    ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "fonts-dejavu-core"),
    ("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf", "fonts-noto-color-emoji"),
];

/// Keeps package scripts from starting what they install (Debian policy, invoke-rc.d). Removed afterwards, and
/// never laid over a policy that the machine already has.
const INSTALL: &str = r#"set -eu
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qq install -y --no-install-recommends "$@"
"#;

/// Makes the machine ready, or says in one sentence what it lacks.
pub fn prepare(shell: &Shell) -> Result<()> {
    for (program, how) in [("cargo", "https://rustup.rs"), ("npm", "Node.js 20.19 or later")] {
        if !has_program(program) {
            bail!("`{program}` is missing: install {how}, then run this again");
        }
    }
    let missing = missing();
    if missing.is_empty() {
        return Ok(());
    }
    let packages = missing.join(" ");
    let Some(mut command) = installer(shell) else {
        bail!("these tests need programs that are not here: apt-get install {packages}");
    };
    println!("          installing {packages}");
    command.args(&missing);
    shell.require("install packages", command)?;
    Ok(())
}

fn missing() -> Vec<&'static str> {
    let programs = NEEDED.iter().filter(|(program, _)| !has_program(program));
    let files = FILES.iter().filter(|(file, _)| !std::path::Path::new(file).is_file());
    programs.chain(files).map(|(_, package)| *package).collect()
}

/// The command that installs, when this user may install without being asked anything.
fn installer(shell: &Shell) -> Option<Command> {
    if !has_program("apt-get") {
        return None;
    }
    let script = ["-c", INSTALL, "install"];
    if says("id", &["-u"]).as_deref() == Some("0") {
        return Some(shell.command("", "sh", &script));
    }
    says("sudo", &["-n", "true"])?;
    Some(shell.command("", "sudo", &[["-n", "sh"].as_slice(), script.as_slice()].concat()))
}

/// What a command printed, when it ended well.
fn says(program: &str, arguments: &[&str]) -> Option<String> {
    let output =
        Command::new(program).args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
