use std::collections::BTreeMap;

use super::{
    Field, FigureError, Theme,
    layout::{self, Layout},
    page::{self, Heading},
    shading, svg,
};
/// The approximate number of points that are drawn.
const MOST_POINTS: usize = 1000;

/// Labelled points of the plane as SVG, headed by `title`: both inputs, and -1 or 1. Under them, if there is one, the
/// field of a network: the probability of class +1 as shades, and the line where both classes are as likely.
///
/// # Errors
/// The network is not of two inputs, or not finite.
pub fn plane(title: &str, field: Option<&dyn Field>, points: &[([f64; 2], f64)]) -> Result<String, FigureError> {
    let refuse = |message: String| Err(FigureError::Drawing { message });
    if let Some(field) = field.filter(|field| field.inputs() != 2 || !field.is_finite()) {
        return match field.inputs() {
            2 => refuse("the network has parameters that are not finite: it has diverged".into()),
            d => refuse(format!("the network has {d} inputs, and only a plane can be drawn")),
        };
    }
    let planes = BTreeMap::from([(0, points.to_vec())]);
    let layout = Layout::of(&planes, 1, Theme::STUDY, &[]);
    let mut notes = match points.len().div_ceil(MOST_POINTS) {
        0 | 1 => Vec::new(),
        every => vec![format!("One in {every} of the points.")],
    };
    notes.extend(shading::coarse(field));
    let sheet = page::sheet(Theme::STUDY, Heading { title, notes }, layout.size, |area| {
        layout.legend(area, field.is_some())?;
        let window = layout.window(0);
        field.map_or(Ok(()), |field| window.shade(area, field))?;
        layout.panel(area, 0, 1)?;
        layout::points(area, window, &planes[&0], MOST_POINTS)
    })?;
    Ok(svg::write(&sheet))
}
