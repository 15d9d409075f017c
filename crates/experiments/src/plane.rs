//! The output of a network of two inputs over the plane, for figures.

use crate::{
    data::Dataset,
    figure::{self, Field, FigureError},
    model::{Params, forward},
};

#[derive(Debug, Clone)]
struct Output(Params);

impl Field for Output {
    fn inputs(&self) -> usize {
        self.0.d
    }

    fn is_finite(&self) -> bool {
        self.0.is_finite()
    }

    fn output(&self, point: [f64; 2]) -> f64 {
        forward(&self.0, &point).output
    }

    fn units(&self) -> usize {
        self.0.bi.len()
    }
}

/// Makes the network of two inputs from its named blocks of parameters; `None` if their sizes do not fit.
#[must_use]
pub fn field(arrays: &[(&str, &[f64])]) -> Option<Box<dyn Field>> {
    let block = |name| Some(arrays.iter().find(|(other, _)| *other == name)?.1);
    let (wi, bi, wo, bo) = (block("Wi")?, block("bi")?, block("Wo")?, block("bo")?);
    let fits = !bi.is_empty() && wi.len() == 2 * bi.len() && wo.len() == bi.len();
    let &[bo] = bo else { return None };
    fits.then(|| Box::new(Output(Params { d: 2, wi: wi.into(), bi: bi.into(), wo: wo.into(), bo })) as Box<dyn Field>)
}

/// Draws labeled points of the plane as SVG under a title, over the output of a network if there is one.
///
/// # Errors
/// The points or the network do not have two inputs.
pub fn draw(title: &str, network: Option<&Params>, data: &Dataset) -> Result<String, FigureError> {
    if data.d != 2 {
        let message = format!("the points have {} inputs, and only a plane can be drawn", data.d);
        return Err(FigureError::Drawing { message });
    }
    let points: Vec<_> = (0..data.len()).map(|i| ([data.point(i)[0], data.point(i)[1]], data.y[i])).collect();
    let output = network.cloned().map(Output);
    figure::plane(title, output.as_ref().map(|output| output as &dyn Field), &points)
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;
