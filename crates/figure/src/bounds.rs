//! The page around a drawing: it grows where words are longer than planned.

use plotters_backend::BackendCoord;

use super::{
    canvas::{Align, Geometry, Label, Shape, Sheet},
    font,
};

/// From the base line of a text up to its highest stroke, and down to its lowest, in the size of the font.
const REACH: (f64, f64) = (0.93, 0.22);

/// Left, upper, right and lower end of a shape, in units.
pub(super) fn of(shape: &Shape) -> [i32; 4] {
    match &shape.geometry {
        Geometry::Fill(points) => around(points, 0),
        Geometry::Stroke { points, width } => around(points, width.div_ceil(2) as i32),
        Geometry::Dot { center, radius } => around(&[*center], *radius as i32),
        Geometry::Text(label) => letters(label),
    }
}

/// Whether a part of a shape is on a page of this size.
pub(super) fn meets(shape: &Shape, (width, height): (u32, u32)) -> bool {
    let [left, top, right, bottom] = of(shape);
    right >= 0 && bottom >= 0 && left <= width as i32 && top <= height as i32
}

fn around(points: &[BackendCoord], margin: i32) -> [i32; 4] {
    let none = [i32::MAX, i32::MAX, i32::MIN, i32::MIN];
    let ends = points
        .iter()
        .fold(none, |[left, top, right, bottom], &(x, y)| [left.min(x), top.min(y), right.max(x), bottom.max(y)]);
    if points.is_empty() { [0; 4] } else { [ends[0] - margin, ends[1] - margin, ends[2] + margin, ends[3] + margin] }
}

fn letters(label: &Label) -> [i32; 4] {
    let Label { text, at: (x, y), align, size, bold, upwards } = label;
    let size = f64::from(*size);
    let width = font::width(text, *bold) * size;
    let start = match align {
        Align::Start => 0.0,
        Align::Middle => -0.5,
        Align::End => -1.0,
    } * width;
    let (along, across) = ([start, start + width], [-REACH.0 * size, REACH.1 * size]);
    let [left, top, right, bottom] = if *upwards {
        [across[0], -along[1], across[1], -along[0]]
    } else {
        [along[0], across[0], along[1], across[1]]
    };
    [x + left.floor() as i32, y + top.floor() as i32, x + right.ceil() as i32, y + bottom.ceil() as i32]
}

/// The drawing on a page that contains all of it. The page keeps its width on paper, so that everything is a little
/// smaller where the page grew.
pub(super) fn around_all(mut sheet: Sheet) -> Sheet {
    let (width, height) = (sheet.size.0 as i32, sheet.size.1 as i32);
    let page = [0, 0, width, height];
    let [left, top, right, bottom] =
        sheet.shapes.iter().map(of).fold(page, |a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]);
    if [left, top, right, bottom] == page {
        return sheet;
    }
    let moved = |(x, y): &mut BackendCoord| (*x, *y) = (*x - left, *y - top);
    for shape in &mut sheet.shapes {
        match &mut shape.geometry {
            Geometry::Fill(points) | Geometry::Stroke { points, .. } => points.iter_mut().for_each(moved),
            Geometry::Dot { center, .. } => moved(center),
            Geometry::Text(label) => moved(&mut label.at),
        }
    }
    sheet.size = ((right - left) as u32, (bottom - top) as u32);
    sheet
}
