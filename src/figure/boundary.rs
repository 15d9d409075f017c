use std::collections::BTreeMap;

use plotters::style::text_anchor::{HPos, VPos};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AxisInfo, Draw, FigureError, Points, Tables,
    canvas::{Area, Sheet},
    columns,
    network::{Plane, networks, planes},
    page::{self, Axis, Drawn, Panel},
    scale::Scale,
    select::{Group, Selection, select_best},
    settings,
    shading::{self, Window},
    style::{self, Letters},
};
use crate::{fault::Fault, metric::Metric};

/// What the trained network says about every place of the plane, among the validation points: one panel for each value
/// of an axis. Where axes are left open, the trial with the least median validation error is drawn, and named.
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
    #[serde(skip_serializing_if = "settings::At::is_empty")]
    pub at: settings::At,
}

impl Draw for Boundary {
    fn faults(&self, axes: &[AxisInfo], d: Option<usize>, _metrics: &[Metric]) -> Vec<Fault> {
        let mut check = settings::Check::new(axes);
        check.require(d.is_none_or(|d| d == 2), "", "data of two inputs: only a plane can be drawn");
        check.axis("by", self.by.as_deref());
        check.at(&self.at, &[self.by.as_deref()]);
        check.found()
    }

    fn caption(&self) -> String {
        format!("What the network under one seed says about the plane{}: probability of class +1, the line where both are as likely, and validation points.", settings::scope(self.by.as_deref(), &self.at, None))
    }

    fn draw(&self, title: &str, tables: &Tables<'_>) -> Result<Sheet, FigureError> {
        let selection = select_best(tables, self.by.as_deref(), &self.at)?;
        let (seeds, errors) = (columns::wholes(tables.runs, "seed")?, columns::floats(tables.runs, "validation_error")?);
        let seed = self.seed.unwrap_or(seeds.iter().copied().min().unwrap_or(0));
        let chosen = |group: &Group| Chosen {
            row: group.rows.iter().copied().find(|&row| seeds[row] == seed),
            heading: if self.by.is_some() { format!("{} = {}", selection.name, group.label) } else { String::new() },
            details: group.chosen.clone(),
        };
        let runs: Vec<Chosen> = selection.groups.iter().take(MOST_PANELS).map(chosen).collect();
        let rows: Vec<usize> = runs.iter().filter_map(|run| run.row).collect();
        let (networks, planes) = (networks(tables, &rows)?, planes(tables, &rows)?);
        let layout = Layout::of(&planes, runs.len());
        let notes = notes(&selection, seed, &planes);
        page::sheet(title, &notes, layout.size, |area| {
            if rows.is_empty() {
                return page::nothing(area, layout.size);
            }
            legend(area, true)?;
            for (index, run) in runs.iter().enumerate() {
                let window = layout.window(index);
                let network = run.row.and_then(|row| networks.get(&row));
                run.heading(area, window, run.row.map(|row| errors[row]), network.is_some(), seed)?;
                if let Some(network) = network {
                    window.shade(area, network)?;
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
}

/// More values of the axis than this are not drawn.
const MOST_PANELS: usize = 12;

/// About so many points are drawn in a panel.
const MOST_POINTS: usize = 280;

fn notes(selection: &Selection, seed: u64, planes: &BTreeMap<usize, Plane>) -> Vec<String> {
    let mut notes = vec![format!("Seed {seed}.")];
    let most = planes.values().map(|plane| plane.points.len()).max().unwrap_or(0);
    notes.push(match most.div_ceil(MOST_POINTS) {
        0 | 1 => "All validation points.".into(),
        every => format!("One in {every} of the validation points."),
    });
    notes.extend(selection.notes.iter().cloned());
    if selection.groups.iter().any(|group| !group.chosen.is_empty()) {
        notes.push("Where there is a choice, the trial with the least median validation error.".into());
    }
    let panels = selection.groups.len();
    if panels > MOST_PANELS {
        notes.push(format!("The first {MOST_PANELS} of {panels} values."));
    }
    notes
}

/// The run of a panel, and what is said of it.
struct Chosen {
    row: Option<usize>,
    heading: String,
    details: Vec<String>,
}

impl Chosen {
    fn heading(&self, area: &Area<'_>, window: Window, error: Option<f64>, trained: bool, seed: u64) -> Drawn {
        let [left, top, ..] = window.sides;
        page::heading(area, &self.heading, (left, top - 25.0), Letters::new(style::LABEL).bold())?;
        let mut details = self.details.clone();
        details.push(match error {
            None => format!("no run under seed {seed}"),
            Some(_) if !trained => "diverged".into(),
            Some(error) => format!("error {} %", style::digits(100.0 * error, 2)),
        });
        let letters = Letters::new(style::NOTE).color(style::SOFT);
        page::heading(area, &details.join(", "), (left, top - 8.0), letters)
    }
}

/// Where the panels stand. All show the same part of the plane.
pub(super) struct Layout {
    columns: usize,
    panel: (f64, f64),
    inputs: [[f64; 2]; 2],
    x: Scale,
    y: Scale,
    pub(super) size: (f64, f64),
}

impl Layout {
    const LEFT: f64 = 66.0;
    const TOP: f64 = 92.0;
    const BETWEEN: (f64, f64) = (22.0, 76.0);

    pub(super) fn of(planes: &BTreeMap<usize, Plane>, panels: usize) -> Self {
        let columns = match panels {
            0 | 1 => 1,
            2 | 4 => 2,
            3 | 5 | 6 | 9 => 3,
            _ => 4,
        };
        let rows = panels.div_ceil(columns).max(1);
        let points = || planes.values().flat_map(|plane| &plane.points).map(|(x, _)| *x);
        let inputs = if points().next().is_some() { around(points()) } else { [[-1.0, -1.0], [1.0, 1.0]] };
        let width = [420.0, 360.0, 274.0, 218.0][columns - 1];
        let [[x0, y0], [x1, y1]] = inputs;
        let height = (width * (y1 - y0) / (x1 - x0)).clamp(0.6 * width, 1.15 * width);
        let size = (
            (Self::LEFT + columns as f64 * (width + Self::BETWEEN.0)).max(560.0),
            Self::TOP + rows as f64 * (height + Self::BETWEEN.1) - 14.0,
        );
        let (x, y) = (Scale::linear(x0, x1), Scale::linear(y0, y1));
        Self { columns, panel: (width, height), inputs, x, y, size }
    }

    pub(super) fn window(&self, index: usize) -> Window {
        let left = Self::LEFT + (index % self.columns) as f64 * (self.panel.0 + Self::BETWEEN.0);
        let top = Self::TOP + (index / self.columns) as f64 * (self.panel.1 + Self::BETWEEN.1);
        Window { inputs: self.inputs, sides: [left, top, left + self.panel.0, top + self.panel.1] }
    }

    pub(super) fn panel(&self, area: &Area<'_>, index: usize, panels: usize) -> Drawn {
        let [left, top, right, bottom] = self.window(index).sides;
        let (lowest, leftmost) = (index + self.columns >= panels, index.is_multiple_of(self.columns));
        let axis = |scale, label, written| Axis { scale, label: if written { label } else { "" }, written };
        Panel::bare(area, [(left, top), (right, bottom)], axis(&self.x, "x1", lowest), axis(&self.y, "x2", leftmost))?;
        Ok(())
    }
}

/// The least and the greatest of each input, and a margin.
fn around(points: impl Iterator<Item = [f64; 2]> + Clone) -> [[f64; 2]; 2] {
    let ends = [0, 1].map(|k| {
        let low = points.clone().map(|point| point[k]).fold(f64::INFINITY, f64::min);
        let high = points.clone().map(|point| point[k]).fold(f64::NEG_INFINITY, f64::max);
        let margin = if high > low { 0.07 * (high - low) } else { 1.0 };
        (low - margin, high + margin)
    });
    [[ends[0].0, ends[1].0], [ends[0].1, ends[1].1]]
}

/// The points of a panel, about `most` of them: discs of class +1, diamonds of class -1.
pub(super) fn points(area: &Area<'_>, window: Window, plane: &Plane, most: usize) -> Drawn {
    let every = plane.points.len().div_ceil(most).max(1);
    for class in [1.0, -1.0] {
        for (point, label) in plane.points.iter().step_by(every).filter(|(_, label)| *label == class) {
            marker(area, window.pixels(*point), *label > 0.0)?;
        }
    }
    Ok(())
}

fn marker(area: &Area<'_>, (x, y): (f64, f64), positive: bool) -> Drawn {
    if positive {
        page::disc(area, (x, y), 2.6, style::CLASSES[0])
    } else {
        page::polygon(area, &[(x - 3.6, y), (x, y - 3.6), (x + 3.6, y), (x, y + 3.6)], style::CLASSES[1])
    }
}

/// The names of the classes; with a network, also of its line and its shades.
pub(super) fn legend(area: &Area<'_>, network: bool) -> Drawn {
    let entries = ["class +1".into(), "class \u{2212}1".into(), "Y = 0".into()];
    let entries = if network { &entries[..] } else { &entries[..2] };
    page::legend(area, (Layout::LEFT, 20.0), entries, |entry, (x, y)| match entry {
        2 => page::line(area, &[(x - 11.0, y), (x + 11.0, y)], page::stroke(style::INK, 2.0)),
        class => marker(area, (x + 4.0, y), class == 0),
    })?;
    if !network {
        return Ok(());
    }
    let letters = Letters::new(style::TICK);
    let left = Layout::LEFT + 318.0;
    page::text(area, "P(+1)", (left, 20.0), letters, HPos::Left, VPos::Center)?;
    page::text(area, "0", (left + 54.0, 20.0), letters, HPos::Right, VPos::Center)?;
    shading::bar(area, [(left + 60.0, 13.0), (left + 140.0, 27.0)])?;
    page::text(area, "1", (left + 146.0, 20.0), letters, HPos::Left, VPos::Center)
}
