//! A command as its author types it, and the files that it reads beside the specification.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Component, Path, PathBuf},
};

use crate::cli::{CliError, Code};

/// A command: its words as a specification has them, and its files.
#[derive(Debug)]
pub(super) struct Program {
    /// The words, with files by their names in the folder of a run; braces that are no placeholder are doubled.
    pub(super) run: Vec<String>,
    /// The words as they are typed, for this folder.
    pub(super) typed: Vec<String>,
    /// The files by their names in the folder of a run, with their paths relative to the specification.
    pub(super) inputs: BTreeMap<String, String>,
    /// The place of the program's own file among the words.
    pub(super) own: Option<usize>,
    /// The folder of the specification.
    pub(super) folder: PathBuf,
}

/// Endings of scripts, and the programs that run them.
const INTERPRETERS: [(&str, &str); 11] = [
    ("py", "python3"), ("sh", "sh"), ("bash", "bash"), ("R", "Rscript"), ("r", "Rscript"), ("jl", "julia"),
    ("js", "node"), ("mjs", "node"), ("pl", "perl"), ("rb", "ruby"), ("lua", "lua"),
];

impl Program {
    /// Reads the command for a specification in `folder`.
    pub(super) fn read(text: &str, folder: &Path) -> Result<Self, CliError> {
        let Some(mut typed) = split(text).filter(|words| !words.is_empty()) else {
            return Err(CliError::usage(
                Code::NewCommand,
                format!("`{text}` is not a command: a quote is not closed, or it is empty"),
                "write the program and its arguments, as in --command \"python3 train.py\"",
            ));
        };
        let file = PathBuf::from(&typed[0]);
        let ending = file.extension().map(|ending| ending.to_string_lossy().into_owned()).unwrap_or_default();
        let interpreter = INTERPRETERS.iter().find(|(own, _)| *own == ending).map(|(_, program)| *program);
        if file.is_file() {
            match interpreter {
                Some(_) if typed[0].contains('/') && is_executable(&file) => {}
                // Shells differ, and the first line names one.
                Some("sh") if begins_with_bash(&file) => typed.insert(0, "bash".into()),
                Some(interpreter) => typed.insert(0, interpreter.into()),
                None if !typed[0].contains('/') => typed[0] = format!("./{}", typed[0]),
                None => {}
            }
        } else if typed[0].contains('/') || interpreter.is_some() || !is_on_path(&typed[0]) {
            return Err(CliError::usage(
                Code::NewCommand,
                format!("there is no program {} in this folder or on the path", typed[0]),
                "give a file, as in --command train.py, or a program and its arguments, as in --command \"make train\"",
            ));
        }
        let own = own_file(&typed);
        let mut program = Self { run: Vec::new(), typed, inputs: BTreeMap::new(), own, folder: folder.to_owned() };
        program.run = (0..program.typed.len()).map(|place| program.word(place)).collect();
        program.add_modules();
        if program.typed[0] == "make" {
            program.add("Makefile");
        }
        Ok(program)
    }

    /// Adds the word's file to the inputs, and returns the word as the run has it.
    fn word(&mut self, place: usize) -> String {
        let word = self.typed[place].clone();
        let name = if word.starts_with('-') || place == 0 && !word.contains('/') { None } else { self.add(&word) };
        match name {
            Some(name) if place == 0 => format!("./{name}"),
            Some(name) => name,
            None => escaped(&word),
        }
    }

    /// Adds a file or folder of this folder to the inputs, and returns its name in the folder of a run.
    pub(super) fn add(&mut self, path: &str) -> Option<String> {
        let path = Path::new(path);
        if path.is_absolute() || !path.exists() || path.components().all(|part| !matches!(part, Component::Normal(_))) {
            return None;
        }
        let path = plain(&std::path::absolute(path).ok()?);
        let base = plain(&std::path::absolute(if self.folder.as_os_str().is_empty() { Path::new(".") } else { &self.folder }).ok()?);
        // The path of a file below itself is empty, and joining it adds a slash.
        let written = |path: &Path| path.to_string_lossy().replace('\\', "/").trim_end_matches('/').to_owned();
        if let Ok(inside) = path.strip_prefix(&base) {
            let name = written(inside);
            self.inputs.insert(name.clone(), name.clone());
            return Some(name);
        }
        // What is elsewhere has its own name, file by file.
        let name = path.file_name()?.to_string_lossy().into_owned();
        let shared = path.components().zip(base.components()).take_while(|(one, other)| one == other).count();
        let up = base.components().skip(shared).map(|_| Component::ParentDir);
        let relative: PathBuf = up.chain(path.components().skip(shared)).collect();
        for below in files(&path) {
            let (name, path) = (Path::new(&name).join(&below), relative.join(&below));
            self.inputs.insert(written(&name), written(&path));
        }
        Some(name)
    }

    /// Adds the Python modules beside the program that it imports, and those that these import.
    fn add_modules(&mut self) {
        let Some(own) = self.script().filter(|own| own.extension().is_some_and(|ending| ending == "py")) else {
            // `python3 -m package.module` runs a module of this folder.
            let module = self.typed.windows(2).find(|pair| self.is_python() && pair[0] == "-m").map(|pair| pair[1].clone());
            let top = module.as_deref().and_then(|module| module.split('.').next()).map(str::to_owned);
            top.iter().for_each(|top| _ = self.add(&format!("{top}.py")).or_else(|| self.add(top)));
            return;
        };
        let beside = own.parent().map(Path::to_path_buf).unwrap_or_default();
        let (mut open, mut seen) = (vec![own], BTreeSet::new());
        while let Some(file) = open.pop().filter(|_| seen.len() < 100) {
            let text = fs::read_to_string(&file).unwrap_or_default();
            for name in imported(&text).filter(|name| seen.insert((*name).to_owned())) {
                let module = beside.join(format!("{name}.py"));
                let package = beside.join(name);
                if module.is_file() {
                    self.add(&module.to_string_lossy());
                    open.push(module);
                } else if package.join("__init__.py").is_file() {
                    self.add(&package.to_string_lossy());
                }
            }
        }
    }

    /// The program's own file.
    pub(super) fn script(&self) -> Option<PathBuf> {
        self.own.map(|place| PathBuf::from(&self.typed[place]))
    }

    pub(super) fn is_python(&self) -> bool {
        Path::new(&self.typed[0]).file_name().is_some_and(|name| name.to_string_lossy().starts_with("python"))
    }
}

/// The place of the first word that is a file and follows an interpreter, or is the program itself.
fn own_file(words: &[String]) -> Option<usize> {
    let is_file = |word: &String| !word.starts_with('-') && Path::new(word).is_file();
    if words[0].contains('/') {
        return is_file(&words[0]).then_some(0);
    }
    let named = Path::new(&words[0]).file_name()?.to_string_lossy().into_owned();
    let runs_scripts = named.starts_with("python") || INTERPRETERS.iter().any(|(_, program)| *program == named);
    let place = words.iter().skip(1).position(|word| !word.starts_with('-'))? + 1;
    (runs_scripts && is_file(&words[place])).then_some(place)
}

/// The files below a folder, by their paths in it; a file is its own, with an empty path. Hidden files and caches are
/// left out.
fn files(path: &Path) -> Vec<PathBuf> {
    const MOST: usize = 1000;
    let (mut found, mut open) = (Vec::new(), vec![PathBuf::new()]);
    while let Some(below) = open.pop().filter(|_| found.len() < MOST) {
        let own = if below.as_os_str().is_empty() { path.to_path_buf() } else { path.join(&below) };
        if own.is_file() {
            found.push(below);
            continue;
        }
        let names = fs::read_dir(own).into_iter().flatten().flatten().map(|entry| entry.file_name());
        let is_plain = |name: &std::ffi::OsString| !name.to_string_lossy().starts_with('.') && name != "__pycache__";
        open.extend(names.filter(is_plain).map(|name| below.join(name)));
    }
    found
}

/// A path without `.` and `..`, by its text.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => _ = plain.pop(),
            part => plain.push(part),
        }
    }
    plain
}

/// The names of modules that a Python file imports.
fn imported(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(imported_on)
}

fn imported_on(line: &str) -> Vec<&str> {
    let line = line.trim();
    let names = match (line.strip_prefix("import "), line.strip_prefix("from ")) {
        (Some(names), _) => names.split(',').collect(),
        (None, Some(rest)) => rest.split(' ').take(1).collect(),
        (None, None) => Vec::new(),
    };
    names.into_iter().map(top_module).filter(|name| !name.is_empty()).collect()
}

fn top_module(name: &str) -> &str {
    name.trim().split(['.', ' ']).next().unwrap_or_default()
}

fn begins_with_bash(file: &Path) -> bool {
    let text = fs::read(file).unwrap_or_default();
    text.split(|byte| *byte == b'\n').next().is_some_and(|line| line.starts_with(b"#!") && line.ends_with(b"bash"))
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(file).is_ok_and(|about| about.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(_: &Path) -> bool {
    false
}

fn is_on_path(name: &str) -> bool {
    env::var_os("PATH").is_some_and(|all| env::split_paths(&all).any(|folder| folder.join(name).is_file()))
}

/// A word with braces doubled that are no placeholder.
fn escaped(word: &str) -> String {
    let (mut out, mut rest) = (String::new(), word);
    while let Some(place) = rest.find(['{', '}']) {
        out.push_str(&rest[..place]);
        rest = &rest[place..];
        let name = rest.strip_prefix('{').and_then(|after| Some(&after[..after.find('}')?])).filter(|name| is_name(name));
        let taken = match name {
            Some(name) => name.len() + 2,
            None => {
                out.push_str(&rest[..1]);
                1
            }
        };
        out.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    out + rest
}

fn is_name(name: &str) -> bool {
    let safe = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    name.starts_with(|first: char| first.is_ascii_alphabetic()) && name.chars().all(safe)
}

/// The placeholders of a word.
pub(super) fn placeholders(word: &str) -> Vec<&str> {
    let doubled = |text: &str, at: usize| text[..at].bytes().rev().take_while(|byte| *byte == b'{').count() % 2 == 1;
    let starts = word.match_indices('{').filter(|(at, _)| !doubled(word, *at) && !word[at + 1..].starts_with('{'));
    starts.filter_map(|(at, _)| Some(&word[at + 1..at + 1 + word[at + 1..].find('}')?])).filter(|name| is_name(name)).collect()
}

/// The words of a command, with quotes and backslashes as in a POSIX shell; `None` if a quote is not closed.
fn split(text: &str) -> Option<Vec<String>> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None | Some('"'), '\\') => word.get_or_insert_default().push(letters.next()?),
            (None, letter) if letter.is_whitespace() => words.extend(word.take()),
            (_, letter) => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_split_as_in_a_shell() {
        let words = |text| split(text).map(|words| words.join("|"));
        assert_eq!(words("python3  train.py").unwrap(), "python3|train.py");
        assert_eq!(words(r#"a 'b c' "d \" e" f\ g ''"#).unwrap(), "a|b c|d \" e|f g|");
        assert_eq!([words("a 'b"), words("a \\")], [None, None]);
        assert_eq!(split(" "), Some(vec![]));
    }

    #[test]
    fn braces_that_are_no_placeholder_are_doubled() {
        for (typed, written, names) in [
            ("{rate}", "{rate}", &["rate"][..]),
            ("--x={a}:{b-2}", "--x={a}:{b-2}", &["a", "b-2"]),
            ("awk '{ print }'", "awk '{{ print }}'", &[]),
            ("{", "{{", &[]),
            ("}{1}", "}}{{1}}", &[]),
        ] {
            let word = escaped(typed);
            assert_eq!((word.as_str(), placeholders(&word).as_slice()), (written, names), "{typed}");
        }
    }

    #[test]
    fn modules_are_named_where_they_are_imported() {
        let text = "import os, helpers.nets as nets\nfrom models.net import Net\n    from . import x\nimportant = 1\nfrom data import load\n";
        assert_eq!(imported(text).collect::<Vec<_>>(), ["os", "helpers", "models", "data"]);
    }
}
