//! Checks the sections of a specification before its settings are read.

use std::sync::Arc;

use crate::{
    experiment::{self, Declaration, Kind},
    spec::{
        About,
        problem::{Code, Problem, quoted},
        sweeping::Sweeping,
        tree::{Node, Value},
    },
};

/// The sections of every specification, beside those of its experiment.
const SECTIONS: [&str; 4] = ["study", "experiment", "sweep", "figures"];

/// Checks the names of the sections, and that the required ones are present.
pub(super) fn require_sections(root: &Node, kind: &dyn Kind) -> Result<(), Problem> {
    let entries = root.table().map_or(&[][..], |table| &table.0);
    let sections = || kind.sections().iter().map(String::as_str);
    let known: Vec<&str> = ["study"].into_iter().chain(sections()).chain(["sweep", "figures"]).collect();
    let is_known = |key: &str| sections().any(|section| section == key) || SECTIONS.contains(&key);
    if let Some(entry) = entries.iter().find(|entry| !is_known(&entry.key)) {
        let problem = Problem::new(Code::UnknownSection, format!("there is no section `[{}]`", quoted(&entry.key)))
            .at(entry.span, "unknown section");
        let has = |other: &Arc<dyn Kind>| other.sections().contains(&entry.key);
        if let Some(other) =
            experiment::registered().iter().find(|other| root.get("experiment").is_none() && has(other))
        {
            let Declaration { name, version, .. } = other.declaration();
            return Err(problem.help(format!(
                "without [experiment], a specification is for `{}`; the experiment `{name}` has this section:\n[experiment]\nname = \"{name}\"\nversion = {version}",
                kind.declaration().name
            )));
        }
        let inside = |section: &&&str| {
            let way = format!("{section}.{}.", entry.key);
            kind.catalog().order.iter().any(|path| path.starts_with(&way))
        };
        // A key that belongs inside a section, such as the name of a data set.
        if let Some(section) = known.iter().find(inside) {
            return Err(problem.help(format!("did you mean [{section}.{}]?", entry.key)));
        }
        let families = experiment::families().into_iter().map(|family| family.section());
        return Err(problem.unknown_key().suggest(&entry.key, known.into_iter().chain(families), "sections are"));
    }
    let mut missing: Vec<(&str, String)> = Vec::new();
    if root.get("study").is_none() {
        missing.push(("study", "[study]\nquestion = \"How many hidden units does it need?\"".into()));
    }
    // A setting without a default may be swept instead.
    let axes = root.get("sweep").and_then(Node::table).map_or(&[][..], |table| &table.0);
    let is_swept = |path: &str| axes.iter().any(|axis| axis.key == path);
    for section in sections().filter(|section| root.get(section).is_none()) {
        let lacking: Vec<_> = kind.catalog().required(section).filter(|path| !is_swept(path)).collect();
        let setting = |path: &&str| Some(format!("\n{} = ...", path.strip_prefix(section)?.strip_prefix('.')?));
        match lacking.is_empty() {
            true => (),
            false if section == "data" => missing.push(("data", "[data.double-moon]".into())),
            false => missing
                .push((section, format!("[{section}]{}", lacking.iter().filter_map(setting).collect::<String>()))),
        }
    }
    let [(first, _), others @ ..] = missing.as_slice() else { return Ok(()) };
    let why = match *first {
        _ if !others.is_empty() => "begin with what has no default:",
        "study" => "begin with:",
        "data" => "name the data set, for example with all defaults:",
        _ => "it has settings without a default:",
    };
    let lines: Vec<_> = missing.iter().map(|(_, lines)| lines.as_str()).collect();
    Err(Problem::new(Code::MissingSection, format!("the section `[{first}]` is missing"))
        .at(root.span, "not in this file")
        .help(format!("{why}\n{}", lines.join("\n"))))
}

/// Refuses values that TOML allows and a study does not: infinity, not-a-number, and texts with control characters.
pub(super) fn require_plain(node: &Node, path: String) -> Result<(), Problem> {
    let inside = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match &node.value {
        Value::Float(value) if !value.is_finite() => {
            Err(Problem::value(Code::InvalidValue, &path, node, "a finite number"))
        }
        Value::String(text) if text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) => {
            Err(Problem::value(Code::InvalidValue, &path, node, "a text without control characters"))
        }
        Value::List(items) => items.iter().try_for_each(|item| require_plain(item, path.clone())),
        Value::Table(table) => table.0.iter().try_for_each(|entry| require_plain(&entry.node, inside(&entry.key))),
        _ => Ok(()),
    }
}

/// Refuses an axis over a setting of another data set.
pub(super) fn require_same_data(kind: &dyn Kind, sweeping: &Sweeping, root: &Node) -> Result<(), Problem> {
    let settings = || kind.catalog();
    let entries = root.get("data").and_then(Node::table).map_or(&[][..], |table| &table.0);
    let [data] = entries else { return Ok(()) };
    for axis in &sweeping.axes {
        let Some((named, setting)) = axis.path.strip_prefix("data.").and_then(|rest| rest.split_once('.')) else {
            continue;
        };
        if named != data.key && settings().get(&axis.path).is_some() {
            let meant = format!("data.{}.{setting}", data.key);
            let problem = Problem::new(
                Code::AxisOtherData,
                format!("`{}` cannot be swept: the data set is `{}`", axis.path, data.key),
            )
            .at(axis.key, "another data set")
            .at(data.span, "the data set of the study");
            return Err(match settings().get(&meant) {
                Some(_) => problem.help(format!("did you mean `{meant}`?")),
                None => problem.help("one study has one data set: write a study for each"),
            });
        }
    }
    Ok(())
}

pub(super) fn require_question(about: &About, root: &Node) -> Result<(), Problem> {
    if about.question.trim().is_empty() {
        let question = root.find("study.question").node;
        return Err(Problem::value(Code::InvalidValue, "study.question", question, "a question, in a sentence"));
    }
    Ok(())
}
