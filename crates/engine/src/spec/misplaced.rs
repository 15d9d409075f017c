//! Keys of `[sweep]` that are not axes, and their probable meaning.

use super::{
    problem::{Code, Problem},
    sweeping::RESERVED,
    tree::{Entry, Node, Span},
};

/// The problem of a key that is neither a path nor a reserved key; `sections` are those of the experiment.
pub(super) fn not_an_axis(key: &str, span: Span, node: &Node, sections: &[String]) -> Problem {
    let problem = |code| Problem::new(code, format!("`{key}` is not something to sweep"));
    if sections.iter().any(|section| section == key) && is_section(node) {
        let lines: Vec<_> = paths(key, node).iter().map(|path| format!("{path:?} = ...")).collect();
        return problem(Code::AxisUnquoted)
            .at(span, "a path without quotes")
            .help(format!("put the whole path in quotes: {}", lines.join(", ")));
    }
    problem(Code::AxisUnknown).at(span, "expected the path of a setting, in quotes").unknown_key().suggest(
        key,
        RESERVED,
        "an axis looks like \"model.hidden\" = [1, 2, 5]; other keys are",
    )
}

/// Whether a node is a table of settings rather than an axis.
fn is_section(node: &Node) -> bool {
    const AXIS_KEYS: [&str; 8] = ["values", "scale", "from", "to", "steps", "step", "uniform", "log-uniform"];
    node.table().is_some_and(|table| !table.0.is_empty() && !AXIS_KEYS.iter().any(|key| table.get(key).is_some()))
}

/// The paths of the axes in the nested tables that unquoted dots create.
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

/// A remedy: how to fix one value of a setting in its section.
pub(super) fn fixed(path: &str, value: &Node) -> String {
    let Some((section, key)) = path.rsplit_once('.') else { return format!("set `{path}` to {value}") };
    let depth = section.split('.').count();
    // The table may be written inline, and an item belongs to its list.
    if depth == 1 || depth == 2 && section.starts_with("data.") {
        format!("write `{key} = {value}` under [{section}]")
    } else {
        format!("set `{path}` to {value} where `{section}` is written")
    }
}
