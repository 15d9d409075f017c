use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

use miette::Diagnostic;
use polars::prelude::DataFrame;
use rayon::prelude::*;
use thiserror::Error;

use super::{Maker, Manifest, error::in_order, manifest::TableEntry};
use crate::{
    data::Split,
    digest::Digest,
    figure::{Figure, FigureError, Look, Points, Tables},
    report,
    run::{Network, RunError},
    seed::Seed,
    sweep::Study,
    table::{self, PointsRow, RunRow, Summary},
};

/// Everything computed, as it goes into the results folder.
#[derive(Debug)]
pub struct Rendered {
    /// The manifest.
    pub manifest: Manifest,
    /// Every other file, by its path in the folder; `manifest.json` too.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The answer in numbers.
    pub summary: Summary,
}

impl Rendered {
    /// The table of this name, read again from its file.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<DataFrame> {
        table::read(self.files.get(&format!("{name}.parquet"))?).ok()
    }
}

/// Why the answers could not be made.
#[derive(Debug, Error, Diagnostic)]
pub enum RenderError {
    /// A figure could not be drawn.
    #[error("cannot draw the figure {name}")]
    Figure {
        /// Its name.
        name: String,
        /// Why.
        source: FigureError,
    },
    /// The data could not be had.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Run(#[from] RunError),
}

/// The text of `study.toml` in `folder`, and the digest of the specification.
#[must_use]
pub fn study_text(study: &Study, folder: &Path) -> (String, Digest) {
    (study.to_toml(folder), Digest::of(study.canonical_toml().as_bytes()))
}

/// Makes every computed file from the runs, which are sorted by trial, then seed. `folder` is where they will stand: paths in
/// `study.toml` are relative to it.
///
/// # Errors
/// A figure cannot be drawn, or the data for one cannot be had.
pub fn render(
    network: &Network<'_>,
    rows: &[RunRow<'_>],
    folder: &Path,
    maker: Maker<'_>,
) -> Result<Rendered, RenderError> {
    let study = network.study();
    let (text, specification) = study_text(study, folder);
    let mut manifest = Manifest::new(&study.name, specification, maker, rows);
    let summary = table::summary(study, rows);
    let mut files = BTreeMap::from([("study.toml".to_owned(), text.into_bytes())]);
    let mut pictures = BTreeMap::new();
    let mut explored = None;
    let make = |name: &str| make(name, network, rows);
    let write = |name: &'static str, table: &DataFrame| {
        let entry = TableEntry { rows: table.height(), digest: table::logical_digest(table) };
        (name, table::write(table), entry)
    };
    let written: Vec<_> = if rows.len() <= FEW {
        let tables = TABLES.par_iter().map(|name| Ok((*name, make(name)?)));
        let tables: BTreeMap<_, _> = in_order::<_, RenderError, _>(tables)?;
        let encode = || tables.par_iter().map(|(name, table)| write(name, table)).collect();
        let (written, drawn) = rayon::join(encode, || figures(study, &tables));
        pictures = drawn?;
        explored = Some(tables);
        written
    } else {
        // Large tables are in memory only as long as they must.
        let mut tables = BTreeMap::new();
        if !study.spec.figures.is_empty() {
            let weights = study.spec.figures.values().any(Figure::weights);
            for name in TABLES {
                tables.insert(name, if name == "weights" && !weights { DataFrame::empty() } else { make(name)? });
            }
            pictures = figures(study, &tables)?;
            tables.retain(|name, _| *name != "weights" || weights);
        }
        let one = |name: &&'static str| Ok(write(name, &tables.remove(name).map_or_else(|| make(name), Ok)?));
        TABLES.iter().map(one).collect::<Result<_, RenderError>>()?
    };
    for (name, bytes, entry) in written {
        manifest.tables.insert(name.into(), entry);
        files.insert(format!("{name}.parquet"), bytes);
    }
    files.insert("summary.csv".into(), summary.to_csv().into_bytes());
    let pages = pages(study, &summary, &pictures, explored.as_ref(), &manifest);
    files.extend(pages.map(|(name, text)| (name.to_owned(), text.into_bytes())));
    files.extend(pictures);
    let plain = files.iter().filter(|(path, _)| !path.ends_with(".parquet"));
    manifest.files = plain.map(|(path, bytes)| (path.clone(), Digest::of(bytes))).collect();
    files.insert("manifest.json".into(), manifest.to_text().into_bytes());
    Ok(Rendered { manifest, files, summary })
}

/// The tables; those that figures need first, so that they go first.
const TABLES: [&str; 4] = ["metrics", "runs", "points", "weights"];

/// Runs up to which all tables are written at the same time.
pub(super) const FEW: usize = 20_000;

fn make(name: &str, network: &Network<'_>, rows: &[RunRow<'_>]) -> Result<DataFrame, RenderError> {
    Ok(match name {
        "weights" => table::weights(rows),
        "metrics" => table::metrics(network.study(), rows),
        "runs" => table::runs(network.study(), rows),
        _ => points(network)?,
    })
}

/// The figures of a study from its tables alone: path and bytes, an SVG and a PNG each.
///
/// # Errors
/// A figure cannot be drawn.
pub fn figures(
    study: &Study,
    tables: &BTreeMap<&'static str, DataFrame>,
) -> Result<BTreeMap<String, Vec<u8>>, RenderError> {
    let axes = study.axis_infos();
    let tables = Tables {
        runs: &tables["runs"],
        metrics: &tables["metrics"],
        weights: &tables["weights"],
        points: &tables["points"],
        axes: &axes,
    };
    let draw = |(name, figure): (&String, &Figure)| {
        let title = &study.spec.study.question;
        let fault = |source| RenderError::Figure { name: name.clone(), source };
        let drawing = figure.draw(title, &tables, Look::STUDY).map_err(fault)?;
        let (svg, png) = rayon::join(|| drawing.svg(), || drawing.png());
        Ok([(format!("figures/{name}.svg"), svg.into_bytes()), (format!("figures/{name}.png"), png.map_err(fault)?)])
    };
    let drawn = in_order::<_, RenderError, Vec<[_; 2]>>(study.spec.figures.par_iter().map(draw))?;
    Ok(drawn.into_iter().flatten().collect())
}

/// The table of the points that figures draw; each data set stands once, under the first run that sees it.
///
/// # Errors
/// The data cannot be had.
pub fn points(network: &Network<'_>) -> Result<DataFrame, RenderError> {
    let study = network.study();
    let first = study.seeds.iter().min().copied().unwrap_or(Seed(0));
    let wanted: BTreeSet<Seed> = study
        .spec
        .figures
        .values()
        .filter_map(|figure| match figure.points() {
            Points::Unneeded => None,
            Points::OfFirstSeed => Some(first),
            Points::OfSeed(seed) => Some(Seed(seed)),
        })
        .collect();
    let mut seen = BTreeSet::new();
    let mut sets: Vec<(Digest, usize, Seed, Arc<Split>)> = Vec::new();
    for trial in 0..study.trials.len() {
        for &seed in &wanted {
            let split = network.split(trial, seed)?;
            let data = Digest::of_split(&split);
            if seen.insert(data) {
                sets.push((data, trial, seed, split));
            }
        }
    }
    let rows: Vec<_> = sets
        .iter()
        .map(|(data, trial, seed, split)| PointsRow { data: *data, trial: *trial, seed: *seed, split })
        .collect();
    Ok(table::points(&rows))
}

/// The report in both forms, by the names of their files. `pictures` are those of [`figures`]; `tables` may be left out of a
/// study that is too large to be explored on a page.
#[must_use]
pub fn pages(
    study: &Study,
    summary: &Summary,
    pictures: &BTreeMap<String, Vec<u8>>,
    tables: Option<&BTreeMap<&'static str, DataFrame>>,
    manifest: &Manifest,
) -> [(&'static str, String); 2] {
    let few = tables.filter(|_| manifest.runs.len() <= report::MOST_RUNS);
    let trained = few.map(|tables| report::Trained {
        runs: &tables["runs"],
        metrics: &tables["metrics"],
        weights: &tables["weights"],
        points: &tables["points"],
        traces: manifest.runs.iter().map(|run| run.trace.as_str()).collect(),
        network: manifest.experiment.is_none(),
    });
    let figures = &study.spec.figures;
    let input = report::Input {
        study,
        summary,
        figures: figures.iter().map(|(name, figure)| report_figure(name, figure, pictures)).collect(),
        trained,
        root: manifest.root,
        specification: manifest.specification,
        version: &manifest.restudy,
    };
    let (html, markdown) = rayon::join(|| report::html(&input), || report::markdown(&input));
    [("report.html", html), ("report.md", markdown)]
}

fn report_figure<'a>(name: &'a str, figure: &Figure, pictures: &'a BTreeMap<String, Vec<u8>>) -> report::Picture<'a> {
    let [svg, png] = ["svg", "png"].map(|kind| pictures[&format!("figures/{name}.{kind}")].as_slice());
    report::Picture { name, caption: figure.caption(), svg: std::str::from_utf8(svg).unwrap_or_default(), png }
}
