//! A page of the book: its blocks of code, and what each is for.

use std::{
    fs,
    path::{Path, PathBuf},
};

pub struct Page {
    pub path: PathBuf,
    pub text: String,
    pub blocks: Vec<Block>,
}

/// What stands between two lines of three backticks.
pub struct Block {
    /// Behind the first backticks.
    pub info: String,
    pub lines: Vec<String>,
    /// The place of its first line in the page, from 0.
    pub first: usize,
}

/// What is done with a block.
#[derive(Debug, PartialEq, Eq)]
pub enum Kind<'a> {
    Commands,
    Console,
    /// Commands that are not run.
    NotRun(&'a str),
    /// The text of a file.
    File(&'a str),
    Excerpt,
}

/// Languages of excerpts and files.
const LANGUAGES: [&str; 13] =
    ["toml", "csv", "md", "markdown", "json", "rust", "text", "latex", "yaml", "sql", "python", "matlab", "sh"];

/// The most columns of a line of prose.
const WIDTH: usize = 120;

impl Page {
    pub fn read(path: &Path) -> Self {
        Self::of(path, fs::read_to_string(path).unwrap())
    }

    pub fn of(path: &Path, text: String) -> Self {
        let (mut blocks, mut open): (Vec<Block>, _) = (Vec::new(), false);
        for (number, line) in text.lines().enumerate() {
            match (line.strip_prefix("```"), open) {
                (Some(info), false) => {
                    blocks.push(Block { info: info.to_owned(), lines: Vec::new(), first: number + 1 });
                    open = true;
                }
                (Some(_), true) => open = false,
                (None, true) => blocks.last_mut().unwrap().lines.push(line.to_owned()),
                (None, false) => {}
            }
        }
        Self { path: path.to_owned(), text, blocks }
    }

    /// As it is named in the repository.
    pub fn name(&self) -> String {
        self.path.strip_prefix(super::top()).unwrap_or(&self.path).display().to_string()
    }

    /// Blocks of no kind, commands that no test would see, and lines of prose that are too long.
    pub fn faults(&self) -> Vec<String> {
        let at = |block: &Block| format!("{}:{}: ", self.name(), block.first);
        let mut faults: Vec<_> =
            self.long().map(|number| format!("{}:{number}: more than {WIDTH} columns", self.name())).collect();
        for block in &self.blocks {
            match block.kind() {
                None => faults.push(at(block) + &format!("a block `{}` is of no kind", block.info)),
                Some(Kind::Excerpt) if block.lines.iter().any(|line| line.starts_with("$ ")) => {
                    faults.push(at(block) + "commands stand in `sh` or `console`");
                }
                Some(Kind::Excerpt) if block.info == "json" => {
                    let text = block.lines.join("\n");
                    let read = serde_json::from_str::<serde_json::Value>(&text);
                    faults.extend(read.err().map(|error| at(block) + &error.to_string()));
                }
                Some(_) => {}
            }
        }
        faults
    }

    /// The numbers, from 1, of lines of prose that are too long. A row of a table and a linked picture cannot be
    /// broken.
    fn long(&self) -> impl Iterator<Item = usize> {
        let lines = self.text.lines().enumerate().filter(|(_, line)| line.chars().count() > WIDTH);
        let prose = lines.filter(|(_, line)| !line.starts_with(['|', '[']));
        let code =
            |number| self.blocks.iter().any(|block| (block.first..block.first + block.lines.len()).contains(&number));
        prose.map(|(number, _)| number).filter(move |number| !code(*number)).map(|number| number + 1)
    }

    /// The text with other lines in some of its blocks, which are given by their numbers.
    pub fn with(&self, changed: &[(usize, Vec<String>)]) -> String {
        let mut lines: Vec<&str> = self.text.lines().collect();
        for (block, new) in changed.iter().rev() {
            let Block { lines: old, first, .. } = &self.blocks[*block];
            lines.splice(*first..first + old.len(), new.iter().map(String::as_str));
        }
        lines.join("\n") + "\n"
    }
}

impl Block {
    pub fn kind(&self) -> Option<Kind<'_>> {
        let (language, rest) = self.info.split_once(' ').unwrap_or((&self.info, ""));
        match (language, rest) {
            ("sh", "") => Some(Kind::Commands),
            ("console", "") => Some(Kind::Console),
            ("sh", rest) if rest.starts_with("not-run=") => {
                let reason = rest.strip_prefix("not-run=\"")?.strip_suffix('"')?;
                Some(Kind::NotRun(reason))
            }
            (language, "") => LANGUAGES.contains(&language).then_some(Kind::Excerpt),
            (language, name) => LANGUAGES.contains(&language).then_some(Kind::File(name)),
        }
    }
}

#[test]
fn blocks_are_found_with_their_lines_and_replaced() {
    let text =
        "a\n```sh\none\ntwo\n```\nb\n```toml x.toml\nk = 1\n```\n```sh not-run=\"needs Slurm\"\n```\n```bash\n```\n";
    let page = Page::of(Path::new("x.md"), text.into());
    let kinds: Vec<_> = page.blocks.iter().map(Block::kind).collect();
    assert_eq!(kinds, [Some(Kind::Commands), Some(Kind::File("x.toml")), Some(Kind::NotRun("needs Slurm")), None]);
    assert_eq!(page.faults(), ["x.md:12: a block `bash` is of no kind"]);
    assert_eq!(page.with(&[]), text);
    let long = Page::of(Path::new("x.md"), format!("{0}\n```text\n{0}\n```\n| {0} |\n", "word ".repeat(25)));
    assert_eq!(long.faults(), ["x.md:1: more than 120 columns"]);
    let changed = page.with(&[(0, vec!["three".into()]), (1, vec!["k = 2".into(), "l = 3".into()])]);
    assert_eq!(changed, text.replace("one\ntwo", "three").replace("k = 1", "k = 2\nl = 3"));
}
