//! Installed kernels: folders `kernels/NAME` with `kernel.json` in Jupyter's data folders.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use tokio::process::Command;

#[derive(Debug, Clone, Deserialize)]
pub struct Spec {
    /// The command; `{connection_file}` and `{resource_dir}` are replaced by paths.
    pub argv: Vec<String>,
    /// The name that is displayed.
    #[serde(default)]
    pub display_name: String,
    #[serde(default)]
    pub language: String,
    /// `signal` or `message`.
    #[serde(default)]
    pub interrupt_mode: String,
    /// Additional environment variables.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// The folder of the kernelspec.
    #[serde(skip)]
    pub folder: PathBuf,
}

/// Jupyter's data folders by priority: `JUPYTER_PATH`, the user's folder, those of the Pythons on the search path, the
/// system's.
pub fn data_folders() -> Vec<PathBuf> {
    let path = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    let mut folders: Vec<PathBuf> = path("JUPYTER_PATH").iter().flat_map(env::split_paths).collect();
    let home = env::home_dir();
    match path("JUPYTER_DATA_DIR") {
        Some(own) => folders.push(own.into()),
        None if cfg!(target_os = "macos") => folders.extend(home.map(|home| home.join("Library/Jupyter"))),
        None => {
            let data = path("XDG_DATA_HOME").map(PathBuf::from).or(home.map(|home| home.join(".local/share")));
            folders.extend(data.map(|data| data.join("jupyter")));
        }
    }
    let prefixes = ["VIRTUAL_ENV", "CONDA_PREFIX"].into_iter().filter_map(path).map(PathBuf::from);
    folders.extend(prefixes.map(|prefix| prefix.join("share/jupyter")));
    let programs = path("PATH").unwrap_or_default();
    folders.extend(env::split_paths(&programs).filter_map(|bin| Some(bin.parent()?.join("share/jupyter"))));
    folders.extend(["/usr/local/share/jupyter", "/usr/share/jupyter"].map(PathBuf::from));
    folders
}

/// Finds a kernel by name; otherwise returns the installed names.
pub fn find(name: &str, folders: &[PathBuf]) -> Result<Result<Spec, String>, BTreeSet<String>> {
    let mut known = BTreeSet::new();
    for folder in folders.iter().map(|folder| folder.join("kernels")) {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let file = entry.path().join("kernel.json");
            let own = entry.file_name().to_string_lossy().into_owned();
            if !file.is_file() {
                continue;
            }
            // Jupyter compares names in lowercase.
            if own.to_lowercase() == name.to_lowercase() {
                return Ok(read(&file));
            }
            known.insert(own);
        }
    }
    Err(known)
}

fn read(file: &Path) -> Result<Spec, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    let spec: Spec =
        serde_json::from_str(&text).map_err(|error| format!("{} is not a kernelspec: {error}", file.display()))?;
    if spec.argv.is_empty() {
        return Err(format!("{} names no command", file.display()));
    }
    Ok(Spec { folder: file.parent().unwrap_or(Path::new(".")).into(), ..spec })
}

impl Spec {
    pub fn command(&self, connection_file: &Path) -> Command {
        let filled = |word: &String| {
            let word = word.replace("{connection_file}", &connection_file.to_string_lossy());
            word.replace("{resource_dir}", &self.folder.to_string_lossy())
        };
        let mut command = Command::new(self.program());
        command.args(self.argv[1..].iter().map(filled)).envs(&self.env);
        command
    }

    /// The program: for a bare `python`, the one that the kernelspec belongs to.
    fn program(&self) -> PathBuf {
        let name = &self.argv[0];
        let prefix = self.folder.ancestors().nth(4);
        let own = prefix.map(|prefix| prefix.join("bin").join(name));
        own.filter(|own| name.starts_with("python") && own.is_file()).unwrap_or_else(|| name.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_folder_wins_and_installed_kernels_are_listed() {
        let root = tempfile::tempdir().unwrap();
        let write = |folder: &str, name: &str, text: &str| {
            let kernel = root.path().join(folder).join("kernels").join(name);
            fs::create_dir_all(&kernel).unwrap();
            fs::write(kernel.join("kernel.json"), text).unwrap();
        };
        write("a", "one", r#"{ "argv": ["x", "-f", "{connection_file}"], "display_name": "first" }"#);
        write("b", "one", r#"{ "argv": ["y"], "display_name": "second" }"#);
        write("b", "Two", r#"{ "argv": [] }"#);
        let folders = ["a", "b", "absent"].map(|name| root.path().join(name));
        let one = find("one", &folders).unwrap().unwrap();
        assert_eq!(one.display_name, "first");
        let command = one.command(Path::new("/c.json"));
        assert_eq!(command.as_std().get_args().collect::<Vec<_>>(), ["-f", "/c.json"]);
        assert!(find("two", &folders).unwrap().unwrap_err().ends_with("names no command"));
        assert_eq!(find("three", &folders).unwrap_err().into_iter().collect::<Vec<_>>(), ["Two", "one"]);
    }
}
