use std::collections::BTreeMap;

use super::{
    FigureError, Look,
    layout::{Layout, points},
    network::Plane,
    page::{self, Head},
    shading, svg,
};
use crate::{data::Dataset, model::Params};

/// About so many points are drawn.
const MOST_POINTS: usize = 1000;

/// Labelled points of the plane as SVG, headed by `title`; under them, if there is one, what a network says about every
/// place: the probability of class +1 as shades, and the line where both classes are as likely.
///
/// # Errors
/// The points, or the network, are not of two inputs.
pub fn plane(title: &str, network: Option<&Params>, data: &Dataset) -> Result<String, FigureError> {
    let refuse = |message: String| Err(FigureError::Drawing { message });
    if data.d != 2 {
        return refuse(format!("the points have {} inputs, and only a plane can be drawn", data.d));
    }
    if let Some(network) = network.filter(|network| network.d != 2 || !network.is_finite()) {
        return match network.d {
            2 => refuse("the network has parameters that are not finite: it has diverged".into()),
            d => refuse(format!("the network has {d} inputs, and only a plane can be drawn")),
        };
    }
    let pairs = (0..data.len()).map(|i| ([data.point(i)[0], data.point(i)[1]], data.y[i]));
    let planes = BTreeMap::from([(0, Plane { points: pairs.collect(), rows: Vec::new() })]);
    let layout = Layout::of(&planes, 1, Look::STUDY, &[]);
    let mut notes = match data.len().div_ceil(MOST_POINTS) {
        0 | 1 => Vec::new(),
        every => vec![format!("One in {every} of the points.")],
    };
    notes.extend(shading::coarse(network));
    let sheet = page::sheet(Look::STUDY, Head { title, notes, rows: None }, layout.size, |area| {
        layout.legend(area, network.is_some())?;
        let window = layout.window(0);
        network.map_or(Ok(()), |network| window.shade(area, network))?;
        layout.panel(area, 0, 1)?;
        points(area, window, &planes[&0], MOST_POINTS)
    })?;
    Ok(svg::write(&sheet))
}
