//! Names a file that a program missed because it is not declared as an input.

use std::path::Path;

use crate::{kind::ProgramSettings, spec::is_inside};

/// Returns a remedy if standard error names a missing file or module that is beside the specification, or if a word of
/// the command is such a file. `folder` is the folder of the run.
pub(super) fn undeclared(settings: &ProgramSettings, errors: &str, folder: &Path) -> Option<String> {
    let command = &settings.command;
    if !command.hermetic {
        return None;
    }
    let is_missing = |line: &&str| {
        [
            "No such file",
            "not found",
            "No module named",
            "can't open",
            "cannot open",
            "does not exist",
            "Could not open",
        ]
        .iter()
        .any(|sign| line.contains(sign))
    };
    // An input, or a folder with inputs.
    let is_input = |name: &str| {
        command
            .inputs
            .0
            .keys()
            .any(|input| input.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    };
    let is_there = |name: &String| command.source.join(name).exists() && !is_input(name);
    let errors = errors.replace(&format!("{}/", folder.display()), "");
    let makefile = ["makefile", "Makefile"].into_iter().filter(|_| errors.contains("makefile"));
    let words = command.run.iter().map(String::as_str).chain(makefile);
    let mut words = words.map(|word| word.trim_start_matches("./").to_owned()).filter(|word| is_inside(word));
    let name =
        errors.lines().filter(is_missing).flat_map(candidates).find(&is_there).or_else(|| words.find(&is_there))?;
    Some(format!(
        "`{name}` is beside the specification, but a run has its inputs alone: add \"{name}\" to command.inputs"
    ))
}

/// The words of a line that may name a file or a Python module.
fn candidates(line: &str) -> Vec<String> {
    let mut names = Vec::new();
    for word in line.split(|c: char| c.is_whitespace() || "'\"`:,()[]\u{2018}\u{2019}".contains(c)) {
        let word = word.trim_start_matches("./").trim_end_matches('.');
        if word.is_empty() || word.starts_with('/') || word.split('/').any(|part| part == "..") {
            continue;
        }
        names.push(word.to_owned());
        let module = word.replace('.', "/");
        names.extend([format!("{module}.py"), module.split('/').next().unwrap_or_default().to_owned()]);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_in_messages_of_several_languages() {
        for (line, file) in [
            ("FileNotFoundError: [Errno 2] No such file or directory: 'data/x.csv'", "data/x.csv"),
            ("ModuleNotFoundError: No module named 'helpers'", "helpers.py"),
            ("sh: 1: ./run.sh: not found", "run.sh"),
            ("cat: points.csv: No such file or directory", "points.csv"),
            ("ModuleNotFoundError: No module named 'pkg.models'", "pkg"),
        ] {
            assert!(candidates(line).iter().any(|name| name == file), "{line}: {:?}", candidates(line));
        }
        let outside = candidates("open '/etc/x', '../y': No such file");
        assert!(!outside.iter().any(|name| name.contains("etc") || name == "y" || name == "x"), "{outside:?}");
    }
}
