//! What stands in `[sweep]` and is no axis, and where it was probably meant to stand.

use super::{
    problem::{Code, Problem},
    sweeping::RESERVED,
    tree::{Entry, Node, Span},
};

/// The problem of a key that is neither a path nor one of the other keys; `sections` are those of the experiment.
pub(super) fn not_an_axis(key: &str, span: Span, node: &Node, sections: &[String]) -> Problem {
    let problem = |code| Problem::new(code, format!("`{key}` is not something to sweep"));
    if sections.iter().any(|section| section == key) && is_section(node) {
        let lines: Vec<_> = paths(key, node).iter().map(|path| format!("{path:?} = ...")).collect();
        return problem(Code::AxisUnquoted)
            .at(span, "a path without quotes")
            .help(format!("put the whole path in quotes: {}", lines.join(", ")));
    }
    problem(Code::AxisUnknown).at(span, "expected the path of a setting, in quotes").slip().suggest(
        key,
        RESERVED,
        "an axis looks like \"model.hidden\" = [1, 2, 5]; other keys are",
    )
}

/// Whether a node is a table of settings, not what an axis may be.
fn is_section(node: &Node) -> bool {
    const OF_AXES: [&str; 8] = ["values", "scale", "from", "to", "steps", "step", "uniform", "log-uniform"];
    node.table().is_some_and(|table| !table.0.is_empty() && !OF_AXES.iter().any(|key| table.get(key).is_some()))
}

/// The paths of the axes in tables that dots without quotes make.
fn paths(path: &str, node: &Node) -> Vec<String> {
    match node.table() {
        Some(table) if is_section(node) => {
            let inside = |entry: &Entry| match entry.key.contains('.') {
                true => entry.key.clone(),
                false => format!("{path}.{}", entry.key),
            };
            table.0.iter().flat_map(|entry| paths(&inside(entry), &entry.node)).collect()
        }
        _ => vec![path.to_owned()],
    }
}

/// How one value of a setting is fixed in its section.
pub(super) fn fixed(path: &str, value: &Node) -> String {
    let Some((section, key)) = path.rsplit_once('.') else { return format!("set `{path}` to {value}") };
    let depth = section.split('.').count();
    // A table inside a section may stand there in one line, and a list as a whole.
    if depth == 1 || depth == 2 && section.starts_with("data.") {
        format!("write `{key} = {value}` under [{section}]")
    } else {
        format!("set `{path}` to {value} where `{section}` is written")
    }
}
