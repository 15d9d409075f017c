//! The rectangle in which values are drawn, with its axes.

use plotters::{
    coord::{cartesian::Cartesian2d, types::RangedCoordf64},
    drawing::DrawingArea,
    element::{PathElement, Polygon},
    style::{
        Color, ShapeStyle,
        text_anchor::{HPos, VPos},
    },
};

use super::{
    FigureError,
    canvas::{Area, Canvas, UNITS},
    font,
    page::{self, DrawResult, line, place, stroke, text, units},
    scale::Scale,
    style::{self, TextStyle},
    theme::Theme,
};

/// An axis of a panel.
pub(super) struct Axis<'s, 'l> {
    pub scale: &'s Scale,
    /// The label; none if empty.
    pub label: &'l str,
    /// Whether the ticks have their numbers.
    pub written: bool,
}

/// The rectangle in which values are drawn.
pub(super) struct Panel<'a, 's> {
    chart: DrawingArea<Canvas<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>,
    x: &'s Scale,
    y: &'s Scale,
}

impl<'a, 's> Panel<'a, 's> {
    /// A panel between two corners in pixels, with grid, frame, ticks and labels.
    pub(super) fn new(
        area: &Area<'a>,
        [(left, top), (right, bottom)]: [(f64, f64); 2],
        x: Axis<'s, '_>,
        y: Axis<'s, '_>,
    ) -> Result<Self, FigureError> {
        let grid = stroke(area.theme.palette().grid, 1.0);
        for (value, _) in &x.scale.ticks {
            let at = left + (right - left) * x.scale.place(*value);
            line(area, &[(at, top), (at, bottom)], grid)?;
        }
        for (value, _) in &y.scale.ticks {
            let at = bottom - (bottom - top) * y.scale.place(*value);
            line(area, &[(left, at), (right, at)], grid)?;
        }
        Self::bare(area, [(left, top), (right, bottom)], x, y)
    }

    /// A panel without a grid.
    pub(super) fn bare(
        area: &Area<'a>,
        [(left, top), (right, bottom)]: [(f64, f64); 2],
        x: Axis<'s, '_>,
        y: Axis<'s, '_>,
    ) -> Result<Self, FigureError> {
        let tick = TextStyle::new(style::TICK).soft();
        let label = TextStyle::new(style::LABEL);
        let frame = area.theme.palette().frame;
        // Of very many, those that would overlap others are left out.
        let own = area.theme.is_own() && x.scale.ticks.len().max(y.scale.ticks.len()) <= MOST_TICKS;
        let mut kept = Occupied::default();
        for (value, written) in &x.scale.ticks {
            let at = left + (right - left) * x.scale.place(*value);
            line(area, &[(at, bottom), (at, bottom + 4.0)], stroke(frame, 1.2))?;
            if x.written && (own || kept.fits(at, tick.width(written) + 7.0)) {
                text(area, written, (at, bottom + 9.0), tick, HPos::Center, VPos::Top)?;
            }
        }
        let mut kept = Occupied::default();
        for (value, written) in &y.scale.ticks {
            let at = bottom - (bottom - top) * y.scale.place(*value);
            line(area, &[(left - 4.0, at), (left, at)], stroke(frame, 1.2))?;
            if y.written && (own || kept.fits(at, tick.size)) {
                text(area, written, (left - 8.0, at), tick, HPos::Right, VPos::Center)?;
            }
        }
        line(area, &[(left, top), (left, bottom), (right, bottom)], stroke(frame, 1.2))?;
        if !x.label.is_empty() {
            text(area, x.label, ((left + right) / 2.0, bottom + 32.0), label, HPos::Center, VPos::Top)?;
        }
        let lines = if area.theme.is_own() { vec![y.label.to_owned()] } else { split(y.label, bottom - top) };
        for (i, line) in lines.iter().rev().enumerate().filter(|(_, line)| !line.is_empty()) {
            let widest = if y.written { widest(y.scale) } else { 0.0 };
            let at = (left - 20.0 - widest - i as f64 * LEADING, (top + bottom) / 2.0);
            text(area, line, at, label.upwards(), HPos::Center, VPos::Bottom)?;
        }
        let size = ((right - left), (bottom - top));
        let inner = area.on.clone().shrink(place((left, top)), (units(size.0) as u32, units(size.1) as u32));
        let (across, along) = inner.get_pixel_range();
        let unit = || RangedCoordf64::from(0.0..1.0);
        let chart = inner.apply_coord_spec(Cartesian2d::new(unit(), unit(), (across, along.end..along.start)));
        Ok(Self { chart, x: x.scale, y: y.scale })
    }

    fn at(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (self.x.place(x).clamp(0.0, 1.0), self.y.place(y).clamp(0.0, 1.0))
    }

    /// A line through values.
    pub(super) fn line(&self, points: &[(f64, f64)], style: ShapeStyle) -> DrawResult {
        let points: Vec<_> = points.iter().map(|&point| self.at(point)).collect();
        Ok(self.chart.draw(&PathElement::new(points, style))?)
    }

    /// As [`line`](Self::line), in a pattern of pixels.
    pub(super) fn dashed(
        &self,
        area: &Area<'_>,
        points: &[(f64, f64)],
        style: ShapeStyle,
        pattern: &[f64],
    ) -> DrawResult {
        if pattern.is_empty() {
            return self.line(points, style);
        }
        let places: Vec<_> = points.iter().map(|&point| self.pixels(area, point)).collect();
        page::dashed(area, &places, style, pattern)
    }

    /// A filled polygon between values.
    pub(super) fn polygon(&self, points: &[(f64, f64)], color: impl Color) -> DrawResult {
        let points: Vec<_> = points.iter().map(|&point| self.at(point)).collect();
        Ok(self.chart.draw(&Polygon::new(points, color.filled()))?)
    }

    /// Where a value stands, in pixels of the area that the panel was made on.
    pub(super) fn pixels(&self, area: &Area<'_>, point: (f64, f64)) -> (f64, f64) {
        let (x, y) = self.chart.map_coordinate(&self.at(point));
        let (left, top) = area.on.get_base_pixel();
        (f64::from(x - left) / UNITS, f64::from(y - top) / UNITS)
    }
}

/// The most numbers on an axis that do not overlap.
const MOST_TICKS: usize = 60;

/// From line to line of a label.
const LEADING: f64 = 18.0;

/// The width of the widest number of a scale.
fn widest(scale: &Scale) -> f64 {
    scale.ticks.iter().map(|(_, written)| font::width(written, false) * style::TICK).fold(0.0, f64::max)
}

/// A label in as many lines as needed on `room` pixels and a little more; text in brackets stays together if possible.
pub(super) fn split(label: &str, room: f64) -> Vec<String> {
    let (letters, room) = (TextStyle::new(style::LABEL), room + 20.0);
    match label.split_once(" (") {
        Some((what, unit))
            if letters.width(label) > room && letters.width(unit) < room && letters.width(what) <= room =>
        {
            vec![what.into(), format!("({unit}")]
        }
        _ => page::wrapped(label, letters, room),
    }
}

/// The room for the numbers and the label of a vertical axis, left of a panel that is `height` pixels high; `own` in
/// the study's theme.
pub(super) fn left(theme: Theme, own: f64, scale: &Scale, label: &str, height: f64) -> f64 {
    if theme.is_own() {
        return own;
    }
    let lines = split(label, height).len() as f64;
    10.0 + widest(scale) + if lines > 0.0 { 28.0 + (lines - 1.0) * LEADING } else { 4.0 }
}

/// The ranges that labels on an axis take: later labels must not overlap earlier ones.
#[derive(Default)]
struct Occupied(Vec<(f64, f64)>);

impl Occupied {
    /// Takes the range `wide` around a place, if it is free.
    fn fits(&mut self, at: f64, wide: f64) -> bool {
        let fits = self.0.iter().all(|(other, width)| (at - other).abs() >= (wide + width) / 2.0);
        if fits {
            self.0.push((at, wide));
        }
        fits
    }
}
