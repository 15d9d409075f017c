use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use restudy_core::validation::SettingError;

use super::{
    Asked, Draw, FigureError, Look, Points, Tables,
    asked::Measured,
    canvas::{Area, Sheet},
    columns,
    layout::{Layout, points},
    learned::{Plane, fields, planes},
    page::{self, Drawn, Head},
    rows::Rows,
    select::{self, Group, Selection, select_best},
    settings,
    shading::{self, Window},
    style::{self, Letters, Shown},
};

/// What the trained network says about every place of the plane, among the validation points: one panel for each value
/// of an axis. Where axes are left open, the trial with the best median of what decides (the least validation error) is
/// drawn, and named.
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
    fn validate(&self, asked: &Asked<'_>) -> Vec<SettingError> {
        let mut check = settings::Check::new(asked);
        if asked.fields {
            let plane = asked.dimension.is_none_or(|inputs| inputs == 2);
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
        format!("What the network under one seed says about the plane{scope}")
    }

    fn told(&self, measured: Measured<'_>) -> String {
        let subject = self.subject(measured);
        format!("{subject}: the probability of class +1 as shades, a line where both classes are as likely, and points")
    }

    fn reading(&self) -> &'static str {
        ": probability of class +1, the line where both are as likely, and validation points."
    }

    fn draw(&self, title: &str, tables: &Tables<'_>, look: Look) -> Result<Sheet, FigureError> {
        let selection = select_best(tables, self.by.as_deref(), &self.at, usize::MAX)?;
        let measured = Measured::from(tables);
        let (shown, column) = (Shown::of(measured.of(None)?), measured.column());
        let values = columns::floats(tables.runs, &column)?;
        let (seed, found) = self.shown(tables, &selection)?;
        let rows: Vec<usize> = found.iter().copied().flatten().collect();
        let (fields, planes) = (fields(tables, &rows)?, planes(tables, &rows)?);
        let chosen = |(group, &row): (&Group, &Option<usize>)| {
            Chosen {
                row,
                heading: if self.by.is_some() { format!("{} = {}", selection.name, group.label) } else { String::new() },
                details: details(group, row.map(|row| (values[row], fields.contains_key(&row))), shown, seed),
            }
        };
        let runs: Vec<Chosen> = selection.groups.iter().zip(&found).map(chosen).collect();
        let details: Vec<&str> = runs.iter().map(|run| run.details.as_str()).collect();
        let layout = Layout::of(&planes, runs.len(), look, &details);
        let mut notes = notes(&selection, seed, &planes);
        notes.extend(shading::coarse(fields.values().map(Box::as_ref)));
        let digest = Rows::of(tables, rows.iter().copied(), &[&column])?
            .with("weights", tables.weights, &["run", "block", "row", "column", "value"])?
            .with_points(planes.values().flat_map(|plane| plane.rows.iter().copied()))?
            .digest();
        page::sheet(look, Head { title, notes, rows: digest }, layout.size, |area| {
            if rows.is_empty() {
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

    fn networks(&self, tables: &Tables<'_>) -> Result<Vec<usize>, FigureError> {
        let selection = select_best(tables, self.by.as_deref(), &self.at, usize::MAX)?;
        Ok(self.shown(tables, &selection)?.1.into_iter().flatten().collect())
    }
}

impl Boundary {
    /// The seed, and the run under it of each group that is drawn, if there is one.
    fn shown(&self, tables: &Tables<'_>, selection: &Selection) -> Result<(u64, Vec<Option<usize>>), FigureError> {
        let seeds = columns::wholes(tables.runs, "seed")?;
        let seed = self.seed.unwrap_or(seeds.iter().copied().min().unwrap_or(0));
        let found = |group: &Group| group.rows.iter().copied().find(|&row| seeds[row] == seed);
        Ok((seed, selection.groups.iter().take(MOST_PANELS).map(found).collect()))
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
    // One network is drawn of a trial: that of the first fold that is left.
    let of_one = |note: &String| match note.strip_prefix(select::FOLDS) {
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

/// The run of a panel, and what is said of it.
struct Chosen {
    row: Option<usize>,
    heading: String,
    details: String,
}

impl Chosen {
    fn heading(&self, area: &Area<'_>, layout: &Layout, window: Window) -> Drawn {
        let [left, top, right, _] = window.sides;
        let lines = layout.lines(&self.details);
        let lift = (layout.details - 1) as f64 * Layout::LEADING;
        let bold = Letters::new(style::LABEL).bold();
        let bold = if area.look.is_own() { bold } else { bold.fitted(&self.heading, right - left, 0.7) };
        page::heading(area, &self.heading, (left, top - 25.0 - lift), bold)?;
        for (i, line) in lines.iter().enumerate() {
            let rise = (lines.len() - 1 - i) as f64 * Layout::LEADING;
            page::heading(area, line, (left, top - 8.0 - rise), Letters::new(style::NOTE).soft())?;
        }
        Ok(())
    }
}

/// What is said of the run of a group: its value of what decides if it is there, and whether it was trained.
fn details(group: &Group, run: Option<(f64, bool)>, shown: Shown<'_>, seed: u64) -> String {
    let mut details = group.chosen.clone();
    details.push(match run {
        None => format!("no run under seed {seed}"),
        Some((_, false)) => "diverged".into(),
        Some((value, true)) => format!("{} {}", shown.words(), shown.written(value, 2)),
    });
    details.join(", ")
}
