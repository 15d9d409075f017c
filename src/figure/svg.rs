//! Marks to SVG text: whole numbers in tenths of a pixel, one element for neighbours that look alike.

use std::fmt::Write;

use plotters_backend::{BackendColor, BackendCoord};

use super::canvas::{Align, Form, Lettering, Mark, Sheet, UNITS};

/// The drawing as SVG.
pub(super) fn write(sheet: &Sheet) -> String {
    let (width, height) = sheet.size;
    let [pixels_wide, pixels_high] = [width, height].map(|units| f64::from(units) / UNITS);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{pixels_wide}\" height=\"{pixels_high}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" stroke-linecap=\"round\" stroke-linejoin=\"round\" \
         font-family=\"&quot;Liberation Sans&quot;, Arial, Helvetica, sans-serif\">\n<title>{}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n",
        escape(&sheet.title)
    );
    for alike in sheet.marks.chunk_by(alike) {
        element(&mut svg, alike);
    }
    svg.push_str("</svg>\n");
    svg
}

/// Whether two neighbours can share an element. Marks that let things shine through cannot: where they overlap, both show.
fn alike(a: &Mark, b: &Mark) -> bool {
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
    let _ = writeln!(svg, ">{}</text>", escape(text));
}

/// The value of the attribute `role`, and its opacity if there is one.
fn paint(role: &str, color: BackendColor) -> String {
    let (r, g, b) = color.rgb;
    let opacity = if color.alpha < 1.0 { format!(" {role}-opacity=\"{}\"", color.alpha) } else { String::new() };
    format!("\"#{r:02x}{g:02x}{b:02x}\"{opacity}")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
