//! Data for drawing in the plane: the final network of every trial under one seed, points from files, and the window.

use serde_json::{Value as Json, json};

use super::{Results, Trained, base64};
use crate::{
    data::{Data, DataSeed, DoubleMoon, Source},
    experiments::OfNetwork,
    sweep::Study,
    table::{floats, texts, wholes},
};

/// The most trials whose network is in a page.
const MOST: usize = 48;
/// The most parameters of all these networks together.
const MOST_NUMBERS: usize = 40_000;

/// The most points of files in a page.
const MOST_POINTS: usize = 20_000;

/// The window around a double moon of the usual size: x1 from -2 to 4, x2 from -5 to 3. For other data, the page
/// computes the window from the points.
pub(super) fn window(study: &Study) -> Option<[f64; 4]> {
    let usual = DoubleMoon::default();
    let fits = |data: &Data| match data {
        Data::DoubleMoon(moon) => {
            (moon.radius, moon.offset) == (usual.radius, usual.offset) && moon.noise <= usual.noise
        }
        _ => false,
    };
    study.trials.iter().all(|trial| fits(trial.data())).then_some([-2.0, 4.0, -5.0, 3.0])
}

/// The final networks under the study's least seed, by trial: `Wi`, `bi`, `Wo`, `bo` as base64 of their bits. Only of
/// trials in the table; not of networks that diverged or do not have two inputs.
pub(super) fn networks(study: &Study, trained: &Trained<'_>, results: &Results) -> Option<Json> {
    let seed = study.seeds.iter().min()?.0;
    let (ids, trials, seeds) =
        (texts(trained.runs, "run")?, wholes(trained.runs, "trial")?, wholes(trained.runs, "seed")?);
    let (of, values) = (texts(trained.weights, "run")?, floats(trained.weights, "value")?);
    let mut found = serde_json::Map::new();
    let mut room = MOST_NUMBERS;
    let mut places = std::collections::BTreeMap::new();
    let mut start = 0;
    for group in of.chunk_by(|a, b| a == b) {
        places.insert(group[0], start..start + group.len());
        start += group.len();
    }
    for row in results.shown().take(MOST) {
        let run = (0..ids.len()).find(|&run| trials[run] == row.trial as u64 && seeds[run] == seed);
        let Some(weights) = run.and_then(|run| places.get(ids[run])).map(|place| &values[place.clone()]) else {
            continue;
        };
        let hidden = study.trials[row.trial].setting().model.hidden as usize;
        if weights.len() == 4 * hidden + 1 && weights.len() <= room {
            room -= weights.len();
            let bytes: Vec<u8> = weights.iter().flat_map(|value| value.to_le_bytes()).collect();
            found.insert(row.trial.to_string(), base64(&bytes).into());
        }
    }
    Some(json!({ "seed": seed.to_string(), "of": found })).filter(|json| json["of"] != json!({}))
}

/// The points of files: each set with its trials and, if it depends on one, its seed.
#[derive(Debug, Default)]
pub(super) struct Sets {
    /// The sets for the script of the page.
    pub json: Vec<Json>,
    /// The trials with a set.
    trials: Vec<usize>,
}

impl Sets {
    /// The sets of the table `points` that do not come from a generator.
    pub(super) fn new(study: &Study, trained: &Trained<'_>) -> Self {
        Self::read(study, trained).unwrap_or_default()
    }

    /// Whether the points of a trial are present under at least one seed.
    pub(super) fn have(&self, trial: usize) -> bool {
        self.trials.contains(&trial)
    }

    fn read(study: &Study, trained: &Trained<'_>) -> Option<Self> {
        let table = trained.points;
        let (sets, splits) = (texts(table, "data")?, texts(table, "split")?);
        let (trials, seeds) = (wholes(table, "trial")?, wholes(table, "seed")?);
        let (x1, x2, y) = (floats(table, "x1")?, floats(table, "x2")?, floats(table, "y")?);
        if table.column("x3").is_ok() || sets.len() > MOST_POINTS {
            return None;
        }
        let mut found = Self::default();
        let mut start = 0;
        for set in sets.chunk_by(|a, b| a == b) {
            let rows = start..start + set.len();
            start = rows.end;
            let data = study.trials.get(trials[rows.start] as usize)?.data();
            if data.dimension().is_some() {
                continue;
            }
            let of_set: Vec<_> = (0..study.trials.len()).filter(|trial| study.trials[*trial].data() == data).collect();
            let seed = match data.seeding() {
                DataSeed::Fixed(_) => Json::Null,
                DataSeed::PerRun => seeds[rows.start].to_string().into(),
            };
            let train = rows.clone().filter(|&row| splits[row] == "train").count();
            let numbers = rows.flat_map(|row| [x1[row], x2[row], y[row]]);
            let bytes: Vec<u8> = numbers.flat_map(f64::to_le_bytes).collect();
            found.json.push(json!({ "trials": of_set, "seed": seed, "train": train, "points": base64(&bytes) }));
            found.trials.extend(of_set);
        }
        Some(found)
    }
}

/// Why the page cannot train the runs again; `None` if it can. `of_two`: the data has two inputs.
pub(super) fn obstacle(study: &Study, trained: &Trained<'_>, sets: &Sets, of_two: bool) -> Option<&'static str> {
    if !trained.network {
        return Some(
            "The runs belong to a custom experiment, which this page does not include: only the notebook that made them can \
             train them again.",
        );
    }
    if study.confirm.is_some() {
        return Some(
            "Some trials ran again under further seeds, and this page has only the earlier runs: it can neither check the root nor train \
             the runs again. The command under \u{201c}How to prove it\u{201d} does both.",
        );
    }
    let here = |(index, data): (usize, &Data)| data.dimension() == Some(2) || sets.have(index);
    if study.trials.iter().map(|trial| trial.data()).enumerate().all(here) {
        return None;
    }
    // A figure of boundaries would add the points, but needs two inputs.
    if !of_two {
        return Some(
            "The points come from a file that does not have two inputs, and are not in the tables of the study: this page cannot train the runs \
             again. The command under \u{201c}How to prove it\u{201d} does, if the file is present.",
        );
    }
    Some(
        "The points come from a file and are not in the tables of the study, which keep those of two inputs that a figure shows: \
         this page cannot train the runs again. With a figure of boundaries in the specification ([figures.boundaries] and boundary = {}) it \
         can; the command under \u{201c}How to prove it\u{201d} does, if the file is present.",
    )
}
