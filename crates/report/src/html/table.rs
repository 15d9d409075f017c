//! The table of results of the page.

use std::fmt::Write;

use super::coded;
use crate::{
    confirmed, escape,
    measure::Split,
    results::{Error, Results, Row},
    verdicts::Section,
};

pub(super) fn table(results: &Results) -> String {
    let axes: String = results
        .axes
        .iter()
        .map(|axis| format!("<th scope=\"col\" class=\"axis\"><code>{}</code></th>", escape::html(axis)))
        .collect();
    let trouble: String = results.trouble.iter().map(|name| format!("<th scope=\"col\">{name}</th>")).collect();
    let rows: String = results.shown().map(|row| line(row, results)).collect();
    let foot = results
        .constant()
        .map_or_else(String::new, |cells| format!("<tfoot>\n{}</tfoot>\n", constant(&cells, results)));
    let terms = &results.terms;
    let note = if results.has_best() {
        let why = confirmed::marked(results);
        format!(" Marked is the best trial: {}{}", why[..1].to_lowercase(), escape::html(&why[1..]))
    } else {
        String::new()
    };
    let head = |(split, name): &(Split, String)| {
        let mark = match split {
            Split::None => String::new(),
            split => format!("<i class=\"{}\"></i>", split.name()),
        };
        let name = escape::html(&terms.headed(name));
        format!("<th scope=\"col\">{mark}{}</th>", name.replace(", ", ",&nbsp;"))
    };
    let heads: String = terms.splits.iter().map(head).collect();
    let iqm = escape::html(&terms.headed("IQM"));
    let reached: String =
        terms.reached().iter().map(|head| format!("<th scope=\"col\">{}</th>", escape::html(head))).collect();
    let unit = if terms.unit.is_empty() { String::new() } else { format!(" {}", escape::html(&terms.unit)) };
    let (final_names, names) = (crate::plural(&terms.objective().measurement), crate::plural(&terms.what));
    let cut = results.cut().map_or_else(String::new, |cut| format!(" {cut}"));
    let mut caution = results.caution().map_or_else(String::new, |caution| {
        format!("<p class=\"caution\" role=\"note\">† {}</p>\n", escape::html(&caution))
    });
    let notes = results.unseen().into_iter().chain(results.other_points());
    caution.extend(notes.map(|text| format!("<p class=\"note\">{}</p>\n", escape::html(&text))));
    let covers = results.covers().map_or_else(String::new, |text| format!(" {}", escape::html(&text)));
    format!(
        "<div class=\"wide\" role=\"region\" aria-label=\"Results by trial\" tabindex=\"0\">\n\
         <table id=\"trials\" aria-describedby=\"results-note\">\n\
         <thead><tr>{axes}<th scope=\"col\">{counted}</th>{heads}\
         <th scope=\"col\">{iqm}</th><th scope=\"col\" class=\"scale\"><span>0</span><span>{scale}{unit}</span></th>\
         {reached}{trouble}</tr></thead>\n<tbody>\n{rows}</tbody>\n{foot}</table>\n</div>\n{caution}\
         <p class=\"note\" id=\"results-note\">Final {final_names} are means over the {averaged}{brackets}.{covers} IQM is the mean of the middle half of the {names}.{note}{cut}</p>{further}",
        scale = results.scale,
        brackets = results.brackets(),
        averaged = results.averaged(),
        counted = results.counted,
        further = confirmed::html(results),
    )
}

/// The verdicts of other machines.
pub(super) fn verdicts(section: &Section) -> String {
    let Section { about, header, rows, others } = section;
    let mut body = format!("<p>{}</p>", coded(about));
    if !rows.is_empty() {
        let heads: String = header.iter().map(|head| format!("<th scope=\"col\">{head}</th>")).collect();
        body.push_str(
            "\n<div class=\"wide\" role=\"region\" aria-label=\"Verdicts\" tabindex=\"0\"><table class=\"processes\">",
        );
        let _ = writeln!(body, "<thead><tr>{heads}</tr></thead>\n<tbody>");
        for row in rows {
            let (name, cells) = row.split_first().map_or(("", row.as_slice()), |(name, cells)| (name, cells));
            let cells: String = cells.iter().map(|cell| format!("<td>{}</td>", escape::html(cell))).collect();
            let _ = writeln!(body, "<tr><th scope=\"row\">{}</th>{cells}</tr>", escape::html(name));
        }
        body.push_str("</tbody></table></div>");
    }
    if let Some(others) = others {
        let _ = write!(body, "\n<p class=\"note\">{}</p>", coded(others));
    }
    body
}

fn constant(cells: &[String], results: &Results) -> String {
    let (axes, rest) = cells.split_at(results.axes.len());
    let errors = 1 + results.terms.splits.len();
    let cell = |text: &String| format!("<td>{text}</td>");
    let mut row: String = match axes.first() {
        Some(name) => format!("<th scope=\"row\" colspan=\"{}\">{name}</th>", axes.len()),
        None => String::new(),
    };
    row.extend(rest[..errors].iter().map(cell));
    row.push_str("<td></td><td class=\"scale\"></td>");
    row.extend(rest[errors..].iter().map(cell));
    format!("<tr class=\"constant\">{row}</tr>\n")
}

fn line(row: &Row, results: &Results) -> String {
    let mut cells: String =
        row.values.iter().map(|value| format!("<th scope=\"row\">{}</th>", escape::html(value))).collect();
    let few = if row.few { "<sup title=\"too few runs\">†</sup>" } else { "" };
    let _ = write!(cells, "<td>{}{few}</td>", row.runs);
    for error in &row.errors {
        let (mean, interval) = error.text.split_once(' ').unwrap_or((&error.text, ""));
        let _ = write!(cells, "<td>{mean} <small>{interval}</small></td>");
    }
    let _ = write!(cells, "<td>{}</td>", row.iqm);
    let _ = write!(cells, "<td class=\"scale\">{}</td>", drawn(&row.errors, results));
    for cell in &row.success {
        let (share, interval) = cell
            .split_once(" [")
            .map_or((cell.as_str(), String::new()), |(share, rest)| (share, format!(" <small>[{rest}</small>")));
        let _ = write!(cells, "<td>{share}{interval}</td>");
    }
    row.trouble.iter().for_each(|number| cells.push_str(&format!("<td>{number}</td>")));
    let best = if row.best { " class=\"best\"" } else { "" };
    format!("<tr{best} data-trial=\"{}\">{cells}</tr>\n", row.trial)
}

/// Both errors with their intervals on one scale. The cells beside it have the numbers, so it is hidden from screen
/// readers.
fn drawn(errors: &[Error], results: &Results) -> String {
    let place = |value: f64| format!("{:.2}", 4.0 + 112.0 * (value / results.scale).clamp(0.0, 1.0));
    let mut marks = String::new();
    for (error, (split, _)) in errors.iter().zip(&results.terms.splits) {
        let (class, y) = match split {
            Split::Train => ("train", 6),
            Split::Validation => ("validation", 14),
            Split::None => ("validation", 10),
        };
        if error.mean.is_nan() {
            continue;
        }
        let (low, high, mean) = (place(error.interval.low), place(error.interval.high), place(error.mean));
        if error.interval.is_none() {
            let _ = write!(marks, "<g class=\"{class}\"><circle cx=\"{mean}\" cy=\"{y}\" r=\"3\"/></g>");
            continue;
        }
        let _ = write!(
            marks,
            "<g class=\"{class}\"><path d=\"M{low} {y}H{high}\"/><circle cx=\"{mean}\" cy=\"{y}\" r=\"3\"/></g>"
        );
    }
    format!(
        "<svg viewBox=\"0 0 120 20\" width=\"120\" height=\"20\" aria-hidden=\"true\"><path class=\"zero\" d=\"M4 0V20\"/>{marks}</svg>"
    )
}
