//! Exports figures of a study with their captions for papers and slides. Exports are not part of the results folder.

use std::{collections::BTreeMap, fmt, str::FromStr};

use polars::prelude::DataFrame;
use rayon::prelude::*;

use restudy_engine::figure::Figure;

use crate::{
    drawer::{self, typed},
    escape,
    figure::{Drawing, Theme},
    results::{RenderError, in_order, of_figures},
    sweep::Study,
    table,
};

/// The format of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Vectors, for browsers and drawing programs.
    Svg,
    /// Pixels.
    Png,
    /// Vectors, for LaTeX and print.
    Pdf,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::Svg, Self::Png, Self::Pdf];

    /// Returns the name, which is also the file extension.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Pdf => "pdf",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|format| format.name() == text).ok_or("one of svg, png, pdf")
    }
}

/// Draws the figures of a study from its tables; keys are the names of the figures.
///
/// # Errors
/// A figure cannot be drawn.
pub fn drawings(
    study: &Study,
    tables: &BTreeMap<&'static str, DataFrame>,
    theme: Theme,
) -> Result<BTreeMap<String, Drawing>, RenderError> {
    let (axes, measurements) = (study.axis_infos(), study.measurements());
    let tables = &*table::first_stage(study, tables);
    let tables = of_figures(tables, &axes, &measurements, study.objective(), study.confidence);
    let tables = drawer::tables(&tables);
    let draw = |(name, figure): (&String, &Figure)| match typed(figure).draw(&study.spec.study.question, &tables, theme)
    {
        Ok(drawing) => Ok((name.clone(), drawing)),
        Err(source) => Err(RenderError::Figure { name: name.clone(), source: source.into() }),
    };
    in_order(study.spec.figures.par_iter().map(draw))
}

/// Encodes a drawing; `name` is for errors.
///
/// # Errors
/// The drawing cannot be encoded.
pub fn encoded(name: &str, drawing: &Drawing, format: Format) -> Result<Vec<u8>, RenderError> {
    Ok(match format {
        Format::Svg => drawing.svg().into_bytes(),
        Format::Pdf => drawing.pdf(),
        Format::Png => {
            drawing.png().map_err(|source| RenderError::Figure { name: name.into(), source: source.into() })?
        }
    })
}

/// Exports every figure of a study in each of the formats, with `captions.md` and `captions.tex`; keys are file names.
/// Every caption ends with `note`, unless it is empty.
///
/// # Errors
/// A figure cannot be drawn.
pub fn export(
    study: &Study,
    tables: &BTreeMap<&'static str, DataFrame>,
    theme: Theme,
    formats: &[Format],
    note: &str,
) -> Result<BTreeMap<String, Vec<u8>>, RenderError> {
    let drawings = drawings(study, tables, theme)?;
    let wanted: Vec<_> = drawings
        .iter()
        .flat_map(|(name, drawing)| formats.iter().map(move |&format| (name, drawing, format)))
        .collect();
    let file = |(name, drawing, format): &(&String, &Drawing, Format)| {
        Ok((format!("{name}.{format}"), encoded(name, drawing, *format)?))
    };
    let mut files: BTreeMap<_, _> = in_order::<_, RenderError, _>(wanted.par_iter().map(file))?;
    files.insert("captions.md".into(), markdown(study, &drawings, note).into_bytes());
    files.insert("captions.tex".into(), latex(&drawings, note).into_bytes());
    Ok(files)
}

fn rows(drawing: &Drawing) -> String {
    drawing.rows().map_or_else(|| "none".into(), |digest| digest.to_string())
}

fn caption(drawing: &Drawing, note: &str) -> String {
    if note.is_empty() { drawing.caption() } else { format!("{} {note}", drawing.caption()) }
}

fn markdown(study: &Study, drawings: &BTreeMap<String, Drawing>, note: &str) -> String {
    let question = study.spec.study.question.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut text = format!("{}\n", escape::markdown(&question));
    for (name, drawing) in drawings {
        text += &format!("\n**{name}**: {}\nRows: `{}`\n", escape::markdown(&caption(drawing, note)), rows(drawing));
    }
    text
}

fn latex(drawings: &BTreeMap<String, Drawing>, note: &str) -> String {
    let mut text =
        "% Copy the figures you need. The pictures have their final size; set their folder with \\graphicspath{{FOLDER/}}.\n".to_owned();
    for (name, drawing) in drawings {
        text += &format!(
            "\n% rows {}\n\\begin{{figure}}\n  \\centering\n  \\includegraphics{{{name}}}\n  \\caption{{{}}}\n  \\label{{fig:{name}}}\n\\end{{figure}}\n",
            rows(drawing),
            escape::latex(&caption(drawing, note))
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_parse_from_their_names() {
        assert!(Format::ALL.iter().all(|format| format.to_string().parse() == Ok(*format)));
        assert!("eps".parse::<Format>().is_err());
    }
}
