mod progress;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant, SystemTime},
};

use clap::Args;

use super::{
    CliError, Command, Common, Exit,
    open::{OpenStudy, StoredRuns},
    output_style,
    show::Rows,
    signal, text,
};
use crate::{
    progress::{Mode, output},
    results::study_text,
    store::{self, journal},
};
use progress::Progress;

/// Show the results of a study again whenever runs arrive, until it is finished.
///
/// On a terminal, redraws what `restudy show` prints, with as many rows as fit. In a pipe or with --progress plain,
/// prints one line per change: the time, the number of stored runs, failures, and the best mean so far. Only reads the
/// results folder: watch from another terminal, or from another machine that sees the folder. For a specification,
/// waits for the first run.
///
/// Ends by itself once the study is finished, and by Ctrl-C before; neither stops a sweep. A sweep that ends early,
/// such as one of a single shard, leaves the study unfinished: the watch goes on.
///
/// With --json, prints an object per change: {"study", "time", "stored", "runs", "failed", "diverged", "running",
/// "finished", "root"}.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Watch {
    /// Specification of a study, or its results folder, such as results/hidden.
    folder: PathBuf,
    /// How often to look for new runs: seconds, or a number with ms, s or min.
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = interval)]
    every: Duration,
    #[command(flatten)]
    rows: Rows,
}

const EXAMPLES: &str = "\
Exit codes:
  0    the study is finished
  2    no such folder, specification or field
  4    the study is finished, and stored results are damaged or forged
  130  ended by Ctrl-C

Examples:
  restudy watch experiments/hidden.toml
  restudy watch results/hidden --every 5s --sort validation-error
  restudy watch results/hidden --progress plain >> hidden.log";

impl Command for Watch {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        signal::end_with("no longer watching; this stops no sweep")?;
        let mut view = View { lines: 0, last: String::new(), terminal: is_redrawn(common) };
        let (mut folder, mut seen, mut failed) = (None, None, false);
        loop {
            let began = Instant::now();
            // Listed first: what arrives while the study is read is new at the next look.
            let stamp = folder.as_deref().map(files);
            let looked = State::of(&self.folder, common).and_then(|state| {
                let is_new = stamp.is_none() || seen.as_ref() != Some(&(stamp.clone(), state.is_running));
                let exit = if is_new { view.show(&state, &self.rows, common)? } else { None };
                Ok((state, exit))
            });
            match looked {
                Ok((_, Some(exit))) => return Ok(exit),
                Ok((state, None)) => {
                    (seen, failed) = (Some((stamp, state.is_running)), false);
                    folder = Some(state.opened.path);
                }
                // A file may be replaced while it is read.
                Err(error) if failed || seen.is_none() => return Err(error),
                Err(_) => failed = true,
            }
            // A large study takes long to read; most of the time is left to its sweep.
            thread::sleep(self.every.max(4 * began.elapsed()));
        }
    }
}

/// Whether lines are replaced on a terminal, rather than appended.
fn is_redrawn(common: &Common) -> bool {
    !common.json() && common.progress != Some(Mode::Plain) && output_style::terminal().is_some()
}

/// A study as it is now.
struct State {
    opened: OpenStudy,
    is_finished: bool,
    is_running: bool,
}

/// Sizes and times of the files that runs and results arrive in.
type Stamp = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

impl State {
    fn of(path: &Path, common: &Common) -> Result<Self, CliError> {
        let opened = OpenStudy::open(path, common)?;
        let text = study_text(&opened.study, &opened.path).1;
        let is_finished = opened.manifest.as_ref().is_some_and(|manifest| manifest.specification == text);
        let is_running = store::is_busy(&opened.path);
        // A sweep may be computing again what a changed input needs.
        let is_finished = is_finished && !is_running;
        Ok(Self { opened, is_finished, is_running })
    }
}

fn files(folder: &Path) -> Stamp {
    let segments = fs::read_dir(folder.join("segments")).into_iter().flatten().flatten().map(|entry| entry.path());
    let segments = segments.filter(|path| path.extension().is_some_and(|extension| extension == "seg"));
    let others = ["manifest.json", "study.toml"].map(|name| folder.join(name));
    let stamp = |path: PathBuf| {
        let about = fs::metadata(&path).ok()?;
        Some((path, (about.len(), about.modified().ok())))
    };
    segments.chain(others).filter_map(stamp).collect()
}

/// What was drawn before.
struct View {
    /// The lines on the terminal that the next drawing replaces.
    lines: usize,
    /// The last printed line, without its time.
    last: String,
    terminal: bool,
}

impl View {
    /// Shows the study; returns the exit code once it is finished.
    fn show(&mut self, state: &State, rows: &Rows, common: &Common) -> Result<Option<Exit>, CliError> {
        let found = state.opened.find(true)?;
        if !self.terminal {
            self.print_line(&Progress::of(state, &found), common);
            return Ok(state.is_finished.then(|| found.exit()));
        }
        if state.is_finished {
            // The last drawing stays, with all rows.
            let (exit, text) = output::capture(|| rows.print(&state.opened, &found, common, false));
            let exit = exit?;
            output::redraw(self.lines, &text);
            return Ok(Some(exit));
        }
        let text = draw(state, &found, rows, common)?;
        output::redraw(self.lines, &text);
        self.lines = height(&text);
        Ok(None)
    }
}

impl View {
    /// Prints a line if it differs from the last one.
    fn print_line(&mut self, progress: &Progress<'_>, common: &Common) {
        let line = if common.json() { progress.json().to_string() } else { progress.line() };
        if line == self.last {
            return;
        }
        if common.json() {
            let mut object = progress.json();
            object["time"] = journal::now().into();
            text::say_json(object);
        } else {
            text::say(format!("{}  {line}", journal::utc(journal::now())));
        }
        self.last = line;
    }
}

/// The rows that fit on the terminal, and a line about the sweep.
fn draw(state: &State, found: &StoredRuns, rows: &Rows, common: &Common) -> Result<String, CliError> {
    let (_, room) = output_style::terminal().unwrap_or((80, 24));
    let mut limit = rows.limit.unwrap_or(usize::MAX);
    loop {
        let limited = Rows { limit: Some(limit), ..rows.clone() };
        let (printed, text) = output::capture(|| {
            if found.runs().is_empty() {
                text::say(Progress::of(state, found).counted());
            } else {
                limited.print(&state.opened, found, common, true)?;
            }
            text::say("");
            say_sweep(state);
            Ok::<_, CliError>(())
        });
        printed?;
        let over = (height(&text) + 1).saturating_sub(room);
        if over == 0 || limit <= 1 {
            return Ok(text);
        }
        // The first drawing has a row for each trial or run.
        limit = limit.min(text.lines().count()).saturating_sub(over).max(1);
    }
}

fn say_sweep(state: &State) {
    let now = journal::utc(journal::now());
    match state.is_running {
        true => text::say(format!("{now}: a sweep is working here; Ctrl-C ends the watch alone")),
        false => {
            text::say(format!("{now}: no sweep is seen to work here; continue with `{}`", state.opened.continuation()))
        }
    }
}

/// The number of lines that a text takes on the terminal.
fn height(text: &str) -> usize {
    let columns = output_style::terminal().map_or(usize::MAX, |(columns, _)| columns.max(1));
    text.lines().map(|line| visible(line).div_ceil(columns).max(1)).sum()
}

/// The number of characters of a line without its color codes.
fn visible(line: &str) -> usize {
    let mut pieces = line.split("\u{1b}[");
    let first = pieces.next().map_or(0, |piece| piece.chars().count());
    first + pieces.map(|piece| piece.split_once('m').map_or(0, |(_, rest)| rest.chars().count())).sum::<usize>()
}

fn interval(text: &str) -> Result<Duration, String> {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[number.len()..] {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "min" => 60.0,
        _ => return Err(WRONG.into()),
    };
    match number.trim().parse::<f64>().map(|number| number * unit) {
        Ok(seconds) if (0.1..=3600.0).contains(&seconds) => Ok(Duration::from_secs_f64(seconds)),
        Ok(_) => Err("the time must be from 100ms to 60min".into()),
        Err(_) => Err(WRONG.into()),
    }
}

const WRONG: &str = "write a number and a unit, ms, s or min: 500ms, 5s";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_have_units() {
        let read = |text| interval(text).map(|time| time.as_millis());
        assert_eq!(
            ["5", "5s", "500ms", "0.5s", "2min"].map(|text| read(text).unwrap()),
            [5000, 5000, 500, 500, 120_000]
        );
        for wrong in ["", "s", "5h", "50ms", "2000min", "-1s", "NaN", "5 furlongs"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn color_codes_take_no_room() {
        assert_eq!(["", "abc", "\u{1b}[1mabc\u{1b}[0m", "a\u{1b}[36m▁█\u{1b}[0mb"].map(visible), [0, 3, 3, 4]);
    }
}
