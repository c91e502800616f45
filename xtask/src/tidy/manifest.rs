//! As much of a Cargo.toml as the rules need: names of dependencies, by section.

/// The dependencies that a manifest names.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// `[dependencies]`, `[build-dependencies]` and those of a target.
    pub normal: Vec<String>,
    /// `[dev-dependencies]`.
    pub dev: Vec<String>,
    /// `[workspace.dependencies]`.
    pub workspace: Vec<String>,
}

impl Manifest {
    /// Reads a manifest as it is written here: one dependency on a line, or as a table of its own.
    pub fn parse(text: &str) -> Self {
        let mut manifest = Self::default();
        let mut section = String::new();
        for line in text.lines().map(str::trim) {
            if let Some(header) = line.strip_prefix('[') {
                section = header.trim_end_matches(']').to_owned();
                if let Some((outer, name)) = section.rsplit_once("dependencies.") {
                    manifest.add(&format!("{outer}dependencies"), name);
                }
            } else if !line.is_empty() && !line.starts_with('#') {
                let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
                manifest.add(&section, name);
            }
        }
        manifest
    }

    fn add(&mut self, section: &str, name: &str) {
        let list = match section {
            "workspace.dependencies" => &mut self.workspace,
            "dev-dependencies" => &mut self.dev,
            "dependencies" | "build-dependencies" => &mut self.normal,
            other if other.starts_with("target.") && other.ends_with(".dependencies") => &mut self.normal,
            _ => return,
        };
        list.push(name.to_owned());
    }

    /// All that the crate itself depends on.
    pub fn all(&self) -> impl Iterator<Item = &String> {
        self.normal.iter().chain(&self.dev)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_are_found_in_each_way_of_writing_them() {
        let text = "[package]\nname = \"a\"\n\n[dependencies]\nserde.workspace = true\n# no\nbytes = \"1\"\n\
                    [dependencies.tokio]\nversion = \"1\"\n[dev-dependencies]\nproptest = { workspace = true }\n\
                    [target.'cfg(unix)'.dependencies]\nlibc.workspace = true\n[workspace.dependencies]\nclap = \"4\"\n";
        let manifest = Manifest::parse(text);
        assert_eq!(manifest.normal, ["serde", "bytes", "tokio", "libc"]);
        assert_eq!(manifest.dev, ["proptest"]);
        assert_eq!(manifest.workspace, ["clap"]);
    }
}
