use super::{
    FigureError, Theme, legend,
    page::{self, Heading},
    panel::{Axis, Panel},
    scale::Scale,
    svg,
};

/// A few lines in one panel, for numbers that are in no table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Chart {
    /// The label of the horizontal axis.
    pub x: String,
    /// The label of the vertical axis.
    pub y: String,
    /// The lines: a name for the legend, and the points of the line in order.
    pub lines: Vec<(String, Vec<(f64, f64)>)>,
    /// Whether the horizontal axis is logarithmic.
    pub log_x: bool,
    /// Whether the vertical axis is logarithmic.
    pub log_y: bool,
}

/// The lines as SVG, headed by `title`. Points that are not finite, or not positive on a logarithmic axis, break a
/// line.
///
/// # Errors
/// There is no point that can be drawn.
pub fn chart(title: &str, chart: &Chart) -> Result<String, FigureError> {
    let fits = |value: f64, log: bool| value.is_finite() && (!log || value > 0.0);
    let holds = |&(x, y): &(f64, f64)| fits(x, chart.log_x) && fits(y, chart.log_y);
    let points = || chart.lines.iter().flat_map(|(_, points)| points.iter().copied().filter(holds));
    if points().next().is_none() {
        return Err(FigureError::Drawing { message: "no line has a point that can be drawn".into() });
    }
    let x = scale(points().map(|(x, _)| x), chart.log_x, 0.0);
    let y = scale(points().map(|(_, y)| y), chart.log_y, 0.04);
    let names: Vec<String> = chart.lines.iter().map(|(name, _)| name.clone()).collect();
    let keyed = names.iter().any(|name| !name.is_empty());
    let key = if keyed { legend::key_width("", &names) + 26.0 } else { 0.0 };
    let size = (600.0 + key, 400.0);
    let (left, top, right, bottom) = (90.0, 20.0, size.0 - 24.0 - key, size.1 - 66.0);
    let sheet = page::sheet(Theme::STUDY, Heading { title, notes: Vec::new() }, size, |area| {
        let panel = Panel::new(
            area,
            [(left, top), (right, bottom)],
            Axis { scale: &x, label: &chart.x, written: true },
            Axis { scale: &y, label: &chart.y, written: true },
        )?;
        let count = chart.lines.len();
        for (index, (_, points)) in chart.lines.iter().enumerate() {
            let color = Theme::STUDY.palette().line(index, count);
            for piece in points.split(|point| !holds(point)).filter(|piece| !piece.is_empty()) {
                match piece {
                    [only] => page::disc(area, panel.pixels(area, *only), 3.0, color)?,
                    piece => panel.line(piece, page::stroke(color, 2.2))?,
                }
            }
        }
        if !keyed {
            return Ok(());
        }
        legend::key(area, (size.0 - key, top - 16.0), "", &names, |index, (x, y)| {
            page::line(
                area,
                &[(x - 13.0, y), (x + 13.0, y)],
                page::stroke(Theme::STUDY.palette().line(index, count), 3.0),
            )
        })
    })?;
    Ok(svg::write(&sheet))
}

/// From the least to the greatest value, with a margin of a share of that on both sides.
fn scale(values: impl Iterator<Item = f64>, log: bool, room: f64) -> Scale {
    let (low, high) =
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    if log {
        return Scale::log(low / 1.1, high * 1.1);
    }
    // What is never negative does not begin below zero.
    let margin = room * (high - low);
    let least = if low >= 0.0 && low - margin < 0.0 { 0.0 } else { low - margin };
    Scale::linear(least, high + margin)
}
