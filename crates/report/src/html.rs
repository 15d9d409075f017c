use std::fmt::Write;

mod table;

use super::{
    Input, Picture,
    addition::{self, Explorer},
    answer,
    base64::base64,
    count,
    mention::{self, Piece},
    results::Results,
    script, unfinished,
    verdict::verdict,
    verdicts, words,
};
use crate::{digest::Digest, escape};

/// Renders the report as one HTML file that loads nothing: it contains style, figures, script and data.
#[must_use]
pub fn html(input: &Input<'_>) -> String {
    let data = addition::data(input);
    let results = Results::of(input);
    let mut body = header(input, &results, data.notice);
    body.push_str("<main id=\"main\">\n");
    let pictures = || -> Vec<_> {
        in_order(input).into_iter().enumerate().map(|(index, picture)| figure(input, index + 1, picture)).collect()
    };
    let (embedded, pictures) = rayon::join(|| addition::of(input.study)?.explorer(input, &results), pictures);
    if let Some(first) = pictures.first() {
        let title = if input.unfinished.is_some() { "What is there so far" } else { "What the answer looks like" };
        section(&mut body, "shown", title, first);
    }
    if let Some(text) = input.answer().filter(|_| input.unfinished.is_none()) {
        section(&mut body, "answer", "Answer", &answer::html(&text));
    }
    section(&mut body, "results", "Results", &table::table(&results));
    if embedded.is_some() {
        body.push_str(include_str!("page/explore.html"));
    }
    if pictures.len() > 1 {
        section(&mut body, "figures", "Figures", &pictures[1..].join("\n"));
    }
    if !data.entries.is_empty() {
        section(&mut body, "points", "Data", &definitions(&data.entries));
    }
    section(&mut body, "methods", "How it was computed", &methods(input));
    section(&mut body, "metrics", "Metrics", &definitions(&words::metrics(input.study)));
    if let Some(verdicts) = verdicts::section(input) {
        section(&mut body, "verdicts", "Verdicts", &table::verdicts(&verdicts));
    }
    if input.unfinished.is_some() {
        section(&mut body, "missing", "What is missing", &missing(input));
    } else {
        section(&mut body, "proof", input.proof_title(), &proof(input));
    }
    body.push_str("</main>\n");
    let data = embedded.map_or_else(String::new, |Explorer { data, core }| {
        let core = base64(core);
        format!(
            "<script type=\"application/json\" id=\"data\">{data}</script>\n\
             <script type=\"application/wasm\" id=\"core\">{core}</script>\n"
        )
    });
    // Only the script with this number runs. It is a digest of the page, so no text in the page can contain it.
    let nonce = Digest::of(format!("{body}{data}").as_bytes()).short();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
         script-src 'nonce-{nonce}' 'wasm-unsafe-eval'\">\n\
         <meta name=\"generator\" content=\"restudy {version}\">\n<title>{title}</title>\n<link rel=\"icon\" href=\"data:,\">\n\
         <style>\n{style}</style>\n</head>\n\
         <body>\n<a class=\"skip\" href=\"#main\">To the content</a>\n{body}\
         <footer><p>Made by restudy {version} {source}</p></footer>\n\
         {data}<script nonce=\"{nonce}\">\n\"use strict\";\n(() => {{\n{script}}})();\n</script>\n</body>\n</html>\n",
        version = escape::html(input.version),
        source = input.source(),
        title = escape::html(&title(input)),
        style = include_str!("page/page.css"),
        script = script::script(input, &results),
    )
}

fn section(page: &mut String, id: &str, title: &str, body: &str) {
    let _ = writeln!(
        page,
        "<section id=\"{id}\" aria-labelledby=\"{id}-title\">\n<h2 id=\"{id}-title\">{title}</h2>\n{body}\n</section>"
    );
}

fn header(input: &Input<'_>, results: &Results, notice: Option<String>) -> String {
    let sentence = |class: &str, text: Option<String>| {
        text.map_or_else(String::new, |text| format!("<p class=\"{class}\">{}</p>\n", escape::html(&text)))
    };
    let is_finished = input.unfinished.is_none();
    let verdict = verdict(input.summary, results).filter(|_| is_finished);
    let second = if verdict.is_some() { "second" } else { "lead" };
    let headline = sentence("lead", verdict) + &sentence(second, results.headline().filter(|_| is_finished));
    let progress = input.unfinished.map_or_else(String::new, |state| {
        let (mark, notes) = unfinished::notice(input, state);
        format!("{}<strong>{}</strong> {}</p>\n", unfinished::OPENS, escape::html(&mark), coded(&notes))
    });
    let notice = notice.map_or_else(String::new, |text| {
        format!("<p class=\"caution\" id=\"unscaled\" role=\"note\">{}</p>\n", coded(&text))
    });
    let runs = match input.unfinished {
        Some(unfinished) => format!("{} of {}", unfinished.stored, unfinished.runs),
        None => input.runs().to_string(),
    };
    let facts = [
        ("runs", runs),
        ("trials", input.study.compared().to_string()),
        ("seeds a trial", input.study.seeds.len().to_string()),
    ];
    let root = is_finished.then(|| ("root digest", input.root.short()));
    let folds = (input.study.folds > 1).then(|| ("folds a trial", input.study.folds.to_string()));
    let further =
        input.study.confirm.map(|confirm| ("further seeds", format!("{} of {} trials", confirm.seeds, confirm.best)));
    let facts: String = facts
        .iter()
        .chain(&root)
        .chain(&folds)
        .chain(&further)
        .map(|(name, value)| format!("<div><dt>{name}</dt><dd>{}</dd></div>", escape::html(value)))
        .collect();
    format!(
        "<header>\n<p class=\"study\">Study <strong>{}</strong></p>\n<h1>{}</h1>\n{progress}{headline}{notice}<dl class=\"facts\">{facts}</dl>\n\
         </header>\n",
        escape::html(&input.study.name),
        escape::html(&input.question()),
    )
}

/// The largest SVG in a page: one with a dot for each of many thousand runs is slow in every browser.
const MOST_SVG: usize = 2_000_000;

/// The figures in the order of the page: with several axes, heat maps first, which show the answer best.
fn in_order<'a>(input: &'a Input<'_>) -> Vec<&'a Picture<'a>> {
    let mut pictures: Vec<_> = input.figures.iter().collect();
    if input.study.compared_axes().len() > 1 {
        pictures.sort_by_key(|picture| !is_heat_map(input, picture));
    }
    pictures
}

fn is_heat_map(input: &Input<'_>, picture: &Picture<'_>) -> bool {
    input.study.spec.figures.get(picture.name).is_some_and(|figure| figure.key() == "heat-map")
}

fn figure(input: &Input<'_>, number: usize, picture: &Picture<'_>) -> String {
    // Colors that encode numbers stay the same on a dark page.
    let class = if is_heat_map(input, picture) { " class=\"as-it-is\"" } else { "" };
    let (caption, name) = (escape::html(&picture.caption), escape::html(picture.name));
    let (kind, bytes) = if picture.svg.len() > MOST_SVG && !picture.png.is_empty() {
        ("png", picture.png)
    } else {
        ("svg+xml", picture.svg.as_bytes())
    };
    format!(
        "<figure id=\"figure-{number}\"><img{class} alt=\"{caption}\" src=\"data:image/{kind};base64,{}\">\
         <figcaption><strong>Figure {number}</strong> ({name}). {caption}</figcaption></figure>",
        base64(bytes)
    )
}

fn methods(input: &Input<'_>) -> String {
    let shared: String = words::shared_settings(input.study)
        .into_iter()
        .map(|(path, value)| {
            let (path, value) = (escape::html(&path), escape::html(&value));
            format!("<tr><th scope=\"row\"><code>{path}</code></th><td><code>{value}</code></td></tr>\n")
        })
        .collect();
    format!(
        "{}\n<details>\n<summary>Settings shared by all runs</summary>\n<table class=\"settings\">\n<tbody>\n{shared}</tbody>\n\
         </table>\n</details>",
        definitions(&words::methods(input))
    )
}

fn definitions(entries: &words::Entries) -> String {
    let entry = |(name, text): &(String, String)| {
        format!("<dt>{}</dt><dd>{}</dd>\n", escape::html(name), escape::html(&mention::plain(text)))
    };
    format!("<dl class=\"entries\">\n{}</dl>", entries.iter().map(entry).collect::<String>())
}

/// The title of the window.
fn title(input: &Input<'_>) -> String {
    let question = input.question();
    input.unfinished.map_or_else(|| question.clone(), |own| format!("{} of {} runs: {question}", own.stored, own.runs))
}

fn missing(input: &Input<'_>) -> String {
    definitions(&unfinished::state(input)) + "\n" + &specification(input)
}

fn specification(input: &Input<'_>) -> String {
    format!(
        "<details>\n<summary>The specification</summary>\n<pre><code>{}</code></pre>\n</details>",
        escape::html(shown(input.study.canonical_toml().trim_end()))
    )
}

fn proof(input: &Input<'_>) -> String {
    let provenance: String =
        input.provenance().iter().map(|(label, text)| format!("<dt>{label}</dt><dd>{}</dd>\n", coded(text))).collect();
    let how = match input.beyond_us() {
        Some(words) => format!("<p>{}</p>", coded(&words)),
        None => format!(
            "<p>{follows}</p>\n\
             <pre><code>{command}</code></pre>\n\
             <p>{computes} the {runs} again and compares every recorded number; <code>--sample 5%</code> takes a sample. One digest \
             covers all of them, the root of the study:</p>",
            computes = input.computes(),
            follows = coded(&input.follows("on this page")),
            command = escape::html(&input.command()),
            runs = count(input.runs(), "run"),
        ),
    };
    format!(
        "{how}\n<pre><code id=\"root\">{root}</code></pre>\n\
         <dl class=\"entries\">\n{provenance}</dl>\n<p class=\"note\" id=\"replicated\" role=\"status\"></p>\n\
         {specification}",
        specification = specification(input),
        root = input.root,
    )
}

/// The specification, unless very long lists of values make it too large for a page.
fn shown(text: &str) -> &str {
    const MAX_BYTES: usize = 100_000;
    if text.len() > MAX_BYTES {
        "The specification is too long for this page: see study.toml, beside this page."
    } else {
        text
    }
}

/// Sets sentences with settings and commands between backticks.
pub(super) fn coded(text: &str) -> String {
    let set = |piece| match piece {
        Piece::Code(code) => format!("<code>{}</code>", escape::html(&code)),
        Piece::Words(words) => escape::html(&words),
    };
    mention::pieces(text).map(set).collect()
}
