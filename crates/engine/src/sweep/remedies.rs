//! Adds remedies to a problem that depend on the catalog of settings, and a description of the setting.

use crate::{
    experiment::Kind,
    spec::{
        catalog::{self, Catalog},
        problem::{Code, Problem},
        sweeping::RESERVED,
        tree::{Node, Value},
        write::literal,
    },
};

/// Adds remedies for the setting, and a line that describes it.
pub(super) fn with_remedies(kind: &dyn Kind, mut problem: Problem, root: &Node) -> Problem {
    let catalog = kind.catalog();
    name_twin(&mut problem, root);
    match problem.code {
        Code::WrongType => name_alternatives(catalog, &mut problem),
        Code::NoChoice => show_choice(catalog, &mut problem),
        Code::MissingKey => name_all_missing(catalog, &mut problem, root),
        Code::UnknownKey if is_of_sweep(catalog, &problem) => name_sweep(&mut problem, root),
        Code::UnknownKey => name_section(catalog, &mut problem),
        Code::AxisUnknown => name_path(catalog, &mut problem, root),
        _ => (),
    }
    if let Some(help) = misplaced_list(kind, &problem, root) {
        problem = problem.help(help);
    }
    match catalog.explain(&problem.about) {
        Some(line) => problem.help(line),
        None => problem,
    }
}

/// A list in place of a value is probably an axis that belongs in `[sweep]`.
fn misplaced_list(kind: &dyn Kind, problem: &Problem, root: &Node) -> Option<String> {
    let catalog = kind.catalog();
    let path = problem.about.as_str();
    if problem.code != Code::WrongType || !catalog.axes().any(|axis| axis == path) {
        return None;
    }
    let found = root.find(path);
    let items = found.node.list().filter(|items| found.is_complete && !items.is_empty())?;
    if items.iter().any(|item| matches!(item.value, Value::List(_) | Value::Table(_))) {
        return None;
    }
    if root.get("sweep").and_then(|sweep| sweep.get(path)).is_some() {
        return Some(format!("`{path}` is swept already: remove it here"));
    }
    if kind.declaration().folds.iter().any(|folds| folds.fold == path) {
        return Some("leave it out: every fold is held out in turn, for every trial".into());
    }
    let shown = found.node.to_string();
    let shown = if shown.starts_with('[') { shown } else { format!("[{}, ...]", items[0]) };
    Some(format!("to sweep it, move it to [sweep]: {path:?} = {shown}"))
}

/// A value in place of a choice among tables: the label lists the tables.
fn name_alternatives(catalog: &Catalog, problem: &mut Problem) {
    if !catalog.get(&problem.about).is_some_and(|known| known.kind == catalog::Kind::Group) {
        return;
    }
    let inside = format!("{}.", problem.about);
    let keys = catalog.order.iter().filter_map(|path| path.strip_prefix(&inside)?.split('.').next());
    let mut keys: Vec<_> = keys.map(|key| format!("{{ {key} = ... }}")).collect();
    keys.dedup();
    if let (Some((_, label)), true) = (problem.labels.first_mut(), keys.len() > 1) {
        // A label that names one table is more specific.
        if !label.contains('{') {
            *label = format!("expected one of {}", keys.join(", "));
        }
    }
}

/// A choice among single values cannot be written as a section: the remedy shows a table in one line.
fn show_choice(catalog: &Catalog, problem: &mut Problem) {
    let Some((key, known)) = catalog.inside(&problem.about).next() else { return };
    let value = known.default.as_ref().filter(|default| !default.is_null()).map_or_else(|| "...".into(), literal);
    let last = problem.about.rsplit('.').next().unwrap_or_default();
    problem.help = vec![format!("name one of them, for example {last} = {{ {key} = {value} }}")];
}

/// Names all missing settings of a section at once.
fn name_all_missing(catalog: &Catalog, problem: &mut Problem, root: &Node) {
    let Some((section, _)) = problem.about.rsplit_once('.') else { return };
    let is_set =
        |path: &str| root.find(path).is_complete || root.get("sweep").and_then(|sweep| sweep.get(path)).is_some();
    let lacking: Vec<_> = catalog
        .inside(section)
        .filter(|(key, known)| known.required && !is_set(&format!("{section}.{key}")))
        .map(|(key, _)| format!("`{key} = ...`"))
        .collect();
    if lacking.len() > 1 {
        problem.help = vec![format!("add {}", lacking.join(" and "))];
    }
}

/// A misspelled key whose correct spelling is present, too: correcting it would duplicate the key.
fn name_twin(problem: &mut Problem, root: &Node) {
    let Some(meant) = problem.unknown_key.as_ref().and_then(|key| key.meant.as_deref()) else { return };
    let table = match problem.code {
        Code::UnknownSection => Some(root),
        Code::AxisUnknown => root.get("sweep"),
        _ => Some(root.find(&problem.about)).filter(|found| found.is_complete).map(|found| found.node),
    };
    // A key of `--set` replaces that of the file, so it is no duplicate.
    let source = problem.labels.first().map(|(span, _)| span.source);
    let twin = table.and_then(Node::table).and_then(|table| table.get(meant));
    if twin.is_some_and(|twin| Some(twin.span.source) == source) {
        problem.help = vec![format!("did you mean `{meant}`? It is there already: remove one of the two")];
    }
}

/// An axis named by the last part of its path: the remedy has the whole path.
fn name_path(catalog: &Catalog, problem: &mut Problem, root: &Node) {
    let unknown = problem.unknown_key.as_ref().filter(|key| key.meant.is_none());
    let Some(key) = unknown.map(|key| key.found.as_str()) else {
        return;
    };
    let (end, data) = (format!(".{key}"), root.get("data"));
    let is_other = |path: &str| {
        let set = path.strip_prefix("data.").and_then(|path| path.split('.').next());
        set.is_some_and(|set| data.and_then(|data| data.get(set)).is_none())
    };
    let paths: Vec<_> = catalog.axes().filter(|path| path.ends_with(&end) && !is_other(path)).collect();
    if let [path] = paths[..] {
        problem.help = vec![match root.get("sweep").and_then(|sweep| sweep.get(path)) {
            Some(_) => format!("did you mean {path:?}? It is there already: remove one of the two"),
            None => format!("did you mean {path:?}?"),
        }];
    }
}

fn is_of_sweep(catalog: &Catalog, problem: &Problem) -> bool {
    let key = problem.unknown_key.as_ref().map_or("", |key| key.found.as_str());
    problem.about != "sweep" && (RESERVED.contains(&key) || key.contains('.') && catalog.axes().any(|axis| axis == key))
}

/// A key of `[sweep]` under another section: the header is missing above it, or elsewhere.
fn name_sweep(problem: &mut Problem, root: &Node) {
    problem.help = vec![match root.get("sweep") {
        Some(_) => "move it under [sweep]: what is swept, and under which seeds, stands there".into(),
        None => "write a line [sweep] above it: what is swept, and under which seeds, stands there".into(),
    }];
    problem.unknown_key = None;
}

/// A setting of a choice, written outside the choice.
fn name_section(catalog: &Catalog, problem: &mut Problem) {
    if catalog.get(&problem.about).is_some()
        && let Some((section, _)) = problem.about.rsplit_once('.')
    {
        problem.help = vec![format!("move it under [{section}], or remove it")];
    }
}
