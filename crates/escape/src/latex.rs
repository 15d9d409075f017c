//! LaTeX.

use super::hidden::visible;

/// Escapes text for LaTeX, for every engine and also in moving arguments: it is typeset literally, without a command, a
/// comment, an alignment or the end of a paragraph. Characters that languages of `babel` make active are written by
/// name.
#[must_use]
pub fn latex(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut before = None;
    for c in visible(text) {
        // LaTeX would typeset two of them as one other character.
        if "-',".contains(c) && before == Some(c) {
            escaped.push_str("{}");
        }
        before = Some(c);
        match c {
            '\\' => escaped.push_str("\\textbackslash{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '<' => escaped.push_str("\\textless{}"),
            '>' => escaped.push_str("\\textgreater{}"),
            '|' => escaped.push_str("\\textbar{}"),
            '`' => escaped.push_str("\\textasciigrave{}"),
            '"' => escaped.push_str("\\symbol{34}"),
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => escaped.extend(['\\', c]),
            '\u{2212}' => escaped.push_str("$-$"),
            '\u{2013}' => escaped.push_str("--"),
            '\u{a0}' => escaped.push_str("\\nobreakspace{}"),
            '\u{202f}' => escaped.push_str("\\,"),
            'η' => escaped.push_str("$\\eta$"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latex_is_escaped() {
        assert_eq!(
            latex("95 % of a_b at η = 1e\u{2212}6 {#}\\"),
            "95 \\% of a\\_b at $\\eta$ = 1e$-$6 \\{\\#\\}\\textbackslash{}"
        );
        assert_eq!(latex("--no ''a,,-"), "-{}-no '{}'a,{},-");
        assert_eq!(
            latex("\\input{/etc/passwd}\n\n~^&$^^5c\u{202e}\"`<|>"),
            "\\textbackslash{}input\\{/etc/passwd\\}  \\textasciitilde{}\\textasciicircum{}\\&\\$\\textasciicircum{}\\textasciicircum{}5c?\
             \\symbol{34}\\textasciigrave{}\\textless{}\\textbar{}\\textgreater{}"
        );
    }
}
