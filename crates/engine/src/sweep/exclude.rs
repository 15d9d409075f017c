//! Exclusions: combinations of values that are left out of a grid.

use super::grid::{Grid, Key, axis_named};
use crate::spec::{
    problem::{Code, Problem},
    tree::{Node, Span},
};

/// An exclusion: axes, each with the index of a value.
#[derive(Debug)]
pub(super) struct Exclude {
    pub setting: Vec<(usize, u32)>,
    pub span: Span,
    /// Whether `--set` changed one of its axes, so that it may match no trial.
    pub may_match_nothing: bool,
}

impl Exclude {
    pub fn matches(&self, values: &[u32]) -> bool {
        !self.setting.is_empty() && self.setting.iter().all(|&(axis, value)| values[axis] == value)
    }
}

impl Grid {
    /// Reads one table of `exclude`.
    pub fn exclude(&self, node: &Node) -> Result<Exclude, Problem> {
        let entries = node.table().map_or(&[][..], |table| &table.0);
        if entries.is_empty() {
            return Err(Problem::new(Code::ExcludeEmpty, "an exclusion without a value would leave nothing")
                .at(node.span, "expected a value on at least one axis")
                .help("name a value, or remove it"));
        }
        let setting = entries.iter().map(|entry| {
            let axis = axis_named(&self.axes, &entry.key, entry.span, "exclude")?;
            let column = &self.axes[axis];
            let value = column.values.iter().position(|value| Key::of(value) == Key::of(&entry.node));
            match value {
                Some(value) => Ok(Some((axis, value as u32))),
                None if column.span.source > 0 => Ok(None),
                None => {
                    let mut all: Vec<_> = column.values.iter().take(24).map(ToString::to_string).collect();
                    all.extend((column.values.len() > 24).then(|| "...".to_owned()));
                    let all = all.join(", ");
                    // Excluding one value of the axis by itself would leave no trial with that value.
                    let help = match entries.len() {
                        1 => {
                            format!("remove this exclusion, which leaves nothing out; the values of the axis are {all}")
                        }
                        _ => format!("the values are {all}; or remove this exclusion, which leaves nothing out"),
                    };
                    Err(Problem::new(
                        Code::ExcludeUnmatched,
                        format!("`exclude` matches nothing: `{}` is never {}", column.path, entry.node),
                    )
                    .at(entry.node.span, "not a value of the axis")
                    .help(help))
                }
            }
        });
        let found = setting.collect::<Result<Vec<_>, Problem>>()?;
        let may_match_nothing = found.iter().any(Option::is_none)
            || entries.iter().any(|entry| self.axes.iter().any(|axis| axis.path == entry.key && axis.span.source > 0));
        let setting = if found.contains(&None) { Vec::new() } else { found.into_iter().flatten().collect() };
        Ok(Exclude { setting, span: node.span, may_match_nothing })
    }

    /// Limits the number of comparisons: each exclusion is compared with each trial.
    pub(super) fn require_few_excludes(&self, excludes: &[Node]) -> Result<(), Problem> {
        const MOST_COMPARISONS: usize = 100_000_000;
        let conditions: usize = excludes.iter().map(|node| node.table().map_or(0, |table| table.0.len())).sum();
        let combinations = self.count();
        match excludes.first() {
            Some(first) if conditions.saturating_mul(combinations) > MOST_COMPARISONS => {
                let shown = format!("{} exclusions are too many for {combinations} trials", excludes.len());
                Err(Problem::new(Code::ExcludeMany, shown)
                    .at(first.span, "the first of them")
                    .help("leave the values out of the axes, pair axes with `zip`, or draw trials with `random`"))
            }
            _ => Ok(()),
        }
    }

    /// Requires that every exclusion matches a trial, and that every value remains in some trial.
    pub fn keep_useful_excludes(&mut self) -> Result<(), Problem> {
        let mut useful = vec![false; self.excludes.len()];
        let mut used: Vec<_> = self.axes.iter().map(|axis| vec![false; axis.values.len()]).collect();
        let mut left = 0_usize;
        for values in self.all_combinations() {
            let mut excluded = false;
            for (exclude, useful) in self.excludes.iter().zip(&mut useful) {
                let matches = exclude.matches(&values);
                *useful |= matches;
                excluded |= matches;
            }
            if !excluded {
                left += 1;
                values.iter().zip(&mut used).for_each(|(&value, used)| used[value as usize] = true);
            }
        }
        if left == 0
            && let Some(exclude) = self.excludes.first()
        {
            return Err(Problem::new(Code::ExcludeAll, "`exclude` leaves no trial")
                .at(exclude.span, "together these match every trial")
                .help("to try fewer values, shorten the axes; `exclude` is for some of the combinations of values"));
        }
        for (exclude, &useful) in self.excludes.iter().zip(&useful) {
            if !useful && !exclude.may_match_nothing {
                return Err(Problem::new(Code::ExcludeUnmatched, "`exclude` matches nothing")
                    .at(exclude.span, "no trial has these values together")
                    .help(
                        "remove it, it leaves nothing out: axes in `zip` or `random` do not meet in every combination",
                    ));
            }
        }
        for ((place, axis), used) in self.axes.iter().enumerate().zip(used) {
            if let Some(value) = used.iter().position(|used| !used) {
                let value = &axis.values[value];
                let is_zipped = self.groups.iter().any(|group| group.len() > 1 && group.contains(&place));
                let beside = if is_zipped { ", with the values beside it in `zip`," } else { "" };
                return Err(Problem::new(
                    Code::ExcludeValue,
                    format!("no trial is left with `{}` = {value}", axis.path),
                )
                .at(value.span, "excluded in every combination")
                .help(format!("remove the value from the axis{beside} and from `exclude`")));
            }
        }
        let mut useful = useful.into_iter();
        self.excludes.retain(|_| useful.next() == Some(true));
        Ok(())
    }
}
