//! What the catalogue of settings adds to a problem: the setting that it is about, and remedies that depend on what settings there are.

use crate::{
    experiment::Kind,
    spec::{
        catalogue::{self, Catalogue},
        problem::{Code, Problem},
        sweeping::RESERVED,
        tree::{Node, Value},
        write::literal,
    },
};

/// The problem with remedies that fit the setting, and a line on the setting.
pub(super) fn explained(kind: &dyn Kind, mut problem: Problem, root: &Node) -> Problem {
    let catalogue = kind.catalogue();
    name_twin(&mut problem, root);
    match problem.code {
        Code::WrongType => name_alternatives(catalogue, &mut problem),
        Code::NoChoice => show_choice(catalogue, &mut problem),
        Code::MissingKey => name_all_missing(catalogue, &mut problem, root),
        Code::UnknownKey if is_of_sweep(catalogue, &problem) => name_sweep(&mut problem, root),
        Code::UnknownKey => name_section(catalogue, &mut problem),
        Code::AxisUnknown => name_path(catalogue, &mut problem, root),
        _ => (),
    }
    if let Some(help) = misplaced_list(kind, &problem, root) {
        problem = problem.help(help);
    }
    match catalogue.explain(&problem.about) {
        Some(line) => problem.help(line),
        None => problem,
    }
}

/// A list where a value belongs is a sweep in the wrong place.
fn misplaced_list(kind: &dyn Kind, problem: &Problem, root: &Node) -> Option<String> {
    let catalogue = kind.catalogue();
    let path = problem.about.as_str();
    if problem.code != Code::WrongType || !catalogue.axes().any(|axis| axis == path) {
        return None;
    }
    let found = root.find(path);
    let items = found.node.list().filter(|items| found.whole && !items.is_empty())?;
    if items.iter().any(|item| matches!(item.value, Value::List(_) | Value::Table(_))) {
        return None;
    }
    if root.get("sweep").and_then(|sweep| sweep.get(path)).is_some() {
        return Some(format!("`{path}` is swept already: remove it here"));
    }
    if kind.declaration().folds.iter().any(|own| own.fold == path) {
        return Some("leave it out: every fold is held out in turn, for every trial".into());
    }
    let shown = found.node.to_string();
    let shown = if shown.starts_with('[') { shown } else { format!("[{}, ...]", items[0]) };
    Some(format!("to sweep it, move it to [sweep]: {path:?} = {shown}"))
}

/// A choice among tables cannot be made by a value: the label says how.
fn name_alternatives(catalogue: &Catalogue, problem: &mut Problem) {
    if !catalogue.get(&problem.about).is_some_and(|known| known.kind == catalogue::Kind::Group) {
        return;
    }
    let inside = format!("{}.", problem.about);
    let keys = catalogue.order.iter().filter_map(|path| path.strip_prefix(&inside)?.split('.').next());
    let mut keys: Vec<_> = keys.map(|key| format!("{{ {key} = ... }}")).collect();
    keys.dedup();
    if let (Some((_, label)), true) = (problem.labels.first_mut(), keys.len() > 1) {
        // One that is named alone was meant.
        if !label.contains('{') {
            *label = format!("expected one of {}", keys.join(", "));
        }
    }
}

/// Where a choice is among single values, no section can stand for it.
fn show_choice(catalogue: &Catalogue, problem: &mut Problem) {
    let Some((key, known)) = catalogue.inside(&problem.about).next() else { return };
    let value = known.default.as_ref().filter(|default| !default.is_null()).map_or_else(|| "...".into(), literal);
    let last = problem.about.rsplit('.').next().unwrap_or_default();
    problem.help = vec![format!("name one of them, for example {last} = {{ {key} = {value} }}")];
}

/// Settings that are missing beside the first one are named with it.
fn name_all_missing(catalogue: &Catalogue, problem: &mut Problem, root: &Node) {
    let Some((section, _)) = problem.about.rsplit_once('.') else { return };
    let is_there = |path: &str| root.find(path).whole || root.get("sweep").and_then(|sweep| sweep.get(path)).is_some();
    let lacking: Vec<_> = catalogue
        .inside(section)
        .filter(|(key, known)| known.required && !is_there(&format!("{section}.{key}")))
        .map(|(key, _)| format!("`{key} = ...`"))
        .collect();
    if lacking.len() > 1 {
        problem.help = vec![format!("add {}", lacking.join(" and "))];
    }
}

/// A slip of a key that is there as well, spelt right: correcting it would make two.
fn name_twin(problem: &mut Problem, root: &Node) {
    let Some(meant) = problem.slip.as_ref().and_then(|slip| slip.meant.as_deref()) else { return };
    let holder = match problem.code {
        Code::UnknownSection => Some(root),
        Code::AxisUnknown => root.get("sweep"),
        _ => Some(root.find(&problem.about)).filter(|found| found.whole).map(|found| found.node),
    };
    // What `--set` says is laid over what the file says: that is no second one.
    let source = problem.labels.first().map(|(span, _)| span.source);
    let twin = holder.and_then(Node::table).and_then(|table| table.get(meant));
    if twin.is_some_and(|twin| Some(twin.span.source) == source) {
        problem.help = vec![format!("did you mean `{meant}`? It is there already: remove one of the two")];
    }
}

/// The last part of a path, where an axis is named by all of it.
fn name_path(catalogue: &Catalogue, problem: &mut Problem, root: &Node) {
    let Some(key) = problem.slip.as_ref().filter(|slip| slip.meant.is_none()).map(|slip| slip.found.as_str()) else {
        return;
    };
    let (end, data) = (format!(".{key}"), root.get("data"));
    let is_other = |path: &str| {
        let set = path.strip_prefix("data.").and_then(|path| path.split('.').next());
        set.is_some_and(|set| data.and_then(|data| data.get(set)).is_none())
    };
    let paths: Vec<_> = catalogue.axes().filter(|path| path.ends_with(&end) && !is_other(path)).collect();
    if let [path] = paths[..] {
        problem.help = vec![match root.get("sweep").and_then(|sweep| sweep.get(path)) {
            Some(_) => format!("did you mean {path:?}? It is there already: remove one of the two"),
            None => format!("did you mean {path:?}?"),
        }];
    }
}

/// Whether an unknown key would be known under `[sweep]`.
fn is_of_sweep(catalogue: &Catalogue, problem: &Problem) -> bool {
    let key = problem.slip.as_ref().map_or("", |slip| slip.found.as_str());
    problem.about != "sweep"
        && (RESERVED.contains(&key) || key.contains('.') && catalogue.axes().any(|axis| axis == key))
}

/// What is swept, where the line `[sweep]` is missing above it or stands elsewhere.
fn name_sweep(problem: &mut Problem, root: &Node) {
    problem.help = vec![match root.get("sweep") {
        Some(_) => "move it under [sweep]: what is swept, and under which seeds, stands there".into(),
        None => "write a line [sweep] above it: what is swept, and under which seeds, stands there".into(),
    }];
    problem.slip = None;
}

/// A setting of a choice that stands beside the choice.
fn name_section(catalogue: &Catalogue, problem: &mut Problem) {
    if catalogue.get(&problem.about).is_some()
        && let Some((section, _)) = problem.about.rsplit_once('.')
    {
        problem.help = vec![format!("move it under [{section}], or remove it")];
    }
}
