//! Reads the figures of a specification, completes their settings and checks them.

use std::collections::BTreeMap;

use super::Trial;
use crate::{
    experiment::{self, Kind},
    figure::{self, AxisInfo, Drawer, Figure, FigureContext},
    measure::Measurement,
    spec::{
        limits,
        problem::{Code, Problem, nearest},
        tree::{Entry, Node, Span},
    },
    validation::SettingError,
};

pub(super) fn context<'a>(
    kind: &'a dyn Kind,
    trial: &Trial,
    axes: &'a [AxisInfo],
    measurements: &'a [Measurement],
) -> FigureContext<'a> {
    FigureContext {
        axes,
        dimension: kind.dimension(&*trial.settings),
        fields: kind.has_fields(),
        measurements,
        objective: &kind.declaration().objective,
    }
}

pub(super) fn measured(kind: &dyn Kind, trial: &Trial) -> Vec<Measurement> {
    experiment::measurements(kind, &*trial.settings).into_iter().cloned().collect()
}

pub(super) fn figure_problems(name: &str, figure: &Figure, context: &FigureContext<'_>, root: &Node) -> Vec<Problem> {
    let under = |error: SettingError| SettingError { key: format!("figures.{name}.{}", error.key), ..error };
    let problem = |error: SettingError| {
        let problem = Problem::invalid(Code::FigureUnfit, &error, root);
        // The problem lists all names; the nearest one is suggested.
        let found = error.key.strip_suffix(".metric").and_then(|_| root.find(&error.key).node.text());
        let names: Vec<&str> = context.measurements.iter().map(|measurement| measurement.name.as_str()).collect();
        match found.and_then(|found| nearest(found, &names)) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem,
        }
    };
    let errors = figure::drawer().map(|drawer| drawer.validate(figure, context)).unwrap_or_default();
    errors.into_iter().map(under).map(problem).collect()
}

pub(super) fn read_figures(root: &Node) -> Result<BTreeMap<String, Figure>, Problem> {
    let Some(node) = root.get("figures") else { return Ok(BTreeMap::new()) };
    let table =
        node.table().ok_or_else(|| Problem::value(Code::WrongType, "figures", node, "a table for each figure"))?;
    if table.0.len() > limits::FIGURES {
        return Err(Problem::new(Code::FigureMany, format!("the study asks for {} figures", table.0.len()))
            .at(table.0[limits::FIGURES].span, format!("expected at most {}", limits::FIGURES))
            .help("all figures of a study are held in memory: write a study for each part"));
    }
    for entry in &table.0 {
        let safe = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let first = entry.key.bytes().next().is_some_and(|byte| byte != b'-');
        if !(first && entry.key.len() <= limits::NAME && entry.key.bytes().all(safe)) {
            return Err(Problem::new(Code::FigureName, format!("a figure cannot be named {:?}", entry.key))
                .at(
                    entry.span,
                    format!(
                        "expected at most {} lowercase letters, digits and `-`, which is not the first",
                        limits::NAME
                    ),
                )
                .help("the name of a figure is the name of its file: error-curves becomes error-curves.svg"));
        }
    }
    let read = |entry: &Entry| {
        let figure = drawer(entry.span)?.read(&entry.node, &format!("figures.{}", entry.key));
        let figure = figure.map_err(|problem| match problem.code {
            Code::SeveralChoices => Problem {
                help: vec!["give each figure a section of its own, such as [figures.other]".into()],
                ..problem
            },
            _ => problem,
        })?;
        Ok((entry.key.clone(), figure))
    };
    table.0.iter().map(read).collect()
}

fn drawer(span: Span) -> Result<&'static dyn Drawer, Problem> {
    let problem =
        || Problem::new(Code::FigureUndrawn, "this program draws no figures").at(span, "figures of the study");
    figure::drawer().ok_or_else(|| problem().help("leave out [figures], or use a program that draws them"))
}

/// Completes settings that depend on the experiment.
pub(super) fn resolved(figure: &Figure, context: &FigureContext<'_>) -> Figure {
    figure::drawer().map_or_else(|| figure.clone(), |drawer| drawer.resolved(figure, context))
}

/// The figures of a study that declares none.
pub(super) fn defaults(context: &FigureContext<'_>) -> BTreeMap<String, Figure> {
    figure::drawer().map(|drawer| drawer.defaults(context)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::tree;

    /// The tests of this crate set no drawer.
    #[test]
    fn figures_need_a_program_that_draws() {
        let figures = |text: &str| read_figures(&tree::document(text, 0).unwrap());
        let problem = figures("[figures.x]\ncurves = {}").unwrap_err();
        assert_eq!(problem.code, Code::FigureUndrawn);
        assert!(problem.help[0].starts_with("leave out [figures]"));
        assert!(figures("").unwrap().is_empty());
    }
}
