//! The plane as a field sees it: the shaded probability and the line between the classes.

use plotters::style::RGBColor;
use restudy_core::math;

use super::{
    Field,
    canvas::Area,
    contour::{Grid, area, simplified},
    page::{self, DrawResult},
    style,
    theme::Palette,
};

/// Probabilities of class +1 between which one shade is drawn.
const LEVELS: [f64; 8] = [0.01, 0.1, 0.25, 0.4, 0.6, 0.75, 0.9, 0.99];

/// The distance of the places at which a field is sampled, in pixels.
const STEP: f64 = 2.5;

/// The largest field, in hidden units, that is sampled at this distance. A larger one is sampled at fewer places, for
/// the same cost.
const MOST_UNITS: usize = 2_000;

/// The factor of the distance of samples: the cost of a panel is its number of samples times the hidden units.
fn coarseness(field: &dyn Field) -> f64 {
    math::sqrt((field.units() as f64 / MOST_UNITS as f64).max(1.0))
}

/// The note about networks that are too large to be sampled everywhere.
pub(super) fn coarse<'a>(fields: impl IntoIterator<Item = &'a dyn Field>) -> Option<String> {
    let most = fields.into_iter().map(coarseness).fold(1.0, f64::max);
    (most > 1.0).then(|| {
        format!(
            "Networks of more than {MOST_UNITS} hidden units are sampled at points up to {:.0} pixels apart: \
             smaller details may not be visible.",
            (STEP * most).ceil()
        )
    })
}

/// A part of the plane, and where it is drawn in pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    /// Both inputs at the lower left and at the upper right corner.
    pub inputs: [[f64; 2]; 2],
    /// Pixels of the left, upper, right and lower side.
    pub sides: [f64; 4],
}

impl Window {
    /// Where a point is drawn.
    pub(super) fn pixels(&self, [x, y]: [f64; 2]) -> (f64, f64) {
        let [[x0, y0], [x1, y1]] = self.inputs;
        let [left, top, right, bottom] = self.sides;
        (left + (right - left) * (x - x0) / (x1 - x0), bottom - (bottom - top) * (y - y0) / (y1 - y0))
    }

    /// The output of a field at a place in pixels from the lower left corner, y upwards.
    fn output(&self, field: &dyn Field, along: f64, up: f64) -> f64 {
        let [left, top, right, bottom] = self.sides;
        let [[x0, y0], [x1, y1]] = self.inputs;
        let point = [x0 + (x1 - x0) * along / (right - left), y0 + (y1 - y0) * up / (bottom - top)];
        field.output(point)
    }

    /// The outputs of a field over the window; places in pixels from the lower left corner, y upwards.
    fn outputs(&self, field: &dyn Field) -> Grid {
        let [left, top, right, bottom] = self.sides;
        let step = STEP * coarseness(field);
        let places = |length: f64| -> Vec<f64> {
            let steps = (length / step).ceil().max(1.0) as u32;
            (0..=steps).map(|i| length * f64::from(i) / f64::from(steps)).collect()
        };
        let (x, y) = (places(right - left), places(bottom - top));
        let values = y.iter().flat_map(|&up| x.iter().map(move |&along| self.output(field, along, up))).collect();
        Grid { x, y, values }
    }

    /// Draws the probability as shades, and the line Y = 0.
    pub(super) fn shade(&self, canvas: &Area<'_>, field: &dyn Field) -> DrawResult {
        let [left, top, right, bottom] = self.sides;
        let outputs = self.outputs(field);
        let output = |along: f64, up: f64| self.output(field, along, up);
        let place = |&(x, y): &(f64, f64)| (left + x, bottom - y);
        let palette = canvas.theme.palette();
        page::rectangle(canvas, [(left, top), (right, bottom)], shade(palette, 0))?;
        let bordered = outputs.bordered();
        let mut rings = Vec::new();
        for (below, probability) in LEVELS.into_iter().enumerate() {
            for ring in bordered.lines(math::ln(probability / (1.0 - probability)), &output) {
                let inside = if area(&ring) > 0.0 { below + 1 } else { below };
                rings.push((area(&ring).abs(), inside, simplified(&ring, 0.35)));
            }
        }
        // The largest first: what lies inside another is drawn over it.
        rings.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (_, inside, ring) in rings.iter().filter(|(size, ..)| *size > 4.0) {
            page::polygon(canvas, &ring.iter().map(place).collect::<Vec<_>>(), shade(palette, *inside))?;
        }
        for line in outputs.lines(0.0, &output) {
            let line: Vec<_> = simplified(&line, 0.15).iter().map(place).collect();
            page::line(canvas, &line, page::stroke(palette.ink, 2.0))?;
        }
        Ok(())
    }
}

/// The color between two levels: the paler the less sure.
fn shade(palette: &Palette, band: usize) -> RGBColor {
    let low = band.checked_sub(1).map_or(0.0, |below| LEVELS[below]);
    let high = LEVELS.get(band).copied().unwrap_or(1.0);
    let sure = low + high - 1.0;
    let class = if sure > 0.0 { palette.classes[0] } else { palette.classes[1] };
    style::mix(palette.ground, class, 0.42 * sure.abs())
}

/// A bar of all shades between two corners, the surest of class -1 at the left.
pub(super) fn bar(canvas: &Area<'_>, [(left, top), (right, bottom)]: [(f64, f64); 2]) -> DrawResult {
    let palette = canvas.theme.palette();
    let at = |probability: f64| left + (right - left) * probability;
    for band in 0..=LEVELS.len() {
        let low = band.checked_sub(1).map_or(0.0, |below| LEVELS[below]);
        page::rectangle(canvas, [(at(low), top), (right, bottom)], shade(palette, band))?;
    }
    let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    page::line(canvas, &corners, page::stroke(palette.frame, 1.0))
}
