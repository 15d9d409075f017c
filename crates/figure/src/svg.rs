//! Marks to SVG text: whole numbers in tenths of a pixel, one element for neighbours that look alike.
//!
//! In the study's own figures texts are texts; a figure that was exported needs no font: its texts are outlines.

use std::fmt::Write;

use plotters::style::RGBColor;
use plotters_backend::{BackendColor, BackendCoord};
use restudy_escape as escape;

use super::{
    canvas::{Align, Form, Lettering, Mark, Sheet, UNITS},
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
    if let Some(mark) = sheet.mark() {
        let _ = writeln!(svg, "<metadata>{mark}</metadata>");
    }
    let ground = match sheet.look.inks().ground {
        RGBColor(255, 255, 255) => "#fff".into(),
        RGBColor(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
    };
    let _ = writeln!(svg, "<rect width=\"{width}\" height=\"{height}\" fill=\"{ground}\"/>");
    for alike in sheet.marks.chunk_by(alike) {
        match alike {
            [Mark { color, form: Form::Text(lettering) }] if sheet.unit().is_some() => {
                outline(&mut svg, *color, lettering)
            }
            alike => element(&mut svg, alike),
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// Whether two neighbours can share an element. Marks that let things shine through cannot: where they overlap, both show.
pub(super) fn alike(a: &Mark, b: &Mark) -> bool {
    let form = match (&a.form, &b.form) {
        (Form::Fill(_), Form::Fill(_)) => a.color.alpha >= 1.0,
        (Form::Stroke { width: a_width, .. }, Form::Stroke { width, .. }) => a_width == width && a.color.alpha >= 1.0,
        (Form::Dot { radius: a, .. }, Form::Dot { radius, .. }) => a == radius,
        _ => false,
    };
    form && a.color.rgb == b.color.rgb && a.color.alpha == b.color.alpha
}

fn element(svg: &mut String, alike: &[Mark]) {
    let [Mark { color, form }, ..] = alike else { return };
    match form {
        Form::Fill(_) => {
            let _ = writeln!(svg, "<path fill={} d=\"{}\"/>", paint("fill", *color), outlines(alike));
        }
        Form::Stroke { width, .. } => {
            let stroke = paint("stroke", *color);
            let _ = writeln!(
                svg,
                "<path fill=\"none\" stroke-width=\"{width}\" stroke={stroke} d=\"{}\"/>",
                outlines(alike)
            );
        }
        Form::Dot { radius, .. } if color.alpha >= 1.0 => {
            let (width, stroke) = (2 * radius, paint("stroke", *color));
            let _ = writeln!(svg, "<path stroke-width=\"{width}\" stroke={stroke} d=\"{}\"/>", outlines(alike));
        }
        Form::Dot { .. } => {
            let _ = writeln!(svg, "<g fill={}>", paint("fill", *color));
            for mark in alike {
                if let Form::Dot { centre: (x, y), radius } = mark.form {
                    let _ = write!(svg, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>");
                }
            }
            svg.push_str("\n</g>\n");
        }
        Form::Text(lettering) => text(svg, *color, lettering),
    }
}

fn outlines(alike: &[Mark]) -> String {
    let mut path = String::new();
    for mark in alike {
        match &mark.form {
            Form::Fill(points) => {
                lines(&mut path, points);
                path.push('z');
            }
            Form::Stroke { points, .. } => lines(&mut path, points),
            Form::Dot { centre: (x, y), .. } => {
                let _ = write!(path, "M{x} {y}h0");
            }
            Form::Text(_) => {}
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

fn text(svg: &mut String, color: BackendColor, lettering: &Lettering) {
    let Lettering { text, at: (x, y), align, size, bold, upwards } = lettering;
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
fn outline(svg: &mut String, color: BackendColor, lettering: &Lettering) {
    let [a, b, c, d, e, f] = lettering.matrix();
    let [a, b, c, d] = [a, b, c, d].map(|number| decimals(number, 6));
    let (e, f) = (decimals(e, 1), decimals(f, 1));
    let _ = write!(svg, "<path transform=\"matrix({a} {b} {c} {d} {e} {f})\" fill={} d=\"", paint("fill", color));
    for step in font::path(&lettering.text, lettering.bold) {
        let _ = match step {
            Step::Move((x, y)) => write!(svg, "M{x} {y}"),
            Step::Line((x, y)) => write!(svg, "L{x} {y}"),
            Step::Bend((x1, y1), (x, y)) => write!(svg, "Q{x1} {y1} {x} {y}"),
            Step::Close => write!(svg, "z"),
        };
    }
    svg.push_str("\"/>\n");
}

/// A number with so many decimals at most.
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
