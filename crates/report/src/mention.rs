//! Sentences with settings and commands between backticks, which may contain untrusted text with backticks.

/// The placeholder for a backtick in untrusted text.
const BACKTICK: char = '\u{f8f8}';

/// Escapes untrusted text for a sentence, also between its backticks: it cannot begin or end code.
pub fn mention(text: &str) -> String {
    text.replace('`', BACKTICK.encode_utf8(&mut [0; 4]))
}

/// Returns the sentence with its escaped backticks restored.
pub fn plain(sentence: &str) -> String {
    sentence.replace(BACKTICK, "`")
}

/// A piece of a sentence.
pub enum Piece {
    /// Words.
    Words(String),
    /// The text between backticks.
    Code(String),
}

/// Splits a sentence into words and code.
pub fn pieces(sentence: &str) -> impl Iterator<Item = Piece> {
    sentence.split('`').enumerate().map(|(index, piece)| {
        let piece = plain(piece);
        if index % 2 == 1 { Piece::Code(piece) } else { Piece::Words(piece) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn untrusted_text_begins_no_code() {
        let sentence = format!("say `restudy status {}` of {}", mention("a`b"), mention("`<b>`"));
        let of = |piece| match piece {
            Piece::Words(words) => format!("({words})"),
            Piece::Code(code) => format!("[{code}]"),
        };
        assert_eq!(pieces(&sentence).map(of).collect::<String>(), "(say )[restudy status a`b]( of `<b>`)");
    }
}
