//! The backend that plotters draws on: it records shapes.
//!
//! plotters' own backends round to whole pixels, set letters without their side bearings and give every dot an element.
//! This one keeps the shapes in tenths of a pixel; [`svg`](super::svg) and [`bitmap`](super::bitmap) then write the
//! same shapes.

use std::convert::Infallible;

use plotters::drawing::DrawingArea;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
    FontTransform,
    text_anchor::{HPos, VPos},
};
use restudy_core::digest::Digest;
use restudy_escape::line;

use super::{font, theme::Theme};

/// Units of the canvas in a pixel of the figure.
pub(super) const UNITS: f64 = 10.0;

/// Where a figure draws, in units, and in which theme.
#[derive(Clone)]
pub(super) struct Area<'a> {
    pub on: DrawingArea<Canvas<'a>, plotters::coord::Shift>,
    pub theme: Theme,
}

/// A finished drawing.
#[derive(Clone)]
pub(super) struct Sheet {
    /// The name for screen readers.
    pub title: String,
    /// What it shows, in a clause.
    pub subject: String,
    /// Notes for the reader, in sentences.
    pub notes: String,
    /// The digest of the rows that it was drawn from; none for numbers that are in no table.
    pub rows: Option<Digest>,
    pub theme: Theme,
    /// Width and height in units.
    pub size: (u32, u32),
    /// What was drawn, the first shape at the bottom.
    pub shapes: Vec<Shape>,
}

#[derive(Clone)]
pub(super) struct Shape {
    pub color: BackendColor,
    pub geometry: Geometry,
}

/// Coordinates and widths are in units, from the upper left corner.
#[derive(Debug, Clone)]
pub(super) enum Geometry {
    /// The inside of a closed line.
    Fill(Vec<BackendCoord>),
    /// A line with round ends.
    Stroke { points: Vec<BackendCoord>, width: u32 },
    /// A disc.
    Dot { center: BackendCoord, radius: u32 },
    /// A line of text.
    Text(Label),
}

/// A line of text and its position.
#[derive(Debug, Clone)]
pub(super) struct Label {
    pub text: String,
    /// Its left end, its right end or its middle, on the base line.
    pub at: BackendCoord,
    pub align: Align,
    pub size: u32,
    pub bold: bool,
    /// Whether it runs upwards.
    pub upwards: bool,
}

impl Label {
    /// The matrix from units of the font, y upwards from the base line, to units of the canvas. As in SVG and PDF,
    /// `x = a u + c v + e` and `y = b u + d v + f`.
    pub(super) fn matrix(&self) -> [f64; 6] {
        let size = f64::from(self.size);
        let scale = size / font::units_per_em(self.bold);
        let before = match self.align {
            Align::Start => 0.0,
            Align::Middle => 0.5,
            Align::End => 1.0,
        } * font::width(&self.text, self.bold)
            * size;
        let (x, y) = (f64::from(self.at.0), f64::from(self.at.1));
        if self.upwards { [0.0, -scale, -scale, 0.0, x, y + before] } else { [scale, 0.0, 0.0, -scale, x - before, y] }
    }
}

/// Which part of a text is at its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Start,
    Middle,
    End,
}

impl Sheet {
    /// The text that every file of the drawing carries: `restudy rows=DIGEST;`, with `theme=NAME width=MILLIMETERS` in
    /// an exported one.
    pub(super) fn metadata(&self) -> Option<String> {
        let theme = self.theme.exported().map(|(theme, width)| format!(" theme={theme} width={width}"));
        self.rows.map(|rows| format!("restudy rows={rows}{};", theme.unwrap_or_default()))
    }

    pub(super) fn caption(&self) -> String {
        line(&format!("{}. {}", self.subject, self.notes)).into_owned()
    }

    /// Millimeters of a unit; none in the study's own theme, which is for screens.
    pub(super) fn unit(&self) -> Option<f64> {
        self.theme.exported().map(|(_, width)| width / f64::from(self.size.0))
    }
}

pub(super) struct Canvas<'a> {
    size: (u32, u32),
    shapes: &'a mut Vec<Shape>,
}

impl<'a> Canvas<'a> {
    pub(super) fn new(size: (u32, u32), shapes: &'a mut Vec<Shape>) -> Self {
        Self { size, shapes }
    }

    fn push(&mut self, style: &impl BackendStyle, geometry: Geometry) -> DrawResult {
        self.shapes.push(Shape { color: style.color(), geometry });
        Ok(())
    }
}

type DrawResult = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for Canvas<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> DrawResult {
        Ok(())
    }

    fn present(&mut self) -> DrawResult {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> DrawResult {
        self.draw_rect((x, y), (x + 1, y + 1), &color, true)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> DrawResult {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (x0, y0): BackendCoord,
        (x1, y1): BackendCoord,
        style: &S,
        fill: bool,
    ) -> DrawResult {
        let corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)];
        if fill {
            self.fill_polygon(corners, style)
        } else {
            self.draw_path(corners.into_iter().chain([(x0, y0)]), style)
        }
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> DrawResult {
        let mut points: Vec<_> = path.into_iter().collect();
        points.dedup();
        self.push(style, Geometry::Stroke { points, width: style.stroke_width() })
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        _fill: bool,
    ) -> DrawResult {
        self.push(style, Geometry::Dot { center, radius })
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> DrawResult {
        self.push(style, Geometry::Fill(path.into_iter().collect()))
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, (x, y): BackendCoord) -> DrawResult {
        /// The height of capitals and digits, relative to the size of the font.
        const CAPITALS: f64 = 0.716;
        let anchor = style.anchor();
        let drop = match anchor.v_pos {
            VPos::Top => CAPITALS * style.size(),
            VPos::Center => CAPITALS / 2.0 * style.size(),
            VPos::Bottom => 0.0,
        } as i32;
        let upwards = matches!(style.transform(), FontTransform::Rotate270);
        let geometry = Geometry::Text(Label {
            text: line(text).into_owned(),
            at: if upwards { (x + drop, y) } else { (x, y + drop) },
            align: match anchor.h_pos {
                HPos::Left => Align::Start,
                HPos::Center => Align::Middle,
                HPos::Right => Align::End,
            },
            size: style.size() as u32,
            bold: matches!(style.style(), FontStyle::Bold),
            upwards,
        });
        self.push(&style.color(), geometry)
    }
}
