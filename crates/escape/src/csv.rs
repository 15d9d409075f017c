//! Cells of CSV files (RFC 4180). Spreadsheets evaluate cells that begin like a formula.

/// Escapes a text as a cell: in quotes where the format requires them, and with an apostrophe before text that a
/// spreadsheet would evaluate. [`csv_text`] reverses this.
///
/// A formula begins with `=`, `+`, `-` or `@`, also in full width and after spaces. Spreadsheets in some languages use
/// other separators, so every piece between separators is checked. Numbers stay unchanged.
#[must_use]
pub fn csv_cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        if is_formula(rest) {
            cell.push('\'');
        }
        match rest.find(SEPARATORS) {
            Some(end) => {
                cell.push_str(&rest[..=end]);
                rest = &rest[end + 1..];
            }
            None => break cell.push_str(rest),
        }
    }
    let plain = !cell.is_empty() && !cell.contains([',', '"', '\n', '\r']);
    if plain { cell } else { format!("\"{}\"", cell.replace('"', "\"\"")) }
}

/// Returns the text of a cell without its quotes.
#[must_use]
pub fn csv_text(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    let mut rest = cell;
    loop {
        let bare = rest.strip_prefix('\'').filter(|bare| is_formula(bare)).unwrap_or(rest);
        match bare.find(SEPARATORS) {
            Some(end) => {
                text.push_str(&bare[..=end]);
                rest = &bare[end + 1..];
            }
            None => break text.push_str(bare),
        }
    }
    text
}

/// The separators of cells in any language.
const SEPARATORS: [char; 5] = [';', '\t', '\n', '\r', '|'];

/// Whether a spreadsheet would evaluate this piece of a text. Apostrophes before it are skipped, so that those of the
/// text are escaped too and [`csv_text`] can reverse them.
fn is_formula(piece: &str) -> bool {
    let begin =
        piece.trim_start_matches('\'').trim_start_matches(|c: char| c.is_whitespace() && !SEPARATORS.contains(&c));
    let formula = begin.starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}', '\u{2212}']);
    formula && !is_number(piece)
}

/// Whether the whole text is a number: a sign, digits, a decimal point, an exponent.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit()) && text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_quoted_where_required() {
        for (text, cell) in [
            ("he", "he"),
            ("a,b", "\"a,b\""),
            ("say \"no\"", "\"say \"\"no\"\"\""),
            ("", "\"\""),
            ("-1", "-1"),
            ("+1.5e-3", "+1.5e-3"),
            ("a-b=c@d+e", "a-b=c@d+e"),
            ("../../data/x.csv", "../../data/x.csv"),
            ("it's", "it's"),
            ("'quoted'", "'quoted'"),
        ] {
            assert_eq!(csv_cell(text), cell);
        }
    }

    #[test]
    fn nothing_is_evaluated_and_every_text_is_restored() {
        for text in [
            "=1+1",
            "+cmd",
            "-2+3",
            "-",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            " =1",
            "\u{a0}=1",
            "＝1",
            "'=1",
            "''=1",
            "' =1",
            "a;=1",
            "a|=1;b\t-x",
            "a\n=1\n'-2x",
            "=HYPERLINK(\"http://x\",\"y\")",
            "-1+1",
            "-1e",
            "+nan",
            "-inf",
            ";",
            "'",
            "';=",
            "",
        ] {
            let cell = csv_cell(text);
            let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(cell.as_bytes());
            let read = reader.records().next().unwrap().unwrap();
            assert_eq!(csv_text(&read[0]), text, "{cell}");
            let pieces = || read[0].split([';', '\t', '\n', '\r', '|']);
            assert!(pieces().all(|piece| !piece.trim_start().starts_with(['=', '+', '-', '@', '＝'])), "{cell:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn different_texts_have_different_cells(a in "['=;|\t a-]{0,8}", b in "['=;|\t a-]{0,8}") {
            proptest::prop_assert_eq!(csv_text(&bare(&csv_cell(&a))), a.clone());
            proptest::prop_assert_eq!(csv_cell(&a) == csv_cell(&b), a == b);
        }
    }

    fn bare(cell: &str) -> String {
        cell.strip_prefix('"')
            .and_then(|cell| cell.strip_suffix('"'))
            .map_or_else(|| cell.into(), |cell| cell.replace("\"\"", "\""))
    }
}
