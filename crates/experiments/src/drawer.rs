//! The figures of `restudy-figure`, as the engine takes them.

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

/// The drawer of this program.
#[derive(Debug)]
pub(crate) struct Program;

/// The figure with its own settings. They were read, or made, by this drawer.
#[must_use]
pub fn own(figure: &Figure) -> figure::Figure {
    serde_json::from_value(figure.settings().clone()).expect("settings that this drawer has read")
}

/// What figures are checked against, for this drawer.
fn asked<'a>(context: &FigureContext<'a>) -> figure::Declared<'a> {
    let FigureContext { axes, dimension, fields, measurements, objective } = *context;
    figure::Declared { axes, dimension, fields, measurements, objective }
}

/// Tables of a study, for this drawer.
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
        let own: figure::Figure = read::read(node, path)?;
        Ok(Figure::new(&own))
    }

    fn resolved(&self, figure: &Figure, what: &FigureContext<'_>) -> Figure {
        let mut own = own(figure);
        own.resolve(&asked(what));
        Figure::new(&own)
    }

    fn validate(&self, figure: &Figure, what: &FigureContext<'_>) -> Vec<SettingError> {
        own(figure).validate(&asked(what))
    }

    fn defaults(&self, what: &FigureContext<'_>) -> BTreeMap<String, Figure> {
        let figures = figure::defaults(&asked(what));
        figures.iter().map(|(name, own)| (name.clone(), Figure::new(own))).collect()
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
        let rows = rows.map(|mark| format!(" Rows {}.", mark.rows.short())).unwrap_or_default();
        format!("{}{rows}", own(figure).caption(measurements, objective))
    }

    fn endings(&self) -> &'static [&'static str] {
        &["png", "svg"]
    }

    fn points(&self, figure: &Figure) -> Points {
        match own(figure).points() {
            figure::Points::Unneeded => Points::Unneeded,
            figure::Points::OfFirstSeed => Points::OfFirstSeed,
            figure::Points::OfSeed(seed) => Points::OfSeed(seed),
        }
    }

    fn shown(&self, figure: &Figure, from: &Tables<'_>) -> Result<Vec<usize>, FigureError> {
        Ok(own(figure).networks(&tables(from))?)
    }

    fn draw(&self, figure: &Figure, title: &str, from: &Tables<'_>) -> Result<Drawn, FigureError> {
        let drawing = own(figure).draw(title, &tables(from), Theme::STUDY)?;
        let (svg, png) = rayon::join(|| drawing.svg(), || drawing.png());
        Ok(vec![("svg", svg.into_bytes()), ("png", png?)])
    }
}
