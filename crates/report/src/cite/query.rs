use super::Find;
use crate::{stats::ENOUGH, table::Split};

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Query<'a> {
    study: Option<&'a str>,
    settings: Vec<&'a str>,
    /// The column of `summary.csv`, or both ends of the interval.
    columns: Vec<String>,
    digits: Option<usize>,
    percent: bool,
    /// The name of a measurement without splits, which the study must declare.
    plain: Option<&'a str>,
}

const STATISTICS: [&str; 6] = ["mean", "sd", "median", "iqm", "low", "high"];
const OF_TRIAL: [&str; 5] = ["runs", "diverged", "failed", "zero-share", "zero-epoch-median"];

/// As many digits as a double needs.
const MOST_DIGITS: usize = 17;

impl<'a> Query<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, String> {
        let (mut study, mut settings, mut quantity, mut statistic, mut rounding) = (None, Vec::new(), None, None, None);
        let mut plain = None;
        for word in text.split_whitespace() {
            let taken = if let Some(name) = word.strip_suffix(':') {
                study.replace(name).is_some()
            } else if word.contains('=') {
                settings.extend(word.split(',').filter(|word| !word.is_empty()));
                false
            } else if let Some(digits) = word.strip_prefix('.') {
                rounding.replace(digits).is_some()
            } else if STATISTICS.contains(&word) || word == "interval" {
                statistic.replace(word).is_some()
            } else if word.contains('.') || OF_TRIAL.contains(&word) {
                quantity.replace(word).is_some()
            } else if quantity.is_none() && is_name(word) {
                plain = Some(word);
                quantity.replace(word).is_some()
            } else {
                return Err(unknown(word));
            };
            if taken {
                return Err(format!(
                    "`{word}` is the second word of its kind: a citation is one number, so remove one of them"
                ));
            }
        }
        let quantity = quantity.ok_or("it has no measurement: write SPLIT.METRIC, such as validation.error")?;
        let columns = columns(quantity, statistic)?;
        let percent = rounding.is_some_and(|rounding| rounding.ends_with('%'));
        let digits = rounding.map(|rounding| {
            let digits = rounding.trim_end_matches('%').parse().ok().filter(|digits| *digits <= MOST_DIGITS);
            digits.ok_or_else(|| {
                format!("`.{rounding}` is not a valid rounding: write .2 or .2%, with at most {MOST_DIGITS} digits")
            })
        });
        Ok(Self { study, settings, columns, digits: digits.transpose()?, percent, plain })
    }

    /// The stored number, rounded.
    pub(super) fn value(&self, find: Find<'_>) -> Result<String, String> {
        let sheet = find(self.study)?;
        if let Some(word) = self.plain.filter(|word| !sheet.has_measurement(word)) {
            return Err(unknown(word));
        }
        sheet.require_measured(&self.columns)?;
        let trial = sheet.trial(&self.settings)?;
        let values: Result<Vec<_>, _> = self.columns.iter().map(|column| sheet.value(trial, column)).collect();
        let values = values?;
        let ends = self
            .columns
            .iter()
            .zip(&values)
            .filter(|(column, _)| column.ends_with("_low") || column.ends_with("_high"));
        if ends.into_iter().any(|(_, value)| value.is_nan()) {
            return Err(format!(
                "it has no interval: an interval needs at least {ENOUGH} runs with finite values that do not all agree; cite the mean"
            ));
        }
        let shown: Vec<_> = values.into_iter().map(|value| self.shown(value)).collect();
        let number = if let [low, high] = shown.as_slice() { format!("[{low}, {high}]") } else { shown.concat() };
        Ok(if self.percent { number + " %" } else { number })
    }

    fn shown(&self, value: f64) -> String {
        let value = if self.percent { 100.0 * value } else { value };
        match self.digits {
            _ if value.is_nan() => "–".into(),
            _ if value.is_infinite() => if value > 0.0 { "∞" } else { "−∞" }.into(),
            Some(digits) => {
                let rounded = format!("{value:.digits$}");
                // Zero has no sign.
                let zero = rounded.strip_prefix('-').filter(|digits| digits.chars().all(|c| "0.".contains(c)));
                zero.map_or(rounded.clone(), String::from)
            }
            None if value == 0.0 || (1e-5..1e16).contains(&value.abs()) => value.to_string(),
            None => format!("{value:e}"),
        }
    }
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn unknown(word: &str) -> String {
    let known = [&STATISTICS[..], &["interval"], &OF_TRIAL].concat().join(", ");
    format!("`{word}` is unknown: write a setting, SPLIT.METRIC, a rounding such as .2 or .2%, or one of {known}")
}

/// Whether a quantity is a single number of a trial, without statistics.
fn is_one(quantity: &str) -> bool {
    ["runs", "diverged", "failed"].contains(&quantity)
        || ["-share", "-epoch-median"].iter().any(|end| quantity.ends_with(end))
}

fn columns(quantity: &str, statistic: Option<&str>) -> Result<Vec<String>, String> {
    let ends = match statistic {
        Some("interval") => &["low", "high"][..],
        Some(statistic) => &[statistic][..],
        None => &["mean"][..],
    };
    let of = |column: String| Ok(ends.iter().map(|end| format!("{column}_{end}")).collect());
    let Some((name, metric)) = quantity.split_once('.') else {
        return match statistic {
            None if is_one(&quantity.replace('_', "-")) => Ok(vec![quantity.replace('-', "_")]),
            Some(statistic) if is_one(&quantity.replace('_', "-")) => {
                Err(format!("{quantity} is a single number of a trial, without {statistic}"))
            }
            _ => of(Split::None.column(quantity)),
        };
    };
    let name = if name == "val" { Split::Validation.name() } else { name };
    let Some(split) = Split::SPLIT.into_iter().find(|split| split.name() == name) else {
        return Err(format!("there is no split `{name}` of the data: write train or validation"));
    };
    of(split.column(metric))
}
