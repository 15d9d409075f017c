//! The runs of a study as data of the page's explorer: JSON, with the curves as base64.
//!
//! A number of a curve has 16 bits, enough for drawing: the exponent of an `f32` and the first eight bits of its
//! fraction, rounded, without the sign. Digests and settings are complete, because the page computes proofs from them.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::{
    Input, Results, Trained, base64,
    planes::{self, Sets},
    words,
};
use crate::{
    digest::{CONTRACT, Value},
    escape,
    measure::{Measurement, Range, Shown},
    sweep::{AxisValue, Study},
    table::{self, Summary, TrialSummary, floats, texts, wholes},
};

/// The most measurements that a page has in full; of more it has every second, third and so on.
const MOST_MEASUREMENTS: usize = 100_000;

/// The most hexadecimal digits of traces in a page.
const MOST_TRACED: usize = 600_000;

/// The data for the script of the page; `None` if the study has too many runs or its tables are missing.
pub(super) fn data(input: &Input<'_>, results: &Results) -> Option<String> {
    let trained = input.trained.as_ref()?;
    let study = input.study;
    let (ids, trials, seeds) =
        (texts(trained.runs, "run")?, wholes(trained.runs, "trial")?, wholes(trained.runs, "seed")?);
    let (outcomes, epochs, digests) =
        (texts(trained.runs, "outcome")?, wholes(trained.runs, "epoch")?, texts(trained.runs, "digest")?);
    let packed = || Curves::new(study, trained).map(|curves| (base64(&curves.epochs), base64(&curves.values), curves));
    let (packed, nets) = rayon::join(packed, || planes::networks(study, trained, results));
    let (epochs_packed, values_packed, curves) = packed?;
    if ids.len() != curves.counts.len() || ids.len() != trained.traces.len() {
        return None;
    }
    let sets = Sets::new(study, trained);
    let obstacle = planes::obstacle(study, trained, &sets, nets.is_some());
    let lines: Vec<_> = study.trials.iter().map(|trial| words::settings(study, trial)).map(lines).collect();
    let first = lines.first()?;
    let shared: BTreeMap<_, _> =
        first.iter().filter(|entry| lines.iter().all(|trial| trial.get(entry.0) == Some(entry.1))).collect();
    // For display only; training in the page uses the unrounded settings.
    let at = |index: usize| {
        let values = results.rows[index / study.folds].values.iter().map(|value| escape::line(value));
        let fold = (study.folds > 1).then(|| (index % study.folds).to_string().into());
        values.chain(fold).collect::<Vec<_>>()
    };
    // The explorer shows each fold separately.
    let by_fold = (study.folds > 1).then(|| Study { folds: 1, confirm: None, ..study.clone() });
    let by_fold = by_fold.and_then(|by_fold| table::summary_of_table(&by_fold, trained.runs));
    let summary = by_fold.as_ref().unwrap_or(input.summary);
    let of_trial = |index: usize| {
        let trial = summary.trials.get(index)?;
        let own: BTreeMap<_, _> = lines[index].iter().filter(|(path, _)| !shared.contains_key(path)).collect();
        Some(
            json!({ "at": at(index), "own": own, "runs": trial.runs, "decided": decided(study, summary, trial), "zero": trial.success_share }),
        )
    };
    let traced = trained.traces.iter().map(|trace| trace.len()).sum::<usize>() <= MOST_TRACED;
    let run = |row: usize| {
        let outcome = match outcomes[row] {
            name @ ("converged" | "diverged") => format!("{name} {}", epochs[row]),
            name => name.to_owned(),
        };
        let trace = if traced { trained.traces[row] } else { "" };
        json!([
            trials[row],
            seeds[row].to_string(),
            ids[row],
            digests[row],
            outcome,
            trace,
            curves.counts[row],
            curves.whole[row]
        ])
    };
    let objective = study.objective();
    let data = json!({
        "study": study.name,
        "metrics": study.measurements().iter().map(metric).collect::<Vec<_>>(),
        "decides": {
            "metric": objective.measurement,
            "part": objective.part.name(),
            "title": objective.part.of(&objective.measurement),
        },
        "contract": CONTRACT,
        "root": input.root.to_string(),
        "again": obstacle.is_none(),
        "obstacle": obstacle,
        "window": planes::window(study),
        "sets": sets.json,
        "nets": nets,
        "folds": study.folds,
        "axes": study.axes.iter().map(|axis| axis.path.as_str()).collect::<Vec<_>>(),
        "shared": if obstacle.is_none() { json!(shared) } else { json!({}) },
        "trials": (0..study.trials.len()).filter_map(of_trial).collect::<Vec<_>>(),
        "runs": (0..ids.len()).map(run).collect::<Vec<_>>(),
        "epochs": epochs_packed,
        "curves": values_packed,
    });
    // Escaped, so that no text can end the script element.
    Some(escape::script(&data.to_string()))
}

/// The settings as they enter the identity of a run.
fn lines(settings: impl IntoIterator<Item = (String, AxisValue)>) -> BTreeMap<String, String> {
    let line = |(path, value): (String, AxisValue)| {
        let value = match value {
            AxisValue::Int(value) => Value::Int(value),
            AxisValue::Float(value) => Value::Float(value),
            AxisValue::String(value) => Value::String(value.into()),
        };
        (path, value.to_string())
    };
    settings.into_iter().map(line).collect()
}

/// A metric and its display in the page.
fn metric(measurement: &Measurement) -> Json {
    json!({
        "name": measurement.name,
        "percent": measurement.shown == Shown::Percent,
        "bounded": measurement.range == Range::Share,
    })
}

/// Mean, interquartile mean and interval of the final objective.
fn decided(study: &Study, summary: &Summary, trial: &TrialSummary) -> Json {
    let objective = study.objective();
    let spread = summary.spread(trial, objective.part, &objective.measurement);
    spread.map_or(Json::Null, |spread| json!([spread.mean, spread.iqm, spread.interval.low, spread.interval.high]))
}

/// All curves, run by run: for each measurement every metric on training points, then every metric on validation
/// points.
struct Curves {
    /// The number of measurements of each run that are kept.
    counts: Vec<usize>,
    /// The number of measurements of each run.
    whole: Vec<usize>,
    /// Epochs, 32 bits each.
    epochs: Vec<u8>,
    /// Metrics, 16 bits each.
    values: Vec<u8>,
}

impl Curves {
    fn new(study: &Study, trained: &Trained<'_>) -> Option<Self> {
        let (epochs, steps) = (wholes(trained.metrics, "epoch")?, wholes(trained.metrics, "step")?);
        let metrics = study.measurements();
        let metrics = metrics.iter().map(|metric| floats(trained.metrics, &metric.name)).collect::<Option<Vec<_>>>()?;
        // A measurement has two rows; the first one of a run is at step 0.
        let count = steps.len() / 2;
        let starts: Vec<_> = (0..count).filter(|index| steps[2 * index] == 0).collect();
        let stride = count.div_ceil(MOST_MEASUREMENTS).max(1);
        let mut curves = Self { counts: Vec::new(), whole: Vec::new(), epochs: Vec::new(), values: Vec::new() };
        for (run, &start) in starts.iter().enumerate() {
            let end = starts.get(run + 1).copied().unwrap_or(count);
            let kept: Vec<_> =
                (start..end).filter(|index| (index - start).is_multiple_of(stride) || index + 1 == end).collect();
            for &index in &kept {
                let epoch = u32::try_from(epochs[2 * index]).unwrap_or(u32::MAX);
                curves.epochs.extend_from_slice(&epoch.to_le_bytes());
                let rows = [2 * index, 2 * index + 1];
                let numbers = rows.into_iter().flat_map(|row| metrics.iter().map(move |metric| metric[row]));
                curves.values.extend(numbers.flat_map(|number| short(number).to_le_bytes()));
            }
            curves.counts.push(kept.len());
            curves.whole.push(end - start);
        }
        Some(curves)
    }
}

/// The upper 16 bits of an `f32` after its sign, rounded.
fn short(value: f64) -> u16 {
    let bits = (value.abs() as f32).to_bits();
    if value.is_finite() { ((bits + (1 << 14)) >> 15) as u16 } else { (f32::INFINITY.to_bits() >> 15) as u16 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Digest;
    use crate::{
        report::html,
        table::{metrics, points, runs, summary, weights},
        tests::fixture,
    };

    #[test]
    fn short_numbers_are_near() {
        for value in [0.0, 1.0, 0.001, 0.5317, 12.25, 1e-9] {
            let back = f64::from(f32::from_bits(u32::from(short(value)) << 15));
            assert!((back - value).abs() <= value * 0.001, "{value}: {back}");
        }
        assert_eq!(f32::from_bits(u32::from(short(f64::INFINITY)) << 15), f32::INFINITY);
    }

    #[test]
    fn a_page_has_every_run_once_and_no_text_ends_the_element() {
        let study = fixture::study(&[1, 7], &[0.02, 0.2], 3);
        let records = fixture::records(&study, 4);
        let rows = fixture::rows(&study, &records);
        let (summary, runs, metrics) = (summary(&study, &rows), runs(&study, &rows), metrics(&study, &rows));
        let (weights, points) = (weights(&study, &rows), points(&[]));
        let traces = vec!["00112233445566778899"; 12];
        let trained =
            Trained { runs: &runs, metrics: &metrics, weights: &weights, points: &points, traces, network: true };
        let input = Input {
            study: &study,
            summary: &summary,
            figures: vec![],
            kept: None,
            data: &[],
            trained: Some(trained),
            root: Digest([0xab; 32]),
            specification: Digest([0xcd; 32]),
            version: "0.1.0",
            experiment: None,
            adoptions: None,
            runs: Vec::new(),
            verdicts: &[],
            installed: &[],
            unfinished: None,
        };
        let text = data(&input, &Results::new(&summary)).unwrap();
        let data: Json = serde_json::from_str(&text).unwrap();
        assert_eq!(data["runs"].as_array().unwrap().len(), 12);
        assert_eq!(data["runs"][4][6], 5);
        assert_eq!(data["runs"][4][3], records[4].digest().to_string());
        assert_eq!(data["trials"][2]["own"]["model.hidden"], "u7");
        assert_eq!(data["shared"]["data.double-moon.seed"], "u2014");
        let names: Vec<_> = data["metrics"].as_array().unwrap().iter().map(|metric| &metric["name"]).collect();
        assert_eq!(names, ["loss", "error"]);
        assert_eq!(data["decides"], json!({ "metric": "error", "part": "validation", "title": "validation error" }));
        assert!(!text.contains('<') && html(&input).contains("id=\"data\""));
    }
}
