use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::{Args, builder::PossibleValuesParser, builder::TypedValueParser};
use serde_json::json;

use super::{CliError, Command, Common, Exit, remedies, tables::{Tables, Target}, text};
use crate::{
    digest::Digest,
    figure::{Theme, ThemeName, rows::RowsDigest},
    export::{self, Format},
    store::{self, StoreError},
};

/// Draw the figures of a study from its tables, or export them for a paper or for slides.
///
/// Figures of an unfinished study show the stored runs, and headings and captions say how many these are; the sweep
/// replaces them at its end.
///
/// Without options, rewrites the figures of the study that are out of date. With --format, --width, --theme or
/// --output, writes copies to a separate folder, laid out for the chosen width, with the same bytes on every machine.
/// captions.md and captions.tex beside them describe each figure: its content, the number of runs, its bands and
/// intervals. Viewers need no fonts.
///
/// Every file contains the digest of the rows that it was drawn from. --check FILE... tests whether a picture, such as
/// one from a paper, was drawn from this study.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Exit codes:
  0  written; with --check: all figures are current
  2  the tables are missing or were changed, no run is stored, or an option is wrong
  4  with --check: a figure is missing or differs; stored runs of an unfinished study are damaged

Examples:
  restudy figures results/hidden --format pdf --width 85mm        a journal column, in hidden-paper/
  restudy figures results/hidden --theme slides --output talk     all formats, as wide as a slide
  restudy figures results/hidden --check paper/error-curves.pdf   was it drawn from this study?")]
pub(super) struct Figures {
    /// Results folder of a study, such as results/hidden, or its specification.
    folder: PathBuf,
    /// With --check: pictures to check instead of those in the folder.
    #[arg(value_name = "FILE", requires = "check")]
    files: Vec<PathBuf>,
    /// Write nothing; report figures that are not what the tables give.
    #[arg(long, conflicts_with_all = ["format", "width", "theme", "output"])]
    check: bool,
    /// Formats, separated by commas: svg, png, pdf [default: all].
    #[arg(long, value_delimiter = ',', value_name = "FORMATS", value_parser = PossibleValuesParser::new(["svg", "png", "pdf"]).try_map(|text| text.parse::<Format>()))]
    format: Vec<Format>,
    /// Width from 40mm to 300mm, in mm, cm, in or pt [default: 85mm for paper, 254mm for slides].
    #[arg(long, value_parser = millimeters)]
    width: Option<f64>,
    /// Theme: paper (no heading, lines distinct in gray), slides, or dark (slides with a dark background) [default:
    /// paper].
    #[arg(long, value_parser = PossibleValuesParser::new(["paper", "slides", "dark"]).try_map(|text| text.parse::<ThemeName>()), hide_possible_values = true)]
    theme: Option<ThemeName>,
    /// Folder to write to [default: NAME-THEME in the current folder].
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
}

impl Command for Figures {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let exports = !self.format.is_empty() || self.width.is_some() || self.theme.is_some() || self.output.is_some();
        let target = if exports { Target::Elsewhere } else { Target::Results };
        let tables = Tables::of(&self.folder, target, "figures", common)?;
        if !self.files.is_empty() {
            return check(&tables, &self.files, common);
        }
        if exports {
            return self.export(&tables, common);
        }
        let folder = &tables.folder;
        let drawn = common.on_threads(|| tables.figures())??;
        let stored = |path: &str| store::read(&folder.path.join(path)).ok();
        let differ: Vec<_> = drawn.iter().filter(|(path, bytes)| stored(path).as_ref() != Some(*bytes)).collect();
        let all = text::count(drawn.len(), "figure file");
        if self.check {
            let found: Vec<_> = differ.iter().map(|(path, _)| (path.as_str(), remedies::state(&folder.path, path))).collect();
            return Ok(remedies::print_current(&folder.path, &found, &format!("all {all} are current"), common));
        }
        let files: Vec<_> = differ.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
        if !files.is_empty() && !tables.write(&files, "figures")? {
            // A sweep finished the study meanwhile.
            return self.run(common);
        }
        if common.json() {
            let changed: Vec<_> = differ.iter().map(|(path, _)| path).collect();
            let mut object = json!({ "folder": folder.path.to_string_lossy(), "files": drawn.keys().collect::<Vec<_>>(), "written": changed });
            tables.add_progress(&mut object);
            text::say_json(object);
        } else if !common.quiet {
            text::say(format!("drew {all}: {} changed", text::thousands(differ.len() as u64)));
            tables.say_progress();
        }
        Ok(tables.exit)
    }
}

impl Figures {
    fn export(&self, tables: &Tables, common: &Common) -> Result<Exit, CliError> {
        let folder = &tables.folder;
        let theme = self.theme.unwrap_or(ThemeName::Paper);
        let styled = Theme::new(theme, self.width.unwrap_or(theme.width()));
        let mut formats = if self.format.is_empty() { Format::ALL.to_vec() } else { self.format.clone() };
        formats.sort_unstable();
        formats.dedup();
        let output = self.output.clone().unwrap_or_else(|| format!("{}-{theme}", folder.study.name).into());
        let note = tables.unfinished.as_ref().map(|unfinished| unfinished.sentence() + ".").unwrap_or_default();
        let files = common.on_threads(|| export::export(&tables.drawn(), &tables.tables, styled, &formats, &note))??;
        remedies::require_outside(&output, &folder.path, "figures belong")?;
        create(&output).map_err(StoreError::of_named)?;
        for (name, bytes) in &files {
            store::write(&output.join(name), bytes).map_err(StoreError::of_named)?;
        }
        if common.json() {
            let mut object = json!({ "folder": output.to_string_lossy(), "files": files.keys().collect::<Vec<_>>() });
            tables.add_progress(&mut object);
            text::say_json(object);
        } else if !common.quiet {
            let (pictures, width) = (text::count(files.len() - 2, "picture"), styled.exported().map_or(0.0, |(_, width)| width));
            text::say(format!("{pictures} for {theme}, {width} mm wide, in {}; captions in captions.md and captions.tex", output.display()));
            tables.say_progress();
        }
        Ok(tables.exit)
    }
}

fn create(folder: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(folder).map_err(|error| StoreError::io("create", folder, error))
}

/// Prints whether pictures are drawn from this study.
fn check(tables: &Tables, files: &[PathBuf], common: &Common) -> Result<Exit, CliError> {
    let mut exit = tables.exit;
    for file in files {
        let picture = Picture::of(file, tables, common)?;
        if !picture.same {
            exit = Exit::Difference;
        }
        if common.json() {
            text::say_json(json!({
                "file": file.to_string_lossy(), "same": picture.same, "rows": picture.rows, "figures": picture.figures, "reason": picture.reason,
            }));
        } else if !(picture.same && common.quiet) {
            text::say(format!("{} {}", file.display(), picture.reason));
        }
    }
    Ok(exit)
}

struct Picture {
    /// Whether the picture is a figure of the study, byte for byte.
    same: bool,
    /// The digest of rows in the picture.
    rows: Option<Digest>,
    /// The figures of the study with this digest.
    figures: Vec<String>,
    reason: String,
}

impl Picture {
    fn of(file: &Path, tables: &Tables, common: &Common) -> Result<Self, CliError> {
        let folder = &tables.folder;
        let bytes = store::read(file).map_err(|error| StoreError::io("read", file, error))?;
        let Some(stated) = RowsDigest::read(&bytes) else {
            let reason = "contains no digest of rows: restudy did not draw it, or another program rewrote it".to_owned();
            return Ok(Self { same: false, rows: None, figures: Vec::new(), reason });
        };
        let drawings = common.on_threads(|| export::drawings(&tables.drawn(), &tables.tables, stated.theme))??;
        let format = Format::ALL.into_iter().find(|format| file.extension().is_some_and(|end| end == format.name()));
        let (mut figures, mut whole) = (Vec::new(), None);
        for (name, drawing) in drawings.iter().filter(|(_, drawing)| drawing.rows() == Some(stated.rows)) {
            figures.push(name.clone());
            let redrawn = format.map(|format| export::encoded(name, drawing, format)).transpose()?;
            if redrawn.as_ref() == Some(&bytes) {
                whole = Some(name.clone());
            }
        }
        let reason = match &whole {
            Some(name) => format!("is {name}, byte for byte"),
            None if figures.is_empty() => {
                format!("is drawn from rows {}, but no figure of {} is", stated.rows.short(), folder.study.name)
            }
            None => {
                format!("contains the digest of {}, but differs from what this program draws", figures.join(" or "))
            }
        };
        Ok(Self { same: whole.is_some(), rows: Some(stated.rows), figures, reason })
    }
}

/// Parses a width with its unit.
fn millimeters(text: &str) -> Result<f64, String> {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[number.len()..] {
        "mm" => 1.0,
        "cm" => 10.0,
        "in" => 25.4,
        // The point of TeX.
        "pt" => 25.4 / 72.27,
        _ => return Err("write a number and its unit: mm, cm, in or pt, as in 85mm".into()),
    };
    let (least, most) = Theme::WIDTHS;
    match number.trim().parse::<f64>() {
        // Rounded to hundredths, so that equal widths in different units are equal.
        Ok(number) if (least..=most).contains(&(number * unit)) => Ok((number * unit * 100.0).round() / 100.0),
        Ok(_) => Err(format!("the width must be from {least} mm to {most} mm")),
        Err(_) => Err("write a number and its unit: mm, cm, in or pt, as in 85mm".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::millimeters;

    #[test]
    fn widths_have_units() {
        assert_eq!(["85mm", "8.5cm", "3.35in", "241.85pt"].map(|text| millimeters(text).unwrap()), [85.0, 85.0, 85.09, 85.0]);
        for wrong in ["85", "mm", "39mm", "301mm", "NaNmm", "-85mm", "85 furlongs", "1e400mm"] {
            assert!(millimeters(wrong).is_err(), "{wrong}");
        }
    }
}
