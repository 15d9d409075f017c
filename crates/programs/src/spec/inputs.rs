//! The inputs of a program: files that each run gets as copies, by their names in the folder of the run.

use std::{
    collections::BTreeMap,
    fs,
    path::{Component, Path},
};

use crate::engine_spec::{
    Code, Problem,
    tree::{Node, Value},
};

/// The inputs: the name of each in the folder of a run, and the path of the file, relative to the specification.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inputs(pub BTreeMap<String, String>);

/// The most files that a program can have as inputs.
const MOST: usize = 100_000;

const PATH: &str = "command.inputs";

/// The file in the folder of a run with its settings.
pub const SETTINGS: &str = "restudy.json";

/// Whether a name stays inside the folder of a run, and is written in one way only.
#[must_use]
pub fn is_inside(name: &str) -> bool {
    let normal = |part: Component<'_>| matches!(part, Component::Normal(_));
    let is_plain = !name.is_empty() && !name.contains('\\') && !name.ends_with('/') && !name.contains("//");
    is_plain && Path::new(name).components().all(normal) && !name.split('/').any(|part| part == ".")
}

impl Inputs {
    /// Reads `inputs`: a list of patterns relative to `folder`, or a table of names and paths. Patterns are expanded
    /// now, so that the study lists every file.
    ///
    /// # Errors
    /// A pattern matches no file or leads out of the folder, or a name cannot be that of a file.
    pub fn read(node: Option<&Node>, folder: &Path) -> Result<Self, Problem> {
        let mut inputs = BTreeMap::new();
        match node.map(|node| (&node.value, node)) {
            None => {}
            Some((Value::List(patterns), _)) => {
                for pattern in patterns {
                    let text = pattern.text().ok_or_else(|| {
                        Problem::value(Code::WrongType, PATH, pattern, "the path of a file, or a pattern")
                    })?;
                    for name in expand(text, pattern, folder)? {
                        inputs.insert(name.clone(), name);
                    }
                }
            }
            Some((Value::Table(table), _)) => {
                for entry in &table.0 {
                    let path = entry.node.text().filter(|path| !path.is_empty());
                    let path = path
                        .filter(|path| !folder.join(path).is_dir())
                        .ok_or_else(|| Problem::value(Code::WrongType, PATH, &entry.node, "the path of a file"))?;
                    if !is_inside(&entry.key) {
                        let message = format!("an input cannot be named {:?} in the folder of a run", entry.key);
                        return Err(Problem::new(Code::InvalidValue, message)
                            .at(entry.span, "expected a name without `..`, `.` and a leading `/`"));
                    }
                    inputs.insert(entry.key.clone(), path.to_owned());
                }
            }
            Some((_, node)) => {
                let expected = "a list of files and patterns, or a table from names to files";
                return Err(Problem::value(Code::WrongType, PATH, node, expected));
            }
        }
        if inputs.contains_key(SETTINGS) {
            let node = node.expect("only a section has inputs");
            let message = format!("an input cannot be named `{SETTINGS}` in the folder of a run");
            return Err(Problem::new(Code::InvalidValue, message)
                .at(node.span, "this file has the settings of the run")
                .help(format!("give it another name there: inputs = {{ \"other.json\" = \"{SETTINGS}\" }}")));
        }
        if inputs.len() > MOST {
            let node = node.expect("only a section has inputs");
            let message = format!("the program has {} inputs, at most {MOST} are possible", inputs.len());
            return Err(Problem::new(Code::InvalidValue, message).at(node.span, "these files"));
        }
        let above =
            |(one, other): (&String, &String)| other.strip_prefix(one).is_some_and(|rest| rest.starts_with('/'));
        if let Some((file, below)) = inputs.keys().zip(inputs.keys().skip(1)).find(|pair| above(*pair)) {
            let node = node.expect("only a section has inputs");
            let message = format!("the input `{file}` is a file, and `{below}` would be inside it");
            return Err(Problem::new(Code::InvalidValue, message).at(node.span, "these inputs"));
        }
        Ok(Self(inputs))
    }
}

/// The files that a pattern matches; a folder stands for all files below it.
fn expand(pattern: &str, node: &Node, folder: &Path) -> Result<Vec<String>, Problem> {
    let outside = Path::new(pattern).components().any(|part| !matches!(part, Component::Normal(_) | Component::CurDir));
    if outside || pattern.is_empty() {
        let file = Path::new(pattern).file_name().map_or_else(|| "name".into(), |name| name.to_string_lossy());
        return Err(Problem::value(Code::InvalidValue, PATH, node, "a path below the folder of the specification")
            .help(format!("for a file elsewhere, give the name that it has for the program: inputs = {{ \"{file}\" = \"{pattern}\" }}")));
    }
    let whole = format!("{}/{pattern}", glob::Pattern::escape(&folder_text(folder)));
    let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
    let paths = glob::glob_with(&whole, options)
        .map_err(|error| Problem::value(Code::InvalidValue, PATH, node, &format!("a pattern: {}", error.msg)))?;
    let mut names = Vec::new();
    for path in paths.filter_map(Result::ok) {
        files_under(&path, folder, &mut names);
    }
    if names.is_empty() {
        let problem = Problem::new(Code::InvalidValue, format!("the input {pattern:?} matches no file"));
        let place = if folder.as_os_str().is_empty() { "this folder".into() } else { folder.display().to_string() };
        return Err(problem.at(node.span, format!("no such file in {place}")));
    }
    Ok(names)
}

fn folder_text(folder: &Path) -> String {
    if folder.as_os_str().is_empty() { ".".into() } else { folder.to_string_lossy().into_owned() }
}

/// Adds the names of `path`, or of all files below it, relative to `folder`. Hidden files below a folder, such as those
/// of version control, are left out.
fn files_under(path: &Path, folder: &Path, names: &mut Vec<String>) {
    if names.len() > MOST {
        return;
    }
    // A results folder is no input, wherever it is.
    let is_results = || path.join("segments").is_dir() && path.join("study.toml").is_file();
    if path.is_dir() && is_results() {
        return;
    }
    if path.is_dir() {
        let mut entries: Vec<_> =
            fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        entries.sort();
        let hidden = |path: &Path| path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
        let caches = |path: &Path| path.file_name().is_some_and(|name| name == "__pycache__");
        entries.iter().filter(|path| !hidden(path) && !caches(path)).for_each(|path| files_under(path, folder, names));
    } else if path.is_file() {
        let base = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let name = path.strip_prefix(base).unwrap_or(path);
        let parts: Vec<_> = name
            .components()
            .filter_map(|part| match part {
                Component::Normal(part) => Some(part.to_string_lossy()),
                _ => None,
            })
            .collect();
        names.push(parts.join("/"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine_spec::tree;

    fn read(text: &str, folder: &Path) -> Result<Vec<(String, String)>, String> {
        let root = tree::document(&format!("inputs = {text}"), 0).unwrap();
        let inputs = Inputs::read(root.get("inputs"), folder).map_err(|problem| problem.message)?;
        Ok(inputs.0.into_iter().collect())
    }

    #[test]
    fn patterns_and_folders_become_files() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        fs::create_dir_all(at.join("data/.git")).unwrap();
        for name in ["train.py", "data/b.csv", "data/a.csv", "data/notes.txt", "data/.git/x"] {
            fs::write(at.join(name), name).unwrap();
        }
        let names = |text: &str| read(text, at).map(|all| all.into_iter().map(|(name, _)| name).collect::<Vec<_>>());
        assert_eq!(names(r#"["train.py", "data/*.csv"]"#).unwrap(), ["data/a.csv", "data/b.csv", "train.py"]);
        assert_eq!(names(r#"["./data"]"#).unwrap(), ["data/a.csv", "data/b.csv", "data/notes.txt"]);
        assert_eq!(read(r#"{ "in.csv" = "../x.csv" }"#, at).unwrap(), [("in.csv".into(), "../x.csv".into())]);
        assert!(names(r#"["missing.py"]"#).unwrap_err().contains("matches no file"));
        assert!(names(r#"["../x.csv"]"#).is_err() && names(r#"["/etc/passwd"]"#).is_err() && names(r#"[""]"#).is_err());
        assert!(read(r#"{ "../x" = "x" }"#, at).is_err() && read(r#"{ "a" = "x", "a/b" = "x" }"#, at).is_err());
    }

    #[test]
    fn names_stay_inside() {
        assert!(["a", "a/b.csv", "..a", "a..b/c"].iter().all(|name| is_inside(name)));
        assert!(!["", "..", "a/../b", "/a", "./a", "a/", "a//b", "a/./b", "a\\b"].iter().any(|name| is_inside(name)));
    }
}
