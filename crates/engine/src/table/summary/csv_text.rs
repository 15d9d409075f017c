use super::{Spread, Summary};
use crate::{escape::csv_cell, measure::Success, stats::Interval, sweep::AxisValue};

impl Summary {
    /// Returns the file `summary.csv`: `trial`, the axes, `runs`, then for each split and measurement
    /// `SPLIT_NAME_mean`, `_sd`, `_median`, `_iqm`, `_low`, `_high` (without `SPLIT_` if there are no splits), then, if
    /// the experiment defines success, `WORD_share` and `WORD_epoch_median` (for the network `zero_share`,
    /// `zero_epoch_median`), then `diverged`, `failed`.
    ///
    /// A float has the fewest digits that parse to the same float, and always a point or an exponent, so that readers
    /// that guess types find floats. Absent is `NaN`; infinite is `1e999`, which overflows to infinity in every reader,
    /// while `inf` turns the column into strings in DuckDB. Strings are quoted where CSV (RFC 4180) requires it, and
    /// escaped so that no spreadsheet evaluates them: [`csv_cell`].
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut lines = vec![self.header()];
        for trial in &self.trials {
            let mut cells = vec![trial.trial.to_string()];
            cells.extend(trial.values.iter().map(cell));
            cells.push(trial.runs.to_string());
            let spreads = trial.finals.iter();
            cells.extend(spreads.flat_map(Spread::columns).map(|(_, value)| number(value)));
            if self.objective.success.is_some() {
                cells.extend([trial.success_share, trial.success_epoch_median].map(number));
            }
            cells.extend([trial.diverged, trial.failed].map(|count| count.to_string()));
            lines.push(cells);
        }
        lines.into_iter().map(|cells| cells.join(",") + "\n").collect()
    }

    fn header(&self) -> Vec<String> {
        const NAN: f64 = f64::NAN;
        let names = Spread { mean: NAN, sd: NAN, median: NAN, iqm: NAN, interval: Interval::NONE, range: [NAN; 2] };
        let mut header = vec!["trial".to_string()];
        header.extend(self.axes.iter().map(|axis| csv_cell(&axis.path)));
        header.push("runs".into());
        for (part, own) in &self.columns {
            header.extend(names.columns().map(|(name, _)| format!("{}_{name}", part.column(&own.name))));
        }
        let succeeded = |success: &Success| ["share", "epoch_median"].map(|end| format!("{}_{end}", success.word));
        header.extend(self.objective.success.iter().flat_map(succeeded));
        header.extend(["diverged", "failed"].map(String::from));
        header
    }
}

fn cell(value: &AxisValue) -> String {
    match value {
        AxisValue::Int(value) => value.to_string(),
        AxisValue::Float(value) => number(*value),
        AxisValue::String(value) => csv_cell(value),
    }
}

fn number(value: f64) -> String {
    if value.is_infinite() { format!("{}1e999", if value < 0.0 { "-" } else { "" }) } else { format!("{value:?}") }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_floats_in_every_reader() {
        assert_eq!([f64::INFINITY, f64::NEG_INFINITY, 2.0, f64::NAN].map(number), ["1e999", "-1e999", "2.0", "NaN"]);
    }
}
