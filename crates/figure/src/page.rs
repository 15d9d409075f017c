//! The page of a figure: a heading, notes beneath it, a body; and what is drawn there, by places in pixels.

use plotters::{
    drawing::IntoDrawingArea,
    element::{Circle, PathElement, Polygon, Rectangle, Text},
    style::{
        Color, RGBColor, ShapeStyle,
        text_anchor::{HPos, VPos},
    },
};
use restudy_core::math;
use restudy_escape::terminal;

use super::{
    FigureError, bounds,
    canvas::{Area, Canvas, Sheet, UNITS},
    font,
    style::{self, TextStyle},
    theme::Theme,
};

pub(super) type DrawResult = Result<(), FigureError>;

const MARGIN: f64 = 22.0;

/// The title and the notes above a drawing.
pub(super) struct Heading<'t> {
    pub title: &'t str,
    /// Notes for the reader, in sentences.
    pub notes: Vec<String>,
}

/// A page of `width` pixels with a heading, notes and a body of `height` pixels that `draw` fills.
pub(super) fn sheet(
    theme: Theme,
    head: Heading<'_>,
    (width, height): (f64, f64),
    draw: impl FnOnce(&Area<'_>) -> DrawResult,
) -> Result<Sheet, FigureError> {
    let Heading { title, notes } = head;
    let title = &shortened(title);
    let notes = notes.join(" ");
    let heading = TextStyle::new(style::TITLE).bold();
    let note = TextStyle::new(style::NOTE).soft();
    let room = width - 2.0 * MARGIN;
    let lines = |text: &str, letters: TextStyle| wrapped(text, letters, room).into_iter().map(move |l| (l, letters));
    let mut lines: Vec<(String, TextStyle)> = lines(title, heading).chain(lines(&notes, note)).collect();
    let mut top = lines.iter().map(|(_, letters)| leading(*letters)).sum::<f64>() + 26.0;
    if !theme.has_heading() {
        lines.clear();
        top = 4.0;
    }
    let size = (units(width) as u32, units(top + height) as u32);
    let mut shapes = Vec::new();
    let area = Area { on: Canvas::new(size, &mut shapes).into_drawing_area(), theme };
    let mut y = 16.0;
    for (line, letters) in lines {
        text(&area, &line, (MARGIN, y + 0.2 * letters.size), letters, HPos::Left, VPos::Top)?;
        y += leading(letters);
    }
    draw(&Area { on: area.on.clone().shrink((0, units(top)), size), theme })?;
    drop(area);
    if theme.is_own() {
        shapes.retain(|shape| bounds::meets(shape, size));
    }
    let sheet =
        Sheet { title: terminal(title).into_owned(), subject: String::new(), notes, rows: None, theme, size, shapes };
    Ok(if theme.is_own() { sheet } else { bounds::around_all(sheet) })
}

/// A title as long as a page has room for: older results may have longer questions than specifications now allow.
fn shortened(title: &str) -> String {
    const MOST: usize = 1_000;
    match title.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}\u{2026}", &title[..end]),
        None => title.into(),
    }
}

fn leading(letters: TextStyle) -> f64 {
    1.4 * letters.size
}

/// A text in lines no wider than `room`.
pub(super) fn wrapped(text: &str, letters: TextStyle, room: f64) -> Vec<String> {
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

pub(super) fn place((x, y): (f64, f64)) -> (i32, i32) {
    (units(x), units(y))
}

/// A line or border of so many pixels.
pub(super) fn stroke(color: impl Color, width: f64) -> ShapeStyle {
    color.stroke_width(units(width) as u32)
}

/// A text at a place in pixels.
pub(super) fn text(area: &Area<'_>, text: &str, at: (f64, f64), letters: TextStyle, h: HPos, v: VPos) -> DrawResult {
    Ok(area.on.draw(&Text::new(text, place(at), letters.style(area.theme.palette(), h, v)))?)
}

/// A heading whose base line is at a place in pixels.
pub(super) fn heading(area: &Area<'_>, words: &str, at: (f64, f64), letters: TextStyle) -> DrawResult {
    text(area, words, at, letters, HPos::Left, VPos::Bottom)
}

/// A line between places in pixels.
pub(super) fn line(area: &Area<'_>, points: &[(f64, f64)], style: ShapeStyle) -> DrawResult {
    Ok(area.on.draw(&PathElement::new(points.iter().copied().map(place).collect::<Vec<_>>(), style))?)
}

/// A dashed line: pixels drawn and left out by turns; solid without a pattern.
pub(super) fn dashed(area: &Area<'_>, points: &[(f64, f64)], style: ShapeStyle, pattern: &[f64]) -> DrawResult {
    if pattern.is_empty() {
        return line(area, points, style);
    }
    let (mut turn, mut left) = (0, pattern[0]);
    let mut dash: Vec<_> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        let length = math::sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0));
        let mut gone = 0.0;
        while length - gone > left {
            gone += left;
            let here = (x0 + (x1 - x0) * gone / length, y0 + (y1 - y0) * gone / length);
            if turn % 2 == 0 {
                dash.push(here);
                line(area, &dash, style)?;
            }
            dash = vec![here];
            turn = (turn + 1) % pattern.len();
            left = pattern[turn];
        }
        left -= length - gone;
        dash.push((x1, y1));
    }
    if turn % 2 == 0 && dash.len() > 1 { line(area, &dash, style) } else { Ok(()) }
}

/// A filled rectangle between two corners in pixels.
pub(super) fn rectangle(area: &Area<'_>, corners: [(f64, f64); 2], color: impl Color) -> DrawResult {
    Ok(area.on.draw(&Rectangle::new(corners.map(place), color.filled()))?)
}

/// A disc at a place in pixels.
pub(super) fn disc(area: &Area<'_>, at: (f64, f64), radius: f64, color: impl Color) -> DrawResult {
    Ok(area.on.draw(&Circle::new(place(at), units(radius), color.filled()))?)
}

/// A filled polygon between places in pixels.
pub(super) fn polygon(area: &Area<'_>, points: &[(f64, f64)], color: impl Color) -> DrawResult {
    Ok(area.on.draw(&Polygon::new(points.iter().copied().map(place).collect::<Vec<_>>(), color.filled()))?)
}

/// One run: a dot, or a triangle where its value is not finite, which points over the upper `edge` (1) or the lower one
/// (-1).
pub(super) fn run(
    area: &Area<'_>,
    (x, y): (f64, f64),
    value: f64,
    edge: f64,
    (color, alpha): (RGBColor, f64),
) -> DrawResult {
    if value.is_finite() {
        disc(area, (x, y), 3.6, style::translucent(color, alpha))
    } else {
        let base = y + 9.0 * edge;
        polygon(area, &[(x - 5.0, base), (x + 5.0, base), (x, y)], color)
    }
}

/// The message in place of a drawing without rows.
pub(super) fn nothing(area: &Area<'_>, (width, height): (f64, f64)) -> DrawResult {
    let letters = TextStyle::new(style::LABEL).soft();
    text(area, "No finished runs yet.", (width / 2.0, height / 2.0), letters, HPos::Center, VPos::Center)
}
