use std::fmt::Write;

use super::{
    Input, addition, answer, checklist, confirmed, count,
    mention::{self, Piece},
    results::{Results, Row},
    unfinished::{self, QUOTED},
    verdict::verdict,
    verdicts, words,
};
use crate::escape;

/// Renders the report as Markdown for GitHub and Pandoc.
#[must_use]
pub fn markdown(input: &Input<'_>) -> String {
    let data = addition::data(input);
    let results = Results::of(input);
    let mut page = format!("# {}\n", escape::markdown(&input.question()));
    if let Some(unfinished) = input.unfinished {
        let (mark, notes) = unfinished::notice(input, unfinished);
        let _ = write!(page, "\n{QUOTED}{}** {}\n", escape::markdown(&mark), coded(&notes));
    } else {
        // A missing best trial is part of the answer; a best trial is part of the table.
        let none = results.headline().filter(|_| !results.has_best());
        let sentences: Vec<_> = verdict(input.summary, &results).into_iter().chain(none).collect();
        if !sentences.is_empty() {
            let _ = write!(page, "\n{}\n", escape::markdown(&sentences.join(" ")));
        }
    }
    if let Some(notice) = &data.notice {
        let _ = write!(page, "\n> **{}**\n", coded(notice));
    }
    if let Some(text) = input.answer().filter(|_| input.unfinished.is_none()) {
        section(&mut page, "Answer", &answer::markdown(&text));
    }
    section(&mut page, "Results", &table(&results));
    if !input.figures.is_empty() {
        section(&mut page, "Figures", &figures(input));
    }
    if !data.entries.is_empty() {
        section(&mut page, "Data", &listed(&data.entries));
    }
    section(&mut page, "How it was computed", &methods(input));
    if input.unfinished.is_some() {
        section(&mut page, "What is missing", &listed(&unfinished::state(input)));
    } else {
        section(&mut page, "Checklist", &checklist(input, &results, &data));
        if let Some(verdicts) = verdicts::section(input) {
            section(&mut page, "Verdicts", &stated(&verdicts));
        }
        section(&mut page, input.proof_title(), &proof(input));
    }
    for (name, definition) in words::metrics(input.study) {
        let _ = write!(page, "\n[^{name}]: **{name}**: {}\n", escape::markdown(&definition));
    }
    page
}

fn section(page: &mut String, title: &str, body: &str) {
    let _ = write!(page, "\n## {title}\n\n{}\n", body.trim_end());
}

fn table(results: &Results) -> String {
    let axes = results.axes.iter().map(|axis| escape::markdown_code(axis));
    let terms = &results.terms;
    let note = &terms.objective().measurement;
    let errors = terms.splits.iter().map(|(_, name)| format!("{}[^{note}]", terms.headed(name)));
    let mut header: Vec<_> = axes.chain([results.counted.into()]).chain(errors).collect();
    header.extend(terms.reached());
    header.extend(results.trouble.iter().map(ToString::to_string));
    let mut rows: Vec<_> = results.shown().map(cells).collect();
    rows.extend(results.constant());
    let headline = results
        .headline()
        .filter(|_| results.has_best())
        .map_or_else(String::new, |text| escape::markdown(&text) + "\n\n");
    let mut text = headline + &aligned(header, rows, results.axes.len());
    if let Some(caution) = results.caution() {
        let _ = write!(text, "\n† **{}**\n", escape::markdown(&caution));
    }
    if let Some(unseen) = results.unseen() {
        let _ = write!(text, "\n{}\n", escape::markdown(&unseen));
    }
    if let Some(points) = results.other_points() {
        let _ = write!(text, "\n{}\n", escape::markdown(&points));
    }
    let _ = write!(
        text,
        "\n{} are means over the {}{}.",
        crate::plural(&capital(note)),
        results.averaged(),
        results.brackets()
    );
    if let Some(covers) = results.covers() {
        let _ = write!(text, " {}", escape::markdown(&covers));
    }
    if results.has_best() {
        let _ = write!(text, " In bold: the best trial. {}", confirmed::marked(results));
    }
    if let Some(cut) = results.cut() {
        let _ = write!(text, " {}", escape::markdown(&cut));
    }
    if let Some((before, header, rows)) = confirmed::table(results) {
        let axes = results.axes.len();
        let heads = header.iter().enumerate();
        let heads = heads.map(|(place, head)| if place < axes { escape::markdown_code(head) } else { head.clone() });
        let cell = |(place, cell): (usize, &String)| if place < axes { escape::markdown(cell) } else { cell.clone() };
        let rows = rows.iter().map(|row| row.iter().enumerate().map(cell).collect());
        let table = aligned(heads.collect(), rows.collect(), axes);
        let _ = write!(text, "\n\n### Under further seeds\n\n{}\n\n{table}", escape::markdown(&before));
    }
    text
}

pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn cells(row: &Row) -> Vec<String> {
    let mut cells: Vec<_> = row.values.iter().map(|value| escape::markdown(value)).collect();
    cells.push(if row.few { format!("{} †", row.runs) } else { row.runs.clone() });
    cells.extend(row.errors.iter().map(|error| error.text.clone()));
    cells.extend(row.success.iter().cloned());
    cells.extend(row.trouble.iter().cloned());
    if row.best { cells.into_iter().map(|cell| format!("**{cell}**")).collect() } else { cells }
}

/// A table with aligned columns in the source; all but the first `left` columns are right-aligned.
fn aligned(header: Vec<String>, rows: Vec<Vec<String>>, left: usize) -> String {
    let lines: Vec<_> = std::iter::once(header).chain(rows).collect();
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0).max(3);
    let widths: Vec<_> = (0..lines[0].len()).map(width).collect();
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
            let gap = " ".repeat(width - cell.chars().count());
            let _ = if column < left { write!(text, "| {cell}{gap} ") } else { write!(text, "| {gap}{cell} ") };
        }
        text.push_str("|\n");
        if index == 0 {
            for (column, width) in widths.iter().enumerate() {
                let rule = "-".repeat(width + 1);
                let _ = if column < left { write!(text, "|{rule}-") } else { write!(text, "|{rule}:") };
            }
            text.push_str("|\n");
        }
    }
    text
}

fn figures(input: &Input<'_>) -> String {
    let figure = |picture: &super::Picture<'_>| {
        let caption = escape::markdown(&picture.caption);
        format!("![{caption}](figures/{}.svg)\n\n*{caption}*\n", escape::markdown_address(picture.name))
    };
    input.figures.iter().map(figure).collect::<Vec<_>>().join("\n")
}

fn listed(entries: &words::Entries) -> String {
    entries.iter().map(|(label, sentences)| format!("- **{label}.** {}\n", coded(sentences))).collect()
}

fn methods(input: &Input<'_>) -> String {
    let mut text = listed(&words::methods(input));
    let metrics = words::metrics(input.study).into_iter().map(|(name, _)| format!("{name}[^{name}]"));
    let _ = writeln!(text, "- **Metrics.** {}", metrics.collect::<Vec<_>>().join(", "));
    text.push_str("\nSettings shared by all runs:\n\n");
    let shared = words::shared_settings(input.study)
        .into_iter()
        .map(|(path, value)| vec![escape::markdown_code(&path), escape::markdown_code(&value)]);
    text + &aligned(vec!["setting".into(), "value".into()], shared.collect(), 2)
}

fn checklist(input: &Input<'_>, results: &Results, data: &addition::DataSection) -> String {
    let items = checklist::items(input, results, data);
    let rows = items.into_iter().map(|(item, text)| vec![escape::markdown(item), coded(&text)]);
    aligned(vec!["item".into(), "study".into()], rows.collect(), 2)
}

/// The verdicts of other machines.
fn stated(verdicts: &verdicts::Section) -> String {
    let verdicts::Section { about, header, rows, others } = verdicts;
    let mut text = coded(about) + "\n";
    if !rows.is_empty() {
        let header: Vec<String> = header.iter().map(|head| (*head).to_owned()).collect();
        let row = |row: &Vec<String>| row.iter().map(|cell| escape::markdown(cell)).collect();
        let _ = write!(text, "\n{}", aligned(header.clone(), rows.iter().map(row).collect(), header.len()));
    }
    if let Some(others) = others {
        let _ = write!(text, "\n{}\n", coded(others));
    }
    text
}

fn proof(input: &Input<'_>) -> String {
    let provenance = input.provenance().map(|(label, text)| format!("- **{label}**: {}\n", coded(&text)));
    if let Some(words) = input.beyond_us() {
        return format!("{}\n\n```text\n{}\n```\n\n{}", coded(&words), input.root, provenance.concat());
    }
    format!(
        "{follows}\n\n{command}\n\n\
         {computes} the {runs} again and compares every recorded number; `--sample 5%` takes a sample. One digest covers all of \
          them:\n\n```text\n{root}\n```\n\n{provenance}",
        computes = input.computes(),
        follows = coded(&input.follows("above")),
        provenance = provenance.concat(),
        command = escape::markdown_block("sh", &input.command()),
        runs = count(input.runs(), "run"),
        root = input.root,
    )
}

/// Sets sentences with settings and commands between backticks, which become code spans.
fn coded(text: &str) -> String {
    let set = |(index, piece)| match piece {
        Piece::Code(code) => escape::markdown_code(&code),
        Piece::Words(words) => escape::markdown_lines(&words.replace(['\n', '\r'], " "), index == 0),
    };
    mention::pieces(text).enumerate().map(set).collect()
}
