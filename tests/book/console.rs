//! What a command prints beside what a page shows of it.
//!
//! `…` at the end of a line stands for its rest; a line of `…` alone for lines, or none.

const REST: char = '…';

/// A command of a block `console`, and the lines that are shown below it.
#[derive(Debug, PartialEq, Eq)]
pub struct Shown<'a> {
    pub command: &'a str,
    pub lines: &'a [String],
}

/// The commands of a block, with what is shown of each.
pub fn commands(lines: &[String]) -> Vec<Shown<'_>> {
    let starts: Vec<_> = (0..lines.len()).filter(|i| lines[*i].starts_with("$ ")).collect();
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(start, end)| Shown { command: &lines[*start][2..], lines: &lines[start + 1..end] })
        .collect()
}

/// Whether lines that were printed are the lines that are shown, which an empty line may follow.
pub fn same(shown: &[String], printed: &[String]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((line, [])) if line.is_empty() => printed.is_empty(),
        Some((line, rest)) if is_rest(line) => (0..=printed.len()).any(|skipped| same(rest, &printed[skipped..])),
        Some((line, rest)) => {
            printed.split_first().is_some_and(|(first, others)| is(line, first) && same(rest, others))
        }
    }
}

fn is_rest(line: &str) -> bool {
    line.chars().eq([REST])
}

/// Whether a line is the one that is shown.
fn is(shown: &str, printed: &str) -> bool {
    match shown.strip_suffix(REST) {
        Some(beginning) => printed.starts_with(beginning),
        None => shown == printed,
    }
}

/// What was printed, shortened where the page shortens it: lines that still begin as shown, and lines between those
/// that are shown.
pub fn rewritten(shown: &[String], printed: &[String]) -> Vec<String> {
    let patterns = || shown.iter().filter(|line| line.ends_with(REST) && !is_rest(line));
    let shortened = |line: &String| patterns().find(|pattern| is(pattern, line)).unwrap_or(line).clone();
    let mut lines: Vec<_> = printed.iter().map(shortened).collect();
    for i in (0..shown.len()).filter(|i| is_rest(&shown[*i])) {
        let before = i.checked_sub(1).map(|i| lines.iter().position(|line| *line == shown[i]));
        let Some(from) = before.map_or(Some(0), |found| found.map(|at| at + 1)) else { continue };
        let after = shown.get(i + 1).map(|next| lines[from..].iter().position(|line| line == next));
        let Some(to) = after.map_or(Some(lines.len()), |found| found.map(|at| from + at)) else { continue };
        lines.splice(from..to, [REST.to_string()]);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn commands_have_the_lines_below_them() {
        let block = lines("$ one\na\nb\n$ two\n$ three\nc");
        let found: Vec<_> = commands(&block).iter().map(|shown| (shown.command, shown.lines.len())).collect();
        assert_eq!(found, [("one", 2), ("two", 0), ("three", 1)]);
    }

    #[test]
    fn three_dots_stand_for_the_rest() {
        let printed = lines("180 runs in 1.2 s\ntable\nrow\nend");
        for good in ["180 runs in …\ntable\nrow\nend", "…", "180 runs in 1.2 s\n…\nend", "180 …\n…\ntable\n…\nend\n…"]
        {
            assert!(same(&lines(good), &printed), "{good}");
        }
        for wrong in
            ["", "180 runs in …", "180 runs in …\n…\nrow", "181…\n…", "…\nend\nend", "…\n180 runs in 1.2 s\ntable"]
        {
            assert!(!same(&lines(wrong), &printed), "{wrong}");
        }
    }

    #[test]
    fn what_is_written_again_keeps_its_three_dots() {
        let printed = lines("180 runs in 1.2 s\nhead\nrow\nother\nend");
        for (old, new) in [
            ("180 runs in …\ntable\nend", "180 runs in …\nhead\nrow\nother\nend"),
            ("180 runs in …\n…\nother\nfin", "180 runs in …\n…\nother\nend"),
            ("head\n…", "180 runs in 1.2 s\nhead\n…"),
            ("…\nend", "…\nend"),
            ("gone\n…\nend", "180 runs in 1.2 s\nhead\nrow\nother\nend"),
        ] {
            let written = rewritten(&lines(old), &printed);
            assert_eq!(written, lines(new));
            assert!(same(&written, &printed), "{old}");
        }
    }
}
