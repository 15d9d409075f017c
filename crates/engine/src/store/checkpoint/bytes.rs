//! The bytes of a checkpoint.

use std::borrow::Cow;

use super::Checkpoint;
use crate::{digest::Digest, record::Observation};

const MAGIC: &[u8; 12] = b"RESTUDY RUN\n";
const VERSION: u32 = 1;

/// The length of the header.
pub const HEAD: usize = 64;

/// The length of a slot without its state.
const SLOT: usize = 96;

/// An intact slot in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    number: u64,
    /// The completed steps.
    pub step: u64,
    log: u64,
    log_digest: [u8; 32],
    /// The offsets where the state begins and ends.
    state: [usize; 2],
}

pub fn head(id: &Digest, maker: &Digest, room: u64) -> [u8; HEAD] {
    let mut head = [0; HEAD];
    head[..12].copy_from_slice(MAGIC);
    head[12..16].copy_from_slice(&VERSION.to_le_bytes());
    head[16..48].copy_from_slice(&id.0);
    head[48..56].copy_from_slice(&maker.0[..8]);
    head[56..].copy_from_slice(&room.to_le_bytes());
    head
}

pub fn room(head: &[u8]) -> u64 {
    number(head, 56).unwrap_or_default()
}

/// The capacity for a state, if this is the header of a checkpoint of the run; at most 2^40 bytes.
pub fn checked_room(bytes: &[u8], id: &Digest) -> Option<u64> {
    let known = bytes.starts_with(MAGIC) && bytes.get(12..16)? == VERSION.to_le_bytes() && bytes.get(16..48)? == id.0;
    number(bytes, 56).filter(|room| known && *room < 1 << 40)
}

pub fn slot_place(number: u64, room: u64) -> u64 {
    HEAD as u64 + number % 2 * (SLOT as u64 + room)
}

pub fn log_place(room: u64) -> u64 {
    HEAD as u64 + 2 * (SLOT as u64 + room)
}

/// The slot with the given number, for a log of `before` bytes whose digest is `digest`, after `log` is appended to it.
pub fn slot(
    digest: &mut blake3::Hasher,
    log: &[u8],
    head: &[u8; HEAD],
    number: u64,
    before: u64,
    checkpoint: &Checkpoint<'_>,
) -> Vec<u8> {
    digest.update(log);
    let mut slot = Vec::with_capacity(SLOT + checkpoint.state.len());
    slot.extend([0; 32]);
    for number in [number, checkpoint.step, before + log.len() as u64] {
        slot.extend(number.to_le_bytes());
    }
    slot.extend(digest.finalize().as_bytes());
    slot.extend((checkpoint.state.len() as u64).to_le_bytes());
    slot.extend(&*checkpoint.state);
    let sum = sum(head, &slot[32..]);
    slot[..32].copy_from_slice(&sum);
    slot
}

fn sum(head: &[u8], slot: &[u8]) -> [u8; 32] {
    *blake3::Hasher::new().update(b"restudy/checkpoint").update(head).update(slot).finalize().as_bytes()
}

pub fn log(points: &[Observation], chain: &[Digest]) -> Vec<u8> {
    let each = points.first().map_or(0, |point| 24 + 8 * point.values.len() + 32);
    let mut log = Vec::with_capacity(points.len() * each);
    for (point, link) in points.iter().zip(chain) {
        for number in [point.epoch, point.step, point.values.len() as u64] {
            log.extend(number.to_le_bytes());
        }
        point.values.iter().for_each(|value| log.extend(value.to_le_bytes()));
        log.extend(link.0);
    }
    log
}

/// The intact slots of the run, newest first.
pub fn slots(bytes: &[u8], id: &Digest) -> Vec<Slot> {
    let Some(room) = checked_room(bytes, id) else { return Vec::new() };
    let mut slots: Vec<_> = (0..2).filter_map(|place| intact(bytes, slot_place(place, room) as usize, room)).collect();
    slots.sort_by_key(|slot| std::cmp::Reverse(slot.number));
    slots
}

fn intact(bytes: &[u8], place: usize, room: u64) -> Option<Slot> {
    let slot = bytes.get(place..)?;
    let [step, log, length] = [40, 48, 88].map(|at| number(slot, at));
    let length = length.filter(|length| *length <= room)? as usize;
    let rest = slot.get(32..SLOT + length)?;
    let (number, step, log) = (number(slot, 32)?, step?, log?);
    let log_digest = slot.get(56..88)?.try_into().ok()?;
    let state = [place + SLOT, place + SLOT + length];
    (slot[..32] == sum(&bytes[..HEAD], rest)).then_some(Slot { number, step, log, log_digest, state })
}

/// The checkpoint of the newest slot with an intact part of the log.
pub fn decode(bytes: &[u8], id: &Digest) -> Option<Checkpoint<'static>> {
    let place = usize::try_from(log_place(checked_room(bytes, id)?)).ok()?;
    slots(bytes, id).into_iter().find_map(|slot| {
        let log = bytes.get(place..)?.get(..usize::try_from(slot.log).ok()?)?;
        let intact = Digest::of(log).0 == slot.log_digest;
        let (points, chain) = intact.then(|| measured(log)).flatten()?;
        let state = bytes.get(slot.state[0]..slot.state[1])?.to_vec();
        Some(Checkpoint {
            step: slot.step,
            points: Cow::Owned(points),
            chain: Cow::Owned(chain),
            state: Cow::Owned(state),
        })
    })
}

fn measured(mut log: &[u8]) -> Option<(Vec<Observation>, Vec<Digest>)> {
    let (mut points, mut chain) = (Vec::new(), Vec::new());
    while !log.is_empty() {
        let (numbers, rest) = log.split_first_chunk::<24>()?;
        let [epoch, step, count] = [0, 8, 16].map(|at| number(numbers, at));
        // Checked against the bytes that are there, before anything is allocated.
        let length = usize::try_from(count?).ok()?.checked_mul(8)?;
        let (values, rest) = rest.split_at_checked(length)?;
        let (link, rest) = rest.split_first_chunk::<32>()?;
        let values = values.as_chunks().0.iter().map(|value| f64::from_le_bytes(*value)).collect();
        points.push(Observation { epoch: epoch?, step: step?, values });
        chain.push(Digest(*link));
        log = rest;
    }
    Some((points, chain))
}

fn number(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
