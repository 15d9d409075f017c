//! Invisible characters that change how other characters are shown.

/// Whether a character is invisible and has an effect: controls, marks and overrides of the writing direction,
/// characters without width, ends of lines and paragraphs, tags, fillers, and noncharacters.
///
/// Unicode 16: the general categories Cc and Cf, and those of `Default_Ignorable_Code_Point` that texts in living
/// languages do not need. Variation selectors are not hidden, since emoji use them.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    // The fast path: nearly every character is ASCII.
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}' | '\u{8e2}'
            | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fdd0}'..='\u{fdef}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        || (c as u32) & 0xfffe == 0xfffe
}

/// Whether every character of a text is visible, so that different texts do not look equal because of a hidden one.
#[must_use]
pub fn is_seen(text: &str) -> bool {
    !text.contains(is_hidden)
}

pub(super) enum Shown {
    /// Shown unchanged.
    Plain(char),
    /// Shown as a space, or as the end of a line where the target has lines.
    Blank(char),
    /// Shown as `?`.
    Hidden(char),
}

/// The characters of a text, and how they are shown. Joiners stay between two characters that are not ASCII: letters of
/// a joining script, or emoji.
pub(super) fn shown(text: &str) -> impl Iterator<Item = Shown> {
    let mut before = None;
    let mut rest = text.chars().peekable();
    std::iter::from_fn(move || {
        let c = rest.next()?;
        let joins = |c: Option<char>| c.is_some_and(|c| !c.is_ascii() && !is_hidden(c));
        let shown = match c {
            '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Shown::Blank(c),
            '\u{200c}' | '\u{200d}' if joins(before) && joins(rest.peek().copied()) => Shown::Plain(c),
            c if is_hidden(c) => Shown::Hidden(c),
            c => Shown::Plain(c),
        };
        before = Some(c);
        Some(shown)
    })
}

/// The text on one line, in visible characters.
pub(super) fn visible(text: &str) -> impl Iterator<Item = char> {
    shown(text).map(|shown| match shown {
        Shown::Plain(c) => c,
        Shown::Blank(_) => ' ',
        Shown::Hidden(_) => '?',
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_and_visible_characters() {
        let hidden = "\0\u{7}\u{1b}\u{7f}\u{85}\u{9b}\u{ad}\u{61c}\u{180e}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202e}\
                      \u{2060}\u{2066}\u{2069}\u{3164}\u{feff}\u{fff9}\u{ffff}\u{1fffe}\u{e0041}\u{e0100}";
        assert!(hidden.chars().all(is_hidden));
        let seen = "aZ09 ~äΩ☾−–“”…ηЖ中あ한עב\u{a0}\u{202f}\u{fe0f}\u{301}\u{fffd}🌙";
        assert!(seen.chars().all(|c| !is_hidden(c)) && is_seen(seen) && !is_seen(hidden));
    }

    #[test]
    fn joiners_stay_where_they_join() {
        let text = |text: &str| visible(text).collect::<String>();
        let joined = "می\u{200c}خواهم 👩\u{200d}🚀";
        assert_eq!(text(joined), joined);
        assert_eq!(text("a\u{200d}b\u{200c}ä\u{200c}"), "a?b?ä?");
        assert_eq!(text("a\r\n\tb\u{2028}\u{202e}c"), "a   b ?c");
    }
}
