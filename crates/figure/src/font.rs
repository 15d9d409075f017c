//! The embedded font: widths and outlines. Nothing asks the system for one.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, OutlineCurve, Point};

static REGULAR: LazyLock<FontRef<'static>> =
    LazyLock::new(|| embedded(include_bytes!("../assets/LiberationSans-Regular.ttf")));
static BOLD: LazyLock<FontRef<'static>> =
    LazyLock::new(|| embedded(include_bytes!("../assets/LiberationSans-Bold.ttf")));

fn embedded(bytes: &'static [u8]) -> FontRef<'static> {
    FontRef::try_from_slice(bytes).expect("the embedded font is whole")
}

fn face(bold: bool) -> &'static FontRef<'static> {
    if bold { &BOLD } else { &REGULAR }
}

/// The width of a text at size 1.
pub(super) fn width(text: &str, bold: bool) -> f64 {
    let font = face(bold);
    let advance: f32 = text.chars().map(|c| font.h_advance_unscaled(font.glyph_id(c))).sum();
    f64::from(advance / units(font))
}

/// The closed outlines of a text that begins at the origin, at size 1, y downwards: line after line.
pub(super) fn outline(text: &str, bold: bool, mut line: impl FnMut((f32, f32), (f32, f32))) {
    let font = face(bold);
    let unit = units(font);
    let mut pen = 0.0;
    for c in text.chars() {
        let glyph = font.glyph_id(c);
        let place = |p: Point| ((pen + p.x) / unit, -p.y / unit);
        for curve in font.outline(glyph).map_or_else(Vec::new, |outline| outline.curves) {
            match curve {
                OutlineCurve::Line(a, b) => line(place(a), place(b)),
                OutlineCurve::Quad(a, b, c) => bend(&mut line, |t| place(mix(t, mix(t, a, b), mix(t, b, c)))),
                OutlineCurve::Cubic(a, b, c, d) => bend(&mut line, |t| {
                    let (ab, bc, cd) = (mix(t, a, b), mix(t, b, c), mix(t, c, d));
                    place(mix(t, mix(t, ab, bc), mix(t, bc, cd)))
                }),
            }
        }
        pen += font.h_advance_unscaled(glyph);
    }
}

/// One step along the outlines of a text, in units of the font, y upwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Step {
    /// Begin a line here.
    Move((f32, f32)),
    /// Straight to here.
    Line((f32, f32)),
    /// By way of the first to the second.
    Bend((f32, f32), (f32, f32)),
    /// Back to where the line began.
    Close,
}

/// The outlines of a text that begins at the origin.
pub(super) fn path(text: &str, bold: bool) -> Vec<Step> {
    let font = face(bold);
    let mut steps = Vec::new();
    let mut pen = 0.0;
    for c in text.chars() {
        let glyph = font.glyph_id(c);
        let place = |p: Point| (pen + p.x, p.y);
        let mut last = None;
        for curve in font.outline(glyph).map_or_else(Vec::new, |outline| outline.curves) {
            let (from, step, to) = match curve {
                OutlineCurve::Line(a, b) => (a, Step::Line(place(b)), b),
                // The fonts are TrueType, which has no cubic curves.
                OutlineCurve::Quad(a, b, c) | OutlineCurve::Cubic(a, b, _, c) => (a, Step::Bend(place(b), place(c)), c),
            };
            if last != Some(from) {
                steps.extend(last.map(|_| Step::Close));
                steps.push(Step::Move(place(from)));
            }
            steps.push(step);
            last = Some(to);
        }
        steps.extend(last.map(|_| Step::Close));
        pen += font.h_advance_unscaled(glyph);
    }
    steps
}

/// The units of the font in its size.
pub(super) fn units_per_em(bold: bool) -> f64 {
    f64::from(units(face(bold)))
}

fn units(font: &FontRef<'static>) -> f32 {
    font.units_per_em().expect("the embedded font says its units")
}

fn mix(t: f32, a: Point, b: Point) -> Point {
    Point { x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y) }
}

/// A curve as a few straight lines.
fn bend(line: &mut impl FnMut((f32, f32), (f32, f32)), at: impl Fn(f32) -> (f32, f32)) {
    const STEPS: u8 = 6;
    for step in 0..STEPS {
        line(at(f32::from(step) / f32::from(STEPS)), at(f32::from(step + 1) / f32::from(STEPS)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_arial() {
        assert!((width("0", false) - 0.556).abs() < 1e-3 && (width("M", true) - 0.833).abs() < 1e-3);
        assert!((width("000", false) - 3.0 * width("0", false)).abs() < 1e-6);
    }

    #[test]
    fn outlines_are_closed() {
        let (mut ends, mut starts) = (Vec::new(), Vec::new());
        outline("ηg8−%", false, |from, to| {
            starts.push((from.0.to_bits(), from.1.to_bits()));
            ends.push((to.0.to_bits(), to.1.to_bits()));
        });
        starts.sort_unstable();
        ends.sort_unstable();
        assert!(!starts.is_empty() && starts == ends, "every side ends where another begins");
    }
}
