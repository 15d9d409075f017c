//! The badge as SVG: the same bytes for the same root and the same numbers of runs. It has no date, and states no more
//! than was computed.

use crate::digest::Digest;

/// The content of a badge.
pub(super) struct Badge {
    pub root: Digest,
    /// The number of runs of a sample that were computed again; none if all were.
    pub verified: Option<usize>,
    pub runs: usize,
}

/// The start of the title of every badge, by which badges are recognized.
const TITLE: &str = "<title>restudy: ";
/// Background colors; white letters on them have a contrast of at least 5 to 1.
const ALL: &str = "#1a7f37";
const SAMPLE: &str = "#0969da";
/// The padding of texts, in tenths of a pixel like all lengths here.
const MARGIN: usize = 60;
const HEIGHT: usize = 200;

impl Badge {
    /// The text for screen readers and messages.
    pub(super) fn statement(&self) -> String {
        format!("{}, root {}", self.verified(), self.root.short())
    }

    fn verified(&self) -> String {
        let noun = if self.runs == 1 { "run" } else { "runs" };
        let runs = number(self.runs);
        match self.verified {
            None => format!("{runs} {noun} verified"),
            Some(verified) => format!("{} of {runs} {noun} verified", number(verified)),
        }
    }

    /// The SVG file.
    pub(super) fn svg(&self) -> String {
        let (name, words) = ("restudy", format!("{} \u{b7} {}", self.verified(), self.root.short()));
        let ground = if self.verified.is_some() { SAMPLE } else { ALL };
        let [left, right] = [name, &words].map(|text| length(text) + 2 * MARGIN);
        let (width, statement) = (left + right, self.statement());
        let text = |begin: usize, text: &str| {
            format!("<text x=\"{}\" y=\"140\" textLength=\"{}\">{text}</text>\n", begin + MARGIN, length(text))
        };
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"20\" \
             viewBox=\"0 0 {width} {HEIGHT}\" role=\"img\" aria-label=\"restudy: {statement}\">\n\
             {TITLE}{statement}</title>\n\
             <path fill=\"#444\" d=\"M30 0H{left}V{HEIGHT}H30A30 30 0 0 1 0 170V30A30 30 0 0 1 30 0Z\"/>\n\
             <path fill=\"{ground}\" d=\"M{left} 0H{}A30 30 0 0 1 {width} 30V170A30 30 0 0 1 {} {HEIGHT}H{left}Z\"/>\n\
             <g fill=\"#fff\" font-family=\"Verdana, 'DejaVu Sans', Geneva, sans-serif\" font-size=\"110\">\n{}{}</g>\n\
             </svg>\n",
            width as f64 / 10.0,
            width - 30,
            width - 30,
            text(0, name),
            text(left, &words),
        )
    }
}

/// The statement of a badge; none if the text is not a badge.
pub(super) fn said(svg: &str) -> Option<&str> {
    let begins = svg.starts_with("<svg ").then(|| svg.split_once(TITLE))?;
    begins?.1.split_once("</title>").map(|(said, _)| said)
}

/// A number with separated thousands, by the no-break space that every font has.
fn number(value: usize) -> String {
    let digits = value.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join("\u{a0}")
}

/// The width of a text in Verdana at 11 pixels. Other fonts are stretched to it.
fn length(text: &str) -> usize {
    let tenths = |letter| match letter {
        'i' => 30,
        ' ' | '\u{a0}' | 'f' => 39,
        '\u{b7}' => 40,
        't' => 43,
        'r' => 47,
        'c' | 's' => 57,
        'v' | 'y' => 65,
        'a' | 'e' => 66,
        'o' => 67,
        'b' | 'd' => 69,
        _ => 70,
    };
    text.chars().map(tenths).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn badge(verified: Option<usize>, runs: usize) -> Badge {
        Badge { root: Digest([0x1a; 32]), verified, runs }
    }

    #[test]
    fn value_stability() {
        let short = |verified, runs| Digest::of(badge(verified, runs).svg().as_bytes()).short();
        assert_eq!([short(None, 420), short(Some(59), 72_000)], ["57342da22108", "a02a2c09d777"]);
    }

    #[test]
    fn it_says_what_was_verified_and_no_more() {
        for (verified, runs, said_of_it) in [
            (None, 1, "1 run verified, root 1a1a1a1a1a1a"),
            (None, 420, "420 runs verified, root 1a1a1a1a1a1a"),
            (Some(59), 72_000, "59 of 72\u{a0}000 runs verified, root 1a1a1a1a1a1a"),
            (Some(6), 6, "6 of 6 runs verified, root 1a1a1a1a1a1a"),
        ] {
            let badge = badge(verified, runs);
            let svg = badge.svg();
            assert_eq!(badge.statement(), said_of_it);
            assert_eq!(said(&svg), Some(said_of_it));
            let (runs, root) = said_of_it.split_once(", root ").unwrap();
            assert!(svg.contains(&format!(">{runs} \u{b7} {root}</text>")), "{svg}");
            assert_ne!(svg.contains(ALL), svg.contains(SAMPLE), "a sample has a color of its own");
        }
    }

    #[test]
    fn what_is_no_badge_is_not_taken_for_one() {
        let figure = "<svg xmlns=\"...\"><title>Hidden units</title></svg>";
        for text in ["", figure, "# restudy\n<title>restudy: x</title>"] {
            assert_eq!(said(text), None, "{text}");
        }
    }
}
