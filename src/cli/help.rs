//! Help: `restudy --help` describes the options that all commands share; the help of every other command lists their
//! names.

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches, error::ErrorKind};

use super::{Code, GROUPS, Restudy, exit};
use crate::escape;

pub(super) const COMMON: &str = "Common options";

const EXAMPLES: &str = "\
Examples:
  restudy new my-question.toml             write a commented specification
  restudy plan my-question.toml            show what would run, and how long it takes
  restudy sweep my-question.toml           run what is missing; results in results/my-question/
  restudy verify results/my-question       run everything again and compare every bit

Exit codes:
  0    done
  1    the machine or the program failed: no space, no permission, a bug
  2    bad usage, specification or data
  3    some runs failed, or a cell of a notebook failed
  4    results differ: from the manifest, from a second computation, or between folders; or stored results are damaged
  130  interrupted";

/// Parses the command line; prints help or an error and exits where that is due.
pub(super) fn parse() -> Restudy {
    let words: Vec<_> = std::env::args_os().collect();
    read(&words).unwrap_or_else(|error| {
        // The message quotes the arguments, so it is made from a copy without control and invisible characters.
        let visible: Vec<_> =
            words.iter().map(|word| OsString::from(&*escape::line(&word.to_string_lossy()))).collect();
        let same = read(&visible).err().filter(|other| other.kind() == error.kind());
        let error = same.unwrap_or_else(|| if visible == words { error } else { invisible_character() });
        if error.use_stderr() && asks_for_json(&words) {
            exit::print_errors_as_json();
            let text = error.render().to_string();
            let (message, rest) = text.trim().split_once('\n').unwrap_or((text.trim(), ""));
            let message = message.strip_prefix("error: ").unwrap_or(message);
            exit::print_text(Code::Usage, message, Some(rest.trim()).filter(|rest| !rest.is_empty()));
        }
        error.exit()
    })
}

/// Whether a command line that cannot be parsed asks for JSON.
fn asks_for_json(words: &[OsString]) -> bool {
    let options = words.iter().take_while(|word| *word != "--");
    let options: Vec<_> = options.map(|word| word.to_string_lossy()).collect();
    options.iter().any(|word| word == "--json" || word == "--progress=json")
        || options.windows(2).any(|pair| pair[0] == "--progress" && pair[1] == "json")
}

fn read(words: &[OsString]) -> Result<Restudy, clap::Error> {
    Restudy::from_arg_matches(&command().try_get_matches_from(words)?)
}

/// The error of a command line that is valid once invisible characters are removed.
fn invisible_character() -> clap::Error {
    command().error(ErrorKind::InvalidValue, "an argument contains a control character or an invisible character")
}

fn command() -> clap::Command {
    let command = Restudy::command();
    let mut common = format!("{COMMON}, for every command:");
    let mut names = Vec::new();
    for option in command.get_arguments().filter(|option| option.get_help_heading() == Some(COMMON)) {
        let value = option.get_value_names().filter(|_| option.get_action().takes_values());
        let value = value.and_then(|names| names.first()).map_or_else(String::new, |name| format!(" {name}"));
        let name = format!("--{}{value}", option.get_long().unwrap_or_default());
        let short = option.get_short().map_or_else(|| "    ".into(), |short| format!("-{short}, "));
        let help = option.get_help().map(ToString::to_string).unwrap_or_default();
        common += &format!("\n  {short}{name:<16} {help}");
        names.push(name);
    }
    let (command, groups) = grouped(command);
    // clap leaves hidden subcommands out of the usage line.
    let program = std::env::args_os().next().map(std::path::PathBuf::from);
    let program =
        program.as_ref().and_then(|program| program.file_name()).map(|name| name.to_string_lossy().into_owned());
    let usage = format!("{} <COMMAND>", program.unwrap_or_else(|| command.get_name().to_owned()));
    let command = command.before_help(groups).help_template(TEMPLATE).override_usage(usage);
    let line = format!("Common options (see `restudy --help`): {}", names.join(", "));
    with_line(command.after_help(common.clone()).after_long_help(format!("{common}\n\n{EXAMPLES}")), &line, true)
}

/// The help of the program: groups of commands, then the options.
const TEMPLATE: &str = "{about-with-newline}\n{usage-heading} {usage}\n\n{before-help}{all-args}{after-help}";

/// The commands in groups, each with the first words of its help; clap would print a single list.
fn grouped(command: clap::Command) -> (clap::Command, String) {
    let about = |name: &str| {
        let about = command.find_subcommand(name).and_then(clap::Command::get_about).map(ToString::to_string);
        let about = about.unwrap_or_default();
        about.split([':', ';', ',']).next().unwrap_or_default().to_owned()
    };
    let line = |module: &&str| {
        let name = module.replace('_', "-");
        format!("  {name:<12} {}\n", about(&name))
    };
    let group =
        |(title, modules): &(&str, &[&str])| format!("{title}:\n{}\n", modules.iter().map(line).collect::<String>());
    let groups = GROUPS.iter().map(group).collect::<String>() + "`restudy help COMMAND` describes a command.";
    (command.clone().mut_subcommands(|command| command.hide(true)), groups)
}

/// Appends `line` to the help of all subcommands, and of `command` unless it is the `root`.
fn with_line(mut command: clap::Command, line: &str, root: bool) -> clap::Command {
    if !root {
        let short = command.get_after_help().map(|short| format!("{short}\n\n")).unwrap_or_default();
        // A long help with an ending of its own needs the line there too.
        let long = command.get_after_long_help().map(|long| format!("{long}\n\n{line}"));
        command = command.after_help(format!("{short}{line}"));
        if let Some(long) = long {
            command = command.after_long_help(long);
        }
    }
    let names: Vec<String> = command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(name, |command| with_line(command, line, false));
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn every_long_help_has_exit_codes_and_examples() {
        fn check(command: &clap::Command) {
            let mut subcommands = command.get_subcommands().filter(|command| command.get_name() != "help").peekable();
            if subcommands.peek().is_none() {
                let help = command.clone().render_long_help().to_string();
                assert!(help.contains("Exit codes:") && help.contains("Example"), "{}: {help}", command.get_name());
            }
            subcommands.for_each(check);
        }
        check(&command());
    }
}
