//! A record in segments of format 1, in the postcard wire format: a run of the network, whose measurements have a
//! training and a validation half, and whose four arrays are written as `d`, `Wi`, `bi`, `Wo`, each with its length,
//! and `bo`.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, Error, SeqAccess, Visitor},
    ser::SerializeTuple,
};

use crate::{
    digest::{Digest, Kept, Record},
    record::{Observation, Outcome},
};

#[derive(Serialize)]
pub(super) struct Written<'a> {
    id: Digest,
    points: Points<'a>,
    chain: &'a [Digest],
    outcome: &'a Outcome,
    params: Arrays<'a>,
}

impl<'a> Written<'a> {
    pub(super) fn of(record: &'a Record) -> Self {
        let Record { id, observations: points, chain, outcome, kept, own: _ } = record;
        Self { id: *id, points: Points(points), chain, outcome, params: Arrays(kept) }
    }
}

struct Points<'a>(&'a [Observation]);

impl Serialize for Points<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|point| {
            let [train, validation] = point.halves();
            (point.epoch, point.step, train, validation)
        }))
    }
}

struct Arrays<'a>(&'a Kept);

impl Serialize for Arrays<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(5)?;
        let inputs = self.0.shapes.first().map_or(0, |[_, columns]| *columns);
        tuple.serialize_element(&inputs)?;
        let mut arrays = self.0.arrays().map(|(_, values)| values);
        for _ in 0..3 {
            tuple.serialize_element(arrays.next().unwrap_or_default())?;
        }
        tuple.serialize_element(&arrays.next().and_then(|last| last.first().copied()).unwrap_or_default())?;
        tuple.end()
    }
}

#[derive(Deserialize)]
pub(super) struct Read {
    id: Digest,
    points: Vec<ReadPoint>,
    chain: Vec<Digest>,
    outcome: Outcome,
    params: ReadArrays,
}

impl From<Read> for Record {
    fn from(read: Read) -> Self {
        let points = read.points.into_iter().map(|ReadPoint(point)| point).collect();
        Self {
            id: read.id,
            observations: points,
            chain: read.chain,
            outcome: read.outcome,
            kept: read.params.0,
            own: None,
        }
    }
}

struct ReadPoint(Observation);

impl<'de> Deserialize<'de> for ReadPoint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = ReadPoint;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a measurement")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut fields: A) -> Result<ReadPoint, A::Error> {
                let (epoch, step) = (next(&mut fields)?, next(&mut fields)?);
                let mut values = Vec::new();
                let halves = [next_numbers(&mut fields, &mut values)?, next_numbers(&mut fields, &mut values)?];
                if halves[0] != halves[1] {
                    return Err(A::Error::custom(
                        "expected as many values for the validation points as for the training points",
                    ));
                }
                Ok(ReadPoint(Observation { epoch, step, values }))
            }
        }
        deserializer.deserialize_tuple(4, Fields)
    }
}

struct ReadArrays(Kept);

impl<'de> Deserialize<'de> for ReadArrays {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = ReadArrays;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the parameters of a network")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut fields: A) -> Result<ReadArrays, A::Error> {
                let d: usize = next(&mut fields)?;
                let mut values = Vec::new();
                let mut lengths = [0; 3];
                for length in &mut lengths {
                    *length = next_numbers(&mut fields, &mut values)?;
                }
                let [weights, h, outputs] = lengths;
                if h.checked_mul(d) != Some(weights) || outputs != h {
                    return Err(A::Error::custom("expected the parameters of a network"));
                }
                values.push(next(&mut fields)?);
                Ok(ReadArrays(Kept { shapes: vec![[h, d], [h, 1], [1, h], [1, 1]], values }))
            }
        }
        deserializer.deserialize_tuple(5, Fields)
    }
}

fn next<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(fields: &mut A) -> Result<T, A::Error> {
    fields.next_element()?.ok_or_else(|| A::Error::custom("the record is cut off"))
}

/// Appends the numbers of the next field to `values`, and returns their count.
fn next_numbers<'de, A: SeqAccess<'de>>(fields: &mut A, values: &mut Vec<f64>) -> Result<usize, A::Error> {
    struct Append<'a>(&'a mut Vec<f64>);
    impl<'de> DeserializeSeed<'de> for Append<'_> {
        type Value = usize;

        fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
            deserializer.deserialize_seq(self)
        }
    }
    impl<'de> Visitor<'de> for Append<'_> {
        type Value = usize;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of numbers")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut numbers: A) -> Result<usize, A::Error> {
            let before = self.0.len();
            // The stored length is untrusted: memory grows only with the bytes that are there.
            self.0.reserve(numbers.size_hint().unwrap_or(0).min(1 << 12));
            while let Some(number) = numbers.next_element()? {
                self.0.push(number);
            }
            Ok(self.0.len() - before)
        }
    }
    fields.next_element_seed(Append(values))?.ok_or_else(|| A::Error::custom("the record is cut off"))
}
