use std::fmt::Write;

use super::{ATTACHED, SILENT, SOURCE, count, words};
use crate::{escape::html as escape, seed::Seed};

/// The history of a study, from its journal: who computed its runs, and which runs several processes computed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    /// All processes, the oldest first.
    pub processes: Vec<Process>,
    /// The trials with runs that several processes computed, with the same digest: the values on the axes, and the
    /// seeds.
    pub replicated: Vec<(String, Vec<Seed>)>,
    /// The number of runs of the study.
    pub runs: usize,
}

/// A process that computed runs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Process {
    /// Time, place and commit.
    pub who: String,
    /// Compiler and instructions, if known.
    pub means: String,
    /// The number of computed runs.
    pub computed: usize,
    /// The duration in seconds.
    pub seconds: f64,
}

/// The text of a copy in place of [`SILENT`].
pub const TOLD: &str = "the report in the results folder does not depend on who computed the runs, and does not list them. This copy lists them at its end, from the journal.";

/// The text of a copy in place of [`SOURCE`].
pub const SOURCES: &str = "from the results and, under \u{201c}Who computed it\u{201d}, from the journal: without the journal, the same study gives \
                       the same page.";

/// The text of a copy in place of [`ATTACHED`].
pub const ATTACHED_SOURCES: &str = "from the results, from the files beside them that the manifest lists, and, under \u{201c}Who computed it\u{201d}, \
                                    from the journal: without the journal, the same study with these files gives the same page.";

/// Returns the page with a section on its history before its end, and with the two sentences changed that say that it
/// has none. All other bytes are those of the page.
#[must_use]
pub fn with_history(page: &str, history: &History) -> String {
    // Untrusted texts are escaped, so they cannot contain these marks.
    let end = page.find("</main>\n").unwrap_or(page.len());
    let replications = page[..end].find("<dt>Replications</dt>").unwrap_or(end);
    let (before, rest) = page.split_at(replications);
    let (entry, foot) = rest.split_at(end - replications);
    let (foot, data) = foot.split_at(foot.find("</footer>").unwrap_or(foot.len()));
    let foot = foot.replacen(SOURCE, SOURCES, 1).replacen(ATTACHED, ATTACHED_SOURCES, 1);
    [before, &entry.replacen(SILENT, TOLD, 1), &section(history), &foot, data].concat()
}

fn section(history: &History) -> String {
    let replicated: usize = history.replicated.iter().map(|(_, seeds)| seeds.len()).sum();
    let mut body = format!(
        "<section id=\"history\" aria-labelledby=\"history-title\">\n<h2 id=\"history-title\">Who computed it</h2>\n\
         <p class=\"note\">From the journal, which is not proved: this section does not follow from the tables. Without it, and without the two \
         sentences about it, the page is that of the manifest.</p>\n<p>{replicated} of {} were computed by more than one process, with the same digest.</p>\n",
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
