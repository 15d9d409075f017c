//! The texts about confirming runs. The verdict uses only these, and the table of all trials does not contain them.

use super::{
    bounded, count,
    results::{Results, Row},
    words::seed_list,
};
use crate::{
    escape,
    measure::Split,
    sweep::{Confirm, Study},
    table::Baseline,
};

/// The trials that ran again, as displayed texts.
pub struct ConfirmedRows {
    /// The number of trials, and their further seeds.
    pub confirm: Confirm,
    /// One row for each trial; empty if the runs are not available.
    pub rows: Vec<Row>,
    /// The number of trials from which they were chosen.
    pub of: usize,
}

impl ConfirmedRows {
    /// Returns the beginning of the verdict: `Under 30 further seeds, which the choice of these 3 of 6 trials had not
    /// seen`.
    pub fn preface(&self) -> String {
        let Confirm { best, seeds, .. } = self.confirm;
        let these = if best == 1 { "this one".into() } else { format!("these {best}") };
        format!("Under {}, which the choice of {these} of {} trials had not seen", further(seeds), self.of)
    }
}

fn further(seeds: u32) -> String {
    count(seeds.into(), "further seed")
}

/// Returns the further seeds: `1000 to 1029`.
pub fn seeds(confirm: &Confirm) -> String {
    seed_list(&confirm.all())
}

fn chosen(best: u32, by: &str) -> String {
    if best == 1 { format!("the trial with the {by}") } else { format!("the {best} trials with the {by}") }
}

/// Returns the sentence about the trials that ran again, or will, which follows that about trials and seeds.
pub fn runs(study: &Study, by: &str, is_finished: bool) -> Option<String> {
    let confirm = study.confirm?;
    let Confirm { best, seeds: number, .. } = confirm;
    let ran = if best == 1 { "it" } else { "each of them" };
    let again = match (is_finished, best) {
        (true, _) => "ran again",
        (false, 1) => "runs again",
        (false, _) => "run again",
    };
    Some(format!(" Then {} {again}, {ran} under {} ({}).", chosen(best, by), further(number), seeds(&confirm)))
}

/// Returns how the best trial was selected, for the checklist.
pub fn selection(results: &Results, confirmed: &ConfirmedRows) -> String {
    let terms = &results.terms;
    let found = match (results.unranked(), confirmed.confirm.best, results.has_best()) {
        (Some(reason), ..) => format!("none of them is named the best: {reason}"),
        (None, 1, _) => "no other trial ran again for a comparison".to_owned(),
        (None, _, true) => {
            "in these runs alone, tests that pair the runs of a seed show one to be better than the others".into()
        }
        (None, _, false) => "in these runs alone, none is shown to be the best".into(),
    };
    // Not every experiment declares whether the points are the same under all seeds.
    let bias = match (terms.objective().part, results.baseline) {
        (Split::None, _) => String::new(),
        (_, Baseline::Constant(constant)) if !constant.fixed => String::new(),
        (split, baseline) => {
            let (points, what) = (format!("{} points are the same under all seeds", split.title()), &terms.what);
            let begin = match baseline {
                Baseline::Constant(_) => format!("The {points}, so"),
                _ => format!("If the {points},"),
            };
            format!(" {begin} the {what} is slightly too good for other points; there is no test split.")
        }
    };
    format!(
        "In two stages: of {} trials, the {} with the {} ran again under {} that were not used for this choice; {found}.{bias}",
        confirmed.of,
        if confirmed.confirm.best == 1 { "one".to_owned() } else { confirmed.confirm.best.to_string() },
        terms.best(),
        further(confirmed.confirm.seeds),
    )
}

/// Returns the sentence about the marked row.
pub fn marked(results: &Results) -> String {
    let what = &results.terms.what;
    match &results.confirmed {
        None => format!("Its {what} is better than that of every other trial, by tests that pair the runs of a seed."),
        Some(confirmed) => format!(
            "Under {}, its {what} is better than that of every other trial that ran again, by tests that pair the runs of a seed.",
            further(confirmed.confirm.seeds)
        ),
    }
}

/// Returns the table of the trials that ran again, for both reports: the text before it, its header and its rows.
pub fn table(results: &Results) -> Option<(String, Vec<String>, Vec<Vec<String>>)> {
    let confirmed = results.confirmed.as_ref().filter(|confirmed| !confirmed.rows.is_empty())?;
    let terms = &results.terms;
    let verdict = match results.unranked() {
        None => "The verdict uses only these runs".to_owned(),
        Some(reason) => format!("No trial is named the best, since {reason}. These are further runs"),
    };
    let caution = confirmed.confirm.caution().filter(|_| results.unranked().is_none());
    let before = format!(
        "{verdict}: {}, run again under {} ({}). The table of all trials does not contain them.{}{}",
        chosen(confirmed.confirm.best, &terms.best()),
        further(confirmed.confirm.seeds),
        seeds(&confirmed.confirm),
        caution.map_or_else(String::new, |caution| format!(" {caution}.")),
        bounded::cut(&confirmed.rows, terms, "runs.parquet has").map_or_else(String::new, |cut| format!(" {cut}")),
    );
    let errors = terms.splits.iter().map(|(_, name)| terms.headed(name));
    let header = results.axes.iter().cloned().chain([results.counted.to_owned()]).chain(errors).collect();
    let cells = |row: &Row| {
        let errors = row.errors.iter().map(|error| error.text.clone());
        row.values.iter().cloned().chain([row.runs.clone()]).chain(errors).collect()
    };
    let leader = results.choice.as_ref().map(|choice| choice.leader);
    Some((before, header, bounded::shown(&confirmed.rows, leader, terms).map(cells).collect()))
}

/// Returns the same as HTML; empty if no trial ran again.
pub fn html(results: &Results) -> String {
    let Some((before, header, rows)) = table(results) else { return String::new() };
    let axes = results.axes.len();
    let heads = header.iter().map(|head| format!("<th scope=\"col\">{}</th>", escape::html(head)));
    let cell = |(place, text): (usize, &String)| {
        let text = escape::html(text);
        if place < axes { format!("<th scope=\"row\">{text}</th>") } else { format!("<td>{text}</td>") }
    };
    let row = |cells: &Vec<String>| format!("<tr>{}</tr>\n", cells.iter().enumerate().map(cell).collect::<String>());
    format!(
        "\n<h3 id=\"confirmed\">Under further seeds</h3>\n<p>{}</p>\n\
         <div class=\"wide\" role=\"region\" aria-label=\"Results under further seeds\" tabindex=\"0\">\n\
         <table aria-labelledby=\"confirmed\">\n<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody>\n</table>\n</div>",
        escape::html(&before),
        heads.collect::<String>(),
        rows.iter().map(row).collect::<String>()
    )
}
