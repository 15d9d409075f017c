//! The layout of the panels of decision boundaries, and the points in them.

use std::collections::BTreeMap;

use plotters::style::text_anchor::{HPos, VPos};

use super::{
    canvas::Area,
    legend,
    page::{self, DrawResult},
    panel::{self, Axis, Panel},
    rows::Plane,
    scale::Scale,
    shading::{self, Window},
    style::{self, TextStyle},
    theme::Theme,
};

/// The positions of the panels. All show the same part of the plane.
pub(super) struct Layout {
    theme: Theme,
    columns: usize,
    panel: (f64, f64),
    /// The left and the upper end of the first panel.
    start: (f64, f64),
    between: (f64, f64),
    inputs: [[f64; 2]; 2],
    x: Scale,
    y: Scale,
    /// The number of lines for the details of a run.
    pub(super) details: usize,
    pub(super) size: (f64, f64),
}

impl Layout {
    /// From line to line.
    pub(super) const LEADING: f64 = 16.0;

    /// A panel for each of the `details`, with these above it.
    pub(super) fn of(planes: &BTreeMap<usize, Plane>, panels: usize, theme: Theme, details: &[&str]) -> Self {
        let columns = match panels {
            0 | 1 => 1,
            2 | 4 => 2,
            3 | 5 | 6 | 9 => 3,
            _ => 4,
        };
        let points = || planes.values().flatten().map(|(x, _)| *x);
        let inputs = if points().next().is_some() { around(points()) } else { [[-1.0, -1.0], [1.0, 1.0]] };
        let [[x0, y0], [x1, y1]] = inputs;
        let (x, y) = (Scale::linear(x0, x1), Scale::linear(y0, y1));
        let mut layout = Self {
            theme,
            columns,
            panel: ([420.0, 360.0, 274.0, 218.0][columns - 1], 0.0),
            start: (66.0, 92.0),
            between: (22.0, 76.0),
            inputs,
            details: 1,
            size: (0.0, 0.0),
            x,
            y,
        };
        if !theme.is_own() {
            layout.fit(details);
        }
        let width = layout.panel.0;
        let rows = panels.div_ceil(layout.columns).max(1);
        let height = (width * (y1 - y0) / (x1 - x0)).clamp(0.6 * width, 1.15 * width);
        layout.panel.1 = height;
        let across = layout.start.0 + layout.columns as f64 * (width + layout.between.0);
        let along = layout.start.1 + rows as f64 * (height + layout.between.1) - 14.0;
        layout.size = if theme.is_own() { (across.max(560.0), along) } else { (theme.width(across), along) };
        layout
    }

    /// As many columns as fit on the page, of panels that fill it.
    fn fit(&mut self, details: &[&str]) {
        const LEAST: f64 = 112.0;
        let left = panel::left(self.theme, 0.0, &self.y, "x2", LEAST);
        let gap = 16.0;
        let room = self.theme.width(0.0) - left - 12.0 + gap;
        self.columns = self.columns.min((room / (LEAST + gap)) as usize).max(1);
        self.panel.0 = (room / self.columns as f64 - gap).min(460.0);
        self.details = details.iter().map(|text| self.lines(text).len()).max().unwrap_or(1).max(1);
        let lift = (self.details - 1) as f64 * Self::LEADING;
        let second = if self.bar_is_beside() { 0.0 } else { 24.0 };
        self.start = (left, 88.0 + second + lift);
        self.between = (gap, 74.0 + lift);
    }

    /// The details of a run, in lines no wider than a panel.
    pub(super) fn lines(&self, details: &str) -> Vec<String> {
        if self.theme.is_own() {
            return vec![details.into()];
        }
        page::wrapped(details, TextStyle::new(style::NOTE), self.panel.0)
    }

    pub(super) fn window(&self, index: usize) -> Window {
        let left = self.start.0 + (index % self.columns) as f64 * (self.panel.0 + self.between.0);
        let top = self.start.1 + (index / self.columns) as f64 * (self.panel.1 + self.between.1);
        Window { inputs: self.inputs, sides: [left, top, left + self.panel.0, top + self.panel.1] }
    }

    pub(super) fn panel(&self, area: &Area<'_>, index: usize, panels: usize) -> DrawResult {
        let [left, top, right, bottom] = self.window(index).sides;
        let (lowest, leftmost) = (index + self.columns >= panels, index.is_multiple_of(self.columns));
        let axis = |scale, label, written| Axis { scale, label: if written { label } else { "" }, written };
        Panel::bare(area, [(left, top), (right, bottom)], axis(&self.x, "x1", lowest), axis(&self.y, "x2", leftmost))?;
        Ok(())
    }

    /// Whether there is room for the bar of shades beside the names.
    fn bar_is_beside(&self) -> bool {
        self.theme.width(560.0) >= 560.0
    }

    /// The names of the classes; with a field, also of its line and its shades.
    pub(super) fn legend(&self, area: &Area<'_>, field: bool) -> DrawResult {
        let entries = ["class +1".into(), "class \u{2212}1".into(), "Y = 0".into()];
        let entries = if field { &entries[..] } else { &entries[..2] };
        let beside = self.bar_is_beside();
        let left = if beside { self.start.0 } else { 10.0 };
        legend::legend(area, (left, 20.0), entries, |entry, (x, y)| match entry {
            2 => page::line(area, &[(x - 11.0, y), (x + 11.0, y)], page::stroke(area.theme.palette().ink, 2.0)),
            class => marker(area, (x + 4.0, y), 1.0, class == 0),
        })?;
        if !field {
            return Ok(());
        }
        let letters = TextStyle::new(style::TICK);
        let (left, y) = if beside { (left + 318.0, 20.0) } else { (left + 4.0, 44.0) };
        page::text(area, "P(+1)", (left, y), letters, HPos::Left, VPos::Center)?;
        page::text(area, "0", (left + 54.0, y), letters, HPos::Right, VPos::Center)?;
        shading::bar(area, [(left + 60.0, y - 7.0), (left + 140.0, y + 7.0)])?;
        page::text(area, "1", (left + 146.0, y), letters, HPos::Left, VPos::Center)
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
pub(super) fn points(area: &Area<'_>, window: Window, plane: &[([f64; 2], f64)], most: usize) -> DrawResult {
    let every = plane.len().div_ceil(most).max(1);
    let width = window.sides[2] - window.sides[0];
    let size = if area.theme.is_own() { 1.0 } else { (width / 200.0).clamp(0.6, 1.0) };
    for class in [1.0, -1.0] {
        for (point, label) in plane.iter().step_by(every).filter(|(_, label)| *label == class) {
            marker(area, window.pixels(*point), size, *label > 0.0)?;
        }
    }
    Ok(())
}

fn marker(area: &Area<'_>, (x, y): (f64, f64), size: f64, positive: bool) -> DrawResult {
    let classes = area.theme.palette().classes;
    if positive {
        page::disc(area, (x, y), 2.6 * size, classes[0])
    } else {
        let reach = 3.6 * size;
        page::polygon(area, &[(x - reach, y), (x, y - reach), (x + reach, y), (x, y + reach)], classes[1])
    }
}
