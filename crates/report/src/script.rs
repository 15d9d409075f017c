//! The script of the page.

use super::{Input, addition, results::Results};

const SCRIPT: [&str; 7] = [
    include_str!("page/core.js"),
    include_str!("page/base.js"),
    include_str!("page/table.js"),
    include_str!("page/curves.js"),
    include_str!("page/planes.js"),
    include_str!("page/explorer.js"),
    include_str!("page/start.js"),
];

/// The script of a page; only the table if the experiment has no interactive part.
pub(super) fn script(input: &Input<'_>, results: &Results) -> String {
    let [_, base, table, ..] = SCRIPT;
    if addition::of(input.study).is_some() {
        return SCRIPT.concat();
    }
    // The value becomes part of a string in the script.
    let plain = |text: &&String| text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    let axis = results.axes.first().and_then(|axis| axis.rsplit('.').next());
    let value = results.rows.first().and_then(|row| row.values.first()).filter(plain);
    let example = match (axis, value) {
        (Some(axis), Some(value)) => format!("e.g. {axis}={value}"),
        _ => "a value".into(),
    };
    let table = table.replace("e.g. hidden=7 or 0.02", &example);
    format!("{base}{table}sortable();\n")
}

#[cfg(test)]
mod tests {
    /// Without a best trial the page opens the first one, so its texts must not call that trial the best.
    #[test]
    fn no_text_of_the_page_calls_a_trial_the_best() {
        let parts = super::SCRIPT.into_iter().chain([include_str!("page/explore.html")]);
        for part in parts {
            let lines = part.lines().filter(|line| !line.trim_start().starts_with("//"));
            for line in lines.filter(|line| line.contains("best")) {
                let rest = line.replace("\"#trials .best\"", "");
                assert!(!rest.split(['"', '`']).skip(1).step_by(2).any(|text| text.contains("best")), "{line}");
            }
        }
    }
}
