//! Turns the combinations of the grid into checked trials.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use serde_json::Value as Json;

use super::{
    Axis, AxisValue, Trial, files,
    folds::Folded,
    grid::{Column, Grid},
    labels,
};
use crate::{
    experiment::{Kind, Settings},
    spec::{
        problem::{Code, Problem},
        tree::{Node, Span, Value},
    },
};

/// The trials, and the axes with their checked values.
#[derive(Debug)]
pub(super) struct Checked {
    pub trials: Vec<Trial>,
    pub axes: Vec<Axis>,
    /// The distinct values of every axis, as written in a completed specification.
    pub literals: Vec<Vec<Json>>,
    /// Whether the values of each axis name files.
    pub of_files: Vec<bool>,
}

/// Reads and checks the trial of each combination, on each fold. `base` is the tree of the specification in `folder`.
pub(super) fn check(
    kind: &dyn Kind,
    grid: &Grid,
    folded: Option<&Folded>,
    base: &Node,
    folder: &Path,
) -> Result<Checked, Vec<Problem>> {
    let mut tree = base.clone();
    let paths: Vec<Vec<&str>> = grid.axes.iter().map(|axis| axis.path.split('.').collect()).collect();
    require_readable(kind, grid, base, &paths)?;
    require_light(grid, folded, base).map_err(|problem| vec![problem])?;
    let mut literals: Vec<Vec<Option<Json>>> = grid.axes.iter().map(|axis| vec![None; axis.values.len()]).collect();
    let mut combinations = Vec::new();
    let mut trials = Vec::new();
    let mut current: Vec<Option<u32>> = vec![None; grid.axes.len()];
    for combination in grid.combinations() {
        for (axis, &value) in combination.iter().enumerate() {
            if current[axis].replace(value) != Some(value) {
                splice(kind, &mut tree, grid, axis, &paths[axis], value).map_err(|problem| vec![problem])?;
            }
        }
        if let Some(folded) = folded {
            put_fold(&mut tree, folded, 0);
        }
        let trial = read_trial(kind, &tree, folder)?;
        let unknown = |(axis, &value): (usize, &u32)| literals[axis][value as usize].is_none();
        if combination.iter().enumerate().any(unknown) {
            let json = trial.json();
            for (axis, &value) in combination.iter().enumerate() {
                literals[axis][value as usize].get_or_insert_with(|| at(&json, &paths[axis]).clone());
            }
        }
        trials.push(trial);
        for fold in 1..folded.map_or(1, |folded| folded.count) {
            folded.into_iter().for_each(|folded| put_fold(&mut tree, folded, fold));
            trials.push(read_trial(kind, &tree, folder)?);
        }
        combinations.push(combination);
    }
    let literals: Vec<Vec<Json>> =
        literals.into_iter().map(|values| values.into_iter().map(Option::unwrap_or_default).collect()).collect();
    require_different(grid, literals.iter().map(|values| values.iter().map(ToString::to_string).collect()))
        .map_err(|problem| vec![problem])?;
    let of_files = |column: &Column| kind.names_file(&column.path);
    let of_files: Vec<bool> = grid.axes.iter().map(of_files).collect();
    let axis = |((column, literals), of_files): ((&Column, &Vec<Json>), &bool)| {
        let values = if *of_files { labels(literals) } else { literals.iter().map(AxisValue::of).collect() };
        Axis::new(column.path.clone(), values, column.log)
    };
    let mut axes: Vec<_> = grid.axes.iter().zip(&literals).zip(&of_files).map(axis).collect();
    let texts = |(axis, of_files): (&Axis, &bool)| {
        if *of_files { axis.values.iter().map(ToString::to_string).collect() } else { Vec::new() }
    };
    require_different(grid, axes.iter().zip(&of_files).map(texts)).map_err(|problem| vec![problem])?;
    let folds = folded.map_or(1, |folded| folded.count);
    for (place, trial) in trials.iter_mut().enumerate() {
        let values = combinations[place / folds].iter().zip(&axes);
        trial.values = values.map(|(&value, axis)| axis.values[value as usize].clone()).collect();
        trial.values.extend(folded.map(|_| AxisValue::Int((place % folds) as u64)));
    }
    axes.extend(folded.map(Folded::axis));
    Ok(Checked { trials, axes, literals, of_files })
}

/// Requires that the settings outside `[sweep]` are readable, even those that an axis replaces.
fn require_readable(kind: &dyn Kind, grid: &Grid, base: &Node, paths: &[Vec<&str>]) -> Result<(), Vec<Problem>> {
    let mut tree = base.clone();
    for (axis, path) in paths.iter().enumerate() {
        if !base.find(&grid.axes[axis].path).is_complete {
            splice(kind, &mut tree, grid, axis, path, 0).map_err(|problem| vec![problem])?;
        }
    }
    read_settings(kind, &tree).map(drop).map_err(|problem| vec![problem])
}

/// Sets the fold that is held out. Its parent is a table: the settings next to it ask for folds.
fn put_fold(tree: &mut Node, folded: &Folded, fold: usize) {
    let path: Vec<&str> = folded.path.split('.').collect();
    let put = tree.put(&path, folded.span(), folded.node(fold), &|_| None);
    debug_assert!(put.is_ok(), "{}", folded.path);
}

/// Requires that all trials fit into memory: each has a copy of every text and list.
fn require_light(grid: &Grid, folded: Option<&Folded>, base: &Node) -> Result<(), Problem> {
    const MOST_BYTES: usize = 1 << 30;
    let mut longest = (0, base.span);
    let mut bytes = weight(base, &mut longest);
    for axis in &grid.axes {
        bytes += axis.values.iter().map(|value| weight(value, &mut longest)).max().unwrap_or(0);
    }
    let trials = grid.count().saturating_mul(folded.map_or(1, |folded| folded.count));
    if bytes.saturating_mul(trials) <= MOST_BYTES {
        return Ok(());
    }
    Err(Problem::new(
        Code::Memory,
        format!("texts and lists of {bytes} bytes in each of {trials} trials would fill the memory"),
    )
    .at(longest.1, "this is the largest")
    .help("shorten it, or ask for fewer trials"))
}

/// The size of the texts and lists under the node in bytes; `longest` becomes the size and place of the largest one.
fn weight(node: &Node, longest: &mut (usize, Span)) -> usize {
    let bytes = match &node.value {
        Value::String(text) => text.len(),
        Value::List(items) => {
            items.iter().map(|item| size_of::<f64>() + weight(item, &mut (usize::MAX, node.span))).sum()
        }
        Value::Table(table) => return table.0.iter().map(|entry| weight(&entry.node, longest)).sum(),
        _ => return 0,
    };
    if bytes > longest.0 {
        *longest = (bytes, node.span);
    }
    bytes
}

fn splice(
    kind: &dyn Kind,
    tree: &mut Node,
    grid: &Grid,
    axis: usize,
    path: &[&str],
    value: u32,
) -> Result<(), Problem> {
    let column = &grid.axes[axis];
    let default = |way: &[&str]| match kind.catalog().get(&way.join("."))?.default.as_ref()? {
        Json::Array(items) => Some(Value::List(items.iter().map(|item| number(item, column.key)).collect())),
        _ => None,
    };
    tree.put(path, column.key, column.values[value as usize].clone(), &default).map_err(|depth| {
        Problem::new(
            Code::WrongType,
            format!("`{}` cannot be swept here: `{}` is one value", column.path, path[..depth].join(".")),
        )
        .at(column.key, "leads into a value")
        .help("correct the value in its section, or remove it there")
    })
}

/// An item of the default of a list; only items that are numbers can be swept.
fn number(item: &Json, span: Span) -> Node {
    Node { span, value: Value::Float(item.as_f64().unwrap_or(f64::NAN)) }
}

fn read_trial(kind: &dyn Kind, tree: &Node, folder: &Path) -> Result<Trial, Vec<Problem>> {
    let settings = read_settings(kind, tree).map_err(|problem| vec![problem])?;
    if let Some((path, name)) = kind.files(&*settings).into_iter().find(|(_, name)| begins_with_home(name)) {
        return Err(vec![home_folder(&path, &name, tree)]);
    }
    let errors = kind.validate(&*settings);
    if !errors.is_empty() {
        return Err(errors.iter().map(|error| Problem::invalid(Code::InvalidValue, error, tree)).collect());
    }
    Ok(Trial { settings: resolve(kind, &settings, tree, folder), values: Vec::new() })
}

/// Whether a shell would expand `~` at the beginning of a path.
fn begins_with_home(name: &str) -> bool {
    name.strip_prefix('~').is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '\\']))
}

fn home_folder(path: &str, name: &str, tree: &Node) -> Problem {
    let home = ["HOME", "USERPROFILE"].into_iter().find_map(std::env::var_os).map(std::path::PathBuf::from);
    let rest = name.trim_start_matches('~').trim_start_matches(['/', '\\']);
    let whole = home.map_or_else(|| Path::new("FOLDER").join(rest), |home| home.join(rest));
    let key = path.rsplit('.').next().unwrap_or(path);
    Problem::new(Code::HomeFolder, format!("`{path}` cannot be \"{name}\": `~` is not expanded"))
        .at(tree.find(path).node.span, "expected a path from the folder of the specification, or a whole one")
        .help(format!(
            "only a shell knows `~`, and it is another folder for everyone who reads the specification: write {key} = {}, or a path from here",
            crate::spec::write::string(&whole.to_string_lossy())
        ))
        .about(path)
}

/// The largest number of other unreadable numbers that are replaced; few studies have more.
const MOST_UNREADABLE: usize = 8;

/// Reads the settings. If a whole number is out of the range of its type, the problem names the stricter range of the
/// check instead.
fn read_settings(kind: &dyn Kind, tree: &Node) -> Result<Arc<dyn Settings>, Problem> {
    kind.read(tree).map_err(|problem| {
        let path = problem.about.clone();
        let mut ends = problem.ends.iter().flat_map(|ends| **ends);
        match ends.find_map(|end| expected_at(kind, tree, &path, end)) {
            Some(expected) => problem.expecting(&path, &expected),
            None => problem,
        }
    })
}

/// What the check expects at `path` if its value is `end`; `None` if the check accepts it, or another setting cannot be
/// read.
fn expected_at(kind: &dyn Kind, tree: &Node, path: &str, end: i128) -> Option<String> {
    let mut tree = tree.clone();
    let mut put = (path.to_owned(), end);
    // Other unreadable numbers are replaced by the smallest value of their type.
    for _ in 0..MOST_UNREADABLE {
        let node = Node { span: tree.span, value: Value::Int(put.1) };
        tree.put(&put.0.split('.').collect::<Vec<_>>(), node.span, node, &|_| None).ok()?;
        match kind.read(&tree) {
            Ok(settings) => {
                let mut errors = kind.validate(&*settings).into_iter();
                return errors.find(|error| error.key == path).map(|error| error.expected);
            }
            Err(other) => put = (other.about, other.ends?[0]),
        }
    }
    None
}

/// Resolves paths of files: in the specification relative to its folder, on the command line relative to the current
/// folder.
fn resolve(kind: &dyn Kind, settings: &Arc<dyn Settings>, tree: &Node, folder: &Path) -> Arc<dyn Settings> {
    kind.with_files(settings, &|file| {
        let is_set = on_command_line(tree, file);
        files::resolved(if is_set { Path::new("") } else { folder }, file)
    })
}

fn on_command_line(node: &Node, text: &str) -> bool {
    match &node.value {
        Value::String(found) => found == text && node.span.source > 0,
        Value::Table(table) => table.0.iter().any(|entry| on_command_line(&entry.node, text)),
        _ => false,
    }
}

fn at<'a>(json: &'a Json, path: &[&str]) -> &'a Json {
    path.iter().fold(json, |json, step| match json {
        Json::Array(items) => step.parse().ok().and_then(|index: usize| items.get(index)).unwrap_or(&Json::Null),
        json => &json[*step],
    })
}

fn labels(literals: &[Json]) -> Vec<AxisValue> {
    let paths: Vec<_> = literals.iter().map(|path| path.as_str().unwrap_or_default().to_owned()).collect();
    labels::of_files(&paths).into_iter().map(AxisValue::String).collect()
}

/// Refuses equal values in different spellings, such as one file by two paths.
fn require_different(grid: &Grid, texts: impl Iterator<Item = Vec<String>>) -> Result<(), Problem> {
    for (axis, texts) in grid.axes.iter().zip(texts) {
        let mut seen = BTreeSet::new();
        if let Some(second) = texts.iter().position(|text| !seen.insert(text)) {
            return Err(Problem::new(
                Code::AxisRepeated,
                format!("two values of the axis `{}` are the same", axis.path),
            )
            .at(axis.values[second].span, format!("{} again", texts[second]))
            .help("remove one of the two: the same trial under the same seed is the same run"));
        }
    }
    Ok(())
}
