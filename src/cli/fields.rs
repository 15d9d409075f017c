//! Fields and conditions that select and sort runs: `hidden=7`, `learning-rate<0.1`, `outcome=diverged`.

use std::cmp::Ordering;

use super::{CliError, Code};
use crate::{
    measure::Split,
    run::Task,
    spec::problem::{listed, nearest},
    store::index::Brief,
    sweep::{AxisValue, Study},
    table,
};

/// A field of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Axis(usize),
    Trial,
    Seed,
    Outcome,
    /// The epoch of the last measurement.
    Epoch,
    /// The first epoch at which the criterion of success was met.
    SuccessEpoch,
    /// The last measurement, by its place in the [columns](table::columns).
    Final(usize),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell<'a> {
    Int(u64),
    /// NaN if the run has no value.
    Float(f64),
    String(&'a str),
}

pub(super) struct Fields<'a> {
    study: &'a Study,
    names: Vec<(String, Field)>,
    columns: Vec<(Split, String)>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(study: &'a Study) -> Self {
        let mut names: Vec<_> =
            study.axes.iter().enumerate().map(|(place, axis)| (axis.path.clone(), Field::Axis(place))).collect();
        names.extend(
            [("trial", Field::Trial), ("seed", Field::Seed), ("outcome", Field::Outcome), ("epoch", Field::Epoch)]
                .map(|(name, field)| (name.to_owned(), field)),
        );
        let success = study.objective().success.as_ref();
        names.extend(success.map(|success| (format!("{}-epoch", success.word), Field::SuccessEpoch)));
        let columns: Vec<_> = table::columns(study).into_iter().map(|(part, own)| (part, own.name)).collect();
        let own = |(place, (part, name)): (usize, &(Split, String))| (part.joined('-', name), Field::Final(place));
        names.extend(columns.iter().enumerate().map(own));
        // The end of a path is a name too, if it is unambiguous.
        for (place, axis) in study.axes.iter().enumerate() {
            let end = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
            let short = end(&axis.path);
            let alone = study.axes.iter().filter(|other| end(&other.path) == short).count() == 1;
            if alone && !names.iter().any(|(name, _)| *name == short) {
                names.push((short, Field::Axis(place)));
            }
        }
        Self { study, names, columns }
    }

    /// The field of this name. Underscores may replace hyphens, as in the columns of tables: `validation_error`.
    pub(super) fn named(&self, name: &str) -> Result<Field, CliError> {
        let plain = name.trim().replace('_', "-");
        if let Some((_, field)) = self.names.iter().find(|(known, _)| *known == plain || known == name.trim()) {
            return Ok(*field);
        }
        let known: Vec<_> = self.names.iter().map(|(name, _)| name.as_str()).collect();
        let help = nearest(name, &known)
            .map_or_else(|| format!("choose from {}", listed(&known)), |near| format!("did you mean `{near}`?"));
        Err(CliError::usage(
            Code::FieldUnknown,
            format!("the runs of {} have no field `{name}`", self.study.name),
            help,
        ))
    }

    pub(super) fn cell<'r>(&self, field: Field, task: &Task, run: &'r Brief) -> Cell<'r>
    where
        'a: 'r,
    {
        let trial = &self.study.trials[task.trial];
        match field {
            Field::Axis(place) => Cell::of(&trial.values[place]),
            Field::Trial => Cell::Int(task.trial as u64),
            Field::Seed => Cell::Int(task.seed.0),
            Field::Outcome => Cell::String(run.outcome.name()),
            Field::Epoch => Cell::Int(run.epoch),
            Field::SuccessEpoch => run.success_epoch.map_or(Cell::Float(f64::NAN), Cell::Int),
            Field::Final(place) => {
                let (part, name) = &self.columns[place];
                let slot = table::slot(&self.study.measured(trial), *part, name);
                Cell::Float(slot.and_then(|slot| run.finals.iter().flatten().nth(slot).copied()).unwrap_or(f64::NAN))
            }
        }
    }

    /// The possible texts of a field; none if it is a number.
    fn texts(&self, field: Field) -> Option<Vec<String>> {
        match field {
            Field::Outcome => Some(["completed", "converged", "diverged", "failed"].map(String::from).into()),
            Field::Axis(place) => {
                let values = &self.study.axes[place].values;
                let texts = values.iter().any(|value| matches!(value, AxisValue::String(_)));
                texts.then(|| values.iter().map(ToString::to_string).collect())
            }
            _ => None,
        }
    }
}

impl<'a> Cell<'a> {
    pub(super) fn of(value: &'a AxisValue) -> Self {
        match value {
            AxisValue::Int(value) => Self::Int(*value),
            AxisValue::Float(value) => Self::Float(*value),
            AxisValue::String(value) => Self::String(value),
        }
    }

    /// The order of two values, if they are comparable; integers are compared exactly.
    pub(super) fn compare(self, other: Cell<'_>) -> Option<Ordering> {
        let float = |cell: Cell<'_>| match cell {
            Cell::Int(whole) => Some(whole as f64),
            Cell::Float(float) => Some(float),
            Cell::String(_) => None,
        };
        match (self, other) {
            (Self::Int(one), Cell::Int(other)) => Some(one.cmp(&other)),
            (Self::String(one), Cell::String(other)) => Some(one.cmp(other)),
            (one, other) => float(one)?.partial_cmp(&float(other)?),
        }
    }

    /// An order for sorting; absent values come last in both directions.
    pub(super) fn order(self, other: Cell<'_>, reverse: bool) -> Ordering {
        let absent = |cell: Cell<'_>| matches!(cell, Cell::Float(value) if value.is_nan());
        match self.compare(other) {
            Some(order) if reverse => order.reverse(),
            Some(order) => order,
            None => absent(self).cmp(&absent(other)),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Condition {
    field: Field,
    comparison: Comparison,
    value: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    Different,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// Longer signs first, so that `<=` is not read as `<`.
const COMPARISONS: [(&str, Comparison); 7] = [
    ("!=", Comparison::Different),
    ("<=", Comparison::AtMost),
    (">=", Comparison::AtLeast),
    ("==", Comparison::Equal),
    ("=", Comparison::Equal),
    ("<", Comparison::Less),
    (">", Comparison::More),
];

impl Condition {
    /// Reads `hidden=7`.
    pub(super) fn parse(text: &str, fields: &Fields<'_>) -> Result<Self, CliError> {
        let first = text.find(['!', '<', '>', '=']);
        let found = first.and_then(|at| {
            let rest = &text[at..];
            COMPARISONS.iter().find_map(|(sign, comparison)| Some((at, *comparison, rest.strip_prefix(sign)?)))
        });
        let Some((at, comparison, value)) = found else {
            return Err(CliError::usage(
                Code::ConditionSyntax,
                format!("`{text}` is not a condition"),
                "write a field, one of = != < <= > >=, and a value, quoted for the shell: --where 'learning-rate<0.1'",
            ));
        };
        let field = fields.named(&text[..at])?;
        let condition = Self { field, comparison, value: value.trim().to_owned() };
        let equality = matches!(comparison, Comparison::Equal | Comparison::Different);
        match (fields.texts(field), condition.number()) {
            (Some(texts), _) if !equality => {
                let texts: Vec<_> = texts.iter().map(String::as_str).collect();
                Err(CliError::usage(
                    Code::ConditionOrder,
                    format!("`{text}` compares text by size"),
                    format!("use = or != with one of {}", listed(&texts)),
                ))
            }
            (Some(texts), _) if !texts.contains(&condition.value) => {
                let texts: Vec<_> = texts.iter().map(String::as_str).collect();
                let help = nearest(&condition.value, &texts).map_or_else(
                    || format!("choose from {}", listed(&texts)),
                    |near| format!("did you mean `{near}`?"),
                );
                Err(CliError::usage(
                    Code::ConditionValue,
                    format!("`{}` is never `{}`", text[..at].trim(), condition.value),
                    help,
                ))
            }
            (None, None) => Err(CliError::usage(
                Code::ConditionNumber,
                format!("`{}` is a number, `{}` is not", text[..at].trim(), condition.value),
                "write a number, as in --where 'learning-rate<0.1'",
            )),
            _ => Ok(condition),
        }
    }

    fn number(&self) -> Option<Cell<'static>> {
        let whole = self.value.parse().ok().map(Cell::Int);
        whole.or_else(|| self.value.parse().ok().map(Cell::Float))
    }

    /// Whether a value meets the condition; an absent number meets `!=` only.
    pub(super) fn holds(&self, cell: Cell<'_>) -> bool {
        let value = match cell {
            Cell::String(_) => Cell::String(&self.value),
            _ => self.number().unwrap_or(Cell::Float(f64::NAN)),
        };
        let order = cell.compare(value);
        match self.comparison {
            Comparison::Equal => order == Some(Ordering::Equal),
            Comparison::Different => order != Some(Ordering::Equal),
            Comparison::Less => order == Some(Ordering::Less),
            Comparison::AtMost => matches!(order, Some(Ordering::Less | Ordering::Equal)),
            Comparison::More => order == Some(Ordering::Greater),
            Comparison::AtLeast => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        }
    }

    pub(super) fn field(&self) -> Field {
        self.field
    }
}

#[cfg(test)]
mod tests;
