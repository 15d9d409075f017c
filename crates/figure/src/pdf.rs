//! Shapes to PDF: one page of the size of the figure, in vectors. It needs no font, as letters are outlines; it has no
//! date and no name of a program, so that the same drawing gives the same bytes.
//!
//! Format: ISO 32000-1 (PDF 1.4), of which it uses only paths, transparency of a constant alpha, and the information
//! dictionary. The content is compressed by miniz_oxide, whose output is the same on every processor.

use std::{collections::BTreeMap, fmt::Write};

use plotters::style::RGBColor;
use plotters_backend::BackendCoord;

use super::{
    canvas::{Geometry, Label, Shape, Sheet},
    font::{self, Step},
    svg::{alike, decimals},
    theme::Theme,
};

/// Points in a millimeter.
const POINTS: f64 = 72.0 / 25.4;

/// The drawing as PDF.
pub(super) fn write(sheet: &Sheet) -> Vec<u8> {
    let unit = sheet.unit().unwrap_or(Theme::SCREEN_UNIT) * POINTS;
    let [width, height] = [sheet.size.0, sheet.size.1].map(|units| decimals(f64::from(units) * unit, 3));
    let mut content = Content::default();
    let scale = decimals(unit, 6);
    let _ = writeln!(content.text, "{scale} 0 0 -{scale} 0 {height} cm\n1 J 1 j");
    let RGBColor(r, g, b) = sheet.theme.palette().ground;
    content.paint("rg", (r, g, b));
    let _ = writeln!(content.text, "0 0 {} {} re f", sheet.size.0, sheet.size.1);
    sheet.shapes.chunk_by(alike).for_each(|alike| content.shapes(alike));
    let alphas = content.alphas.iter().map(|(alpha, index)| {
        let alpha = decimals(f64::from(*alpha) / 1000.0, 3);
        format!("/A{index} << /ca {alpha} /CA {alpha} >> ")
    });
    let alphas: String = alphas.collect();
    let packed = miniz_oxide::deflate::compress_to_vec_zlib(content.text.as_bytes(), 9);
    let mut stream = format!("<< /Length {} /Filter /FlateDecode >>\nstream\n", packed.len()).into_bytes();
    stream.extend(packed);
    stream.extend(b"\nendstream");
    let keywords = sheet.metadata().map_or_else(String::new, |metadata| format!(" /Keywords ({metadata})"));
    let objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 4 0 R \
             /Group << /S /Transparency /CS /DeviceRGB >> /Resources << /ExtGState << {alphas}>> >> >>"
        )
        .into_bytes(),
        stream,
        format!("<< /Title {} /Subject {}{keywords} >>", text(&sheet.title), text(&sheet.caption())).into_bytes(),
    ];
    file(&objects)
}

/// The objects as a file, numbered from 1; the first is the catalog, the last the information.
fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    // Four bytes beyond ASCII tell programs that it is not text.
    let mut bytes = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", bytes.len());
        bytes.extend(format!("{} 0 obj\n", index + 1).bytes());
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    let start = bytes.len();
    bytes.extend(table.bytes());
    let (size, last) = (objects.len() + 1, objects.len());
    bytes.extend(
        format!("trailer\n<< /Size {size} /Root 1 0 R /Info {last} 0 R >>\nstartxref\n{start}\n%%EOF\n").bytes(),
    );
    bytes
}

/// A text string: as it is if it is ASCII, else in UTF-16.
fn text(text: &str) -> String {
    let plain = |c: char| matches!(c, ' '..='~') && !"()\\".contains(c);
    if text.chars().all(plain) {
        return format!("({text})");
    }
    let units: String = text.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
    format!("<FEFF{units}>")
}

/// The content of the page, and what was last set in it.
#[derive(Default)]
struct Content {
    text: String,
    /// In thousandths, with their numbers.
    alphas: BTreeMap<u32, usize>,
    /// The last value of each parameter of the graphics state.
    set: BTreeMap<&'static str, String>,
}

impl Content {
    fn shapes(&mut self, alike: &[Shape]) {
        let [Shape { color, geometry }, ..] = alike else { return };
        self.alpha(color.alpha);
        match geometry {
            Geometry::Text(label) => {
                self.paint("rg", color.rgb);
                self.letters(label);
                return;
            }
            Geometry::Fill(_) => self.paint("rg", color.rgb),
            Geometry::Stroke { width, .. } => {
                self.paint("RG", color.rgb);
                self.keep("w", width.to_string());
            }
            // A line of no length with round ends.
            Geometry::Dot { radius, .. } => {
                self.paint("RG", color.rgb);
                self.keep("w", (2 * radius).to_string());
            }
        }
        let finish = if matches!(geometry, Geometry::Fill(_)) { "f" } else { "S" };
        for shape in alike {
            match &shape.geometry {
                Geometry::Fill(points) => {
                    self.lines(points);
                    self.text.push_str("h ");
                }
                Geometry::Stroke { points, .. } if points.len() == 1 => self.lines(&[points[0], points[0]]),
                Geometry::Stroke { points, .. } => self.lines(points),
                Geometry::Dot { center, .. } => self.lines(&[*center, *center]),
                Geometry::Text(_) => {}
            }
            // Where two translucent shapes overlap, both must show.
            if color.alpha < 1.0 {
                let _ = writeln!(self.text, "{finish}");
            }
        }
        if color.alpha >= 1.0 {
            let _ = writeln!(self.text, "{finish}");
        }
    }

    fn lines(&mut self, points: &[BackendCoord]) {
        for (i, (x, y)) in points.iter().enumerate() {
            let _ = write!(self.text, "{x} {y} {} ", if i == 0 { "m" } else { "l" });
        }
    }

    fn letters(&mut self, label: &Label) {
        let [a, b, c, d, e, f] = label.matrix();
        let [a, b, c, d] = [a, b, c, d].map(|number| decimals(number, 6));
        let _ = write!(self.text, "q {a} {b} {c} {d} {} {} cm ", decimals(e, 1), decimals(f, 1));
        let mut at = (0.0, 0.0);
        let mut any = false;
        for step in font::path(&label.text, label.bold) {
            any = true;
            match step {
                Step::Move(to @ (x, y)) => {
                    let _ = write!(self.text, "{x} {y} m ");
                    at = to;
                }
                Step::Line(to @ (x, y)) => {
                    let _ = write!(self.text, "{x} {y} l ");
                    at = to;
                }
                // Two thirds of the way to the one place that bends it, from either end.
                Step::Bend(by, to) => {
                    let toward = |(x, y): (f32, f32)| {
                        [(x, by.0), (y, by.1)].map(|(end, by)| f64::from(end) + f64::from(by - end) * 2.0 / 3.0)
                    };
                    let [x1, y1] = toward(at).map(|number| decimals(number, 1));
                    let [x2, y2] = toward(to).map(|number| decimals(number, 1));
                    let _ = write!(self.text, "{x1} {y1} {x2} {y2} {} {} c ", to.0, to.1);
                    at = to;
                }
                Step::Close => self.text.push_str("h "),
            }
        }
        self.text.push_str(if any { "f Q\n" } else { "Q\n" });
    }

    fn paint(&mut self, operator: &'static str, (r, g, b): (u8, u8, u8)) {
        let [r, g, b] = [r, g, b].map(|byte| decimals(f64::from(byte) / 255.0, 4));
        self.keep(operator, format!("{r} {g} {b}"));
    }

    fn alpha(&mut self, alpha: f64) {
        let next = self.alphas.len();
        let index = *self.alphas.entry((alpha * 1000.0 + 0.5) as u32).or_insert(next);
        self.keep("gs", format!("/A{index}"));
    }

    /// Sets a parameter of the graphics state, unless it has this value already.
    fn keep(&mut self, operator: &'static str, value: String) {
        if self.set.get(operator) != Some(&value) {
            let _ = writeln!(self.text, "{value} {operator}");
            self.set.insert(operator, value);
        }
    }
}
