//! Sentences in which settings and commands stand between backticks, and text of others that holds some.

/// Stands for a backtick that is none of ours.
const BACKTICK: char = '\u{f8f8}';

/// Text of others in a sentence, or between its backticks: it begins and ends no code.
pub fn mention(text: &str) -> String {
    text.replace('`', BACKTICK.encode_utf8(&mut [0; 4]))
}

/// A sentence whose backticks are backticks.
pub fn plain(sentence: &str) -> String {
    sentence.replace(BACKTICK, "`")
}

/// What a sentence is made of.
pub enum Piece {
    /// Words.
    Words(String),
    /// What stood between backticks.
    Code(String),
}

/// The pieces of a sentence.
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
    fn text_of_others_begins_no_code() {
        let sentence = format!("say `restudy status {}` of {}", mention("a`b"), mention("`<b>`"));
        let of = |piece| match piece {
            Piece::Words(words) => format!("({words})"),
            Piece::Code(code) => format!("[{code}]"),
        };
        assert_eq!(pieces(&sentence).map(of).collect::<String>(), "(say )[restudy status a`b]( of `<b>`)");
    }
}
