//! Building the web application, when something of it changed.

use crate::formula::{self, Formula};
use crate::shell::Shell;
use anyhow::Result;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

/// What the built application is made of, in `web/`.
const SOURCES: [&str; 10] = [
    "src",
    "compiled",
    "messages",
    "public",
    "static",
    "index.html",
    "package-lock.json",
    "vite.config.ts",
    "vite.worker.config.ts",
    "vite.config.js",
];

/// Builds unless the result is newer than every source. Whether it built.
pub fn build(shell: &Shell) -> Result<bool> {
    if let Formula::LeftOut(why) = formula::build(shell, false)? {
        println!("the privacy index is not compiled for the browser: {why}");
    }
    if is_built(&shell.root) {
        return Ok(false);
    }
    if !is_installed(&shell.root) {
        shell.require("web install", shell.command("web", "npm", &["ci", "--ignore-scripts"]))?;
    }
    shell.require("web build", shell.command("web", "npm", &["run", "--silent", "build"]))?;
    Ok(true)
}

/// What the lock file names is installed: npm leaves its own copy of the lock, newer than ours, when it is done.
pub fn is_installed(root: &Path) -> bool {
    let installed = modified(&root.join("web/node_modules/.package-lock.json"));
    installed.is_some() && installed >= modified(&root.join("web/package-lock.json"))
}

fn is_built(root: &Path) -> bool {
    let web = root.join("web");
    let built = modified(&web.join("dist/index.html"));
    let newest = SOURCES.iter().filter_map(|source| newest(&web.join(source))).max();
    built.is_some() && built > newest
}

/// The latest change of a file, or of anything in a folder.
pub fn newest(path: &Path) -> Option<SystemTime> {
    let own = modified(path);
    let Ok(entries) = fs::read_dir(path) else { return own };
    entries.flatten().filter_map(|entry| newest(&entry.path())).chain(own).max()
}

/// When a file changed last; none where there is none.
pub fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of this test's own, removed at its end.
    struct Folder(std::path::PathBuf);

    impl Drop for Folder {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }

    #[test]
    fn an_application_is_built_again_when_a_source_is_newer() {
        let folder = Folder(std::env::temp_dir().join(format!("xtask-web-{}", std::process::id())));
        let web = folder.0.join("web");
        fs::create_dir_all(web.join("src/routes")).unwrap();
        fs::create_dir_all(web.join("dist")).unwrap();
        let at = |path: &str, seconds: u64| {
            let file = fs::File::create(web.join(path)).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(seconds)).unwrap();
        };
        // The folders themselves are as new as now; what was built is newer than they are.
        let future = 32_503_680_000;
        at("src/routes/page.svelte", 1);
        assert!(!is_built(&folder.0), "nothing was built yet");
        at("dist/index.html", future);
        assert!(is_built(&folder.0));
        at("src/routes/page.svelte", future + 1);
        assert!(!is_built(&folder.0));
    }
}
