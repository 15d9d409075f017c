//! The experiment that a specification names.

use std::{path::Path, sync::Arc};

use serde::Deserialize;

use crate::{
    experiment::{self, Kind},
    spec::{
        problem::{Code, Problem, nearest},
        read,
        tree::Node,
    },
};

/// What `[experiment]` names; the network where it is absent. Of a specification that is kept with results, their declaration says what it is.
pub(super) fn kind_of(root: &Node, folder: &Path, kept: bool) -> Result<Arc<dyn Kind>, Problem> {
    let Some(node) = root.get("experiment") else { return unnamed(root) };
    let Named { name, version } = read::read(node, "experiment")?;
    if let Some(kind) = experiment::find(&name, version) {
        return Ok(kind);
    }
    if let Some(kind) = kept.then(|| experiment::told(folder)).flatten() {
        let own = kind.declaration();
        if (own.name.as_str(), own.version) == (name.as_str(), version) {
            return Ok(kind);
        }
    }
    if kept && folder.join(experiment::FILE).exists() {
        let message = format!(
            "{} is not the declaration of the experiment `{name}`, version {version}",
            folder.join(experiment::FILE).display()
        );
        return Err(Problem::new(Code::Declaration, message)
            .at(node.span, "the experiment of this study")
            .help("it was edited or cut off: restore it, or use the program of the experiment, which has it"));
    }
    if kept {
        let message = format!(
            "{} is missing, which says what the experiment `{name}` is",
            folder.join(experiment::FILE).display()
        );
        return Err(Problem::new(Code::Declaration, message)
            .at(node.span, "the experiment of this study")
            .help("restore it, or use the program of the experiment, which has it"));
    }
    let known = experiment::known();
    let versions: Vec<_> = known.iter().map(|kind| kind.declaration()).filter(|own| own.name == name).collect();
    let problem =
        Problem::new(Code::UnknownExperiment, format!("the experiment `{name}`, version {version}, is not known here"));
    Err(match versions.first() {
        Some(own) => problem
            .at(root.find("experiment.version").node.span, format!("this program has version {}", own.version))
            .help("results of another version are another study: use the program that has it, or change the version and sweep anew"),
        None if near(&name, &known).is_some() => problem
            .at(root.find("experiment.name").node.span, "no experiment of this program")
            .help(format!("did you mean `{}`?", near(&name, &known).unwrap_or_default())),
        None => problem.at(root.find("experiment.name").node.span, "no experiment of this program").help(
            "run the program of the experiment itself with the same words: it is restudy with one more experiment in it; \
             without [experiment] a specification is for the network",
        ),
    })
}

/// The experiment of specifications that name none.
fn unnamed(root: &Node) -> Result<Arc<dyn Kind>, Problem> {
    experiment::known().into_iter().find(|kind| kind.is_default()).ok_or_else(|| {
        Problem::new(Code::MissingSection, "the section `[experiment]` is missing")
            .at(root.span, "not in this file")
            .help("name the experiment that it is for: this program has none for specifications that name none")
    })
}

/// The name of a known experiment that may be meant.
fn near(name: &str, known: &[Arc<dyn Kind>]) -> Option<String> {
    let names: Vec<&str> = known.iter().map(|kind| kind.declaration().name.as_str()).collect();
    nearest(name, &names).map(str::to_owned)
}

/// `[experiment]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
    #[serde(default = "first")]
    version: u64,
}

fn first() -> u64 {
    1
}
