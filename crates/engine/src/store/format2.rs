//! A record in segments of format 2, in the postcard wire format: a run of any experiment but the network. It has its
//! seed, and the rows and columns of every array.

use serde::{Deserialize, Serialize};

use crate::{
    digest::{Digest, Kept, Own, Record},
    record::{Observation, Outcome},
};

#[derive(Serialize)]
pub(super) struct Written<'a> {
    id: Digest,
    own: Own,
    points: Vec<(u64, u64, &'a [f64])>,
    chain: &'a [Digest],
    outcome: &'a Outcome,
    shapes: &'a [[usize; 2]],
    values: &'a [f64],
}

impl<'a> Written<'a> {
    pub(super) fn of(record: &'a Record, own: Own) -> Self {
        let Record { id, observations, chain, outcome, kept, own: _ } = record;
        let points = observations.iter().map(|point| (point.epoch, point.step, point.values.as_slice())).collect();
        Self { id: *id, own, points, chain, outcome, shapes: &kept.shapes, values: &kept.values }
    }
}

#[derive(Deserialize)]
pub(super) struct Read {
    id: Digest,
    own: Own,
    points: Vec<(u64, u64, Vec<f64>)>,
    chain: Vec<Digest>,
    outcome: Outcome,
    shapes: Vec<[usize; 2]>,
    values: Vec<f64>,
}

impl From<Read> for Record {
    fn from(read: Read) -> Self {
        let point = |(epoch, step, values)| Observation { epoch, step, values };
        Self {
            id: read.id,
            observations: read.points.into_iter().map(point).collect(),
            chain: read.chain,
            outcome: read.outcome,
            kept: Kept { shapes: read.shapes, values: read.values },
            own: Some(read.own),
        }
    }
}
