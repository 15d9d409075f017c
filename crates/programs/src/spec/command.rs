//! The section `[command]`: how a program is started.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Map, Value as Json, json};

use super::{
    Container, Inputs, Parameters, amounts,
    inputs::is_inside,
    machine::{Devices, Version, read_devices, read_versions},
    parameters::swept,
    placeholders::{Malformed, OWN, Template},
};
use crate::{
    engine_spec::{
        Code, Problem, read,
        tree::{Entry, Node, Value},
    },
    experiment::Tolerance,
};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Section {
    run: Vec<String>,
    // Read from the tree, since each has more than one form.
    #[serde(rename = "inputs")]
    _inputs: Option<IgnoredAny>,
    #[serde(rename = "versions")]
    _versions: Option<IgnoredAny>,
    #[serde(rename = "devices")]
    _devices: Option<IgnoredAny>,
    #[serde(rename = "container")]
    _container: Option<IgnoredAny>,
    #[serde(default)]
    environment: BTreeMap<String, String>,
    time_limit: Option<String>,
    #[serde(default = "one")]
    processors: u32,
    memory: Option<String>,
    #[serde(default)]
    keep: Vec<String>,
    #[serde(default = "yes")]
    hermetic: bool,
    folder: Option<String>,
    tolerance: Option<Tolerance>,
}

fn one() -> u32 {
    1
}

fn yes() -> bool {
    true
}

/// How a program is started.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Command {
    /// The program and its arguments, with placeholders.
    pub run: Vec<String>,
    /// The files that each run gets.
    pub inputs: Inputs,
    /// The commands that describe the machine.
    pub versions: Vec<Version>,
    /// The variables that each run gets, with placeholders.
    pub environment: BTreeMap<String, String>,
    /// The longest time of a run, as written and as an amount.
    pub time_limit: Option<(String, Duration)>,
    /// The number of processors that a run uses.
    pub processors: u32,
    /// The memory that a run uses, as written and in bytes.
    pub memory: Option<(String, u64)>,
    /// The devices; `None` without any.
    pub devices: Option<Devices>,
    /// The patterns of files to keep.
    pub keep: Vec<String>,
    /// Whether a run starts in a fresh folder rather than in that of the specification.
    pub hermetic: bool,
    /// The folder of the specification, if runs start there.
    pub folder: Option<String>,
    /// The image of the container in which runs start; `None` for none.
    pub container: Option<Container>,
    /// How far values may differ between computations; `None` for not at all.
    pub tolerance: Option<Tolerance>,
    /// The folder of the specification when it was read, for hints.
    pub source: PathBuf,
}

impl Command {
    /// Reads the section of a specification in `folder`.
    ///
    /// # Errors
    /// A setting cannot be read.
    pub fn read(section: &Node, root: &Node, parameters: &Parameters, folder: &Path) -> Result<Self, Problem> {
        let Some(table) = section.table() else {
            return Err(Problem::value(Code::WrongType, "command", section, "a table"));
        };
        let [inputs, versions, devices] = ["inputs", "versions", "devices"].map(|key| table.get(key));
        let container = section.get("container").map(Container::read).transpose()?;
        let at = |key: &str| section.get(key).unwrap_or(section);
        if let Some(Value::String(text)) = section.get("run").map(|run| &run.value) {
            return Err(Problem::value(
                Code::WrongType,
                "command.run",
                at("run"),
                "a list: the program and its arguments",
            )
            .help(format!(
                "no shell splits a text: write [\"{}\"], or [\"sh\", \"-c\", ...] for a shell",
                text.split_whitespace().collect::<Vec<_>>().join("\", \"")
            )));
        }
        if let Some(node) = section.get("tolerance").filter(|node| node.table().is_none()) {
            let expected = "a table: { absolute = 1e-9, relative = 1e-6 }, or one of them";
            return Err(Problem::value(Code::WrongType, "command.tolerance", node, expected));
        }
        let mut read: Section = read::read(section, "command")?;
        // A swept variable has its values in `[sweep]` alone.
        for (name, _, values) in swept(root, "command.environment.") {
            let first = values.list().and_then(<[Node]>::first).and_then(Node::text);
            read.environment.entry(name.into()).or_insert_with(|| first.unwrap_or_default().into());
        }
        if read.run.first().is_none_or(String::is_empty) {
            return Err(Problem::value(Code::InvalidValue, "command.run", at("run"), "a program, and its arguments"));
        }
        for (place, text) in at("run").list().unwrap_or_default().iter().zip(&read.run) {
            require_placeholders("command.run", place, text, parameters)?;
        }
        for entry in at("environment").table().map_or(&[][..], |table| &table.0) {
            require_variable(entry)?;
            let text = entry.node.text().unwrap_or_default();
            require_placeholders(&format!("command.environment.{}", entry.key), &entry.node, text, parameters)?;
        }
        let time_limit = amount(
            read.time_limit,
            at("time-limit"),
            "command.time-limit",
            amounts::duration,
            "a time, such as \"10 min\"; units are ms, s, min, h and d",
        )?;
        let memory = amount(
            read.memory,
            at("memory"),
            "command.memory",
            amounts::memory,
            "an amount of memory, such as \"4 GB\"; units are MB, GB, TB, MiB, GiB and TiB",
        )?;
        if container.is_some() && !read.hermetic {
            let message = "`command.hermetic` cannot be false beside `command.container`";
            return Err(Problem::new(Code::InvalidValue, message)
                .at(at("hermetic").span, "a container sees the folder of its run alone")
                .help("remove one of the two; what a run needs belongs into the image, or under inputs"));
        }
        if read.processors == 0 {
            return Err(Problem::value(Code::InvalidValue, "command.processors", at("processors"), "1 or more"));
        }
        if let Some(tolerance) = read.tolerance
            && ![tolerance.absolute, tolerance.relative].iter().all(|bound| bound.is_finite() && *bound >= 0.0)
        {
            return Err(Problem::new(Code::InvalidValue, "the bounds of `command.tolerance` cannot be negative")
                .at(at("tolerance").span, "expected { absolute = 1e-9, relative = 1e-6 }, or one of them"));
        }
        for (place, pattern) in at("keep").list().unwrap_or_default().iter().zip(&read.keep) {
            if !is_inside(pattern) || glob::Pattern::new(pattern).is_err() {
                return Err(Problem::value(
                    Code::InvalidValue,
                    "command.keep",
                    place,
                    "a path or a pattern inside the folder of a run",
                ));
            }
        }
        Ok(Self {
            inputs: Inputs::read(inputs.map(|entry| &entry.node), folder)?,
            versions: versions.map_or_else(|| Ok(Vec::new()), read_versions)?,
            devices: devices.map(read_devices).transpose()?,
            run: read.run,
            environment: read.environment,
            time_limit,
            processors: read.processors,
            memory,
            keep: read.keep,
            container,
            hermetic: read.hermetic,
            // The engine resolves the path from the folder of the specification.
            tolerance: read.tolerance,
            source: folder.to_owned(),
            folder: (!read.hermetic).then(|| read.folder.unwrap_or_else(|| ".".into())),
        })
    }

    /// Returns the section as it is stored: without what has its default.
    #[must_use]
    pub fn json(&self) -> Json {
        let mut section = Map::new();
        let mut put = |key: &str, value: Json| _ = section.insert(key.into(), value);
        put("run", json!(self.run));
        if !self.inputs.0.is_empty() {
            put("inputs", json!(self.inputs.0));
        }
        if !self.versions.is_empty() {
            put("versions", json!(self.versions));
        }
        if !self.environment.is_empty() {
            put("environment", json!(self.environment));
        }
        if let Some((text, _)) = &self.time_limit {
            put("time-limit", json!(text));
        }
        if self.processors != 1 {
            put("processors", json!(self.processors));
        }
        if let Some((text, _)) = &self.memory {
            put("memory", json!(text));
        }
        if let Some(devices) = &self.devices {
            put("devices", json!(devices));
        }
        if !self.keep.is_empty() {
            put("keep", json!(self.keep));
        }
        if let Some(container) = &self.container {
            put("container", container.json());
        }
        if let Some(tolerance) = &self.tolerance {
            put("tolerance", json!(tolerance));
        }
        if !self.hermetic {
            put("hermetic", json!(false));
            put("folder", json!(self.folder));
        }
        section.into()
    }

    /// The paths of settings that say how runs are computed, not what they compute.
    pub const ASIDE: [&str; 7] = [
        "command.versions",
        "command.time-limit",
        "command.memory",
        "command.devices",
        "command.folder",
        "command.tolerance",
        "measurements",
    ];
}

fn amount<T>(
    text: Option<String>,
    node: &Node,
    path: &str,
    of: fn(&str) -> Option<T>,
    expected: &str,
) -> Result<Option<(String, T)>, Problem> {
    let Some(text) = text else { return Ok(None) };
    match of(&text) {
        Some(amount) => Ok(Some((text, amount))),
        None => Err(Problem::value(Code::InvalidValue, path, node, expected)),
    }
}

/// Refuses an unknown placeholder.
fn require_placeholders(path: &str, node: &Node, text: &str, parameters: &Parameters) -> Result<(), Problem> {
    let braces = "write `{{` and `}}` for braces that are no placeholder";
    if text.contains('\0') {
        return Err(Problem::value(Code::InvalidValue, path, node, "a text without the character 0"));
    }
    let template = Template::read(text).map_err(|malformed| {
        let label = match malformed {
            Malformed::Brace(brace) => format!("`{brace}` has no partner"),
            Malformed::Name(name) => format!("{{{name}}} names no parameter"),
        };
        Problem::new(Code::InvalidValue, format!("`{path}` cannot be {node}")).at(node.span, label).help(braces)
    })?;
    let known: Vec<&str> = parameters.names().chain(OWN).collect();
    match template.names().find(|name| !known.contains(name)) {
        None => Ok(()),
        Some(name) => Err(Problem::new(Code::UnknownName, format!("there is no parameter `{name}`"))
            .at(node.span, format!("{{{name}}} stands for a parameter"))
            .suggest(name, known.iter().copied(), "placeholders are")
            .help(braces)),
    }
}

pub(super) fn require_variable(entry: &Entry) -> Result<(), Problem> {
    if entry.key.is_empty() || entry.key.contains(['=', '\0']) {
        let message = format!("a variable cannot be named {:?}", entry.key);
        return Err(Problem::new(Code::InvalidValue, message).at(entry.span, "expected a name without `=`"));
    }
    if entry.key.starts_with("RESTUDY_") {
        let message = format!("the variable `{}` belongs to restudy", entry.key);
        return Err(Problem::new(Code::InvalidValue, message).at(entry.span, "another name"));
    }
    Ok(())
}
