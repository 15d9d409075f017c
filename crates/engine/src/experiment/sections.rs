//! The sections of the settings of a custom experiment: a field that is always a table becomes a section, every other
//! field belongs to `[settings]`.

use schemars::JsonSchema;
use serde_json::{Map, Value as Json, json};

use super::Declaration;
use crate::figure;
use crate::spec::{
    self, About, Problem,
    catalog::Catalog,
    problem::{Code, quoted},
    tree::{Entry, Node, Span, Table, Value},
};

/// The section of all fields that are not sections themselves.
pub const PLAIN: &str = "settings";

/// The sections of every specification.
const TAKEN: [&str; 5] = ["study", "experiment", "sweep", "figures", PLAIN];

/// The sections of an experiment's settings.
#[derive(Debug)]
pub struct Sections {
    /// All settings, by their paths in a specification.
    pub catalog: Catalog,
    /// The names of the sections, in order.
    pub names: Vec<String>,
    /// The fields that are sections.
    separate: Vec<String>,
    /// The schema of the sections.
    schema: Json,
}

impl Sections {
    /// Derives the sections from the schema of a settings structure, which must not contain references.
    #[must_use]
    pub fn new(schema: &Json) -> Self {
        let fields = schema["properties"].as_object().cloned().unwrap_or_default();
        let required = |key: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == key));
        let separate: Vec<String> = fields
            .iter()
            .filter(|(key, field)| is_table(field) && !TAKEN.contains(&key.as_str()))
            .map(|(key, _)| key.clone())
            .collect();
        let plain: Map<_, _> = fields
            .iter()
            .filter(|(key, _)| !separate.contains(key))
            .map(|(key, field)| (key.clone(), field.clone()))
            .collect();
        let mut names = separate.clone();
        let mut sections = Map::new();
        let mut needed: Vec<Json> = Vec::new();
        for key in &separate {
            sections.insert(key.clone(), fields[key].clone());
            needed.extend(required(key).then(|| key.as_str().into()));
        }
        if !plain.is_empty() {
            let inside: Vec<_> = plain.keys().filter(|key| required(key)).cloned().collect();
            if !inside.is_empty() {
                needed.push(PLAIN.into());
            }
            sections.insert(
                PLAIN.into(),
                json!({
                    "description": "The settings of the experiment.", "type": "object", "additionalProperties": false,
                    "properties": plain, "required": inside,
                }),
            );
            names.push(PLAIN.into());
        }
        let schema = json!({ "type": "object", "properties": sections, "required": needed });
        Self { catalog: Catalog::of(&schema), names, separate, schema }
    }

    /// Converts the tree of a specification to the tree of the settings structure.
    #[must_use]
    pub fn gathered(&self, tree: &Node) -> Node {
        let mut entries: Vec<Entry> = Vec::new();
        for Entry { key, span, node } in tree.table().map_or(&[][..], |table| &table.0) {
            match (key == PLAIN, node.table()) {
                (true, Some(plain)) => entries.extend(plain.0.iter().cloned()),
                _ => entries.push(Entry { key: key.clone(), span: *span, node: node.clone() }),
            }
        }
        Node { span: Span { ..tree.span }, value: Value::Table(Table(entries)) }
    }

    /// Converts a problem with a field of the structure to a problem with the setting of a specification.
    #[must_use]
    pub fn in_specification(&self, mut problem: Problem, tree: &Node) -> Problem {
        let first = problem.about.split('.').next().unwrap_or_default().to_owned();
        if problem.code == Code::MissingSection && !self.separate.contains(&first) {
            let section = tree.find(PLAIN);
            return Problem::new(Code::MissingKey, format!("`{PLAIN}` lacks `{first}`"))
                .at(section.key.unwrap_or(section.node.span), format!("`{first}` is missing here"))
                .help(format!("add `{first} = ...`"))
                .about(&format!("{PLAIN}.{first}"));
        }
        if !first.is_empty() && !self.separate.contains(&first) {
            problem.message = problem.message.replacen(&format!("`{first}"), &format!("`{PLAIN}.{first}"), 1);
            problem.about = format!("{PLAIN}.{}", problem.about);
        }
        problem
    }

    /// Refuses a key under `[settings]` that is no field of the structure.
    ///
    /// # Errors
    /// An unknown key.
    pub fn require_known(&self, tree: &Node) -> Result<(), Problem> {
        let plain = self.schema["properties"][PLAIN]["properties"].as_object();
        let known: Vec<&str> = plain.into_iter().flat_map(|plain| plain.keys()).map(String::as_str).collect();
        let entries = tree.get(PLAIN).and_then(Node::table).map_or(&[][..], |table| &table.0);
        let Some(entry) = entries.iter().find(|entry| !known.contains(&entry.key.as_str())) else { return Ok(()) };
        Err(Problem::new(Code::UnknownKey, format!("`{PLAIN}` has no setting `{}`", quoted(&entry.key)))
            .at(entry.span, "unknown key")
            .about(PLAIN)
            .unknown_key()
            .suggest(&entry.key, known, &format!("settings of `{PLAIN}` are")))
    }

    /// Converts the structure to the sections of a specification.
    #[must_use]
    pub fn spread(&self, structure: Json) -> Json {
        let Json::Object(fields) = structure else { return structure };
        let (mut sections, mut plain) = (Map::new(), Map::new());
        for (key, value) in fields {
            if self.separate.contains(&key) {
                sections.insert(key, value)
            } else {
                plain.insert(key, value)
            };
        }
        if self.names.iter().any(|name| name == PLAIN) {
            sections.insert(PLAIN.into(), plain.into());
        }
        sections.into()
    }

    /// Converts the sections of a specification to the structure.
    #[must_use]
    pub fn joined(&self, sections: &Json) -> Json {
        let mut fields = sections.as_object().cloned().unwrap_or_default();
        if let Some(Json::Object(plain)) = fields.shift_remove(PLAIN) {
            fields.extend(plain);
        }
        fields.into()
    }

    /// Converts the path of a field to the path in a specification.
    #[must_use]
    pub fn path(&self, field: &str) -> String {
        let first = field.split('.').next().unwrap_or_default();
        if self.separate.iter().any(|section| section == first) { field.into() } else { format!("{PLAIN}.{field}") }
    }

    /// Returns the JSON Schema of a specification.
    #[must_use]
    pub fn schema(&self, declaration: &Declaration) -> Json {
        let mut schema =
            spec::schema::<Frame>(&self.catalog, &declaration.measurements, &declaration.objective, &figure::schema);
        schema["properties"]["experiment"] = json!({
            "description": "The experiment that it is for.", "type": "object", "additionalProperties": false, "required": ["name"],
            "properties": {
                "name": { "description": "Its name.", "const": declaration.name },
                "version": { "description": "Its version.", "const": declaration.version, "default": 1 },
            },
        });
        for (key, section) in self.schema["properties"].as_object().into_iter().flatten() {
            schema["properties"][key] = section.clone();
        }
        // Settings without a default may be swept instead.
        if let Some(plain) = schema["properties"].get_mut(PLAIN).and_then(Json::as_object_mut) {
            plain.shift_remove("required");
        }
        let needed = self.schema["required"].as_array().into_iter().flatten().filter(|key| *key != PLAIN).cloned();
        let all: Vec<Json> = ["study", "experiment"].map(Json::from).into_iter().chain(needed).collect();
        schema["required"] = all.into();
        schema
    }
}

#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is read")]
struct Frame {
    /// The question of the study, and its answer.
    study: About,
}

/// Whether a value is always a table. An optional table, or one of which the value may be a name, cannot be a section
/// and belongs to `[settings]`.
fn is_table(schema: &Json) -> bool {
    let inside = |one: &Json| one.get("properties").is_some() && !may_be_null(one);
    inside(schema)
        || ["oneOf", "anyOf"]
            .iter()
            .any(|key| schema[*key].as_array().is_some_and(|all| !all.is_empty() && all.iter().all(inside)))
}

fn may_be_null(schema: &Json) -> bool {
    schema["type"].as_array().is_some_and(|types| types.iter().any(|one| one == "null"))
}
