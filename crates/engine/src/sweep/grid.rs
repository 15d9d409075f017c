//! From the axes as they are written to the points of the grid, before any setting is read.

use std::collections::{BTreeMap, BTreeSet};

use super::{exclude::Exclude, search};
use crate::spec::{
    catalogue::Catalogue,
    problem::{Code, Problem},
    sweeping::{MOST, RawAxis, Sweeping, Values},
    tree::{Node, Span, Value},
};

/// Everything that is swept: axes, and which of them walk together.
#[derive(Debug)]
pub(super) struct Grid {
    pub axes: Vec<Column>,
    /// The axes that walk together, group after group; the last group varies fastest.
    pub groups: Vec<Vec<usize>>,
    pub excludes: Vec<Exclude>,
}

/// One axis.
#[derive(Debug)]
pub(super) struct Column {
    pub path: String,
    /// Where the path stands.
    pub key: Span,
    /// Where the values stand.
    pub span: Span,
    /// The different values, in order of appearance.
    pub values: Vec<Node>,
    /// The list as written: indices of `values`. They repeat only where axes walk together.
    pub list: Vec<u32>,
    /// Where each of the list stands.
    pub places: Vec<Span>,
    /// Whether the scale is logarithmic, if that is said.
    pub log: Option<bool>,
}

/// A value for comparison: 2 and 2.0 are the same.
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
    /// Checks all of `sweeping` that can be checked without reading a setting.
    pub fn new(sweeping: &Sweeping, catalogue: &Catalogue) -> Result<Self, Problem> {
        for axis in &sweeping.axes {
            require_known(axis, catalogue)?;
        }
        let lists = match &sweeping.random {
            Some((random, span)) => search::draw(&sweeping.axes, *random, *span, catalogue)?,
            None => {
                sweeping.axes.iter().map(|axis| written(axis, &sweeping.axes, catalogue)).collect::<Result<_, _>>()?
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

    /// The points that are not excluded: for each axis the index of its value. The last group varies fastest.
    pub fn points(&self) -> impl Iterator<Item = Vec<u32>> {
        self.full().filter(|point| !self.excludes.iter().any(|exclude| exclude.matches(point)))
    }

    /// All points, excluded or not.
    pub fn full(&self) -> impl Iterator<Item = Vec<u32>> {
        let lengths: Vec<_> = self.groups.iter().map(|group| self.length(group)).collect();
        (0..lengths.iter().product()).map(move |mut number: usize| {
            let mut point = vec![0; self.axes.len()];
            for (group, length) in self.groups.iter().zip(&lengths).rev() {
                for &axis in group {
                    point[axis] = self.axes[axis].list[number % length];
                }
                number /= length;
            }
            point
        })
    }

    /// The number of points, excluded or not.
    pub fn count(&self) -> usize {
        self.groups.iter().map(|group| self.length(group)).product()
    }

    /// Axes of a group have lists of one length, and there is no group without axes.
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
        // One axis alone is never too long for one seed.
        let seeds = if sweeping.seeds.len() > 1 { "ask for fewer seeds, " } else { "" };
        Err(problem.help(if self.axes.len() > 1 {
            format!("{seeds}shorten the axes, walk some of them together with `zip`, or draw trials with `random`")
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

    fn repetition(&self, group: &[usize], first: usize, again: usize) -> Problem {
        let axis = &self.axes[group[0]];
        let value = &axis.values[axis.list[again] as usize];
        if group.len() > 1 {
            let same = group.iter().map(|&axis| self.named(axis, self.axes[axis].list[again])).collect::<Vec<_>>();
            return Problem::new(Code::AxisRepeated, format!("two trials are the same: {}", same.join(", ")))
                .at(axis.places[again], "again here")
                .at(axis.places[first], "first here")
                .help("remove one of the two from every list of the `zip`");
        }
        let problem = Problem::new(Code::AxisRepeated, format!("the axis `{}` has the value {value} twice", axis.path));
        if axis.places[first] == axis.places[again] {
            return problem
                .at(axis.span, format!("values {} and {} are the same", first + 1, again + 1))
                .help("ask for fewer `steps`, or for ends further apart: values are rounded to 12 digits");
        }
        problem
            .at(axis.places[again], "again here")
            .at(axis.places[first], "first here")
            .help("remove one of the two: the same trial under the same seed is the same run")
    }

    fn named(&self, axis: usize, value: u32) -> String {
        format!("{} = {}", self.axes[axis].path, self.axes[axis].values[value as usize])
    }
}

impl Column {
    fn new(axis: &RawAxis, list: Vec<Node>) -> Self {
        let mut known = BTreeMap::new();
        let mut values = Vec::new();
        let places = list.iter().map(|node| node.span).collect();
        let list = list
            .into_iter()
            .map(|node| {
                *known.entry(Key::of(&node)).or_insert_with(|| {
                    values.push(node);
                    values.len() as u32 - 1
                })
            })
            .collect();
        Self { path: axis.path.clone(), key: axis.key, span: axis.span, values, list, places, log: axis.log }
    }
}

fn written(axis: &RawAxis, axes: &[RawAxis], catalogue: &Catalogue) -> Result<Vec<Node>, Problem> {
    match &axis.values {
        Values::These(items) => Ok(items.clone()),
        Values::Drawn(_) => Err(Problem::new(
            Code::RandomMissing,
            format!("`{}` is to be drawn, but nothing says how often", axis.path),
        )
        .at(axis.span, "drawn at random")
        .help(format!(
            "add `random = {{ trials = {}, seed = 1 }}` to [sweep], or give a list or a range",
            search::few(axes, catalogue)
        ))),
    }
}

fn require_known(axis: &RawAxis, catalogue: &Catalogue) -> Result<(), Problem> {
    let known: Vec<_> = catalogue.axes().collect();
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
    if catalogue.get(&axis.path).is_some() {
        return Err(problem(Code::AxisGroup)
            .at(axis.key, "this is a list of names")
            .help("set it under its section, for all trials"));
    }
    // Of other data sets nobody wants to hear unless one is named.
    let section = axis.path.split('.').next().unwrap_or_default();
    let near: Vec<_> = known.iter().copied().filter(|path| path.split('.').next() == Some(section)).collect();
    let all = if near.is_empty() || section == "data" { known } else { near };
    Err(problem(Code::AxisUnknown).at(axis.key, "unknown path").slip().suggest(&axis.path, all, "settings are"))
}

/// The place of the axis that `where_` names.
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
                        "`{}` and `{}` cannot walk together: they have {} and {} values",
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
