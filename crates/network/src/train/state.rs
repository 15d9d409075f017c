//! The state of a run between two steps, and its bytes.
//!
//! All numbers have eight bytes, little-endian: the version, the step, the word of the order, the step since which the
//! error has been zero (or 2⁶⁴ − 1), the inputs, the hidden units, and the parameters in canonical order. The step and
//! the word determine the position in the order.

use alloc::vec::Vec;

use super::{Job, Sampling};
use crate::model::Params;

const VERSION: u64 = 1;

/// The number for "no step".
const NEVER: u64 = u64::MAX;

/// The state of a run, which with its setting, data and seed determines the next steps. All measurements up to the step
/// are done.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// The completed steps.
    pub step: u64,
    /// The position of its [order](super::Order).
    pub(super) word: u64,
    pub(super) zero_since: Option<u64>,
    /// The current parameters.
    pub params: Params,
}

impl State {
    /// Returns the bytes of the state.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let Self { step, word, zero_since, params } = self;
        let (d, h) = (params.d, params.h());
        let mut bytes = Vec::with_capacity(8 * (6 + h * (d + 2) + 1));
        for number in [VERSION, *step, *word, zero_since.unwrap_or(NEVER), d as u64, h as u64] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        params.values().for_each(|value| bytes.extend_from_slice(&value.to_le_bytes()));
        bytes
    }

    /// Parses the state of a run of `job`; `None` if the bytes are not valid.
    #[must_use]
    pub fn from_bytes(job: &Job<'_>, bytes: &[u8]) -> Option<Self> {
        let (numbers, rest) = bytes.as_chunks::<8>();
        let (head, values) = numbers.split_first_chunk::<6>()?;
        let [version, step, word, zero_since, d, h] = head.map(u64::from_le_bytes);
        let mut params = job.initial();
        let fits = version == VERSION && rest.is_empty() && (d, h) == (params.d as u64, params.h() as u64);
        // Every step needs at least one word, and more if words are rejected.
        let reached = step < job.steps()
            && match job.setting.train.sampling {
                Sampling::WithReplacement => word >= step,
                Sampling::Shuffle => step > 0 || word == 0,
            };
        let zero_since = (zero_since != NEVER).then_some(zero_since);
        if !fits || !reached || values.len() != params.values().count() || zero_since.is_some_and(|since| since > step)
        {
            return None;
        }
        let slots = params.blocks_mut().into_iter().flatten();
        slots.zip(values).for_each(|(slot, value)| *slot = f64::from_le_bytes(*value));
        Some(Self { step, word, zero_since, params })
    }
}

#[cfg(test)]
mod tests;
