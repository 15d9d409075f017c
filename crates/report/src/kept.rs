//! The pictures that runs of programs have kept.
//!
//! The page links them: it needs their names alone, and can be made again after the files were removed. Which runs are
//! shown follows from the results, so that a copy of the folder without the lists of files gives the same page.

use super::{Input, bounded, count, results::Results};
use crate::{escape, experiment::Picture, seed::Seed};

/// The largest number of trials with pictures.
const MOST_TRIALS: usize = 12;

/// The largest number of pictures of a run.
const MOST_PICTURES: usize = 4;

/// The heading of the section.
pub const TITLE: &str = "Pictures that runs kept";

/// The addition to the style of the page; pages without pictures do not have it.
pub const STYLE: &str = include_str!("page/kept.css");

/// Where the page may load pictures from, besides itself: its origin. For a page on disk, Chromium and Firefox take
/// this as files on disk.
pub const SOURCES: &str = " 'self'";

/// The pictures of a report.
pub struct Shown<'a> {
    runs: Vec<Run<'a>>,
    /// Sentences about the choice of the pictures, with code between backticks.
    pub note: String,
}

/// A run with its pictures.
struct Run<'a> {
    /// The values of its trial on the axes.
    trial: String,
    seed: Seed,
    pictures: &'a [Picture],
}

/// Returns the pictures of a report; `None` if there are none.
pub fn shown<'a>(input: &Input<'a>, results: &Results) -> Option<Shown<'a>> {
    let kept = input.kept?;
    let of_trial = |trial: usize| kept.runs.iter().find(|run| run.trial == trial);
    let rows: Vec<_> = results.rows.iter().filter(|row| of_trial(row.trial).is_some()).collect();
    let leader = results.choice.as_ref().map(|choice| choice.leader);
    let all = rows.len();
    let mut rows = bounded::best(rows, leader, &results.terms, MOST_TRIALS);
    // A stable sort: the others stay in the order of the table.
    rows.sort_by_key(|row| !row.best);
    let runs = rows.into_iter().filter_map(|row| {
        let run = of_trial(row.trial)?;
        let pictures = &run.pictures.all[..run.pictures.all.len().min(MOST_PICTURES)];
        let values: Vec<_> =
            results.axes.iter().zip(&row.values).map(|(axis, value)| format!("{axis} = {value}")).collect();
        let trial = if values.is_empty() { "the only trial".to_owned() } else { values.join(", ") };
        (!pictures.is_empty()).then_some(Run { trial, seed: run.seed, pictures })
    });
    let runs: Vec<_> = runs.collect();
    let pictures: usize = runs.iter().map(|run| run.pictures.len()).sum();
    let of_kept = if all < results.rows.len() { " with kept files" } else { "" };
    let trials = match all > MOST_TRIALS {
        true if of_kept.is_empty() => format!("the {MOST_TRIALS} trials with the {}", results.terms.best()),
        true => format!("the {MOST_TRIALS} trials{of_kept} and the {}", results.terms.best()),
        false => format!("each trial{of_kept}"),
    };
    let note = format!(
        "Shown is one run of {trials}, under the first seed that has kept files, and at most {MOST_PICTURES} of its pictures: {pictures} of {}. \
         Kept files are in `files/` of the results folder, a folder for each run; where a picture is missing, its file was removed, or not \
         copied.",
        count(kept.files as u64, "kept file")
    );
    (pictures > 0).then_some(Shown { runs, note })
}

/// The address of a file in the results folder: each part of its path is percent-encoded.
pub fn address(picture: &Picture) -> String {
    picture.path.split('/').map(escape::markdown_address).collect::<Vec<_>>().join("/")
}

impl Shown<'_> {
    /// Returns the pictures as figures of a page.
    pub fn html(&self) -> String {
        let figures = self.runs.iter().flat_map(|run| run.pictures.iter().map(move |picture| (run, picture)));
        let figure = |(Run { trial, seed, .. }, picture): (&Run<'_>, &Picture)| {
            let (trial, name) = (escape::html(trial), escape::html(&picture.name));
            // Colors of a picture may encode numbers.
            format!(
                "<figure><img class=\"as-it-is\" loading=\"lazy\" alt=\"{name} of the run with {trial} under seed {seed}\" src=\"{}\">\
                 <figcaption><strong>{trial}</strong>, seed {seed}: {name}</figcaption></figure>\n",
                address(picture),
                seed = seed.0,
            )
        };
        format!("<div class=\"kept\">\n{}</div>", figures.map(figure).collect::<String>())
    }

    /// Returns the pictures as a list of links.
    pub fn markdown(&self) -> String {
        let run = |Run { trial, seed, pictures }: &Run<'_>| {
            let link = |picture: &Picture| format!("[{}]({})", escape::markdown(&picture.name), address(picture));
            let links: Vec<_> = pictures.iter().map(link).collect();
            format!("- {}, seed {}: {}\n", escape::markdown(trial), seed.0, links.join(", "))
        };
        self.runs.iter().map(run).collect()
    }
}
