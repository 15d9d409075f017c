use std::fmt::Write;

use super::{
    Input, about_data, answer, checklist, count, data,
    results::{Results, Row},
    verdict::verdict,
    words,
};

/// The report as Markdown, as GitHub and Pandoc read it.
#[must_use]
pub fn markdown(input: &Input<'_>) -> String {
    let sets = data::sets(input);
    let results = Results::beside(input.summary, data::chance(input.study, &sets));
    let mut page = format!("# {}\n", escape(&input.question()));
    // That there is no best trial belongs to the answer; which one it is, to the table.
    let none = results.headline().filter(|_| !results.has_best());
    let sentences: Vec<_> = verdict(input.summary, &results).into_iter().chain(none).collect();
    if !sentences.is_empty() {
        let _ = write!(page, "\n{}\n", escape(&sentences.join(" ")));
    }
    if let Some(notice) = about_data::notice(input, &sets) {
        let _ = write!(page, "\n> **{}**\n", coded(&notice));
    }
    if let Some(text) = input.answer() {
        section(&mut page, "Answer", &answer::harmless(&text));
    }
    section(&mut page, "Results", &table(&results));
    if !input.figures.is_empty() {
        section(&mut page, "Figures", &figures(input));
    }
    section(&mut page, "Data", &listed(&about_data::entries(input, &sets)));
    section(&mut page, "How it was computed", &methods(input));
    section(&mut page, "Checklist", &checklist(input, &results, &sets));
    section(&mut page, "How to prove it", &proof(input));
    for (name, definition) in words::metrics(input.study) {
        let _ = write!(page, "\n[^{name}]: **{name}**: {}\n", escape(&definition));
    }
    page
}

fn section(page: &mut String, title: &str, body: &str) {
    let _ = write!(page, "\n## {title}\n\n{}\n", body.trim_end());
}

fn table(results: &Results) -> String {
    let axes = results.axes.iter().map(|axis| code(axis));
    let errors = ["training error, %[^error]", "validation error, %[^error]"].map(String::from);
    let mut header: Vec<_> = axes.chain(["runs".into()]).chain(errors).collect();
    header.extend(["reached zero", "epochs to zero"].map(String::from));
    header.extend(results.trouble.iter().map(ToString::to_string));
    let rows = results.shown().map(cells).collect();
    let headline =
        results.headline().filter(|_| results.has_best()).map_or_else(String::new, |text| escape(&text) + "\n\n");
    let mut text = headline + &aligned(header, rows, results.axes.len());
    if let Some(caution) = results.caution() {
        let _ = write!(text, "\n† **{}**\n", escape(&caution));
    }
    let _ = write!(text, "\nErrors are means over the runs of a trial, with a 95 % interval in brackets.");
    if results.has_best() {
        let _ = write!(
            text,
            " In bold: the lowest mean validation error (a tie goes to the lower loss). Trials whose intervals overlap are \
             not told apart by this table."
        );
    }
    if let Some(cut) = results.cut() {
        let _ = write!(text, " {}", escape(&cut));
    }
    text
}

fn cells(row: &Row) -> Vec<String> {
    let mut cells: Vec<_> = row.values.iter().map(|value| escape(value)).collect();
    cells.push(if row.few { format!("{} †", row.runs) } else { row.runs.clone() });
    cells.extend(row.errors.iter().map(|error| error.text.clone()));
    cells.extend([row.zero_share.clone(), row.zero_epochs.clone()]);
    cells.extend(row.trouble.iter().cloned());
    if row.best { cells.into_iter().map(|cell| format!("**{cell}**")).collect() } else { cells }
}

/// A table whose columns also line up in the source; all but the first `left` are set to the right.
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
        let caption = escape(&picture.caption);
        format!("![{caption}](figures/{}.svg)\n\n*{caption}*\n", address(picture.name))
    };
    input.figures.iter().map(figure).collect::<Vec<_>>().join("\n")
}

/// Labelled sentences, line by line.
fn listed(entries: &words::Entries) -> String {
    entries.iter().map(|(label, sentences)| format!("- **{label}.** {}\n", coded(sentences))).collect()
}

fn methods(input: &Input<'_>) -> String {
    let mut text = listed(&words::methods(input.study));
    let metrics = words::metrics(input.study).into_iter().map(|(name, _)| format!("{name}[^{name}]"));
    let _ = writeln!(text, "- **Metrics.** {}", metrics.collect::<Vec<_>>().join(", "));
    text.push_str("\nSettings shared by all runs:\n\n");
    let shared = words::shared_settings(input.study).into_iter().map(|(path, value)| vec![code(&path), code(&value)]);
    text + &aligned(vec!["setting".into(), "value".into()], shared.collect(), 2)
}

fn checklist(input: &Input<'_>, results: &Results, sets: &[data::Set]) -> String {
    let items = checklist::items(input, results, sets);
    let rows = items.into_iter().map(|(asked, answer)| vec![escape(asked), coded(&answer)]);
    aligned(vec!["asked".into(), "answer".into()], rows.collect(), 2)
}

fn proof(input: &Input<'_>) -> String {
    let provenance = input.provenance().map(|(label, text)| format!("- **{label}**: {}\n", coded(&text)));
    if let Some(words) = input.beyond_us() {
        return format!("{}\n\n```text\n{}\n```\n\n{}", coded(&words), input.root, provenance.concat());
    }
    format!(
        "Every number above follows from `study.toml` alone. With restudy {version}, on any machine:\n\n```sh\n{command}\n```\n\n\
         trains the {runs} again and compares every recorded number; `--sample 5%` takes a sample. All of them are summed up \
         in one digest:\n\n```text\n{root}\n```\n\n{provenance}",
        version = escape(input.version),
        provenance = provenance.concat(),
        command = input.command(),
        runs = count(input.runs(), "run"),
        root = input.root,
    )
}

/// Text of others as plain text: no markup, no HTML, one line.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' | '$' => escaped.extend(['\\', c]),
            control if control.is_control() => escaped.push(' '),
            plain => escaped.push(plain),
        }
    }
    escaped
}

/// Sentences in which settings and commands stand between backticks: these are code spans, which hold what they hold.
fn coded(text: &str) -> String {
    let set = |(index, piece)| if index % 2 == 1 { code(piece) } else { escape(piece) };
    text.split('`').enumerate().map(set).collect()
}

/// Text of others in a code span, also inside a table.
fn code(text: &str) -> String {
    if text.contains(['`', '|', '\\']) || text.chars().any(char::is_control) || text.trim().is_empty() {
        escape(text)
    } else {
        format!("`{text}`")
    }
}

/// A file name as part of an address.
fn address(name: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    name.bytes().map(byte).collect()
}
