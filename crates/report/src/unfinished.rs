//! Reports of unfinished studies: a notice at the top, and neither a verdict nor a proof.

use restudy_engine::results::Unfinished;

use super::{
    Input, adopted, mention,
    results::{Results, Row},
    words::Entries,
};

/// The beginning of the notice of a page, which no text of a specification can contain unescaped.
pub(super) const OPENS: &str = "<p class=\"caution\" id=\"unfinished\" role=\"note\">";

/// The beginning of the line with the notice in Markdown.
pub(super) const QUOTED: &str = "> **";

/// Whether a text is the report of an unfinished study, as Markdown or HTML.
#[must_use]
pub fn is_unfinished(report: &str) -> bool {
    // A finished report has its verdict or a heading in this line.
    let quoted = report.lines().nth(2).is_some_and(|line| line.starts_with(QUOTED) && line.contains(NAMED));
    quoted && report.starts_with("# ") || report.contains(OPENS)
}

/// The words of [`Unfinished::sentence`] by which a notice is recognized.
const NAMED: &str = "; an unfinished study: ";

/// Returns the notice: the sentence that is emphasized, and what follows it.
pub(super) fn notice(input: &Input<'_>, unfinished: &Unfinished) -> (String, String) {
    let mut notes = unfinished.notes();
    notes.extend(adopted::sentences(input));
    notes.push("Trials are not ranked before every run is stored, and nothing here is proven.".into());
    if input.study.spec.study.answer.as_deref().is_some_and(|answer| !answer.trim().is_empty()) {
        notes.push("The answer in `study.toml` is left out.".into());
    }
    (format!("{}.", unfinished.sentence()), notes.join(" "))
}

/// Returns how the study continues, as labels with sentences.
pub(super) fn state(input: &Input<'_>) -> Entries {
    let folder = mention::mention(&input.folder());
    vec![
        (
            "Runs".to_owned(),
            format!(
                "`restudy status {folder}` lists the missing ones, and the command that continues. Once all are stored, a sweep replaces this report."
            ),
        ),
        ("Specification".to_owned(), format!("BLAKE3 {} of its canonical text.", input.specification)),
    ]
}

impl Results {
    /// Formats the rows of a report: an unfinished study has no choice, and shows its first stage alone.
    pub(super) fn of(input: &Input<'_>) -> Self {
        let results = Self::new(input.summary);
        if input.unfinished.is_none() {
            return results;
        }
        let rows = results.rows.into_iter().map(|row| Row { best: false, ..row }).collect();
        Self { rows, choice: None, confirmed: None, is_finished: false, ..results }
    }
}
