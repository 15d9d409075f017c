//! The runs of a study as the page holds them, so that its reader can explore them: JSON, with the curves as base64.
//!
//! A number of a curve has 16 bits, enough to be drawn: the sign is left out, so it is the exponent of an `f32` and the first
//! nine bits of its fraction, rounded. Digests and settings are whole, since the page proves with them.

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

/// The most measurements of which a page holds every one; of more, every second, third and so on.
const MOST_POINTS: usize = 100_000;

/// The most hexadecimal digits of traces that a page holds.
const MOST_TRACED: usize = 600_000;

/// What the script of the page reads; none if the study has too many runs or its tables are not here.
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
    // Only shown; what is trained again has its settings as they are.
    let at = |index: usize| {
        let own = results.rows[index / study.folds].values.iter().map(|value| escape::line(value));
        let fold = (study.folds > 1).then(|| (index % study.folds).to_string().into());
        own.chain(fold).collect::<Vec<_>>()
    };
    // The explorer shows each fold by itself.
    let apart = (study.folds > 1).then(|| Study { folds: 1, confirm: None, ..study.clone() });
    let apart = apart.and_then(|apart| table::summary_of_table(&apart, trained.runs));
    let summary = apart.as_ref().unwrap_or(input.summary);
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
    // Nothing in it can end the element that it stands in.
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

/// A metric as the page shows it.
fn metric(measurement: &Measurement) -> Json {
    json!({
        "name": measurement.name,
        "percent": measurement.shown == Shown::Percent,
        "bounded": measurement.range == Range::Share,
    })
}

/// The final mean of what decides, and how far it spreads.
fn decided(study: &Study, summary: &Summary, trial: &TrialSummary) -> Json {
    let objective = study.objective();
    let spread = summary.spread(trial, objective.part, &objective.measurement);
    spread.map_or(Json::Null, |spread| json!([spread.mean, spread.iqm, spread.interval.low, spread.interval.high]))
}

/// All curves, run after run: of each measurement every metric on training points, then every metric on validation points.
struct Curves {
    /// How many measurements of each run are held, and how many there are.
    counts: Vec<usize>,
    whole: Vec<usize>,
    /// Their epochs, 32 bits each.
    epochs: Vec<u8>,
    /// Their numbers, 16 bits each.
    values: Vec<u8>,
}

impl Curves {
    fn new(study: &Study, trained: &Trained<'_>) -> Option<Self> {
        let (epochs, steps) = (wholes(trained.metrics, "epoch")?, wholes(trained.metrics, "step")?);
        let metrics = study.measurements();
        let metrics = metrics.iter().map(|metric| floats(trained.metrics, &metric.name)).collect::<Option<Vec<_>>>()?;
        // Two rows a measurement; the first one of a run is before its first step.
        let points = steps.len() / 2;
        let starts: Vec<_> = (0..points).filter(|point| steps[2 * point] == 0).collect();
        let stride = points.div_ceil(MOST_POINTS).max(1);
        let mut curves = Self { counts: Vec::new(), whole: Vec::new(), epochs: Vec::new(), values: Vec::new() };
        for (run, &start) in starts.iter().enumerate() {
            let end = starts.get(run + 1).copied().unwrap_or(points);
            let held: Vec<_> =
                (start..end).filter(|point| (point - start).is_multiple_of(stride) || point + 1 == end).collect();
            for &point in &held {
                let epoch = u32::try_from(epochs[2 * point]).unwrap_or(u32::MAX);
                curves.epochs.extend_from_slice(&epoch.to_le_bytes());
                let rows = [2 * point, 2 * point + 1];
                let numbers = rows.into_iter().flat_map(|row| metrics.iter().map(move |metric| metric[row]));
                curves.values.extend(numbers.flat_map(|number| short(number).to_le_bytes()));
            }
            curves.counts.push(held.len());
            curves.whole.push(end - start);
        }
        Some(curves)
    }
}

/// A number from 0 in 16 bits.
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
    fn a_page_holds_its_runs_once_and_nothing_ends_the_element() {
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
            data: &[],
            trained: Some(trained),
            root: Digest([0xab; 32]),
            specification: Digest([0xcd; 32]),
            version: "0.1.0",
            experiment: None,
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
