//! What compiles to WebAssembly here: rustup's target, or Debian's packages of a compiler for its browsers.
//!
//! Debian has the compiler and the source of the standard library, and not the library compiled for this target: cargo
//! compiles it (`-Zbuild-std`), which a released compiler does when it is told to (`RUSTC_BOOTSTRAP`). The packages
//! want to take the place of a rustc that is installed: so they are unpacked into a folder, and nothing is installed.

use super::TARGET;
use crate::shell::{Shell, has_program};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const PACKAGES: [&str; 3] = ["rustc-web", "rust-web-llvm", "rust-web-src"];
/// Fetches packages with what they need and is not installed, and unpacks them into a folder. The linker is a package of
/// its own, of the name that the compiler knows it by. Of the source, the library alone is of use, and nothing of LLVM's
/// other programs. The lists of packages may be old, or not be there at all: only root may fetch them.
const UNPACK: &str = r#"set -eu
folder=$1
shift
fetch() {
    apt-get -qq -y --no-install-recommends --download-only -o Debug::NoLocking=1 \
        -o Dir::Cache::archives="$folder/packages" install "$@"
}
unpack() {
    rm -f "$folder"/packages/llvm-*.deb
    for package in "$folder"/packages/*.deb; do dpkg-deb -x "$package" "$folder"; done
    rm -f "$folder"/packages/*.deb
}
mkdir -p "$folder/packages/partial"
fetch "$@" || { apt-get -qq update; fetch "$@"; }
unpack
fetch "$(readlink "$folder/usr/bin/rust-lld")"
unpack
find "$folder"/usr/src/*/ -mindepth 1 -maxdepth 1 ! -name library -exec rm -rf {} +
rm -rf "$folder/packages"
"#;
const BUILD_STD: &str = "-Zbuild-std=std,panic_abort";

/// A compiler for the target.
#[derive(Debug)]
pub enum Compiler {
    /// The one that compiles everything else.
    Own,
    /// Debian's, unpacked into this folder.
    Debian(PathBuf),
}

impl Compiler {
    /// The one that is here.
    pub fn find(shell: &Shell, unpacked: &Path) -> Option<Self> {
        let mut command = shell.command("", "rustc", &["--print", "target-libdir", "--target", TARGET]);
        let library = command.stderr(Stdio::null()).output().ok().filter(|output| output.status.success());
        let library = library.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
        if library.is_some_and(|folder| Path::new(&folder).is_dir()) {
            return Some(Self::Own);
        }
        unpacked.join("usr/bin/rustc").is_file().then(|| Self::Debian(unpacked.to_owned()))
    }

    /// Brings Debian's. None where there is no Debian, or its packages cannot be had.
    pub fn bring(shell: &Shell, unpacked: &Path) -> Option<Self> {
        if !has_program("apt-get") || !has_program("dpkg-deb") {
            return None;
        }
        println!("          unpacking {}", PACKAGES.join(" "));
        let folder = unpacked.to_string_lossy();
        let script = ["-c", UNPACK, "unpack", &folder];
        let command = shell.command("", "sh", &[script.as_slice(), PACKAGES.as_slice()].concat());
        match shell.require("unpack rustc-web", command) {
            Ok(_) => Self::find(shell, unpacked),
            Err(error) => {
                println!("  {error:#}");
                // Half a compiler is none.
                let _ = fs::remove_dir_all(unpacked);
                None
            }
        }
    }

    /// Has a cargo command use it.
    pub fn apply(&self, command: &mut Command) {
        let Self::Debian(folder) = self else { return };
        let programs = folder.join("usr/bin");
        let libraries = folder.join("usr/lib/x86_64-linux-gnu");
        command
            .arg(BUILD_STD)
            .env("RUSTC", programs.join("rustc"))
            .env("RUSTC_BOOTSTRAP", "1")
            .env("LD_LIBRARY_PATH", before("LD_LIBRARY_PATH", &libraries))
            .env("PATH", before("PATH", &programs));
    }
}

/// A list of folders with this one before the others.
fn before(variable: &str, folder: &Path) -> OsString {
    let others = std::env::var_os(variable).unwrap_or_default();
    let all = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&others));
    std::env::join_paths(all.filter(|path| !path.as_os_str().is_empty()))
        .unwrap_or_else(|_| folder.as_os_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_goes_before_the_others() {
        let path = before("PATH", Path::new("/unpacked/bin"));
        let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
        assert_eq!(folders.first().unwrap(), Path::new("/unpacked/bin"));
        assert!(folders.len() > 1);
        assert_eq!(before("NO_SUCH_LIST_OF_FOLDERS", Path::new("/a")), "/a");
    }

    #[test]
    fn the_compiler_of_everything_else_needs_nothing_said() {
        let mut command = Command::new("cargo");
        Compiler::Own.apply(&mut command);
        assert_eq!((command.get_args().count(), command.get_envs().count()), (0, 0));
        Compiler::Debian(PathBuf::from("/unpacked")).apply(&mut command);
        assert_eq!(command.get_args().collect::<Vec<_>>(), [BUILD_STD]);
        assert!(command.get_envs().any(|(name, _)| name == "RUSTC_BOOTSTRAP"));
    }
}
