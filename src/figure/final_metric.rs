use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AxisInfo, Draw, FigureError, Look, Part, Tables,
    canvas::{Area, Sheet},
    columns, legend,
    page::{self, Drawn, Head},
    panel::{self, Axis, Panel},
    places::{self, Places, Seen},
    rows::Rows,
    scale::Scale,
    select::select,
    settings,
    style::{self, Shown},
};
use crate::{fault::Fault, metric::Metric, stats};

/// The final training and validation metric by the values of an axis: the mean with its 95 % bootstrap interval, and
/// every run as a faint dot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Final {
    /// What is drawn.
    pub metric: Metric,
    /// The axis to draw it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Values that other axes are fixed at; axes not named are pooled.
    #[serde(skip_serializing_if = "settings::At::is_empty")]
    pub at: settings::At,
    /// Only the runs under so many of the least seeds; all without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seeds: Option<u32>,
}

impl Default for Final {
    fn default() -> Self {
        Self { metric: Metric::Error, by: None, at: settings::At::default(), seeds: None }
    }
}

impl Draw for Final {
    fn faults(&self, axes: &[AxisInfo], _d: Option<usize>, metrics: &[Metric]) -> Vec<Fault> {
        let mut check = settings::Check::new(axes);
        check.metric(self.metric, metrics);
        check.axis("by", self.by.as_deref());
        check.require(self.seeds != Some(0), "seeds", "a whole number from 1");
        check.at(&self.at, &[self.by.as_deref()]);
        check.found()
    }

    fn subject(&self) -> String {
        let scope = settings::scope(self.by.as_deref(), &self.at, self.seeds);
        format!("Final training and validation {}{scope}", self.metric.name())
    }

    fn told(&self) -> String {
        format!("{} (intervals: percentile bootstrap of the runs, {} resamples)", self.subject(), stats::RESAMPLES)
    }

    fn reading(&self) -> &'static str {
        ": mean with its 95 % bootstrap interval; every dot is a run."
    }

    fn draw(&self, title: &str, tables: &Tables<'_>, look: Look) -> Result<Sheet, FigureError> {
        let shown = Shown::of(self.metric);
        let selection = select(tables, self.by.as_deref().as_slice(), &self.at)?.joined(places::MOST);
        let selection = selection.of_first_seeds(tables, self.seeds)?;
        let parts = [Part::Train, Part::Validation];
        let names = parts.map(|part| format!("{}_{}", part.name(), shown.name));
        let values = names.iter().map(|name| columns::floats(tables.runs, name)).collect::<Result<Vec<_>, _>>()?;
        let value = |part: usize, row: usize| values[part][row] * shown.factor;
        let mut notes = vec![match &selection.runs_each("value")[..] {
            "1 run" => "A single run.".into(),
            each => format!("Mean with its 95 % bootstrap interval over {each}; every run a faint dot."),
        }];
        notes.extend(selection.notes.iter().cloned());
        notes.extend(selection.divergence(|row| !values[1][row].is_finite(), "; those without a finite value are triangles, left out of the mean"));
        let size = (look.width(860.0), look.height((860.0, 450.0), 110.0));
        let digest = Rows::selected(tables, &selection, &names.each_ref().map(String::as_str))?.digest();
        page::sheet(look, Head { title, notes, rows: digest }, size, |area| {
            let rows: Vec<usize> = selection.groups.iter().flat_map(|group| group.rows.iter().copied()).collect();
            if rows.is_empty() {
                return page::nothing(area, size);
            }
            let y = Scale::metric(shown, rows.iter().flat_map(|&row| [value(0, row), value(1, row)]));
            let label = style::capital(&format!("final {} ({}{})", shown.name, shown.unit, y.remark()));
            let left = panel::left(look, 90.0, &y, &label, size.1 - 110.0);
            let frame = [(left, 44.0), (size.0 - if look.is_own() { 24.0 } else { 12.0 }, size.1 - 66.0)];
            let places = Places::new(&selection, frame[1].0 - frame[0].0);
            let colors = look.inks().parts;
            let panel = Panel::new(
                area,
                frame,
                Axis { scale: &places.scale, label: &style::capital(&selection.name), written: true },
                Axis { scale: &y, label: &label, written: true },
            )?;
            legend::legend(area, (frame[0].0, 20.0), &["Training".into(), "Validation".into()], |part, (x, y)| {
                page::line(area, &[(x - 11.0, y), (x + 11.0, y)], page::stroke(colors[part], 2.5))?;
                mark(area, part, (x, y))
            })?;
            let middles = |part: usize, group: usize| -> Vec<f64> {
                let rows = selection.groups[group].rows.iter();
                rows.map(|&row| value(part, row)).filter(|value| value.is_finite()).collect()
            };
            let room = places.room.min(44.0);
            let at = |part: usize, group: usize, value: f64| {
                let (x, y) = panel.pixels(area, (places.of[group], value));
                (x + [-1.0, 1.0][part] * room * 0.25, y)
            };
            for (part, color) in colors.into_iter().enumerate() {
                let mut seen = Seen::of(2 * rows.len());
                for (group, of_group) in selection.groups.iter().enumerate() {
                    for (i, &row) in of_group.rows.iter().enumerate() {
                        let (x, y) = at(part, group, value(part, row));
                        let x = x + places::jitter(i) * room * 0.18;
                        if seen.shows((x, y)) {
                            page::run(area, (x, y), value(part, row), color, 0.3)?;
                        }
                    }
                }
            }
            for (part, color) in colors.into_iter().enumerate() {
                let groups = (0..selection.groups.len()).map(|group| (group, middles(part, group)));
                let groups: Vec<_> = groups.filter(|(_, values)| !values.is_empty()).collect();
                if places.numeric {
                    let means = groups.iter().map(|(group, values)| at(part, *group, stats::mean(values)));
                    page::dashed(area, &means.collect::<Vec<_>>(), page::stroke(color, 1.6), look.dashes(part))?;
                }
                let lists: Vec<_> = groups.iter().map(|(_, values)| values.as_slice()).collect();
                for ((group, values), interval) in groups.iter().zip(stats::bootstrap_means(&lists)) {
                    let ends = [interval.low, interval.high].map(|end| at(part, *group, end));
                    page::line(area, &ends, page::stroke(color, 3.0))?;
                    mark(area, part, at(part, *group, stats::mean(values)))?;
                }
            }
            Ok(())
        })
    }
}

/// The mean: a square for training, a disc for validation.
fn mark(area: &Area<'_>, part: usize, (x, y): (f64, f64)) -> Drawn {
    let inks = area.look.inks();
    if part == 0 {
        page::rectangle(area, [(x - 5.5, y - 5.5), (x + 5.5, y + 5.5)], inks.ground)?;
        page::rectangle(area, [(x - 4.5, y - 4.5), (x + 4.5, y + 4.5)], inks.parts[0])
    } else {
        page::disc(area, (x, y), 6.2, inks.ground)?;
        page::disc(area, (x, y), 5.2, inks.parts[1])
    }
}
