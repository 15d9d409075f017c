//! The settings of a CSV file with types of their own.

use std::{borrow::Cow, fmt};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, Visitor, value::MapAccessDeserializer},
};

/// Which columns are inputs: a list of names, or all but some.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Features {
    /// These, in this order.
    Only(Vec<String>),
    /// All but the label and these, in the order of the file.
    Except(Except),
}

/// Columns that are left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Except {
    /// Their names.
    pub except: Vec<String>,
}

impl<'de> Deserialize<'de> for Features {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Features;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of column names, or { except = [...] }")
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<Features, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = items.next_element()? {
                    names.push(name);
                }
                Ok(Features::Only(names))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Features, A::Error> {
                Except::deserialize(MapAccessDeserializer::new(map)).map(Features::Except)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl JsonSchema for Features {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Features".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names = json_schema!({ "type": "array", "minItems": 1, "items": { "type": "string" } });
        // Without `properties`, so that it counts as one setting.
        json_schema!({ "anyOf": [
            names,
            { "type": "object", "required": ["except"], "propertyNames": { "const": "except" }, "additionalProperties": names },
        ] })
    }
}

/// The texts of labels that stand for the two classes; rows of other labels, or of none, are left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Classes {
    /// The texts that stand for class -1.
    pub negative: Vec<String>,
    /// The texts that stand for class +1.
    pub positive: Vec<String>,
}

/// What is done about fields without a value: empty, `?`, `NA`, `N/A`, `n/a`, `#N/A`, `<NA>`, `NaN`, `nan`, `NAN`,
/// `NULL`, `null` or `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// The file is refused.
    #[default]
    Refuse,
    /// Rows that lack a value in a column that is used are left out.
    Drop,
    /// The mean of the training points stands for it.
    Mean,
    /// The same, and a further input `NAME:missing` says where: 1 for a row without the value, else 0.
    Indicator,
}

/// What is done with columns that hold texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Encode {
    /// They are refused.
    #[default]
    None,
    /// An input for each text of the column, sorted: 1 for the rows that have it, else 0.
    OneHot,
}
