//! A serde deserializer over the tree of a specification; its errors carry the place, the key and the expected value.

use serde::{
    de::{
        self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
        VariantAccess, Visitor,
    },
    forward_to_deserialize_any,
};

use super::{
    problem::{Problem, nearest},
    read_error::{ReadError, What},
    tree::{Entry, Node, Value},
};

/// Deserializes a `T` from `node`; `path` is the path of `node`.
pub fn read<T: DeserializeOwned>(node: &Node, path: &str) -> Result<T, Problem> {
    T::deserialize(Reader(node)).map_err(|error| error.at(node).describe(path))
}

macro_rules! whole {
    ($($method:ident $visit:ident $kind:ty,)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
            match self.0.value {
                Value::Int(value) if <$kind>::try_from(value).is_ok() => visitor.$visit(value as $kind),
                _ => Err(ReadError::whole([i128::from(<$kind>::MIN), i128::from(<$kind>::MAX)], self.0)),
            }
            .map_err(|error: ReadError| error.at(self.0))
        }
    )+};
}

struct Reader<'a>(&'a Node);

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let node = self.0;
        match &node.value {
            Value::Int(value) => match (u64::try_from(*value), i64::try_from(*value)) {
                (Ok(value), _) => visitor.visit_u64(value),
                (_, Ok(value)) => visitor.visit_i64(value),
                _ => visitor.visit_i128(*value),
            },
            Value::Float(value) => visitor.visit_f64(*value),
            Value::String(text) => visitor.visit_str(text),
            Value::Bool(flag) => visitor.visit_bool(*flag),
            Value::List(items) => visitor.visit_seq(Items(items.iter().enumerate())),
            Value::Table(table) => visitor.visit_map(Entries { rest: table.0.iter(), entry: None }),
        }
        .map_err(|error: ReadError| error.at(node))
    }

    whole! {
        deserialize_u8 visit_u8 u8,
        deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64,
        deserialize_i8 visit_i8 i8,
        deserialize_i16 visit_i16 i16,
        deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64,
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.0.value {
            Value::Int(value) => visitor.visit_f64(value as f64),
            Value::Float(value) => visitor.visit_f64(value),
            _ => Err(ReadError::expected("a number", self.0)),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, ReadError> {
        match self.0.list() {
            Some(items) if items.len() == length => self.deserialize_any(visitor),
            _ => Err(ReadError::expected(format!("a list of {length} values"), self.0)),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        let node = self.0;
        match &node.value {
            Value::String(_) => visitor.visit_enum(Choice { node, entry: None }),
            Value::Table(table) => match table.0.as_slice() {
                [entry] if is_choice(entry, known) => visitor.visit_enum(Choice { node, entry: Some(entry) }),
                entries => {
                    let is_known = |entry: &&Entry| known.contains(&entry.key.as_str());
                    let (named, strange): (Vec<_>, Vec<_>) = entries.iter().partition(is_known);
                    // The mistake is an unknown key beside a choice, a second choice, or no choice.
                    let wrong = if named.len() == 1 { strange.first() } else { named.get(1) };
                    let keys = |entries: &[&Entry]| entries.iter().map(|entry| entry.key.clone()).collect();
                    let error =
                        ReadError::new(What::NotOneChoice { known, named: keys(&named), strange: keys(&strange) });
                    Err(match wrong.or(strange.first()) {
                        Some(entry) => error.at_key(entry),
                        None => error,
                    })
                }
            },
            _ => Err(ReadError::expected(format!("one of {}", known.join(", ")), node)),
        }
        .map_err(|error: ReadError| error.at(node))
    }

    forward_to_deserialize_any! {
        bool i128 u128 char str string bytes byte_buf unit unit_struct seq tuple_struct map struct identifier ignored_any
    }
}

/// Whether the only key of a table names a choice: its value is a table, or the key is at most a misspelling of a
/// choice.
fn is_choice(entry: &Entry, known: &[&str]) -> bool {
    entry.node.table().is_some() || nearest(&entry.key, known).is_some()
}

struct Items<'a>(std::iter::Enumerate<std::slice::Iter<'a, Node>>);

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = ReadError;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, ReadError> {
        let Some((index, node)) = self.0.next() else { return Ok(None) };
        seed.deserialize(Reader(node)).map(Some).map_err(|error| error.at(node).under(&index.to_string()))
    }
}

struct Entries<'a> {
    rest: std::slice::Iter<'a, Entry>,
    entry: Option<&'a Entry>,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = ReadError;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, ReadError> {
        self.entry = self.rest.next();
        let Some(entry) = self.entry else { return Ok(None) };
        let key: de::value::StrDeserializer<'_, ReadError> = entry.key.as_str().into_deserializer();
        seed.deserialize(key).map(Some).map_err(|error| error.at_key(entry))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, ReadError> {
        let entry = self.entry.expect("serde reads a value after its key");
        seed.deserialize(Reader(&entry.node)).map_err(|error| error.at(&entry.node).under(&entry.key))
    }
}

/// An enum: a text, or a table with the name of the variant as its only key.
struct Choice<'a> {
    node: &'a Node,
    entry: Option<&'a Entry>,
}

impl<'de> EnumAccess<'de> for Choice<'_> {
    type Error = ReadError;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), ReadError> {
        let name = self.entry.map_or_else(|| self.node.text().unwrap_or_default(), |entry| &entry.key);
        let name: de::value::StrDeserializer<'_, ReadError> = name.into_deserializer();
        match (seed.deserialize(name), self.entry) {
            (Ok(variant), _) => Ok((variant, self)),
            (Err(error), Some(entry)) => Err(error.at_key(entry)),
            (Err(error), None) => Err(error.at(self.node)),
        }
    }
}

impl<'de> VariantAccess<'de> for Choice<'_> {
    type Error = ReadError;

    fn unit_variant(self) -> Result<(), ReadError> {
        match self.entry {
            None => Ok(()),
            Some(entry) => Err(ReadError::expected(format!("the text {:?}", entry.key), self.node)),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, ReadError> {
        match self.entry {
            Some(entry) => {
                seed.deserialize(Reader(&entry.node)).map_err(|error| error.at(&entry.node).under(&entry.key))
            }
            None => {
                let name = self.node.text().unwrap_or_default();
                Err(ReadError::expected(format!("a table: {{ {name} = ... }}"), self.node))
            }
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, ReadError> {
        self.struct_variant(&[], visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, ReadError> {
        match self.entry {
            Some(entry) => Reader(&entry.node).deserialize_any(visitor).map_err(|error| error.under(&entry.key)),
            None => Err(ReadError::expected("a table", self.node)),
        }
    }
}
