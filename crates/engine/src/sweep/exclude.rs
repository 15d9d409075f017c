//! Combinations that are left out of a grid.

use super::grid::{Grid, Key, axis_named};
use crate::spec::{
    problem::{Code, Problem},
    tree::{Node, Span},
};

/// A partial setting that is left out: axes with the index of their value.
#[derive(Debug)]
pub(super) struct Exclude {
    pub setting: Vec<(usize, u32)>,
    pub span: Span,
    /// Whether an axis in it was set on the command line, so that it need not match.
    pub idle: bool,
}

impl Exclude {
    pub fn matches(&self, point: &[u32]) -> bool {
        !self.setting.is_empty() && self.setting.iter().all(|&(axis, value)| point[axis] == value)
    }
}

impl Grid {
    /// Reads one table of `exclude`.
    pub fn exclude(&self, node: &Node) -> Result<Exclude, Problem> {
        let entries = node.table().map_or(&[][..], |table| &table.0);
        if entries.is_empty() {
            return Err(Problem::new(Code::ExcludeEmpty, "an exclusion without a value would leave nothing")
                .at(node.span, "expected a value on at least one axis"));
        }
        let setting = entries.iter().map(|entry| {
            let axis = axis_named(&self.axes, &entry.key, entry.span, "exclude")?;
            let column = &self.axes[axis];
            let value = column.values.iter().position(|value| Key::of(value) == Key::of(&entry.node));
            match value {
                Some(value) => Ok(Some((axis, value as u32))),
                None if column.span.source > 0 => Ok(None),
                None => {
                    let all = column.values.iter().take(24).map(ToString::to_string).collect::<Vec<_>>().join(", ");
                    Err(Problem::new(
                        Code::ExcludeUnmatched,
                        format!("`exclude` matches nothing: `{}` is never {}", column.path, entry.node),
                    )
                    .at(entry.node.span, "not a value of the axis")
                    .help(format!("the values are {all}")))
                }
            }
        });
        let found = setting.collect::<Result<Vec<_>, Problem>>()?;
        let idle = found.iter().any(Option::is_none)
            || entries.iter().any(|entry| self.axes.iter().any(|axis| axis.path == entry.key && axis.span.source > 0));
        let setting = if found.contains(&None) { Vec::new() } else { found.into_iter().flatten().collect() };
        Ok(Exclude { setting, span: node.span, idle })
    }

    /// Every exclusion must match a trial, and every value must be left in one.
    pub fn keep_useful_excludes(&mut self) -> Result<(), Problem> {
        let mut useful = vec![false; self.excludes.len()];
        let mut used: Vec<_> = self.axes.iter().map(|axis| vec![false; axis.values.len()]).collect();
        let mut left = 0_usize;
        for point in self.full() {
            let mut excluded = false;
            for (exclude, useful) in self.excludes.iter().zip(&mut useful) {
                let matches = exclude.matches(&point);
                *useful |= matches;
                excluded |= matches;
            }
            if !excluded {
                left += 1;
                point.iter().zip(&mut used).for_each(|(&value, used)| used[value as usize] = true);
            }
        }
        if left == 0
            && let Some(exclude) = self.excludes.first()
        {
            return Err(Problem::new(Code::ExcludeAll, "`exclude` leaves no trial")
                .at(exclude.span, "together these match every trial"));
        }
        for (exclude, &useful) in self.excludes.iter().zip(&useful) {
            if !useful && !exclude.idle {
                return Err(Problem::new(Code::ExcludeUnmatched, "`exclude` matches nothing")
                    .at(exclude.span, "no trial has these values together")
                    .help("axes in `zip` or `random` do not meet in every combination"));
            }
        }
        for (axis, used) in self.axes.iter().zip(used) {
            if let Some(value) = used.iter().position(|used| !used) {
                let value = &axis.values[value];
                return Err(Problem::new(
                    Code::ExcludeValue,
                    format!("no trial is left with `{}` = {value}", axis.path),
                )
                .at(value.span, "excluded in every combination")
                .help("remove the value from the axis and from `exclude`"));
            }
        }
        let mut useful = useful.into_iter();
        self.excludes.retain(|_| useful.next() == Some(true));
        Ok(())
    }
}
