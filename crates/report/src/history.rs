use std::fmt::Write;

use super::{SILENT, SOURCE, count, words};
use crate::{escape::html as escape, seed::Seed};

/// What the journal of a study knows: who computed its runs, and which of them were computed by several processes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    /// Every process, oldest first.
    pub processes: Vec<Process>,
    /// The trials with runs that several processes computed, with the same digest: what the trial has on its axes, and the seeds.
    pub replicated: Vec<(String, Vec<Seed>)>,
    /// How many runs the study has.
    pub runs: usize,
}

/// A process that computed runs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Process {
    /// When and where it was, and from which commit.
    pub who: String,
    /// Compiler and instructions, as far as they are known.
    pub means: String,
    /// Runs that it computed.
    pub computed: usize,
    /// Seconds it took.
    pub seconds: f64,
}

/// What a copy says in place of [`SILENT`].
pub const TOLD: &str = "the report in the results folder is the same whoever computes it, and does not say. This copy says it at its end, by the journal.";

/// What a copy says in place of [`SOURCE`].
pub const SOURCES: &str = "from the results and, under \u{201c}Who computed it\u{201d}, from the journal: without what it says of the journal, \
                       the same study gives the same page.";

/// The page with a section on its history before its end, and with the two sentences changed that say that it has none. Without that it
/// is the page, byte for byte.
#[must_use]
pub fn with_history(page: &str, history: &History) -> String {
    // Texts of others are escaped, so that none of these marks can stand in them.
    let end = page.find("</main>\n").unwrap_or(page.len());
    let replications = page[..end].find("<dt>Replications</dt>").unwrap_or(end);
    let (before, rest) = page.split_at(replications);
    let (entry, foot) = rest.split_at(end - replications);
    [before, &entry.replacen(SILENT, TOLD, 1), &section(history), &foot.replacen(SOURCE, SOURCES, 1)].concat()
}

fn section(history: &History) -> String {
    let replicated: usize = history.replicated.iter().map(|(_, seeds)| seeds.len()).sum();
    let mut body = format!(
        "<section id=\"history\" aria-labelledby=\"history-title\">\n<h2 id=\"history-title\">Who computed it</h2>\n\
         <p class=\"note\">By the journal, which is not proved: this section is no function of the tables. The page without it, and without the two \
         sentences that speak of it, is the one of the manifest.</p>\n<p>{replicated} of {} were computed by more than one process, with the same digest.</p>\n",
        escape(&count(history.runs as u64, "run")),
    );
    if replicated > 0 {
        body.push_str("<ul>\n");
        for (trial, seeds) in &history.replicated {
            let _ = writeln!(body, "<li>{}: seeds {}</li>", escape(trial), escape(&words::seed_list(seeds)));
        }
        body.push_str("</ul>\n");
    }
    body.push_str(
        "<div class=\"wide\" role=\"region\" aria-label=\"Processes\" tabindex=\"0\"><table class=\"processes\"><thead><tr>\
         <th scope=\"col\">process</th><th scope=\"col\">compiler and instructions</th><th scope=\"col\">runs</th>\
         <th scope=\"col\">seconds</th></tr></thead>\n<tbody>\n",
    );
    for Process { who, means, computed, seconds } in &history.processes {
        let (who, means) = (escape(who), escape(means));
        let _ = writeln!(
            body,
            "<tr><th scope=\"row\">{who}</th><td>{means}</td><td>{computed}</td><td>{seconds:.1}</td></tr>"
        );
    }
    body + "</tbody></table></div>\n</section>\n"
}
