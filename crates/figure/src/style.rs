//! What all figures share in every theme: sizes of text, the color map, names and numbers.

use plotters::style::{
    Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBAColor, RGBColor,
    text_anchor::{HPos, Pos, VPos},
};
use restudy_core::{
    math,
    measure::{Direction, Measurement, Split},
};

use super::{canvas::UNITS, font, theme::Palette};

/// Stops of viridis, evenly spaced: equal steps look equal, for every kind of color vision and in gray.
///
/// Source: van der Walt and Smith, "A better default colormap for Matplotlib", SciPy 2015.
const VIRIDIS: [(u8, u8, u8); 10] = [
    (0x44, 0x01, 0x54),
    (0x48, 0x28, 0x78),
    (0x3e, 0x49, 0x89),
    (0x31, 0x68, 0x8e),
    (0x26, 0x82, 0x8e),
    (0x1f, 0x9e, 0x89),
    (0x35, 0xb7, 0x79),
    (0x6e, 0xce, 0x58),
    (0xb5, 0xde, 0x2b),
    (0xfd, 0xe7, 0x25),
];

/// The colors of text on pale and on dark colors, in every theme.
const INK: RGBColor = RGBColor(0x1a, 0x1a, 0x1a);
const WHITE: RGBColor = RGBColor(0xff, 0xff, 0xff);

/// Sizes of text, in pixels.
pub(super) const TITLE: f64 = 18.0;
pub(super) const LABEL: f64 = 15.0;
pub(super) const TICK: f64 = 13.5;
pub(super) const NOTE: f64 = 13.0;

/// The color of a share in [0, 1].
pub(super) fn viridis(share: f64) -> RGBColor {
    let place = share.clamp(0.0, 1.0) * (VIRIDIS.len() - 1) as f64;
    let index = (place as usize).min(VIRIDIS.len() - 2);
    let ((r0, g0, b0), (r1, g1, b1)) = (VIRIDIS[index], VIRIDIS[index + 1]);
    mix(RGBColor(r0, g0, b0), RGBColor(r1, g1, b1), place - index as f64)
}

/// The color at a share of the way from one to another.
pub(super) fn mix(from: RGBColor, to: RGBColor, share: f64) -> RGBColor {
    let channel = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share + 0.5) as u8;
    RGBColor(channel(from.0, to.0), channel(from.1, to.1), channel(from.2, to.2))
}

pub(super) fn translucent(color: RGBColor, alpha: f64) -> RGBAColor {
    RGBAColor(color.0, color.1, color.2, alpha)
}

/// Black or white, whichever is more readable on a color.
pub(super) fn readable_on(color: RGBColor) -> RGBColor {
    let light = 0.299 * f64::from(color.0) + 0.587 * f64::from(color.1) + 0.114 * f64::from(color.2);
    if light > 108.0 { INK } else { WHITE }
}

#[derive(Debug, Clone, Copy)]
pub(super) enum TextColor {
    /// For what must be read.
    Ink,
    /// For what may be read.
    Soft,
    /// For text on another color than the ground.
    Own(RGBColor),
}

#[derive(Debug, Clone, Copy)]
pub(super) struct TextStyle {
    pub size: f64,
    pub bold: bool,
    pub tone: TextColor,
    pub upwards: bool,
}

impl TextStyle {
    pub(super) const fn new(size: f64) -> Self {
        Self { size, bold: false, tone: TextColor::Ink, upwards: false }
    }

    pub(super) const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(super) const fn soft(self) -> Self {
        Self { tone: TextColor::Soft, ..self }
    }

    pub(super) const fn color(self, color: RGBColor) -> Self {
        Self { tone: TextColor::Own(color), ..self }
    }

    pub(super) const fn upwards(self) -> Self {
        Self { upwards: true, ..self }
    }

    /// The width of a text in pixels.
    pub(super) fn width(self, text: &str) -> f64 {
        font::width(text, self.bold) * self.size
    }

    /// The size at which a text is no wider than `room`, but not less than a share of this one.
    pub(super) fn fitted(self, text: &str, room: f64, least: f64) -> Self {
        let width = self.width(text);
        if width <= room { self } else { Self { size: self.size * (room / width).max(least), ..self } }
    }

    pub(super) fn style(self, palette: &Palette, across: HPos, along: VPos) -> plotters::style::TextStyle<'static> {
        let face = if self.bold { FontStyle::Bold } else { FontStyle::Normal };
        let font = FontDesc::new(FontFamily::Name("Liberation Sans"), self.size * UNITS, face);
        let font = if self.upwards { font.transform(FontTransform::Rotate270) } else { font };
        let color = match self.tone {
            TextColor::Ink => palette.ink,
            TextColor::Soft => palette.soft,
            TextColor::Own(color) => color,
        };
        plotters::style::TextStyle { font, color: color.to_backend_color(), pos: Pos::new(across, along) }
    }
}

/// How a measurement is written on an axis.
#[derive(Debug, Clone, Copy)]
pub(super) struct MetricFormat<'a> {
    /// Its column in the tables.
    pub name: &'a str,
    pub unit: &'a str,
    /// The factor from values in the tables to those that are shown.
    pub factor: f64,
    /// Whether it can be zero, so that a logarithm would hide the best results.
    pub reaches_zero: bool,
    /// Whether its scale begins at zero: distances from there mean something.
    pub from_zero: bool,
    pub direction: Direction,
    /// Whether no value is better than another.
    pub neutral: bool,
    /// The unit of time.
    pub over: &'a str,
}

impl<'a> MetricFormat<'a> {
    pub(super) fn of(measurement: &'a Measurement) -> Self {
        let (factor, unit) = measurement.scaled();
        Self {
            name: &measurement.name,
            over: &measurement.over,
            neutral: measurement.neutral,
            unit,
            factor,
            reaches_zero: measurement.reaches_zero,
            // A loss over data does; an estimate of something may lie anywhere.
            from_zero: measurement.split || measurement.reaches_zero || unit == "%",
            direction: measurement.direction,
        }
    }

    /// The name as a reader sees it.
    pub(super) fn words(&self) -> String {
        Split::None.of(self.name)
    }

    /// The label of an axis of these values: `what` with the unit, and a remark about the scale.
    pub(super) fn label(&self, what: &str, remark: &str) -> String {
        capital(&match (self.unit, remark.strip_prefix(", ")) {
            ("", None) => what.into(),
            ("", Some(remark)) => format!("{what} ({remark})"),
            (unit, _) => format!("{what} ({unit}{remark})"),
        })
    }

    /// A value of the tables to so many digits, with its unit.
    pub(super) fn written(&self, value: f64, places: usize) -> String {
        format!("{} {}", digits(self.factor * value, places), self.unit).trim_end().into()
    }

    /// The edge of the worst values: 1 for the upper one, -1 for the lower one.
    pub(super) fn worst_edge(&self) -> f64 {
        match self.direction {
            Direction::Lower => 1.0,
            Direction::Higher => -1.0,
        }
    }
}

/// The name of an axis: `train.learning-rate` is "learning rate η".
pub(super) fn axis_name(path: &str) -> String {
    match path {
        "model.hidden" => "hidden units h".into(),
        "train.learning-rate" => "learning rate η".into(),
        "model.init" => "initialization".into(),
        path => path.rsplit('.').next().unwrap_or(path).replace('-', " "),
    }
}

pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A number in few digits: 0.002, 0.02, 0.2, 2, 1e-6.
pub(super) fn number(value: f64) -> String {
    digits(value, 3)
}

/// The value of an axis as a reader sees it: numbers in full, but never with a hundred zeros.
pub(super) fn value(written: &str) -> String {
    match written.parse::<f64>() {
        Ok(number) if number.is_finite() => digits(number, 15),
        _ => cut(written),
    }
}

/// A text; only both of its ends where it is longer than a figure has room for.
fn cut(text: &str) -> String {
    const MOST: usize = 60;
    let length = text.chars().count();
    if length <= MOST {
        return text.into();
    }
    let end = MOST / 2 - 1;
    text.chars().take(end).chain(['\u{2026}']).chain(text.chars().skip(length - end)).collect()
}

/// A number rounded to so many digits.
pub(super) fn digits(value: f64, digits: usize) -> String {
    let rounded: f64 = format!("{value:.*e}", digits - 1).parse().unwrap_or(value);
    let size = rounded.abs();
    let written =
        if size != 0.0 && !(1e-4..1e6).contains(&size) { format!("{rounded:e}") } else { format!("{rounded}") };
    written.replace('-', "\u{2212}")
}

/// Ten to an exponent, correctly rounded.
pub(super) fn ten_to(exponent: i32) -> f64 {
    format!("1e{exponent}").parse().unwrap_or(f64::NAN)
}

/// The largest exponent of ten whose power is at most a positive number.
pub(super) fn decade(value: f64) -> i32 {
    let near = math::log10(value).floor() as i32;
    if ten_to(near + 1) <= value {
        near + 1
    } else if ten_to(near) > value {
        near - 1
    } else {
        near
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let written = [0.002, 0.02, 0.2, 2.0, 0.1 + 0.2, 1e-6, 123_456.0, -0.5, 0.0].map(number);
        assert_eq!(written, ["0.002", "0.02", "0.2", "2", "0.3", "1e\u{2212}6", "123000", "\u{2212}0.5", "0"]);
    }

    #[test]
    fn decades_are_exact() {
        for exponent in -300..300 {
            assert_eq!(decade(ten_to(exponent)), exponent);
            assert_eq!(decade(ten_to(exponent) * 0.999_999_999), exponent - 1);
        }
    }
}
