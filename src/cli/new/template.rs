//! A commented specification for a program.

use std::path::Path;

use serde_json::Value as Json;

use super::{
    command::{Program, placeholders},
    options::{OWN, Options, ProgramOption, Role},
};
use crate::spec::write::literal;

/// A specification, and what is in it.
pub(super) struct Specification {
    pub(super) text: String,
    pub(super) parameters: Vec<String>,
    /// The number of lines to be edited.
    pub(super) todo: usize,
}

struct Parameter {
    name: String,
    value: Json,
    is_invented: bool,
    about: String,
}

impl Parameter {
    /// Whether it says how long a program works: seldom what a study asks about.
    fn is_length(&self) -> bool {
        let plain = self.name.replace('_', "-").to_lowercase();
        ["epochs", "num-epochs", "n-epochs", "steps", "num-steps", "max-steps", "iterations", "iters", "max-iter"].contains(&plain.as_str())
    }
}

/// Writes the specification of a program with these options.
pub(super) fn specification(mut program: Program, options: Option<&Options>) -> Specification {
    let known: Vec<&ProgramOption> = options.iter().flat_map(|options| &options.options).collect();
    let (mut parameters, mut left_out, mut has_seed) = (Vec::new(), Vec::new(), false);
    // Placeholders in the given command.
    for (place, word) in program.run.iter().enumerate() {
        let option = known.iter().find(|option| is_at(&program, place, option));
        for name in placeholders(word) {
            has_seed |= name == "seed";
            if OWN.contains(&name) || parameters.iter().any(|own: &Parameter| own.name == name) {
                continue;
            }
            let (value, is_invented) = match option.map(|option| option.role()) {
                Some(Role::Parameter { value, is_invented, .. }) => (value, is_invented),
                _ => (1.into(), true),
            };
            let about = option.map_or_else(String::new, |option| about(option));
            parameters.push(Parameter { name: name.to_owned(), value, is_invented, about });
        }
    }
    let mut given = given_arguments(&program);
    let (mut last, mut words) = (Vec::new(), Vec::new());
    for option in known {
        if is_given(&program, option) {
            has_seed |= option.role() == Role::Seed;
            continue;
        }
        if option.positional.is_some() && given > 0 {
            given -= 1;
            continue;
        }
        match option.role() {
            Role::Seed if has_seed => {}
            Role::Seed => {
                has_seed = true;
                words.extend(option.words("{seed}"));
            }
            Role::Parameter { name, value, is_invented } => {
                // A default that names a file is one of its inputs.
                value.as_str().and_then(|path| program.add(path));
                let all = if option.names.is_empty() { &mut last } else { &mut words };
                all.extend(option.words(&format!("{{{name}}}")));
                parameters.push(Parameter { name, value, is_invented, about: about(option) });
            }
            Role::LeftOut(why) => left_out.push((option.written().to_owned(), why)),
        }
    }
    program.run.extend(words);
    program.run.extend(last);
    let text = text(&program, options, &parameters, &left_out, has_seed);
    let todo = text.lines().filter(|line| line.starts_with('#') && line.contains("TODO")).count();
    Specification { text, parameters: parameters.into_iter().map(|own| own.name).collect(), todo }
}

/// Whether the word at this place of the given command is the value of an option.
fn is_at(program: &Program, place: usize, option: &ProgramOption) -> bool {
    let before = place.checked_sub(1).map(|before| &program.run[before]);
    let joined = program.run[place].split('=').next();
    option.names.iter().any(|name| before == Some(name) || joined == Some(name))
}

/// Whether the given command has an option already.
fn is_given(program: &Program, option: &ProgramOption) -> bool {
    let has = |word: &String| {
        option.names.iter().any(|name| word == name || word.strip_prefix(name).is_some_and(|rest| rest.starts_with('=')))
    };
    program.typed.iter().any(has)
}

/// The number of words after the program that are neither options nor their values.
fn given_arguments(program: &Program) -> usize {
    let after = program.own.map_or(&[][..], |place| &program.typed[place + 1..]);
    let is_option = |word: &String| word.starts_with('-');
    let before = std::iter::once(None).chain(after.iter().map(Some));
    let is_argument = |(before, word): &(Option<&String>, &String)| {
        !is_option(word) && before.is_none_or(|before| !is_option(before) || before.contains('='))
    };
    before.zip(after).filter(is_argument).count()
}

/// What an option means, with its choices, in a line.
fn about(option: &ProgramOption) -> String {
    let choices = if option.choices.is_empty() { String::new() } else { format!("One of {}.", option.choices.join(", ")) };
    sentences(&line(&option.about), &line(&choices))
}

/// Two texts, of which the first ends with a point if the second one follows.
fn sentences(first: &str, second: &str) -> String {
    match (first, second) {
        ("", only) | (only, "") => only.to_owned(),
        (first, second) if first.ends_with(['.', '!', '?', ';', ':']) => format!("{first} {second}"),
        (first, second) => format!("{first}. {second}"),
    }
}

/// A text of others as a part of a comment.
fn line(text: &str) -> String {
    const MOST: usize = 160;
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

fn text(
    program: &Program,
    options: Option<&Options>,
    parameters: &[Parameter],
    left_out: &[(String, &str)],
    has_seed: bool,
) -> String {
    let swept = parameters.iter().find(|own| own.value.is_number() && !own.is_length());
    let swept = swept.or(parameters.iter().find(|own| own.value.is_number())).or(parameters.first());
    let question = swept.map_or_else(|| "What does the program measure?".into(), |own| format!("How does the loss depend on {}?", own.name));
    let mut text = format!(
        "# A study of a program: a question, how the program is started, what it measures, and what is swept.\n\n[study]\n\
         # The question, in a sentence; it heads the report. TODO: yours.\nquestion = {}\n\
         # The answer, in Markdown, once it is known; it follows the question in the report.\n# answer = \"...\"\n\n\
         [command]\n",
        literal(&question.into()),
    );
    text += &comment(
        "The program and its arguments; no shell reads them. {NAME} is a parameter below, {seed} the seed of a run, {run-dir} its folder, \
         {settings} a JSON file with seed and parameters.",
    );
    text += &format!("run = {}\n", literal(&Json::from(program.run.clone())));
    if options.is_none() {
        text += "# TODO: options of the program, such as \"--rate\", \"{rate}\"; they could not be read from it.\n";
    }
    if !has_seed {
        text += &comment(
            "TODO: a seed for everything random. Every run has another one: {seed} among the words above, or the variable RESTUDY_SEED.",
        );
    }
    let named = |(name, why): &(String, &str)| if why.is_empty() { name.clone() } else { format!("{name} ({why})") };
    if !left_out.is_empty() {
        let named: Vec<_> = left_out.iter().map(named).collect();
        text += &comment(&format!("Left to the program: {}.", named.join(", ")));
    }
    text += &inputs(program);
    if program.is_python() {
        let python = &program.typed[0];
        text += "# Commands whose output describes the machine; it is recorded with the results.\n";
        let version = |words: &[&str]| Json::from([&[python.as_str()], words].concat());
        text += &format!("versions = {}\n", literal(&Json::from(vec![version(&["--version"]), version(&["-m", "pip", "freeze"])])));
    }
    text += "# Variables of the environment, beside a short list that every program gets:\n# environment = { NAME = \"value\" }\n\
             # The longest time of a run; what it takes of the machine while others run, too:\n\
             # time-limit = \"10 min\"\n# processors = 1\n# memory = \"4 GB\"\n\
             # Files of a run to keep, with their digests:\n# keep = [\"model.pt\", \"*.png\"]\n";
    if !parameters.is_empty() {
        text += "\n# The parameters with their defaults, which decide their types; in [sweep] they are \"parameters.NAME\".\n[parameters]\n";
    }
    for Parameter { name, value, is_invented, about } in parameters {
        let todo = if *is_invented { "TODO: no default is known; a value, or leave it out here and in `run`." } else { "" };
        let about = sentences(about, todo);
        text += &if about.is_empty() { String::new() } else { comment(&about) };
        text += &format!("{name} = {}\n", literal(value));
    }
    text += &measurements(program);
    text += &sweep(swept);
    text
}

fn inputs(program: &Program) -> String {
    let explained = comment(
        "Files and folders that every run gets as copies, in a folder of its own; they are part of the identity of a run. Data \
         belongs here too: \"data/*.csv\".",
    );
    let plain = program.inputs.iter().all(|(name, path)| name == path);
    if program.inputs.is_empty() {
        return format!("{explained}# inputs = [\"data.csv\"]\n");
    }
    let names = || program.inputs.keys().cloned().collect::<Vec<_>>();
    let value = if plain { Json::from(names()) } else { serde_json::to_value(&program.inputs).unwrap_or_default() };
    format!("{explained}inputs = {}\n", literal(&value))
}

/// How programs in these languages print a measurement, by the ending of their file.
const PRINTS: [(&[&str], &str); 6] = [
    (&["py"], "print(json.dumps({\"step\": step, \"validation\": {\"loss\": loss}}), flush=True)"),
    (&["R", "r"], "cat(sprintf('{\"step\": %d, \"validation\": {\"loss\": %.17g}}\\n', step, loss))"),
    (&["jl"], "println(\"{\\\"step\\\": $step, \\\"validation\\\": {\\\"loss\\\": $loss}}\")"),
    (&["js", "mjs"], "console.log(JSON.stringify({ step, validation: { loss } }))"),
    (&["sh", "bash"], "echo \"{\\\"step\\\": $step, \\\"validation\\\": {\\\"loss\\\": $loss}}\""),
    (&[], "printf(\"{\\\"step\\\": %d, \\\"validation\\\": {\\\"loss\\\": %.17g}}\\n\", step, loss);"),
];

fn measurements(program: &Program) -> String {
    let own = program.script().and_then(|own| Some(own.extension()?.to_string_lossy().into_owned())).unwrap_or_default();
    let of = |ending: &str| PRINTS.iter().find(|(endings, _)| endings.contains(&ending)).map(|(_, print)| *print);
    let print = of(&own).or_else(|| of("py").filter(|_| program.is_python())).unwrap_or(PRINTS[PRINTS.len() - 1].1);
    let explained = comment(
        "What the program measures: it prints lines of JSON on standard output, each with values by name, and the step if there are \
         several; other lines are its log. For example:",
    );
    let names = comment(
        "TODO: the names that the program prints. Directions are \"lower\", \"higher\" and \"none\"; `objective = true` marks the one \
         measurement by which trials are compared. Others may have unit = \"nat\", or show = \"percent\" for shares.",
    );
    format!(
        "\n{explained}#   {print}\n{names}[measurements]\n\"validation.loss\" = {{ direction = \"lower\", objective = true }}\n\
         # accuracy = {{ direction = \"higher\", show = \"percent\" }}\n"
    )
}

fn sweep(swept: Option<&Parameter>) -> String {
    let values = |value: &Json| match value {
        Json::Number(number) if !number.is_f64() => {
            number.as_i64().map(|whole| Json::from(vec![whole, whole.saturating_mul(2).max(whole.saturating_add(1))]))
        }
        Json::Number(number) => number.as_f64().map(|value| {
            let other = if value == 0.0 { 0.1 } else { 2.0 * value };
            Json::from(vec![value, if other.is_finite() { other } else { 1.0 }])
        }),
        Json::Bool(_) => Some(Json::from(vec![false, true])),
        _ => None,
    };
    let line = swept.map_or_else(
        || "# \"parameters.NAME\" = [1, 2]\n".to_owned(),
        |own| match values(&own.value) {
            Some(values) => format!("\"parameters.{}\" = {}\n", own.name, literal(&values)),
            None => format!("# \"parameters.{}\" = [{}, ...]\n", own.name, literal(&own.value)),
        },
    );
    format!(
        "\n# What is swept: the values of a parameter, in a list or a range; every combination is a trial. TODO: your values.\n[sweep]\n{line}\
         # \"parameters.rate\" = {{ from = 0.001, to = 1, steps = 4, scale = \"log\" }}\n\
         # The seeds that every trial runs under: a count, a list, or {{ from = 100, count = 30 }}.\nseeds = 5\n"
    )
}

/// A comment in lines of at most 120 characters.
fn comment(text: &str) -> String {
    let (mut lines, mut line) = (String::new(), String::from("#"));
    for word in text.split_whitespace() {
        if line.chars().count() + word.chars().count() >= 120 && line.len() > 1 {
            lines += &format!("{line}\n");
            line = "#".into();
        }
        line += &format!(" {word}");
    }
    lines + &line + "\n"
}

/// The name of a program in messages.
pub(super) fn name(program: &Program) -> String {
    let module = program.typed.iter().position(|word| word == "-m").filter(|_| program.is_python());
    let word = &program.typed[module.map(|place| place + 1).or(program.own).unwrap_or(0)];
    let name = Path::new(word).file_name().map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| word.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_stays_a_comment() {
        let option = ProgramOption {
            names: vec!["--rate".into()],
            positional: None,
            kind: crate::cli::new::options::Kind::Float,
            default: 0.1.into(),
            many: false,
            required: false,
            choices: vec!["a\n[sweep]".into()],
            about: format!("A rate\r\n[command]\u{1b}[2J {}", "x".repeat(1000)),
        };
        let text = comment(&about(&option));
        assert!(text.lines().all(|line| line.starts_with("# ")), "{text}");
        assert!(!text.chars().any(|c| c.is_control() && c != '\n') && text.len() < 400, "{text}");
    }

    #[test]
    fn long_comments_are_wrapped() {
        let text = comment(&"word ".repeat(100));
        assert!(text.lines().count() > 4 && text.lines().all(|line| line.len() <= 120 && line.starts_with("# word")), "{text}");
    }
}
