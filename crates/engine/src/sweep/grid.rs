//! Turns the axes of a specification into the combinations of a grid, before any setting is read.

use std::collections::{BTreeMap, BTreeSet};

use super::{exclude::Exclude, search};
use crate::spec::{
    catalog::Catalog,
    problem::{Code, Problem},
    sweeping::{MOST, RawAxis, Sweeping, Values},
    tree::{Node, Span, Value},
};

/// All axes, their groups and the exclusions.
#[derive(Debug)]
pub(super) struct Grid {
    pub axes: Vec<Column>,
    /// Groups of zipped axes, by index; the last group varies fastest.
    pub groups: Vec<Vec<usize>>,
    pub excludes: Vec<Exclude>,
}

#[derive(Debug)]
pub(super) struct Column {
    pub path: String,
    /// The span of the path.
    pub key: Span,
    /// The span of the values.
    pub span: Span,
    /// The distinct values, in order of appearance.
    pub values: Vec<Node>,
    /// The list as written: indices of `values`. Only zipped or random axes have repetitions.
    pub list: Vec<u32>,
    /// The span of each item of the list.
    pub places: Vec<Span>,
    /// Whether the scale is logarithmic, if it is set.
    pub log: Option<bool>,
}

/// A value for comparison: 2 and 2.0 are equal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Int(i128),
    Float(u64),
    String(String),
    Bool(bool),
    Other,
}

impl Key {
    pub fn of(node: &Node) -> Self {
        match &node.value {
            Value::Int(value) => Self::Int(*value),
            Value::Float(value) if *value == value.trunc() && value.abs() < 1e18 => Self::Int(*value as i128),
            Value::Float(value) => Self::Float(value.to_bits()),
            Value::String(text) => Self::String(text.clone()),
            Value::Bool(flag) => Self::Bool(*flag),
            Value::List(_) | Value::Table(_) => Self::Other,
        }
    }
}

impl Grid {
    /// Builds the grid; checks what needs no settings.
    pub fn new(sweeping: &Sweeping, catalog: &Catalog) -> Result<Self, Problem> {
        for axis in &sweeping.axes {
            require_known(axis, catalog)?;
        }
        let lists = match &sweeping.random {
            Some((random, span)) => search::draw(&sweeping.axes, *random, *span, catalog)?,
            None => {
                sweeping.axes.iter().map(|axis| written(axis, &sweeping.axes, catalog)).collect::<Result<_, _>>()?
            }
        };
        let axes: Vec<_> = sweeping.axes.iter().zip(lists).map(|(axis, list)| Column::new(axis, list)).collect();
        let groups = match &sweeping.random {
            Some(_) => vec![(0..axes.len()).collect()],
            None => groups(&axes, &sweeping.zip)?,
        };
        if let (Some(_), Some((_, span))) = (&sweeping.random, sweeping.zip.iter().flatten().next()) {
            return Err(Problem::new(Code::RandomZip, "`zip` has no place in a random search")
                .at(*span, "these are drawn independently")
                .help("remove `zip`, or remove `random` to walk through the lists"));
        }
        let mut grid = Self { axes, groups, excludes: Vec::new() };
        grid.require_different()?;
        grid.require_few(sweeping)?;
        grid.require_few_excludes(&sweeping.exclude)?;
        grid.excludes = sweeping.exclude.iter().map(|node| grid.exclude(node)).collect::<Result<_, _>>()?;
        grid.keep_useful_excludes()?;
        Ok(grid)
    }

    /// The combinations that are not excluded: the index of a value for each axis. The last group varies fastest.
    pub fn combinations(&self) -> impl Iterator<Item = Vec<u32>> {
        self.all_combinations().filter(|values| !self.excludes.iter().any(|exclude| exclude.matches(values)))
    }

    /// All combinations, before exclusions.
    pub fn all_combinations(&self) -> impl Iterator<Item = Vec<u32>> {
        let lengths: Vec<_> = self.groups.iter().map(|group| self.length(group)).collect();
        (0..lengths.iter().product()).map(move |mut number: usize| {
            let mut values = vec![0; self.axes.len()];
            for (group, length) in self.groups.iter().zip(&lengths).rev() {
                for &axis in group {
                    values[axis] = self.axes[axis].list[number % length];
                }
                number /= length;
            }
            values
        })
    }

    /// The number of combinations, before exclusions.
    pub fn count(&self) -> usize {
        self.groups.iter().map(|group| self.length(group)).product()
    }

    /// The length of the lists of a group; a random search without axes has one empty group.
    fn length(&self, group: &[usize]) -> usize {
        group.first().map_or(1, |&axis| self.axes[axis].list.len())
    }

    fn require_few(&self, sweeping: &Sweeping) -> Result<(), Problem> {
        let lengths = self.groups.iter().map(|group| self.length(group));
        let runs = lengths.chain([sweeping.seeds.len()]).try_fold(1_usize, usize::checked_mul);
        if runs.is_some_and(|runs| runs <= MOST) {
            return Ok(());
        }
        let count = runs.map_or_else(|| "more runs than can be counted".into(), |runs| format!("{runs} runs"));
        let largest = self.axes.iter().max_by_key(|axis| axis.list.len());
        let span = largest.map(|axis| axis.span).or(sweeping.seeds_span).expect("one trial and one seed are few");
        let mut problem =
            Problem::new(Code::TooManyRuns, format!("the study asks for {count}, at most {MOST} are possible"))
                .at(span, "this is the longest axis");
        if let Some(seeds) = sweeping.seeds_span {
            problem = problem.at(seeds, format!("{} seeds for every trial", sweeping.seeds.len()));
        }
        // With one axis and one seed, the limit on values applies first.
        let seeds = if sweeping.seeds.len() > 1 { "ask for fewer seeds, " } else { "" };
        Err(problem.help(if self.axes.len() > 1 {
            format!("{seeds}shorten the axes, pair some of them with `zip`, or draw trials with `random`")
        } else {
            format!("{seeds}or shorten the axis")
        }))
    }

    fn require_different(&self) -> Result<(), Problem> {
        for group in &self.groups {
            let mut seen = BTreeMap::new();
            for place in 0..self.length(group) {
                let values: Vec<_> = group.iter().map(|&axis| self.axes[axis].list[place]).collect();
                if let Some(first) = seen.insert(values, place) {
                    return Err(self.repetition(group, first, place));
                }
            }
        }
        Ok(())
    }

    fn repetition(&self, group: &[usize], first: usize, second: usize) -> Problem {
        let axis = &self.axes[group[0]];
        let value = &axis.values[axis.list[second] as usize];
        if group.len() > 1 {
            let same = group.iter().map(|&axis| self.setting(axis, self.axes[axis].list[second])).collect::<Vec<_>>();
            return Problem::new(Code::AxisRepeated, format!("two trials are the same: {}", same.join(", ")))
                .at(axis.places[second], "again here")
                .at(axis.places[first], "first here")
                .help("remove one of the two from every list of the `zip`");
        }
        let problem = Problem::new(Code::AxisRepeated, format!("the axis `{}` has the value {value} twice", axis.path));
        if axis.places[first] == axis.places[second] {
            return problem
                .at(axis.span, format!("values {} and {} are the same", first + 1, second + 1))
                .help("ask for fewer `steps`, or for ends further apart: values are rounded to 12 digits");
        }
        problem
            .at(axis.places[second], "again here")
            .at(axis.places[first], "first here")
            .help("remove one of the two: the same trial under the same seed is the same run")
    }

    fn setting(&self, axis: usize, value: u32) -> String {
        format!("{} = {}", self.axes[axis].path, self.axes[axis].values[value as usize])
    }
}

impl Column {
    fn new(axis: &RawAxis, list: Vec<Node>) -> Self {
        let mut indices = BTreeMap::new();
        let mut values = Vec::new();
        let places = list.iter().map(|node| node.span).collect();
        let list = list
            .into_iter()
            .map(|node| {
                *indices.entry(Key::of(&node)).or_insert_with(|| {
                    values.push(node);
                    values.len() as u32 - 1
                })
            })
            .collect();
        Self { path: axis.path.clone(), key: axis.key, span: axis.span, values, list, places, log: axis.log }
    }
}

fn written(axis: &RawAxis, axes: &[RawAxis], catalog: &Catalog) -> Result<Vec<Node>, Problem> {
    match &axis.values {
        Values::Listed(items) => Ok(items.clone()),
        Values::Drawn(_) => Err(Problem::new(
            Code::RandomMissing,
            format!("`{}` is random, but `sweep.random.trials` is not set", axis.path),
        )
        .at(axis.span, "drawn at random")
        .help(format!(
            "add `random = {{ trials = {}, seed = 1 }}` to [sweep], or give a list or a range",
            search::few(axes, catalog)
        ))),
    }
}

fn require_known(axis: &RawAxis, catalog: &Catalog) -> Result<(), Problem> {
    let known: Vec<_> = catalog.axes().collect();
    if known.contains(&axis.path.as_str()) {
        return Ok(());
    }
    let problem = |code| Problem::new(code, format!("`{}` is not a setting that can be swept", axis.path));
    let inner = format!("{}.", axis.path);
    let inside: Vec<_> = known.iter().copied().filter(|path| path.starts_with(&inner)).collect();
    if !inside.is_empty() {
        return Err(problem(Code::AxisGroup).at(axis.key, "this is a group of settings").suggest(
            "",
            inside,
            "in it are",
        ));
    }
    if catalog.get(&axis.path).is_some() {
        return Err(problem(Code::AxisGroup)
            .at(axis.key, "this is a list of names")
            .help("set it under its section, for all trials"));
    }
    // Settings of other data sets are suggested only for a path under `data`.
    let section = axis.path.split('.').next().unwrap_or_default();
    let near: Vec<_> = known.iter().copied().filter(|path| path.split('.').next() == Some(section)).collect();
    let all = if near.is_empty() || section == "data" { known } else { near };
    Err(problem(Code::AxisUnknown).at(axis.key, "unknown path").unknown_key().suggest(&axis.path, all, "settings are"))
}

/// The index of the axis with this path, which the key `where_` of `[sweep]` names.
pub(super) fn axis_named(axes: &[Column], path: &str, span: Span, where_: &str) -> Result<usize, Problem> {
    axes.iter().position(|axis| axis.path == path).ok_or_else(|| {
        Problem::new(Code::NotAnAxis, format!("`{where_}` names `{path}`, which is not an axis"))
            .at(span, "not swept")
            .suggest(path, axes.iter().map(|axis| axis.path.as_str()), "axes are")
    })
}

fn groups(axes: &[Column], zip: &[Vec<(String, Span)>]) -> Result<Vec<Vec<usize>>, Problem> {
    let mut zipped = BTreeSet::new();
    let mut groups = Vec::new();
    for paths in zip {
        let mut group: Vec<usize> = Vec::new();
        for (path, span) in paths {
            let axis = axis_named(axes, path, *span, "zip")?;
            if !zipped.insert(axis) {
                return Err(Problem::new(Code::ZipRepeated, format!("`zip` names `{path}` twice"))
                    .at(*span, "for the second time")
                    .help("name it once: an axis is in one group"));
            }
            if let Some(&first) = group.first()
                && axes[first].list.len() != axes[axis].list.len()
            {
                let (one, other) = (&axes[first], &axes[axis]);
                return Err(Problem::new(
                    Code::ZipUnequal,
                    format!(
                        "`{}` and `{}` cannot be zipped: they have {} and {} values",
                        one.path,
                        other.path,
                        one.list.len(),
                        other.list.len()
                    ),
                )
                .at(other.span, format!("{} values", other.list.len()))
                .at(one.span, format!("{} values", one.list.len()))
                .help("give them the same number of values, or take them out of `zip` to try every combination"));
            }
            group.push(axis);
        }
        group.sort_unstable();
        groups.push(group);
    }
    groups.extend((0..axes.len()).filter(|axis| !zipped.contains(axis)).map(|axis| vec![axis]));
    groups.sort_unstable();
    Ok(groups)
}
