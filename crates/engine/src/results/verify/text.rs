//! Locates the first difference between two texts.

/// Describes the first line that differs, with excerpts of both texts.
pub(super) fn first_line(stored: &[u8], computed: &[u8]) -> String {
    let (Ok(stored), Ok(computed)) = (std::str::from_utf8(stored), std::str::from_utf8(computed)) else {
        return "its bytes differ from those computed".into();
    };
    // Pages with pictures have long lines, and counting characters is slow: bytes are compared up to the line of the
    // difference.
    let start = stored[..alike(stored, computed)].rfind('\n').map_or(0, |end| end + 1);
    let before = stored[..start].matches('\n').count();
    let (theirs, ours) = (&stored[start..], &computed[start..]);
    let same = theirs.lines().zip(ours.lines()).take_while(|(a, b)| a == b).count();
    let (theirs, ours) = (theirs.lines().nth(same), ours.lines().nth(same));
    if theirs.is_none() && ours.is_none() {
        return "its line endings differ from those computed".into();
    }
    let common = ours.zip(theirs).map_or("", |(ours, theirs)| &ours[..alike(ours, theirs)]);
    let from = common.char_indices().rev().nth(23).map_or(0, |(place, _)| place);
    let excerpt = |line: Option<&str>| match line {
        None => "nothing".to_owned(),
        Some(line) => {
            let mut rest = line[from..].chars();
            let window: String = rest.by_ref().take(60).collect();
            let (before, after) = (if from > 0 { "…" } else { "" }, if rest.next().is_some() { "…" } else { "" });
            format!("`{before}{window}{after}`")
        }
    };
    format!("line {}: {} is stored, {} is computed", before + same + 1, excerpt(theirs), excerpt(ours))
}

/// The length of the common prefix in bytes, in whole characters.
fn alike(one: &str, other: &str) -> usize {
    const PIECE: usize = 4096;
    let (bytes, others) = (one.as_bytes(), other.as_bytes());
    let pieces = bytes.chunks_exact(PIECE).zip(others.chunks_exact(PIECE)).take_while(|(a, b)| a == b).count() * PIECE;
    let rest = bytes[pieces..].iter().zip(&others[pieces..]).take_while(|(a, b)| a == b).count();
    let mut place = pieces + rest;
    while !(one.is_char_boundary(place) && other.is_char_boundary(place)) {
        place -= 1;
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_located() {
        let long = "x".repeat(5000);
        for (stored, computed, says) in [
            ("a\nb\nc\n", "a\nB\nc\n", "line 2: `b` is stored, `B` is computed"),
            ("a\nb\n", "a\nb\nc\n", "line 3: nothing is stored, `c` is computed"),
            ("a\nb", "a\n", "line 2: `b` is stored, nothing is computed"),
            ("a\r\nb\r\n", "a\nb\n", "its line endings differ from those computed"),
            ("a\nb", "a\nb\n", "its line endings differ from those computed"),
            ("a\r\nb\r\n", "a\nc\n", "line 2: `b` is stored, `c` is computed"),
            ("a\r\nb\n", "a\nb\nc\n", "line 3: nothing is stored, `c` is computed"),
            ("ä\nöü", "ä\nöß", "line 2: `öü` is stored, `öß` is computed"),
        ] {
            assert_eq!(first_line(stored.as_bytes(), computed.as_bytes()), says);
        }
        let (stored, computed) = (format!("a\n{long}1{long}\n"), format!("a\n{long}2{long}\n"));
        let (before, after) = ("x".repeat(24), "x".repeat(35));
        assert_eq!(
            first_line(stored.as_bytes(), computed.as_bytes()),
            format!("line 2: `…{before}1{after}…` is stored, `…{before}2{after}…` is computed")
        );
        assert_eq!(first_line(b"\xff", b"\xfe"), "its bytes differ from those computed");
    }
}
