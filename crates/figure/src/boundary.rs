use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use restudy_core::validation::SettingError;

use super::{
    Declared, Draw, FigureError, Theme, Points,
    declared::Measured,
    canvas::{Area, Sheet},
    layout::{Layout, points},
    page::{self, DrawResult, Heading},
    rows::{FOLDS, Group, Plane, Selection, Source},
    settings,
    shading::{self, Window},
    style::{self, TextStyle, MetricFormat},
};

/// The output of the trained network over the plane, with the validation points: one panel for each value of an axis.
/// Of the trials that `by` and `at` leave open, the one with the best median of the deciding metric (the lowest
/// validation error) is drawn, and named.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Boundary {
    /// The axis whose values get a panel each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The seed of the runs that are drawn; the least of the study without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Values that other axes are fixed at.
    #[serde(skip_serializing_if = "settings::FixedAxes::is_empty")]
    pub at: settings::FixedAxes,
}

impl Draw for Boundary {
    fn validate(&self, declared: &Declared<'_>) -> Vec<SettingError> {
        let mut check = settings::Check::new(declared);
        if declared.fields {
            let plane = declared.dimension.is_none_or(|inputs| inputs == 2);
            check.require(plane, "", "data of two inputs: only a plane can be drawn");
        } else {
            check.require(false, "", "another figure: no run of this experiment leaves a boundary behind");
        }
        check.axis("by", self.by.as_deref());
        check.at(&self.at, &[self.by.as_deref()]);
        check.found()
    }

    fn subject(&self, _measured: Measured<'_>) -> String {
        let scope = settings::scope(self.by.as_deref(), &self.at, None);
        match self.seed {
            Some(seed) => format!("Decision boundary (seed {seed}){scope}"),
            None => format!("Decision boundary (smallest seed){scope}"),
        }
    }

    fn described(&self, measured: Measured<'_>) -> String {
        let subject = self.subject(measured);
        format!("{subject}: the probability of class +1 as shades, a line where both classes are as likely, and points")
    }

    fn how_to_read(&self) -> &'static str {
        ": probability of class +1, the line where both are as likely, and validation points."
    }

    fn draw(&self, title: &str, source: Source<'_>, theme: Theme) -> Result<Sheet, FigureError> {
        let measured = source.measured();
        let (shown, column) = (MetricFormat::of(measured.of(None)?), measured.column());
        let (selection, seed) = self.shown(&source)?;
        let (mut rows, [selection]) = source.take([selection], &[&column])?;
        let values = rows.runs.floats(&column)?;
        let (fields, planes) = (rows.fields()?, rows.planes()?);
        let heading = |group: &Group| match self.by {
            Some(_) => format!("{} = {}", selection.name, group.label),
            None => String::new(),
        };
        let chosen = |group: &Group| {
            let row = group.rows.first().copied();
            Chosen {
                row,
                heading: heading(group),
                details: details(group, row.map(|row| (values[row], fields.contains_key(&row))), shown, seed),
            }
        };
        let runs: Vec<Chosen> = selection.groups.iter().take(MOST_PANELS).map(chosen).collect();
        let details: Vec<&str> = runs.iter().map(|run| run.details.as_str()).collect();
        let layout = Layout::of(&planes, runs.len(), theme, &details);
        let mut notes = notes(&selection, seed, &planes);
        notes.extend(shading::coarse(fields.values().map(Box::as_ref)));
        page::sheet(theme, Heading { title, notes }, layout.size, |area| {
            if selection.rows().next().is_none() {
                return page::nothing(area, layout.size);
            }
            layout.legend(area, true)?;
            for (index, run) in runs.iter().enumerate() {
                let window = layout.window(index);
                let field = run.row.and_then(|row| fields.get(&row));
                run.heading(area, &layout, window)?;
                if let Some(field) = field {
                    window.shade(area, field.as_ref())?;
                }
                layout.panel(area, index, runs.len())?;
                if let Some(plane) = run.row.and_then(|row| planes.get(&row)) {
                    points(area, window, plane, MOST_POINTS)?;
                }
            }
            Ok(())
        })
    }

    fn points(&self) -> Points {
        self.seed.map_or(Points::OfFirstSeed, Points::OfSeed)
    }

    fn networks(&self, source: &Source<'_>) -> Result<Vec<usize>, FigureError> {
        Ok(self.shown(source)?.0.rows().collect())
    }
}

impl Boundary {
    /// The run under the seed of each group that is drawn; and the seed.
    fn shown(&self, source: &Source<'_>) -> Result<(Selection, u64), FigureError> {
        let selection = source.select_best(self.by.as_deref(), &self.at, usize::MAX)?;
        let (mut selection, seed) = source.one_seed(selection, self.seed)?;
        selection.groups.iter_mut().skip(MOST_PANELS).for_each(|group| group.rows.clear());
        Ok((selection, seed))
    }
}

/// More values of the axis than this are not drawn.
const MOST_PANELS: usize = 12;

/// The approximate number of points in a panel.
const MOST_POINTS: usize = 280;

fn notes(selection: &Selection, seed: u64, planes: &BTreeMap<usize, Plane>) -> Vec<String> {
    let mut notes = vec![format!("Seed {seed}.")];
    let most = planes.values().map(|plane| plane.len()).max().unwrap_or(0);
    notes.push(match most.div_ceil(MOST_POINTS) {
        0 | 1 => "All validation points.".into(),
        every => format!("One in {every} of the validation points."),
    });
    // Of a trial, only the network of the first remaining fold is drawn.
    let of_one = |note: &String| match note.strip_prefix(FOLDS) {
        Some(folds) => format!("The first of {folds}"),
        None => note.clone(),
    };
    notes.extend(selection.notes.iter().map(of_one));
    if selection.groups.iter().any(|group| !group.chosen.is_empty()) {
        notes.push(format!("Where there is a choice, the trial with the {}.", selection.best));
    }
    let panels = selection.groups.len();
    if panels > MOST_PANELS {
        notes.push(format!("The first {MOST_PANELS} of {panels} values."));
    }
    notes
}

/// The run of a panel, with its heading.
struct Chosen {
    row: Option<usize>,
    heading: String,
    details: String,
}

impl Chosen {
    fn heading(&self, area: &Area<'_>, layout: &Layout, window: Window) -> DrawResult {
        let [left, top, right, _] = window.sides;
        let lines = layout.lines(&self.details);
        let lift = (layout.details - 1) as f64 * Layout::LEADING;
        let bold = TextStyle::new(style::LABEL).bold();
        let bold = if area.theme.is_own() { bold } else { bold.fitted(&self.heading, right - left, 0.7) };
        page::heading(area, &self.heading, (left, top - 25.0 - lift), bold)?;
        for (i, line) in lines.iter().enumerate() {
            let rise = (lines.len() - 1 - i) as f64 * Layout::LEADING;
            page::heading(area, line, (left, top - 8.0 - rise), TextStyle::new(style::NOTE).soft())?;
        }
        Ok(())
    }
}

/// The line under the heading of a panel: the chosen settings, and the value of the measurement that decides.
fn details(group: &Group, run: Option<(f64, bool)>, shown: MetricFormat<'_>, seed: u64) -> String {
    let mut details = group.chosen.clone();
    details.push(match run {
        None => format!("no run under seed {seed}"),
        Some((_, false)) => "diverged".into(),
        Some((value, true)) => format!("{} {}", shown.words(), shown.written(value, 2)),
    });
    details.join(", ")
}
