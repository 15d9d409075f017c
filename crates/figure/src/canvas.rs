//! The backend that plotters draws on: it remembers what was drawn.
//!
//! plotters' own backends round to whole pixels, set letters without their side bearings and give every dot an element. This
//! one keeps the marks in tenths of a pixel; [`svg`](super::svg) and [`bitmap`](super::bitmap) then write the same marks.

use std::convert::Infallible;

use plotters::drawing::DrawingArea;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
    FontTransform,
    text_anchor::{HPos, VPos},
};
use restudy_core::digest::Digest;
use restudy_escape::line;

use super::{font, look::Look};

/// Units of the canvas in a pixel of the figure.
pub(super) const UNITS: f64 = 10.0;

/// Where figures draw, in units, and how it is to look.
#[derive(Clone)]
pub(super) struct Area<'a> {
    pub on: DrawingArea<Canvas<'a>, plotters::coord::Shift>,
    pub look: Look,
}

/// A finished drawing.
#[derive(Clone)]
pub(super) struct Sheet {
    /// What it is called by programs that read pages aloud.
    pub title: String,
    /// What it shows, in a clause.
    pub subject: String,
    /// What a reader must know to read it, in sentences.
    pub notes: String,
    /// The digest of the rows that it was drawn from; none of numbers that are in no table.
    pub rows: Option<Digest>,
    /// How it looks.
    pub look: Look,
    /// Width and height in units.
    pub size: (u32, u32),
    /// What was drawn, the first mark at the bottom.
    pub marks: Vec<Mark>,
}

/// One thing drawn.
#[derive(Clone)]
pub(super) struct Mark {
    pub color: BackendColor,
    pub form: Form,
}

/// Coordinates and widths are in units, from the upper left corner.
#[derive(Debug, Clone)]
pub(super) enum Form {
    /// The inside of a closed line.
    Fill(Vec<BackendCoord>),
    /// A line with round ends.
    Stroke { points: Vec<BackendCoord>, width: u32 },
    /// A disc.
    Dot { centre: BackendCoord, radius: u32 },
    /// A line of text.
    Text(Lettering),
}

/// A text where it stands.
#[derive(Debug, Clone)]
pub(super) struct Lettering {
    pub text: String,
    /// What is left of it, right of it or in its middle, on its base line.
    pub at: BackendCoord,
    pub align: Align,
    pub size: u32,
    pub bold: bool,
    /// Whether it runs upwards.
    pub upwards: bool,
}

impl Lettering {
    /// What brings a place in units of the font, y upwards from the base line, to where it is drawn: as SVG and PDF have it,
    /// `x = a u + c v + e`, `y = b u + d v + f`.
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

/// On which side of its place a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Start,
    Middle,
    End,
}

impl Sheet {
    /// The look's mark, which every file of the drawing carries: `restudy rows=DIGEST;`, and `theme=NAME width=MILLIMETRES`
    /// of one that was exported.
    pub(super) fn mark(&self) -> Option<String> {
        let look = self.look.exported().map(|(theme, width)| format!(" theme={theme} width={width}"));
        self.rows.map(|rows| format!("restudy rows={rows}{};", look.unwrap_or_default()))
    }

    /// What stands under it where there is room for a caption.
    pub(super) fn caption(&self) -> String {
        line(&format!("{}. {}", self.subject, self.notes)).into_owned()
    }

    /// Millimetres of a unit; none in the study's own look, which is for screens.
    pub(super) fn unit(&self) -> Option<f64> {
        self.look.exported().map(|(_, width)| width / f64::from(self.size.0))
    }
}

/// The backend.
pub(super) struct Canvas<'a> {
    size: (u32, u32),
    marks: &'a mut Vec<Mark>,
}

impl<'a> Canvas<'a> {
    pub(super) fn new(size: (u32, u32), marks: &'a mut Vec<Mark>) -> Self {
        Self { size, marks }
    }

    fn push(&mut self, style: &impl BackendStyle, form: Form) -> Drawn {
        self.marks.push(Mark { color: style.color(), form });
        Ok(())
    }
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for Canvas<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        self.draw_rect((x, y), (x + 1, y + 1), &color, true)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (x0, y0): BackendCoord,
        (x1, y1): BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)];
        if fill {
            self.fill_polygon(corners, style)
        } else {
            self.draw_path(corners.into_iter().chain([(x0, y0)]), style)
        }
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        let mut points: Vec<_> = path.into_iter().collect();
        points.dedup();
        self.push(style, Form::Stroke { points, width: style.stroke_width() })
    }

    fn draw_circle<S: BackendStyle>(&mut self, centre: BackendCoord, radius: u32, style: &S, _fill: bool) -> Drawn {
        self.push(style, Form::Dot { centre, radius })
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.push(style, Form::Fill(path.into_iter().collect()))
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, (x, y): BackendCoord) -> Drawn {
        /// Height of capitals and digits in the size of the font.
        const CAPITALS: f64 = 0.716;
        let anchor = style.anchor();
        let drop = match anchor.v_pos {
            VPos::Top => CAPITALS * style.size(),
            VPos::Center => CAPITALS / 2.0 * style.size(),
            VPos::Bottom => 0.0,
        } as i32;
        let upwards = matches!(style.transform(), FontTransform::Rotate270);
        let form = Form::Text(Lettering {
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
        self.push(&style.color(), form)
    }
}
