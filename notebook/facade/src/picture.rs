//! Drawings as SVG: points of the plane, the output of a network over the plane, lines, and drawings of plotters.

use std::{fs, path::Path};

use plotters::{
    coord::Shift,
    drawing::{DrawingArea, IntoDrawingArea},
    prelude::SVGBackend,
    style::WHITE,
};
use restudy::{
    data::Dataset,
    figure::{self, Chart},
    model::Params,
    plane,
};

use crate::{
    error::{Error, Result},
    show::{Bundle, Show},
};

/// A drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    svg: String,
    /// Alternative text for the drawing.
    caption: String,
}

impl Picture {
    pub(crate) fn new(svg: String, caption: impl Into<String>) -> Self {
        Self { svg, caption: caption.into() }
    }

    /// Returns the text of the SVG file.
    #[must_use]
    pub fn svg(&self) -> &str {
        &self.svg
    }

    /// Returns the alternative text.
    #[must_use]
    pub fn caption(&self) -> &str {
        &self.caption
    }

    /// Returns the drawing with another alternative text.
    #[must_use]
    pub fn described(self, caption: &str) -> Self {
        Self { caption: caption.into(), ..self }
    }

    /// Writes the drawing to a file; its name should end in `.svg`.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        fs::write(path, &self.svg).map_err(|error| {
            Error::new(format!("{} cannot be written: {error}", path.display()), "check the path and the permissions")
        })
    }
}

impl Show for Picture {
    fn bundle(&self) -> Bundle {
        Bundle::text(format!("[figure: {}]", self.caption)).svg(self.svg.as_str())
    }
}

/// Draws the points of a data set in the plane: discs of class +1, diamonds of class -1.
///
/// # Errors
/// The number of inputs is not two.
pub fn scatter(data: &Dataset) -> Result<Picture> {
    Ok(Picture::new(plane::draw("", None, data)?, format!("{} points of the plane by class", data.len())))
}

/// Draws the output of a network over the plane: the probability of class +1 as shades, the line where both classes are
/// equally likely, and points.
///
/// # Errors
/// The number of inputs of the points or the network is not two, or the network has diverged.
pub fn boundary(params: &Params, data: &Dataset) -> Result<Picture> {
    let caption = format!("probability of class +1 over the plane, the line Y = 0, and {} points", data.len());
    Ok(Picture::new(plane::draw("", Some(params), data)?, caption))
}

/// Lines in one panel: `lines("epoch", "error").line("h = 3", points).picture()`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lines {
    chart: Chart,
    title: String,
}

/// Makes an empty panel with these axis labels.
#[must_use]
pub fn lines(x: &str, y: &str) -> Lines {
    Lines { chart: Chart { x: x.into(), y: y.into(), ..Chart::default() }, title: String::new() }
}

impl Lines {
    /// Adds a line through points in their order. A line with an empty name is not in the legend.
    #[must_use]
    pub fn line(mut self, name: &str, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        self.chart.lines.push((name.into(), points.into_iter().collect()));
        self
    }

    /// Adds a heading.
    #[must_use]
    pub fn titled(mut self, title: &str) -> Self {
        self.title = title.into();
        self
    }

    /// Makes the horizontal axis logarithmic.
    #[must_use]
    pub fn log_x(mut self) -> Self {
        self.chart.log_x = true;
        self
    }

    /// Makes the vertical axis logarithmic.
    #[must_use]
    pub fn log_y(mut self) -> Self {
        self.chart.log_y = true;
        self
    }

    /// Draws the panel.
    ///
    /// # Errors
    /// No line has a point that can be drawn.
    pub fn picture(&self) -> Result<Picture> {
        let names: Vec<&str> =
            self.chart.lines.iter().map(|(name, _)| name.as_str()).filter(|name| !name.is_empty()).collect();
        let of = if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) };
        let caption = format!("{} by {}{of}", self.chart.y, self.chart.x);
        Ok(Picture::new(figure::chart(&self.title, &self.chart)?, caption))
    }
}

impl Show for Lines {
    fn bundle(&self) -> Bundle {
        self.picture().bundle()
    }
}

/// The drawing area of plotters.
pub type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Makes a drawing with plotters on a white sheet of this width and height in pixels; needs `use
/// restudy::plotters::prelude::*;`.
///
/// # Errors
/// The error that `paint` returns.
pub fn draw(
    width: u32,
    height: u32,
    paint: impl FnOnce(&Area<'_>) -> Result<(), Box<dyn std::error::Error>>,
) -> Result<Picture> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (width, height)).into_drawing_area();
        area.fill(&WHITE).map_err(|error| Error::from(error.to_string()))?;
        paint(&area)?;
        area.present().map_err(|error| Error::from(error.to_string()))?;
    }
    Ok(Picture::new(svg, "a drawing"))
}

#[cfg(test)]
mod tests {
    use plotters::prelude::*;
    use restudy::{
        data::{DoubleMoon, Source},
        model::{Init, Model},
        seed::Seed,
    };

    use super::*;

    #[test]
    fn points_and_networks_are_drawn() {
        let data = DoubleMoon { train: 40, ..Default::default() }.load(Seed(0)).unwrap().train;
        let params = Model { hidden: 3, init: Init::Glorot }.initial(2, Seed(7));
        let (alone, with) = (scatter(&data).unwrap(), boundary(&params, &data).unwrap());
        assert!(!alone.svg().contains("Y = 0") && with.svg().contains("Y = 0"));
        assert!(with.svg().len() > alone.svg().len() && with.svg().ends_with("</svg>\n"));
        assert_eq!(
            with.bundle().data()["text/plain"],
            "[figure: probability of class +1 over the plane, the line Y = 0, and 40 points]"
        );
    }

    #[test]
    fn data_outside_the_plane_is_refused() {
        let data = Dataset { d: 3, x: vec![0.0; 3], y: vec![1.0] };
        let plane = Dataset { d: 2, x: vec![0.0; 2], y: vec![1.0] };
        let diverged = Params { bo: f64::NAN, ..Params::zeros(2, 1) };
        let printed = [scatter(&data), boundary(&Params::zeros(3, 1), &plane), boundary(&diverged, &plane)];
        insta::assert_snapshot!(printed.map(|refused| refused.unwrap_err().to_string()).join("\n"));
    }

    #[test]
    fn lines_have_names_and_breaks() {
        let curve = |n: f64| (0..20).map(move |i| (f64::from(i), n / f64::from(i)));
        let picture =
            lines("epoch", "loss, nat").line("h = 3", curve(1.0)).line("h = 7", curve(2.0)).log_y().picture().unwrap();
        assert!(["epoch", "loss, nat", "h = 3", "h = 7"].iter().all(|name| picture.svg().contains(name)));
        assert_eq!(picture.caption(), "loss, nat by epoch: h = 3, h = 7");
        assert!(lines("x", "y").line("", [(f64::NAN, 1.0)]).picture().is_err());
    }

    #[test]
    fn plotters_draws_without_a_font_of_the_system() {
        let picture = draw(300, 200, |area| {
            let mut chart = ChartBuilder::on(area)
                .margin(10)
                .x_label_area_size(30)
                .y_label_area_size(40)
                .build_cartesian_2d(0.0..1.0, 0.0..1.0)?;
            chart.configure_mesh().draw()?;
            chart.draw_series(LineSeries::new([(0.0, 0.0), (1.0, 1.0)], &RED))?;
            Ok(())
        });
        assert!(picture.unwrap().svg().contains("<polyline"));
        let failed = draw(10, 10, |_| Err("no reason".into()));
        assert_eq!(failed.unwrap_err().message(), "no reason");
    }
}
