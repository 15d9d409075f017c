use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use miette::Diagnostic;
use polars::prelude::DataFrame;
use rayon::prelude::*;
use restudy_core::measure::{Measurement, Objective};
use thiserror::Error;

use super::{
    Attachments, Maker, Manifest, Unfinished,
    error::in_order,
    manifest::TableEntry,
    page::{self, Page, Picture},
};
use crate::{
    digest::Digest,
    experiment,
    figure::{self, AxisInfo, Drawer, Figure, FigureError, Points, Tables},
    run::{self, DataFacts, Prepared, RunError},
    seed::Seed,
    sweep::Study,
    table::{self, PointsRow, RunRow, Summary},
};

/// The rendered files of a results folder.
#[derive(Debug)]
pub struct Rendered {
    /// The manifest.
    pub manifest: Manifest,
    /// Every other file and `manifest.json`, by its path in the folder.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The summary of the trials.
    pub summary: Summary,
}

impl Rendered {
    /// Decodes the table of this name from its file.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<DataFrame> {
        table::read(self.files.get(&format!("{name}.parquet"))?).ok()
    }
}

/// Why tables, figures or report could not be made.
#[derive(Debug, Error, Diagnostic)]
pub enum RenderError {
    /// A figure could not be drawn.
    #[error("cannot draw the figure {name}")]
    Figure {
        /// The name of the figure.
        name: String,
        /// The cause.
        source: FigureError,
    },
    /// The study has figures, but this program cannot draw.
    #[error("this program draws no figures")]
    #[diagnostic(help("leave out [figures], or use a program that draws them"))]
    NoDrawer,
    /// The data is not available.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Run(#[from] RunError),
}

/// Returns the text of `study.toml` in `folder`, and the digest of the specification.
#[must_use]
pub fn study_text(study: &Study, folder: &Path) -> (String, Digest) {
    (study.to_toml(folder), Digest::of(study.canonical_toml().as_bytes()))
}

/// The stored declaration of the experiment; `None` for the network, which is built in.
pub(super) fn declaration(study: &Study) -> Option<Vec<u8>> {
    let own = (!study.kind.is_default()).then(|| study.declaration())?;
    let mut bytes = serde_json::to_vec_pretty(own).unwrap_or_default();
    bytes.push(b'\n');
    Some(bytes)
}

/// Makes every computed file from the runs, which must be sorted by trial, then seed. Paths in `study.toml` are
/// relative to `folder`. The report shows the `attachments`, which the manifest lists.
///
/// # Errors
/// A figure cannot be drawn, or its data is not available.
pub fn render(
    network: &dyn Prepared,
    rows: &[RunRow<'_>],
    folder: &Path,
    attachments: &Attachments,
    maker: Maker<'_>,
) -> Result<Rendered, RenderError> {
    let study = network.study();
    let (text, specification) = study_text(study, folder);
    let (mut manifest, summary) =
        rayon::join(|| Manifest::new(&study.name, specification, maker, rows), || table::summary(study, rows));
    manifest.data = facts(network)?;
    manifest.declared = study.title();
    let summary = summary.with_baseline(run::baseline(study, &manifest.data));
    let mut files = BTreeMap::from([("study.toml".to_owned(), text.into_bytes())]);
    files.extend(declaration(study).map(|bytes| (experiment::FILE.to_owned(), bytes)));
    let (written, pictures, explored) = if rows.len() <= FEW {
        let tables = TABLES.par_iter().map(|name| Ok((*name, make(name, network, rows)?)));
        let tables: BTreeMap<_, _> = in_order::<_, RenderError, _>(tables)?;
        let encode = || tables.par_iter().map(|(name, table)| encoded(name, table)).collect();
        let (written, drawn) = rayon::join(encode, || figures(study, &tables));
        (written, drawn?, Some(tables))
    } else {
        let (written, pictures) = sequentially(network, rows)?;
        (written, pictures, None)
    };
    for (name, bytes, entry) in written {
        manifest.tables.insert(name.into(), entry);
        files.insert(format!("{name}.parquet"), bytes);
    }
    files.insert("summary.csv".into(), summary.to_csv().into_bytes());
    let pages = pages(study, &summary, &pictures, explored.as_ref(), &manifest, (attachments, None));
    files.extend(pages.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())));
    files.extend(pictures);
    files.extend(attachments.files.clone());
    let plain: Vec<_> = files.iter().filter(|(path, _)| !path.ends_with(".parquet")).collect();
    manifest.files = plain.into_par_iter().map(|(path, bytes)| (path.clone(), Digest::of(bytes))).collect();
    files.insert("manifest.json".into(), manifest.to_text().into_bytes());
    Ok(Rendered { manifest, files, summary })
}

pub(super) const TABLES: [&str; 4] = ["metrics", "runs", "points", "weights"];

/// Up to this number of runs, all tables are in memory at the same time.
pub(super) const FEW: usize = 20_000;

/// Files by their paths in the folder.
type Pictures = BTreeMap<String, Vec<u8>>;

/// A table as a file, with its name and entry.
type Encoded = (&'static str, Vec<u8>, TableEntry);

fn encoded(name: &'static str, table: &DataFrame) -> Encoded {
    let (digest, bytes) = rayon::join(|| table::logical_digest(table), || table::write(table));
    (name, bytes, TableEntry { rows: table.height(), digest })
}

/// The tables and figures of a large study. Each table is in memory only as long as necessary; the figures get the
/// parameters of the networks that they show.
fn sequentially(network: &dyn Prepared, rows: &[RunRow<'_>]) -> Result<(Vec<Encoded>, Pictures), RenderError> {
    let study = network.study();
    let mut written = vec![encoded("weights", &table::weights(study, rows))];
    let mut tables = BTreeMap::from([("weights", DataFrame::empty())]);
    for name in ["metrics", "runs", "points"] {
        tables.insert(name, make(name, network, rows)?);
    }
    let axes = study.axis_infos();
    let (measurements, objective) = (study.measurements(), study.objective());
    let first = table::first_stage(study, &tables);
    let mut shown = BTreeSet::new();
    for (name, figure) in &study.spec.figures {
        let fault = |source| RenderError::Figure { name: name.clone(), source };
        let tables = of_figures(&first, &axes, &measurements, objective, study.confidence);
        shown.extend(drawer()?.shown(figure, &tables).map_err(fault)?);
    }
    drop(first);
    let rows: Vec<_> = rows.iter().filter(|row| !study.confirms(row.seed)).collect();
    let shown: Vec<RunRow<'_>> = shown.into_iter().map(|row| *rows[row]).collect();
    tables.insert("weights", table::weights(study, &shown));
    let pictures = figures(study, &tables)?;
    tables.remove("weights");
    written.extend(tables.into_iter().map(|(name, table)| encoded(name, &table)));
    Ok((written, pictures))
}

/// Returns the tables in the form that figures take.
#[must_use]
pub fn of_figures<'a>(
    tables: &'a BTreeMap<&'static str, DataFrame>,
    axes: &'a [AxisInfo],
    measurements: &'a [Measurement],
    objective: &'a Objective,
    confidence: f64,
) -> Tables<'a> {
    Tables {
        runs: &tables["runs"],
        metrics: &tables["metrics"],
        weights: &tables["weights"],
        points: &tables["points"],
        axes,
        measurements,
        objective,
        confidence,
    }
}

pub(super) fn make(name: &str, network: &dyn Prepared, rows: &[RunRow<'_>]) -> Result<DataFrame, RenderError> {
    let study = network.study();
    Ok(match name {
        "weights" => table::weights(study, rows),
        "metrics" => table::metrics(study, rows),
        "runs" => table::runs(study, rows),
        _ => points(network)?,
    })
}

/// Draws the figures of a study from its tables: path and bytes, an SVG and a PNG each. With `confirm`, they show the
/// first stage.
///
/// # Errors
/// A figure cannot be drawn.
pub fn figures(
    study: &Study,
    tables: &BTreeMap<&'static str, DataFrame>,
) -> Result<BTreeMap<String, Vec<u8>>, RenderError> {
    let tables = &*table::first_stage(study, tables);
    let (axes, measurements) = (study.axis_infos(), study.measurements());
    let tables = of_figures(tables, &axes, &measurements, study.objective(), study.confidence);
    let draw = |(name, figure): (&String, &Figure)| {
        let title = &study.spec.study.question;
        let fault = |source| RenderError::Figure { name: name.clone(), source };
        let drawn = drawer()?.draw(figure, title, &tables).map_err(fault)?;
        Ok(drawn.into_iter().map(|(ending, bytes)| (format!("figures/{name}.{ending}"), bytes)).collect())
    };
    let drawn = in_order::<_, RenderError, Vec<Vec<_>>>(study.spec.figures.par_iter().map(draw))?;
    Ok(drawn.into_iter().flatten().collect())
}

/// Returns the table of the points that figures draw; each data set once, with the first run that learns from it.
///
/// # Errors
/// The data is not available.
pub fn points(network: &dyn Prepared) -> Result<DataFrame, RenderError> {
    let study = network.study();
    let first = study.seeds.iter().min().copied().unwrap_or(Seed(0));
    let wanted: BTreeSet<Seed> = study
        .spec
        .figures
        .values()
        .filter_map(|figure| match figure::drawer()?.points(figure) {
            Points::Unneeded => None,
            Points::OfFirstSeed => Some(first),
            Points::OfSeed(seed) => Some(Seed(seed)),
        })
        .collect();
    let sets = network.points(&wanted)?;
    let rows =
        sets.iter().map(|set| PointsRow { data: set.data, trial: set.trial, seed: set.seed, split: &*set.split });
    Ok(table::points(&rows.collect::<Vec<_>>()))
}

/// Returns the facts about each data set from files; other data sets follow from the settings.
///
/// # Errors
/// The data is not available.
pub fn facts(network: &dyn Prepared) -> Result<Vec<DataFacts>, RenderError> {
    Ok(network.facts()?)
}

/// The drawer of this program.
fn drawer() -> Result<&'static dyn Drawer, RenderError> {
    figure::drawer().ok_or(RenderError::NoDrawer)
}

/// Writes the pages of the report. `pictures` are those of [`figures`]; `tables` are left out for a study that is too
/// large to be explored on a page. The pages of an `unfinished` study say so, and have neither a verdict nor a proof.
#[must_use]
pub fn pages(
    study: &Study,
    summary: &Summary,
    pictures: &BTreeMap<String, Vec<u8>>,
    tables: Option<&BTreeMap<&'static str, DataFrame>>,
    manifest: &Manifest,
    (attachments, unfinished): (&Attachments, Option<&Unfinished>),
) -> Vec<(&'static str, String)> {
    let Some(writer) = page::writer() else { return Vec::new() };
    let tables = tables.map(|tables| table::first_stage(study, tables));
    let of_study = |(name, figure)| picture(study, name, figure, pictures);
    let pictures = study.spec.figures.iter().map(of_study).collect();
    writer.pages(&Page { study, summary, pictures, tables: tables.as_deref(), manifest, attachments, unfinished })
}

fn picture<'a>(
    study: &Study,
    name: &'a String,
    figure: &Figure,
    pictures: &'a BTreeMap<String, Vec<u8>>,
) -> Picture<'a> {
    let before = format!("figures/{name}.");
    let files: Vec<(&str, &[u8])> = pictures
        .range(before.clone()..)
        .map_while(|(path, bytes)| Some((path.strip_prefix(&before)?, bytes.as_slice())))
        .collect();
    let caption = figure::drawer()
        .map(|drawer| drawer.caption(figure, &study.measurements(), study.objective(), &files))
        .unwrap_or_default();
    Picture { name, caption, files }
}
