//! Parses the lines of an identity into the settings of a run.
//!
//! `model.hidden=u7`, `train.learning-rate=f3f947ae147ae147b`, `train.sampling=s16:with-replacement`: the paths form a
//! tree, from which the settings of the network are deserialized. So every data set and setting of the network is
//! supported.

use alloc::{borrow::Cow, vec::Vec};
use core::{error, fmt};

use restudy_core::{digest::{Digest, Value}, seed::Seed};
use restudy_network::{data::Data, train::Setting};
use serde::{
    Deserialize, Deserializer,
    de::{
        self, IntoDeserializer, Visitor,
        value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer, StrDeserializer},
    },
    forward_to_deserialize_any,
};

pub type Line<'a> = (&'a str, Value<'a>);

/// The run that a page requests.
pub struct Request<'a> {
/// The settings, as in the identity of the run.
    pub settings: Vec<Line<'a>>,
    pub seed: Seed,
    /// The identity, if the page passes it: settings that name a file cover its content, which no page has.
    pub id: Option<Digest>,
}

impl<'a> Request<'a> {
    pub fn read(text: &'a str) -> Option<Self> {
        let (mut settings, mut seed, mut id) = (Vec::new(), None, None);
        for line in text.lines() {
            let (path, value) = line.split_once('=')?;
            match path {
                "seed" => seed = Some(Seed(value.parse().ok()?)),
                "run" => id = Some(digest(value)?),
                path => settings.push((path, read(value)?)),
            }
        }
        Some(Self { settings, seed: seed?, id })
    }
}

fn digest(text: &str) -> Option<Digest> {
    let mut bytes = [0; 32];
    if text.len() != 64 {
        return None;
    }
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * i..2 * i + 2)?, 16).ok()?;
    }
    Some(Digest(bytes))
}

/// The lines are not valid settings. Messages would double the size of the module, and no user reads them.
#[derive(Debug)]
pub struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl error::Error for Refused {}

impl de::Error for Refused {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

fn read(text: &str) -> Option<Value<'_>> {
    let rest = text.get(1..)?;
    Some(match text.as_bytes()[0] {
        b'u' => Value::Int(rest.parse().ok()?),
        b'f' => Value::Float(f64::from_bits(u64::from_str_radix(rest, 16).ok()?)),
        b's' => Value::String(Cow::Borrowed(rest.split_once(':')?.1)),
        _ => return None,
    })
}

/// The settings of a run.
pub fn setting(lines: &[Line<'_>]) -> Option<Setting> {
    let mut setting = Setting::default();
    let node = |path| Node { lines, path };
    setting.model = Deserialize::deserialize(node("model")).ok()?;
    setting.train = Deserialize::deserialize(node("train")).ok()?;
    setting.evaluate = Deserialize::deserialize(node("evaluate")).ok()?;
    setting.stop = Deserialize::deserialize(node("stop")).ok()?;
    Some(setting)
}

/// The settings of the data; `None` for a file.
pub fn data(lines: &[Line<'_>]) -> Option<Data> {
    Data::deserialize(Node { lines, path: "data" }).ok()
}

/// The lines under a path.
#[derive(Clone, Copy)]
struct Node<'a> {
    lines: &'a [Line<'a>],
    path: &'a str,
}

impl<'a> Node<'a> {
    fn value(self) -> Option<&'a Value<'a>> {
        self.lines.iter().find(|(path, _)| *path == self.path).map(|(_, value)| value)
    }

    /// The names directly under the path, each with its lines.
    fn children(self) -> Vec<(&'a str, Self)> {
        let mut found: Vec<(&str, Self)> = Vec::new();
        for (path, _) in self.lines {
            let Some(rest) = path.strip_prefix(self.path).and_then(|rest| rest.strip_prefix('.')) else { continue };
            let name = rest.split('.').next().unwrap_or(rest);
            let path = &path[..path.len() - rest.len() + name.len()];
            if !found.iter().any(|(other, _)| *other == name) {
                found.push((name, Self { path, ..self }));
            }
        }
        found
    }
}

impl<'de> IntoDeserializer<'de, Refused> for Node<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Node<'de> {
    type Error = Refused;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.value() {
            Some(Value::Int(value)) => visitor.visit_u64(*value),
            Some(Value::Float(value)) => visitor.visit_f64(*value),
            Some(Value::String(value)) => visitor.visit_str(value),
            None => visitor.visit_map(MapDeserializer::new(self.children().into_iter())),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_some(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        match self.value() {
            Some(Value::String(value)) => {
                let text: StrDeserializer<'_, Refused> = (**value).into_deserializer();
                text.deserialize_enum(name, variants, visitor)
            }
            _ => MapAccessDeserializer::new(MapDeserializer::new(self.children().into_iter()))
                .deserialize_enum(name, variants, visitor),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        let mut items = self.children();
        items.sort_by_key(|(name, _)| name.parse::<usize>().unwrap_or(usize::MAX));
        visitor.visit_seq(SeqDeserializer::new(items.into_iter().map(|(_, item)| item)))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Refused> {
        self.deserialize_seq(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct newtype_struct
        tuple_struct map struct identifier ignored_any
    }
}
