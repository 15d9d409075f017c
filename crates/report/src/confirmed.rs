//! What a report says of the runs that confirm: from these alone the verdict is made, and the table of all trials shows none of them.

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

/// The trials that ran again, already in words.
pub struct ConfirmedRows {
    /// How many, and under which seeds.
    pub confirm: Confirm,
    /// One row a trial; none where their runs are not at hand.
    pub rows: Vec<Row>,
    /// Of how many trials they were chosen.
    pub of: usize,
}

impl ConfirmedRows {
    /// The begin of the verdict: `Under 30 further seeds, which the choice of these 3 of 6 trials had not seen`.
    pub fn preface(&self) -> String {
        let Confirm { best, seeds, .. } = self.confirm;
        let these = if best == 1 { "this one".into() } else { format!("these {best}") };
        format!("Under {}, which the choice of {these} of {} trials had not seen", further(seeds), self.of)
    }
}

/// `30 further seeds`.
fn further(seeds: u32) -> String {
    count(seeds.into(), "further seed")
}

/// `1000 to 1029`.
pub fn seeds(confirm: &Confirm) -> String {
    seed_list(&confirm.all())
}

/// `the 3 trials with the lowest mean validation error`, or of one `the trial with ...`.
fn chosen(best: u32, by: &str) -> String {
    if best == 1 { format!("the trial with the {by}") } else { format!("the {best} trials with the {by}") }
}

/// What follows the sentence about trials and seeds.
pub fn runs(study: &Study, by: &str) -> Option<String> {
    let confirm = study.confirm?;
    let Confirm { best, seeds: number, .. } = confirm;
    let ran = if best == 1 { "it" } else { "each of them" };
    Some(format!(" Then {} ran again, {ran} under {} ({}).", chosen(best, by), further(number), seeds(&confirm)))
}

/// How the best was selected.
pub fn selection(results: &Results, own: &ConfirmedRows) -> String {
    let terms = &results.terms;
    let found = match (results.unranked(), own.confirm.best, results.has_best()) {
        (Some(reason), ..) => format!("none of them is named the best: {reason}"),
        (None, 1, _) => "no other trial ran again that it could be compared with".to_owned(),
        (None, _, true) => {
            "of these runs alone, tests that pair the runs of a seed show one to be better than the others".into()
        }
        (None, _, false) => "of these runs alone, none is shown to be the best".into(),
    };
    // Whether the points are the same under all seeds, not every experiment says.
    let twice = match (terms.objective().part, results.baseline) {
        (Split::None, _) => String::new(),
        (_, Baseline::Constant(constant)) if !constant.fixed => String::new(),
        (part, baseline) => {
            let (points, what) = (format!("{} points are the same under all seeds", part.title()), &terms.what);
            let begin = match baseline {
                Baseline::Constant(_) => format!("The {points}, so that"),
                _ => format!("Where the {points},"),
            };
            format!(" {begin} the {what} is a little too good for other points; there is no third part of the data.")
        }
    };
    format!(
        "In two stages: of {} trials, the {} with the {} ran again under {} that this choice had not seen; {found}.{twice}",
        own.of,
        if own.confirm.best == 1 { "one".to_owned() } else { own.confirm.best.to_string() },
        terms.best(),
        further(own.confirm.seeds),
    )
}

/// What is said of the row that is marked.
pub fn marked(results: &Results) -> String {
    let what = &results.terms.what;
    match &results.confirmed {
        None => format!("Its {what} is better than that of every other trial, by tests that pair the runs of a seed."),
        Some(own) => format!(
            "Under {}, its {what} is better than that of every other trial that ran again, by tests that pair the runs of a seed.",
            further(own.confirm.seeds)
        ),
    }
}

/// The table of what ran again, for either report: what stands before it, its header and its rows.
pub fn table(results: &Results) -> Option<(String, Vec<String>, Vec<Vec<String>>)> {
    let own = results.confirmed.as_ref().filter(|own| !own.rows.is_empty())?;
    let terms = &results.terms;
    let verdict = match results.unranked() {
        None => "The verdict is made from these runs alone".to_owned(),
        Some(reason) => format!("No trial is named the best, since {reason}. These are further runs"),
    };
    let caution = own.confirm.caution().filter(|_| results.unranked().is_none());
    let before = format!(
        "{verdict}: {}, run again under {} ({}). The table of all trials has none of them.{}{}",
        chosen(own.confirm.best, &terms.best()),
        further(own.confirm.seeds),
        seeds(&own.confirm),
        caution.map_or_else(String::new, |caution| format!(" {caution}.")),
        bounded::cut(&own.rows, terms, "runs.parquet").map_or_else(String::new, |cut| format!(" {cut}")),
    );
    let errors = terms.parts.iter().map(|(_, name)| terms.headed(name));
    let header = results.axes.iter().cloned().chain([results.counted.to_owned()]).chain(errors).collect();
    let cells = |row: &Row| {
        let errors = row.errors.iter().map(|error| error.text.clone());
        row.values.iter().cloned().chain([row.runs.clone()]).chain(errors).collect()
    };
    let leader = results.choice.as_ref().map(|choice| choice.leader);
    Some((before, header, bounded::shown(&own.rows, leader, terms).map(cells).collect()))
}

/// The same as HTML; nothing where nothing ran again.
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
