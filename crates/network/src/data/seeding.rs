use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::seed::Seed;

/// Whether the data is drawn once for a study or again for every run.
///
/// In a specification it is a whole number or the text `"per-run"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataSeed {
    /// Drawn once, from this seed: all runs have the same points.
    Fixed(Seed),
    /// Drawn from the seed of the run.
    PerRun,
}

impl DataSeed {
    /// Returns the seed from which the data of a run with `seed` is drawn.
    #[must_use]
    pub fn of(self, seed: Seed) -> Seed {
        match self {
            Self::Fixed(fixed) => fixed,
            Self::PerRun => seed,
        }
    }
}

impl Default for DataSeed {
    fn default() -> Self {
        Self::Fixed(Seed(0))
    }
}

impl Serialize for DataSeed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Fixed(seed) => seed.serialize(serializer),
            Self::PerRun => serializer.serialize_str("per-run"),
        }
    }
}

impl<'de> Deserialize<'de> for DataSeed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = DataSeed;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number from 0, or \"per-run\"")
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<DataSeed, E> {
                Ok(DataSeed::Fixed(Seed(value)))
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<DataSeed, E> {
                u64::try_from(value)
                    .map(|value| DataSeed::Fixed(Seed(value)))
                    .map_err(|_| E::invalid_value(de::Unexpected::Signed(value), &self))
            }

            fn visit_str<E: de::Error>(self, value: &str) -> Result<DataSeed, E> {
                match value {
                    "per-run" => Ok(DataSeed::PerRun),
                    other => Err(E::invalid_value(de::Unexpected::Str(other), &self)),
                }
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for DataSeed {
    fn schema_name() -> alloc::borrow::Cow<'static, str> {
        "DataSeed".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "oneOf": [{ "type": "integer", "minimum": 0 }, { "const": "per-run" }] })
    }
}
