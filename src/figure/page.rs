//! The page of a figure: a heading, notes beneath it, and a body with panels.

use plotters::{
    coord::{cartesian::Cartesian2d, types::RangedCoordf64},
    drawing::{DrawingArea, IntoDrawingArea},
    element::{Circle, PathElement, Polygon, Rectangle, Text},
    style::{
        Color, RGBColor, ShapeStyle,
        text_anchor::{HPos, VPos},
    },
};

use super::{
    FigureError,
    canvas::{Area, Canvas, Sheet, UNITS},
    font,
    scale::Scale,
    style::{self, Letters},
};

/// Nothing, or what went wrong.
pub(super) type Drawn = Result<(), FigureError>;

const MARGIN: f64 = 22.0;

/// A page of `width` pixels with a heading, notes and a body of `height` pixels that `draw` fills.
pub(super) fn sheet(
    title: &str,
    notes: &[String],
    (width, height): (f64, f64),
    draw: impl FnOnce(&Area<'_>) -> Drawn,
) -> Result<Sheet, FigureError> {
    let heading = Letters::new(style::TITLE).bold();
    let note = Letters::new(style::NOTE).color(style::SOFT);
    let room = width - 2.0 * MARGIN;
    let lines = |text: &str, letters: Letters| wrapped(text, letters, room).into_iter().map(move |l| (l, letters));
    let head: Vec<(String, Letters)> = lines(title, heading).chain(lines(&notes.join(" "), note)).collect();
    let top = head.iter().map(|(_, letters)| leading(*letters)).sum::<f64>() + 26.0;
    let size = (units(width) as u32, units(top + height) as u32);
    let mut marks = Vec::new();
    let area = Canvas::new(size, &mut marks).into_drawing_area();
    let mut y = 16.0;
    for (line, letters) in head {
        text(&area, &line, (MARGIN, y + 0.2 * letters.size), letters, HPos::Left, VPos::Top)?;
        y += leading(letters);
    }
    draw(&area.clone().shrink((0, units(top)), size))?;
    drop(area);
    Ok(Sheet { title: title.into(), size, marks })
}

fn leading(letters: Letters) -> f64 {
    1.4 * letters.size
}

/// A text in lines no wider than `room`.
fn wrapped(text: &str, letters: Letters, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if font::width(&format!("{line} {word}"), letters.bold) * letters.size <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.into()),
        }
    }
    lines
}

/// Pixels in units.
pub(super) fn units(pixels: f64) -> i32 {
    (pixels * UNITS + 0.5).floor() as i32
}

fn place((x, y): (f64, f64)) -> (i32, i32) {
    (units(x), units(y))
}

/// A line or border of so many pixels.
pub(super) fn stroke(color: impl Color, width: f64) -> ShapeStyle {
    color.stroke_width(units(width) as u32)
}

/// A text at a place in pixels.
pub(super) fn text(area: &Area<'_>, text: &str, at: (f64, f64), letters: Letters, h: HPos, v: VPos) -> Drawn {
    Ok(area.draw(&Text::new(text, place(at), letters.style(h, v)))?)
}

/// A heading that stands on a place in pixels.
pub(super) fn heading(area: &Area<'_>, words: &str, at: (f64, f64), letters: Letters) -> Drawn {
    text(area, words, at, letters, HPos::Left, VPos::Bottom)
}

/// A line between places in pixels.
pub(super) fn line(area: &Area<'_>, points: &[(f64, f64)], style: ShapeStyle) -> Drawn {
    Ok(area.draw(&PathElement::new(points.iter().copied().map(place).collect::<Vec<_>>(), style))?)
}

/// A filled rectangle between two corners in pixels.
pub(super) fn rectangle(area: &Area<'_>, corners: [(f64, f64); 2], color: impl Color) -> Drawn {
    Ok(area.draw(&Rectangle::new(corners.map(place), color.filled()))?)
}

/// A disc at a place in pixels.
pub(super) fn disc(area: &Area<'_>, at: (f64, f64), radius: f64, color: impl Color) -> Drawn {
    Ok(area.draw(&Circle::new(place(at), units(radius), color.filled()))?)
}

/// A filled polygon between places in pixels.
pub(super) fn polygon(area: &Area<'_>, points: &[(f64, f64)], color: impl Color) -> Drawn {
    Ok(area.draw(&Polygon::new(points.iter().copied().map(place).collect::<Vec<_>>(), color.filled()))?)
}

/// One run: a dot, or a triangle where its value is not finite.
pub(super) fn run(area: &Area<'_>, (x, y): (f64, f64), value: f64, color: RGBColor, alpha: f64) -> Drawn {
    if value.is_finite() {
        disc(area, (x, y), 3.6, style::sheer(color, alpha))
    } else {
        polygon(area, &[(x - 5.0, y + 9.0), (x + 5.0, y + 9.0), (x, y)], color)
    }
}

/// An axis of a panel.
pub(super) struct Axis<'s, 'l> {
    pub scale: &'s Scale,
    /// What stands beside it; nothing if empty.
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
        let grid = stroke(style::GRID, 1.0);
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
        let tick = Letters::new(style::TICK).color(style::SOFT);
        let label = Letters::new(style::LABEL);
        for (value, written) in &x.scale.ticks {
            let at = left + (right - left) * x.scale.place(*value);
            line(area, &[(at, bottom), (at, bottom + 4.0)], stroke(style::FRAME, 1.2))?;
            if x.written {
                text(area, written, (at, bottom + 9.0), tick, HPos::Center, VPos::Top)?;
            }
        }
        let mut widest: f64 = 0.0;
        for (value, written) in &y.scale.ticks {
            let at = bottom - (bottom - top) * y.scale.place(*value);
            line(area, &[(left - 4.0, at), (left, at)], stroke(style::FRAME, 1.2))?;
            if y.written {
                text(area, written, (left - 8.0, at), tick, HPos::Right, VPos::Center)?;
                widest = widest.max(font::width(written, false) * tick.size);
            }
        }
        line(area, &[(left, top), (left, bottom), (right, bottom)], stroke(style::FRAME, 1.2))?;
        if !x.label.is_empty() {
            text(area, x.label, ((left + right) / 2.0, bottom + 32.0), label, HPos::Center, VPos::Top)?;
        }
        if !y.label.is_empty() {
            let at = (left - 20.0 - widest, (top + bottom) / 2.0);
            text(area, y.label, at, label.upwards(), HPos::Center, VPos::Bottom)?;
        }
        let size = ((right - left), (bottom - top));
        let inner = area.clone().shrink(place((left, top)), (units(size.0) as u32, units(size.1) as u32));
        let (across, along) = inner.get_pixel_range();
        let unit = || RangedCoordf64::from(0.0..1.0);
        let chart = inner.apply_coord_spec(Cartesian2d::new(unit(), unit(), (across, along.end..along.start)));
        Ok(Self { chart, x: x.scale, y: y.scale })
    }

    fn at(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (self.x.place(x).clamp(0.0, 1.0), self.y.place(y).clamp(0.0, 1.0))
    }

    /// A line through values.
    pub(super) fn line(&self, points: &[(f64, f64)], style: ShapeStyle) -> Drawn {
        let points: Vec<_> = points.iter().map(|&point| self.at(point)).collect();
        Ok(self.chart.draw(&PathElement::new(points, style))?)
    }

    /// A filled polygon between values.
    pub(super) fn polygon(&self, points: &[(f64, f64)], color: impl Color) -> Drawn {
        let points: Vec<_> = points.iter().map(|&point| self.at(point)).collect();
        Ok(self.chart.draw(&Polygon::new(points, color.filled()))?)
    }

    /// Where a value stands, in pixels of the area that the panel was made on.
    pub(super) fn pixels(&self, area: &Area<'_>, point: (f64, f64)) -> (f64, f64) {
        let (x, y) = self.chart.map_coordinate(&self.at(point));
        let (left, top) = area.get_base_pixel();
        (f64::from(x - left) / UNITS, f64::from(y - top) / UNITS)
    }
}

/// A row of names with their marks, from the left; `mark` draws one around a place in pixels.
pub(super) fn legend(
    area: &Area<'_>,
    at: (f64, f64),
    entries: &[String],
    mark: impl Fn(usize, (f64, f64)) -> Drawn,
) -> Drawn {
    let letters = Letters::new(style::TICK);
    let mut x = at.0;
    for (i, entry) in entries.iter().enumerate() {
        mark(i, (x + 11.0, at.1))?;
        text(area, entry, (x + 28.0, at.1), letters, HPos::Left, VPos::Center)?;
        x += 28.0 + font::width(entry, false) * letters.size + 24.0;
    }
    Ok(())
}

/// A column of names with their marks under a heading; `mark` draws one around a place in pixels.
pub(super) fn key(
    area: &Area<'_>,
    (x, mut y): (f64, f64),
    heading: &str,
    entries: &[String],
    mark: impl Fn(usize, (f64, f64)) -> Drawn,
) -> Drawn {
    text(area, heading, (x, y), Letters::new(style::TICK).bold(), HPos::Left, VPos::Center)?;
    for (i, entry) in entries.iter().enumerate() {
        y += 23.0;
        mark(i, (x + 13.0, y))?;
        text(area, entry, (x + 34.0, y), Letters::new(style::TICK), HPos::Left, VPos::Center)?;
    }
    Ok(())
}

/// The width of a key in pixels.
pub(super) fn key_width(heading: &str, entries: &[String]) -> f64 {
    let entry = entries.iter().map(|entry| font::width(entry, false) * style::TICK + 34.0).fold(0.0, f64::max);
    entry.max(font::width(heading, true) * style::TICK)
}

/// What stands in place of a drawing that has nothing to draw.
pub(super) fn nothing(area: &Area<'_>, (width, height): (f64, f64)) -> Drawn {
    let letters = Letters::new(style::LABEL).color(style::SOFT);
    text(area, "No finished runs yet.", (width / 2.0, height / 2.0), letters, HPos::Center, VPos::Center)
}
