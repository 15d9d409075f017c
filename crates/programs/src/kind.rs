//! The experiment that a specification with `[command]` declares.

use std::{fmt, path::Path, sync::Arc};

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use crate::{
    digest::Digest,
    engine_spec::{
        self, Problem,
        catalog::Catalog,
        tree::{Node, Value},
    },
    experiment::{Declaration, Family, Kind, Pictures, Promise, Sections, Settings},
    run::{kept, pictures::pictures},
    spec::{Command, Container, Measured, Parameters},
    validation::SettingError,
};

/// The name of the experiment.
pub const NAME: &str = "command";

/// The version of the experiment: of how a program is run and of what its output means.
pub const VERSION: u64 = 1;

/// All programs, as a family of experiments.
#[derive(Debug, Clone, Copy)]
pub struct Programs;

impl Family for Programs {
    fn section(&self) -> &'static str {
        "command"
    }

    fn declare(&self, root: &Node, folder: &Path, kept: bool) -> Result<Arc<dyn Kind>, Vec<Problem>> {
        Ok(Arc::new(Program::declare(root, folder, kept).map_err(|problem| vec![problem])?))
    }
}

/// A program as an experiment.
pub struct Program {
    declaration: Declaration,
    catalog: Catalog,
    sections: Vec<String>,
    schema: Json,
    command: Command,
    parameters: Parameters,
    measured: Measured,
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program").field("declaration", &self.declaration).finish_non_exhaustive()
    }
}

/// The settings of one trial.
#[derive(Debug, Clone)]
pub struct ProgramSettings {
    /// How the program is started.
    pub command: Command,
    /// The values of the parameters, by name.
    pub parameters: Json,
    /// The measurements.
    pub measured: Measured,
}

impl Serialize for ProgramSettings {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sections = Map::new();
        sections.insert("command".into(), self.command.json());
        if self.parameters.as_object().is_some_and(|all| !all.is_empty()) {
            sections.insert("parameters".into(), self.parameters.clone());
        }
        sections.insert("measurements".into(), self.measured.json.clone());
        sections.serialize(serializer)
    }
}

impl Program {
    fn declare(root: &Node, folder: &Path, kept: bool) -> Result<Self, Problem> {
        let section = root.get("command").expect("this section chose the family");
        // The specification of a results folder has the values of swept parameters in `[sweep]` alone.
        let parameters = Parameters::read(root, &|name| kept || has_placeholder(section, name))?;
        let command = Command::read(section, root, &parameters, folder)?;
        let measured = Measured::read(root)?;
        let schema = schema(&command, parameters.schema(true));
        let sections = ["command", "parameters", "measurements"].map(str::to_owned);
        let has_files = !command.keep.is_empty();
        let container = command.container.as_ref();
        Ok(Self {
            declaration: Declaration {
                name: NAME.into(),
                version: VERSION,
                about: about(&command),
                measurements: measured.measurements.clone(),
                objective: measured.objective.clone(),
                keeps: has_files.then(|| kept::FILES.to_owned()).into_iter().collect(),
                promise: command.tolerance.map_or(Promise::Bits, Promise::Tolerance),
                files: Vec::new(),
                later: Vec::new(),
                // Only studies with a container have more: the declaration of others stays the same.
                aside: Command::ASIDE
                    .iter()
                    .chain(&container.map(|_| Container::ASIDE))
                    .map(ToString::to_string)
                    .collect(),
                external: true,
                contained: container.is_some(),
                folds: Vec::new(),
                // Defaults of swept parameters are those of the first trial, which a results folder does not have.
                settings: self::schema(&command, parameters.schema(false)),
            },
            catalog: Catalog::of(&schema),
            sections: sections.into(),
            schema,
            command,
            parameters,
            measured,
        })
    }
}

/// Whether a placeholder in the section stands for this parameter.
fn has_placeholder(section: &Node, name: &str) -> bool {
    let sign = format!("{{{name}}}");
    let texts = |key: &str| {
        section.get(key).map_or_else(Vec::new, |node| match &node.value {
            Value::List(items) => items.iter().collect(),
            Value::Table(table) => table.0.iter().map(|entry| &entry.node).collect(),
            _ => Vec::new(),
        })
    };
    texts("run")
        .into_iter()
        .chain(texts("environment"))
        .any(|node| node.text().is_some_and(|text| text.contains(&sign)))
}

fn about(command: &Command) -> String {
    let place =
        if command.hermetic { "" } else { "; it is not hermetic: its runs start in the folder of the specification" };
    let container = command.container.as_ref().map_or_else(String::new, |container| {
        format!(", in a container of the image `{}`, without network", container.reference())
    });
    format!("The program `{}`{container}{place}.", command.run.join(" "))
}

/// The schema of what a specification can sweep: parameters and variables.
fn schema(command: &Command, parameters: Json) -> Json {
    let variable = |name: &String| (name.clone(), json!({ "type": "string" }));
    let variables: Map<_, _> = command.environment.keys().map(variable).collect();
    let environment = json!({ "type": "object", "additionalProperties": false, "properties": variables });
    json!({
        "type": "object", "additionalProperties": false,
        "properties": {
            "command": { "type": "object", "properties": { "environment": environment } },
            "parameters": parameters,
        },
    })
}

/// Rewrites the folder of the specification as that of a file in it. The canonical text has the last name of a path,
/// and that of a folder depends on where restudy runs: it is empty, for every folder.
fn rewrite_folder(folder: &str, rewrite: &dyn Fn(&str) -> String) -> String {
    let file = rewrite(&Path::new(folder).join("study.toml").to_string_lossy());
    Path::new(&file).parent().unwrap_or(Path::new("")).to_string_lossy().into_owned()
}

impl Kind for Program {
    fn declaration(&self) -> &Declaration {
        &self.declaration
    }

    fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    fn sections(&self) -> &[String] {
        &self.sections
    }

    fn read(&self, tree: &Node) -> Result<Arc<dyn Settings>, Problem> {
        let parameters = self.parameters.values(tree.get("parameters"))?;
        let mut command = self.command.clone();
        let swept = tree.get("command").and_then(|command| command.get("environment")).and_then(Node::table);
        for entry in swept.map_or(&[][..], |table| &table.0) {
            let Value::String(text) = &entry.node.value else {
                let path = format!("command.environment.{}", entry.key);
                return Err(Problem::value(engine_spec::Code::WrongType, &path, &entry.node, "a text"));
            };
            command.environment.insert(entry.key.clone(), text.clone());
        }
        Ok(Arc::new(ProgramSettings { command, parameters, measured: self.measured.clone() }))
    }

    fn of_json(&self, json: &Json) -> Option<Arc<dyn Settings>> {
        let mut command = self.command.clone();
        let section = &json["command"];
        if let Some(inputs) = section.get("inputs") {
            command.inputs.0 = serde_json::from_value(inputs.clone()).ok()?;
        }
        if let Some(environment) = section.get("environment") {
            command.environment = serde_json::from_value(environment.clone()).ok()?;
        }
        if let Some(folder) = section.get("folder") {
            command.folder = serde_json::from_value(folder.clone()).ok()?;
        }
        let parameters = json.get("parameters").cloned().unwrap_or_else(|| json!({}));
        Some(Arc::new(ProgramSettings { command, parameters, measured: self.measured.clone() }))
    }

    fn validate(&self, _: &dyn Settings) -> Vec<SettingError> {
        Vec::new()
    }

    fn files(&self, settings: &dyn Settings) -> Vec<(String, String)> {
        let inputs = of(settings).command.inputs.0.iter();
        inputs.map(|(name, path)| (format!("command.inputs.{name}"), path.clone())).collect()
    }

    fn with_files(&self, settings: &Arc<dyn Settings>, rewrite: &dyn Fn(&str) -> String) -> Arc<dyn Settings> {
        let mut changed = of(&**settings).clone();
        changed.command.inputs.0.values_mut().for_each(|path| *path = rewrite(path));
        changed.command.folder.iter_mut().for_each(|folder| *folder = rewrite_folder(folder, rewrite));
        Arc::new(changed)
    }

    fn names_file(&self, path: &str) -> bool {
        path.starts_with("command.inputs.")
    }

    fn is_adoptable(&self, path: &str) -> bool {
        path.starts_with("command.")
    }

    fn parts_of_array(
        &self,
        folder: &Path,
        run: &Digest,
        _array: usize,
        values: [&[f64]; 2],
    ) -> Option<Vec<(String, bool)>> {
        Some(kept::compare(folder, run, values))
    }

    fn check_array(&self, folder: &Path, run: &Digest, _array: usize, values: &[f64]) -> Vec<(String, String)> {
        kept::check(folder, run, values)
    }

    fn picture_array(&self) -> Option<usize> {
        // The only array is that of the kept files.
        (!self.declaration.keeps.is_empty()).then_some(0)
    }

    fn pictures(&self, folder: &Path, runs: &[(Digest, &[f64])]) -> Vec<Pictures> {
        pictures(folder, runs)
    }

    fn schema(&self) -> Json {
        Sections::new(&self.schema).schema(&self.declaration)
    }
}

/// The settings of a trial of a program.
#[must_use]
pub fn of(settings: &dyn Settings) -> &ProgramSettings {
    settings.as_any().downcast_ref().expect("settings of a program")
}
