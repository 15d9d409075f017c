//! Help: the options that all commands share are told once, in `restudy --help`; every other help names them in a line.

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches, error::ErrorKind};

use super::{Exit, GROUPS, Restudy, exit};
use crate::escape;

/// The heading of the options that every command understands.
pub(super) const COMMON: &str = "Common options";

const EXAMPLES: &str = "\
Examples:
  restudy new my-question.toml             write a commented specification
  restudy plan my-question.toml            what would run, and how long it takes
  restudy sweep my-question.toml           run what is not yet run; results in results/my-question/
  restudy verify results/my-question       run it all again and compare every bit

Exit codes:
  0    done
  1    the machine or the program failed: no room, no permission, a bug
  2    bad usage, specification or data
  3    some runs, or a cell of a notebook, failed
  4    a verification or a check found a difference, a run has two results that differ, or something stored is damaged
  130  interrupted";

/// The command line as it was typed. Ends the program where it asks for help, or is wrong.
pub(super) fn parse() -> Restudy {
    let words: Vec<_> = std::env::args_os().collect();
    read(&words).unwrap_or_else(|error| {
        // The message quotes what was typed or pasted. Typed without what is not seen, it is wrong in the same way.
        let seen: Vec<_> = words.iter().map(|word| OsString::from(&*escape::line(&word.to_string_lossy()))).collect();
        let same = read(&seen).err().filter(|other| other.kind() == error.kind());
        let error = same.unwrap_or_else(|| if seen == words { error } else { unseen() });
        if error.use_stderr() && is_for_program(&words) {
            exit::to_program();
            let text = error.render().to_string();
            let (message, rest) = text.trim().split_once('\n').unwrap_or((text.trim(), ""));
            let message = message.strip_prefix("error: ").unwrap_or(message);
            exit::tell_text(message, Some(rest.trim()).filter(|rest| !rest.is_empty()), Exit::Usage);
        }
        error.exit()
    })
}

/// Whether results of a command line that cannot be read are asked for as JSON.
fn is_for_program(words: &[OsString]) -> bool {
    let options = words.iter().take_while(|word| *word != "--");
    let options: Vec<_> = options.map(|word| word.to_string_lossy()).collect();
    options.iter().any(|word| word == "--json" || word == "--progress=json")
        || options.windows(2).any(|pair| pair[0] == "--progress" && pair[1] == "json")
}

fn read(words: &[OsString]) -> Result<Restudy, clap::Error> {
    Restudy::from_arg_matches(&command().try_get_matches_from(words)?)
}

/// The error of a command line that is wrong for nothing but characters that are not seen.
fn unseen() -> clap::Error {
    command().error(ErrorKind::InvalidValue, "an argument holds a control character, or one that is not seen")
}

/// All commands with their help.
fn command() -> clap::Command {
    let command = Restudy::command();
    let mut told = format!("{COMMON}, for every command:");
    let mut names = Vec::new();
    for option in command.get_arguments().filter(|option| option.get_help_heading() == Some(COMMON)) {
        let value = option.get_value_names().filter(|_| option.get_action().takes_values());
        let value = value.and_then(|names| names.first()).map_or_else(String::new, |name| format!(" {name}"));
        let name = format!("--{}{value}", option.get_long().unwrap_or_default());
        let short = option.get_short().map_or_else(|| "    ".into(), |short| format!("-{short}, "));
        let help = option.get_help().map(ToString::to_string).unwrap_or_default();
        told += &format!("\n  {short}{name:<16} {help}");
        names.push(name);
    }
    let (command, groups) = grouped(command);
    // What is hidden is not in the usage that clap would write.
    let program = std::env::args_os().next().map(std::path::PathBuf::from);
    let program =
        program.as_ref().and_then(|program| program.file_name()).map(|name| name.to_string_lossy().into_owned());
    let usage = format!("{} <COMMAND>", program.unwrap_or_else(|| command.get_name().to_owned()));
    let command = command.before_help(groups).help_template(TEMPLATE).override_usage(usage);
    let line = format!("Common options, told in `restudy --help`: {}", names.join(", "));
    with_line(command.after_help(told.clone()).after_long_help(format!("{told}\n\n{EXAMPLES}")), &line, true)
}

/// The help of the program itself: its commands stand before its options, in groups.
const TEMPLATE: &str = "{about-with-newline}\n{usage-heading} {usage}\n\n{before-help}{all-args}{after-help}";

/// The commands in groups, each with what its help begins with; clap would list them in one.
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
    let groups = GROUPS.iter().map(group).collect::<String>() + "`restudy help COMMAND` says more of each.";
    (command.clone().mut_subcommands(|own| own.hide(true)), groups)
}

/// The line at the end of the help of every command beneath this one, and of this one unless it is the first.
fn with_line(mut command: clap::Command, line: &str, first: bool) -> clap::Command {
    if !first {
        let own = command.get_after_help().map(|own| format!("{own}\n\n")).unwrap_or_default();
        // Where the long help ends in something of its own, the line stands there too.
        let long = command.get_after_long_help().map(|long| format!("{long}\n\n{line}"));
        command = command.after_help(format!("{own}{line}"));
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
}
