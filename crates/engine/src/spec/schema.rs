use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Value as Json, json};

use super::{
    catalog::{Catalog, Kind},
    confidence::CONFIDENCES,
    confirm::Confirm,
    limits,
    range::Range,
    sweeping::{Draw, Random, Scaled, SeedRange},
};
use crate::{
    measure::{Measurement, Objective},
    stats::CONFIDENCE,
};

/// Returns the JSON Schema (2020-12) of a specification, for editors and other programs. `T` describes its sections
/// except `[sweep]`, `catalog` the settings that can be swept, and `figure` the schema of one figure, which draws
/// `measurements`.
#[must_use]
pub fn schema<T: JsonSchema>(
    catalog: &Catalog,
    measurements: &[Measurement],
    objective: &Objective,
    figure: &dyn Fn(&mut SchemaGenerator) -> Option<Schema>,
) -> Json {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let axis = json!({
        "description": "The values of a swept setting.",
        "anyOf": [
            { "type": "array", "minItems": 1, "maxItems": limits::RUNS, "items": { "type": ["number", "string", "boolean"] } },
            generator.subschema_for::<Range>(),
            generator.subschema_for::<Scaled>(),
            generator.subschema_for::<Draw>(),
        ],
    });
    let seeds = json!({
        "description": "The seeds that every trial runs under: a count (from seed 0), a list, or a range.",
        "default": 1,
        "anyOf": [
            { "type": "integer", "minimum": 1, "maximum": limits::RUNS },
            { "type": "array", "minItems": 1, "maxItems": limits::RUNS, "items": { "type": "integer", "minimum": 0 } },
            generator.subschema_for::<SeedRange>(),
        ],
    });
    let random = generator.subschema_for::<Random>();
    let mut confirm = generator.subschema_for::<Confirm>().to_value();
    confirm["description"] = "The trials with the best means run again under seeds that their choice has not seen, and the verdict is made from these runs alone.".into();
    let mut schema = generator.root_schema_for::<T>().to_value();
    let figure = figure(&mut generator);
    schema["$defs"] = generator.take_definitions(true).into();
    let mut sweep = json!({
        "description": "What is swept: one line for each setting, its path in quotes: \"model.hidden\" = [1, 2, 5].",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "seeds": seeds,
            "confirm": confirm,
            "zip": {
                "description": "Groups of axes whose values are paired in order instead of combined.",
                "type": "array",
                "items": { "type": "array", "minItems": 2, "items": { "type": "string" } },
            },
            "exclude": {
                "description": "Combinations that are left out: values on some of the axes.",
                "type": "array",
                "items": { "type": "object", "minProperties": 1 },
            },
            "random": random,
            "confidence": {
                "description": "The confidence level of the intervals of means, the bounds and the intervals of shares: 0.95, 0.99.",
                "type": "number",
                "minimum": CONFIDENCES[0],
                "maximum": CONFIDENCES[1],
                "default": CONFIDENCE,
            },
        },
    });
    for path in catalog.axes() {
        let mut axis = json!({ "$ref": "#/$defs/Axis" });
        if let Some(known) = catalog.get(path) {
            axis["description"] = known.description.clone().into();
        }
        sweep["properties"][path] = axis;
    }
    schema["$defs"]["Axis"] = axis;
    if let Some(figure) = figure {
        schema["properties"]["figures"] = json!({
            "type": "object",
            "additionalProperties": figure,
            "description": "The figures, one table each: `[figures.NAME]`; NAME is also that of its file.",
            "default": {},
        });
    }
    schema["properties"]["sweep"] = sweep;
    let name = json!({ "pattern": "^[a-z0-9][a-z0-9-]*$", "maxLength": limits::NAME });
    if let Some(figures) = schema["properties"].get_mut("figures") {
        figures["propertyNames"] = name;
        figures["maxProperties"] = limits::FIGURES.into();
    }
    name_measurements(&mut schema, measurements, objective);
    schema["title"] = "restudy specification".into();
    bound(&mut schema);
    let about = &mut schema["$defs"]["About"]["properties"];
    about["question"]["maxLength"] = limits::QUESTION.into();
    about["answer"]["maxLength"] = limits::ANSWER.into();
    schema
}

/// Lists the measurements in the settings of figures, and sets those of the objective as defaults.
fn name_measurements(schema: &mut Json, measurements: &[Measurement], objective: &Objective) {
    let names: Vec<&str> = measurements.iter().map(|measurement| measurement.name.as_str()).collect();
    let defaults = [("metric", objective.measurement.as_str()), ("split", objective.part.name())];
    let Some(definitions) = schema["$defs"].as_object_mut() else { return };
    definitions["MetricName"]["enum"] = names.into();
    for figure in definitions.values_mut() {
        for (key, value) in defaults {
            let setting = figure.get_mut("properties").and_then(|settings| settings.get_mut(key));
            if let Some(setting) = setting.filter(|setting| setting["$ref"].is_string()) {
                setting["default"] = value.into();
            }
        }
    }
}

/// Sets `maxLength` of every text.
fn bound(schema: &mut Json) {
    match schema {
        Json::Object(entries) => {
            let text =
                |kind: &Json| kind == "string" || kind.as_array().is_some_and(|kinds| kinds.contains(&"string".into()));
            let free = !["enum", "const", "maxLength"].iter().any(|key| entries.contains_key(*key));
            if free && entries.get("type").is_some_and(text) {
                entries.insert("maxLength".into(), limits::TEXT.into());
            }
            entries.values_mut().for_each(bound);
        }
        Json::Array(items) => items.iter_mut().for_each(bound),
        _ => (),
    }
}

/// Returns the schema of `T` without references.
pub fn inline<T: JsonSchema>() -> Json {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

/// A placeholder of a kind.
pub(super) fn example(kind: Kind) -> Json {
    match kind {
        Kind::Int | Kind::Either => 1.into(),
        Kind::Number => 0.01.into(),
        Kind::Bool => false.into(),
        Kind::String => "...".into(),
        Kind::List => json!([]),
        Kind::Group => json!({}),
    }
}
