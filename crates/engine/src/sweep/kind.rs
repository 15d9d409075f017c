//! Finds the experiment that a specification names.

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

/// Returns the experiment that the specification declares or names, or the default one. For the specification of a
/// results folder (`kept`), the declaration in `folder` suffices.
pub(super) fn kind_of(root: &Node, folder: &Path, kept: bool) -> Result<Arc<dyn Kind>, Vec<Problem>> {
    if let Some(family) = experiment::families().into_iter().find(|family| root.get(family.section()).is_some()) {
        return family.declare(root, folder, kept);
    }
    named_kind(root, folder, kept).map_err(|problem| vec![problem])
}

fn named_kind(root: &Node, folder: &Path, kept: bool) -> Result<Arc<dyn Kind>, Problem> {
    let Some(node) = root.get("experiment") else { return default_kind(root) };
    let Named { name, version } = read::read(node, "experiment")?;
    if let Some(kind) = experiment::find(&name, version) {
        return Ok(kind);
    }
    if let Some(kind) = kept.then(|| experiment::load_declared(folder)).flatten() {
        let stored = kind.declaration();
        if (stored.name.as_str(), stored.version) == (name.as_str(), version) {
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
    let registered = experiment::registered();
    let versions: Vec<_> =
        registered.iter().map(|kind| kind.declaration()).filter(|declared| declared.name == name).collect();
    let problem =
        Problem::new(Code::UnknownExperiment, format!("the experiment `{name}`, version {version}, is not known here"));
    Err(match versions.first() {
        Some(declared) => problem
            .at(root.find("experiment.version").node.span, format!("this program has version {}", declared.version))
            .help("results of another version are another study: use the program that has it, or change the version and sweep anew"),
        None if near(&name, &registered).is_some() => problem
            .at(root.find("experiment.name").node.span, "no experiment of this program")
            .help(format!("did you mean `{}`?", near(&name, &registered).unwrap_or_default())),
        None => problem.at(root.find("experiment.name").node.span, "no experiment of this program").help(
            "run the program of the experiment itself with the same arguments: it is restudy with one more experiment; \
             without [experiment] a specification is for the network",
        ),
    })
}

/// The experiment of specifications without `[experiment]`.
fn default_kind(root: &Node) -> Result<Arc<dyn Kind>, Problem> {
    experiment::registered().into_iter().find(|kind| kind.is_default()).ok_or_else(|| {
        Problem::new(Code::MissingSection, "the section `[experiment]` is missing")
            .at(root.span, "not in this file")
            .help("name the experiment that it is for: this program has none for specifications that name none")
    })
}

/// The nearest name of a registered experiment.
fn near(name: &str, registered: &[Arc<dyn Kind>]) -> Option<String> {
    let names: Vec<&str> = registered.iter().map(|kind| kind.declaration().name.as_str()).collect();
    nearest(name, &names).map(str::to_owned)
}

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
