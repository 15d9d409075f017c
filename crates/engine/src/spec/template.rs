use serde_json::Value as Json;

use super::{
    About,
    catalog::{Catalog, Kind, SettingInfo},
    schema::{example, inline},
    write::literal,
};

/// Returns a commented specification with every setting of these sections and its default (except that inputs from
/// files are scaled); `head` precedes the sections, and `sweep` follows them.
#[must_use]
pub fn template(settings: &Catalog, question: &str, head: &str, sections: &[String], sweep: &str) -> String {
    let about = Catalog::of(&inline::<About>());
    let mut text = String::from("# A study: a question, and what to run to answer it.\n\n[study]\n");
    comment(&mut text, about.get("question"));
    text.push_str(&format!("question = {}\n", literal(&question.into())));
    comment(&mut text, about.get("answer"));
    text.push_str("# answer = \"...\"\n");
    text.push_str(head);
    for section in sections {
        text.push_str(&format!("\n[{section}]\n"));
        for (key, known) in settings.inside(section) {
            comment(&mut text, Some(known));
            if known.kind == Kind::Group {
                let path = format!("{section}.{key}");
                let forms: Vec<_> = settings.inside(&path).map(|(form, _)| format!("{{ {form} = ... }}")).collect();
                text.push_str(&format!("# One of {}.\n", forms.join(", ")));
            }
            // Training fails on inputs far from size 1, so the template scales inputs from files; the default does not.
            if key == "standardise" {
                text.push_str("# The default is false: right for inputs that are of about the size of 1 already.\nstandardise = true\n");
                continue;
            }
            text.push_str(&line(key, known));
        }
    }
    text.push_str(sweep);
    text
}

fn line(key: &str, known: &SettingInfo) -> String {
    match known.default.as_ref().filter(|default| !default.is_null()) {
        Some(default) => format!("{key} = {}\n", literal(default)),
        None if known.required => format!("{key} = {}\n", literal(&placeholder(key, known))),
        None => format!("# {key} = {}\n", literal(&placeholder(key, known))),
    }
}

fn placeholder(key: &str, known: &SettingInfo) -> Json {
    match known.choices.first() {
        Some(choice) => choice.as_str().into(),
        None if key == "file" || key == "train" => "points.csv".into(),
        None => example(known.kind),
    }
}

fn comment(text: &mut String, known: Option<&SettingInfo>) {
    let Some(known) = known else { return };
    let first = known.description.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    text.push_str(&format!("# {first}\n"));
    if !known.choices.is_empty() && known.kind != Kind::Either {
        let choices: Vec<_> = known.choices.iter().map(|choice| format!("{choice:?}")).collect();
        let each = if known.kind == Kind::List { "Each one" } else { "One" };
        text.push_str(&format!("# {each} of {}.\n", choices.join(", ")));
    }
}
