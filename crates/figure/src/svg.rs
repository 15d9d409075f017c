//! Shapes to SVG text: whole numbers in tenths of a pixel, one element for neighbors of one style.
//!
//! In the study's own figures texts are text elements; an exported figure needs no font: its texts are outlines.

use std::fmt::Write;

use plotters::style::RGBColor;
use plotters_backend::{BackendColor, BackendCoord};
use restudy_escape as escape;

use super::{
    canvas::{Align, Geometry, Label, Shape, Sheet, UNITS},
    font::{self, Step},
};

/// The drawing as SVG.
pub(super) fn write(sheet: &Sheet) -> String {
    let (width, height) = sheet.size;
    let (wide, high, font) = match sheet.unit() {
        None => {
            let font = " font-family=\"&quot;Liberation Sans&quot;, Arial, Helvetica, sans-serif\"";
            ((f64::from(width) / UNITS).to_string(), (f64::from(height) / UNITS).to_string(), font)
        }
        Some(unit) => {
            let [wide, high] = [width, height].map(|units| format!("{}mm", decimals(f64::from(units) * unit, 3)));
            (wide, high, "")
        }
    };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}\" height=\"{high}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" stroke-linecap=\"round\" stroke-linejoin=\"round\"{font}>\n\
         <title>{}</title>\n",
        escape::svg(&sheet.title)
    );
    if sheet.unit().is_some() {
        let _ = writeln!(svg, "<desc>{}</desc>", escape::svg(&sheet.caption()));
    }
    if let Some(metadata) = sheet.metadata() {
        let _ = writeln!(svg, "<metadata>{metadata}</metadata>");
    }
    let ground = match sheet.theme.palette().ground {
        RGBColor(255, 255, 255) => "#fff".into(),
        RGBColor(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
    };
    let _ = writeln!(svg, "<rect width=\"{width}\" height=\"{height}\" fill=\"{ground}\"/>");
    for alike in sheet.shapes.chunk_by(alike) {
        match alike {
            [Shape { color, geometry: Geometry::Text(label) }] if sheet.unit().is_some() => {
                outline(&mut svg, *color, label)
            }
            alike => element(&mut svg, alike),
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// Whether two neighbors can share an element. Translucent shapes cannot: where they overlap, both must show.
pub(super) fn alike(a: &Shape, b: &Shape) -> bool {
    let geometry = match (&a.geometry, &b.geometry) {
        (Geometry::Fill(_), Geometry::Fill(_)) => a.color.alpha >= 1.0,
        (Geometry::Stroke { width: a_width, .. }, Geometry::Stroke { width, .. }) => {
            a_width == width && a.color.alpha >= 1.0
        }
        (Geometry::Dot { radius: a, .. }, Geometry::Dot { radius, .. }) => a == radius,
        _ => false,
    };
    geometry && a.color.rgb == b.color.rgb && a.color.alpha == b.color.alpha
}

fn element(svg: &mut String, alike: &[Shape]) {
    let [Shape { color, geometry }, ..] = alike else { return };
    match geometry {
        Geometry::Fill(_) => {
            let _ = writeln!(svg, "<path fill={} d=\"{}\"/>", paint("fill", *color), outlines(alike));
        }
        Geometry::Stroke { width, .. } => {
            let stroke = paint("stroke", *color);
            let _ = writeln!(
                svg,
                "<path fill=\"none\" stroke-width=\"{width}\" stroke={stroke} d=\"{}\"/>",
                outlines(alike)
            );
        }
        Geometry::Dot { radius, .. } if color.alpha >= 1.0 => {
            let (width, stroke) = (2 * radius, paint("stroke", *color));
            let _ = writeln!(svg, "<path stroke-width=\"{width}\" stroke={stroke} d=\"{}\"/>", outlines(alike));
        }
        Geometry::Dot { .. } => {
            let _ = writeln!(svg, "<g fill={}>", paint("fill", *color));
            for shape in alike {
                if let Geometry::Dot { center: (x, y), radius } = shape.geometry {
                    let _ = write!(svg, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>");
                }
            }
            svg.push_str("\n</g>\n");
        }
        Geometry::Text(label) => text(svg, *color, label),
    }
}

fn outlines(alike: &[Shape]) -> String {
    let mut path = String::new();
    for shape in alike {
        match &shape.geometry {
            Geometry::Fill(points) => {
                lines(&mut path, points);
                path.push('z');
            }
            Geometry::Stroke { points, .. } => lines(&mut path, points),
            Geometry::Dot { center: (x, y), .. } => {
                let _ = write!(path, "M{x} {y}h0");
            }
            Geometry::Text(_) => {}
        }
    }
    path
}

/// A point as it is, and the others by their distance from the one before.
fn lines(path: &mut String, points: &[BackendCoord]) {
    let Some(&(mut x, mut y)) = points.first() else { return };
    let _ = write!(path, "M{x} {y}l");
    for (i, &(to_x, to_y)) in points[1..].iter().enumerate() {
        let (dx, dy) = (to_x - x, to_y - y);
        let gap = |needed: bool, delta: i32| if needed && delta >= 0 { " " } else { "" };
        let _ = write!(path, "{}{dx}{}{dy}", gap(i > 0, dx), gap(true, dy));
        (x, y) = (to_x, to_y);
    }
    if points.len() == 1 {
        path.push_str("0 0");
    }
}

fn text(svg: &mut String, color: BackendColor, label: &Label) {
    let Label { text, at: (x, y), align, size, bold, upwards } = label;
    let _ = write!(svg, "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill={}", paint("fill", color));
    match align {
        Align::Start => {}
        Align::Middle => svg.push_str(" text-anchor=\"middle\""),
        Align::End => svg.push_str(" text-anchor=\"end\""),
    }
    if *bold {
        svg.push_str(" font-weight=\"bold\"");
    }
    if *upwards {
        let _ = write!(svg, " transform=\"rotate(-90 {x} {y})\"");
    }
    let _ = writeln!(svg, ">{}</text>", escape::svg(text));
}

/// A text as the outlines of its letters, in units of the font.
fn outline(svg: &mut String, color: BackendColor, label: &Label) {
    let [a, b, c, d, e, f] = label.matrix();
    let [a, b, c, d] = [a, b, c, d].map(|number| decimals(number, 6));
    let (e, f) = (decimals(e, 1), decimals(f, 1));
    let _ = write!(svg, "<path transform=\"matrix({a} {b} {c} {d} {e} {f})\" fill={} d=\"", paint("fill", color));
    for step in font::path(&label.text, label.bold) {
        let _ = match step {
            Step::Move((x, y)) => write!(svg, "M{x} {y}"),
            Step::Line((x, y)) => write!(svg, "L{x} {y}"),
            Step::Bend((x1, y1), (x, y)) => write!(svg, "Q{x1} {y1} {x} {y}"),
            Step::Close => write!(svg, "z"),
        };
    }
    svg.push_str("\"/>\n");
}

/// A number with at most `most` decimals.
pub(super) fn decimals(number: f64, most: usize) -> String {
    let text = format!("{number:.most$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text.is_empty() || text == "-0" { "0".into() } else { text.into() }
}

/// The value of the attribute `role`, and its opacity if there is one.
fn paint(role: &str, color: BackendColor) -> String {
    let (r, g, b) = color.rgb;
    let opacity = if color.alpha < 1.0 { format!(" {role}-opacity=\"{}\"", color.alpha) } else { String::new() };
    format!("\"#{r:02x}{g:02x}{b:02x}\"{opacity}")
}
