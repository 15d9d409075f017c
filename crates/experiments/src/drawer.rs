//! Implements the engine's `Drawer` with the figures of `restudy-figure`.

use std::collections::BTreeMap;

pub use restudy_engine::figure::Figure;
use restudy_engine::figure::{Drawer, Drawn, FigureContext, FigureError, Points, Tables};
use schemars::{Schema, SchemaGenerator};

use crate::{
    figure::{self, Theme, rows::RowsDigest},
    measure::{Measurement, Objective},
    plane,
    spec::{Problem, read, tree::Node},
    validation::SettingError,
};

/// Draws the figures of `restudy-figure`.
#[derive(Debug)]
pub(crate) struct Program;

/// Returns the typed settings of a figure that this drawer has read or made.
#[must_use]
pub fn typed(figure: &Figure) -> figure::Figure {
    serde_json::from_value(figure.settings().clone()).expect("this drawer has read the settings")
}

fn declared<'a>(context: &FigureContext<'a>) -> figure::Declared<'a> {
    let FigureContext { axes, dimension, fields, measurements, objective } = *context;
    figure::Declared { axes, dimension, fields, measurements, objective }
}

/// Converts the tables of a study for `restudy-figure`.
#[must_use]
pub fn tables<'a>(tables: &Tables<'a>) -> figure::Tables<'a> {
    let Tables { runs, metrics, weights, points, axes, measurements, objective, confidence } = *tables;
    let fields = &plane::field;
    figure::Tables { runs, metrics, weights, points, axes, measurements, objective, confidence, fields }
}

impl Drawer for Program {
    fn schema(&self, generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<figure::Figure>()
    }

    fn read(&self, node: &Node, path: &str) -> Result<Figure, Problem> {
        let settings: figure::Figure = read::read(node, path)?;
        Ok(Figure::new(&settings))
    }

    fn resolved(&self, figure: &Figure, what: &FigureContext<'_>) -> Figure {
        let mut settings = typed(figure);
        settings.resolve(&declared(what));
        Figure::new(&settings)
    }

    fn validate(&self, figure: &Figure, what: &FigureContext<'_>) -> Vec<SettingError> {
        typed(figure).validate(&declared(what))
    }

    fn defaults(&self, what: &FigureContext<'_>) -> BTreeMap<String, Figure> {
        let figures = figure::defaults(&declared(what));
        figures.iter().map(|(name, settings)| (name.clone(), Figure::new(settings))).collect()
    }

    fn caption(
        &self,
        figure: &Figure,
        measurements: &[Measurement],
        objective: &Objective,
        drawn: &[(&str, &[u8])],
    ) -> String {
        let svg = drawn.iter().find(|(ending, _)| *ending == "svg");
        let rows = svg.and_then(|(_, bytes)| RowsDigest::read(bytes));
        let rows = rows.map(|digest| format!(" Rows {}.", digest.rows.short())).unwrap_or_default();
        format!("{}{rows}", typed(figure).caption(measurements, objective))
    }

    fn endings(&self) -> &'static [&'static str] {
        &["png", "svg"]
    }

    fn points(&self, figure: &Figure) -> Points {
        match typed(figure).points() {
            figure::Points::Unneeded => Points::Unneeded,
            figure::Points::OfFirstSeed => Points::OfFirstSeed,
            figure::Points::OfSeed(seed) => Points::OfSeed(seed),
        }
    }

    fn shown(&self, figure: &Figure, from: &Tables<'_>) -> Result<Vec<usize>, FigureError> {
        Ok(typed(figure).networks(&tables(from))?)
    }

    fn draw(&self, figure: &Figure, title: &str, from: &Tables<'_>) -> Result<Drawn, FigureError> {
        let drawing = typed(figure).draw(title, &tables(from), Theme::STUDY)?;
        let (svg, png) = rayon::join(|| drawing.svg(), || drawing.png());
        Ok(vec![("svg", svg.into_bytes()), ("png", png?)])
    }
}
