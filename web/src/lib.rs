//! The core of restudy for a page in a browser. It trains one run at a time, in slices, and returns each measurement
//! with its link of the chain.
//!
//! The input of a run is the text of its identity: a line `path=value` for each setting, sorted by path, then `seed=N`.
//! Points from a file are passed before, with [`data`], and the identity of their run as a line `run=…`. Data passes
//! through memory: the page writes into [`room`] and reads from the returned addresses.
#![cfg(target_arch = "wasm32")]
#![no_std]

extern crate alloc;

mod memory;
mod settings;

use alloc::{format, string::String, vec::Vec};
use core::{panic::PanicInfo, ptr::addr_of_mut, slice};

use restudy_core::{record::{last_link, run_digest}, digest::{self, Digest, run_id}, seed::Seed};
use restudy_network::{data::{Dataset, Source, SplitData}, model, train::{Job, Simd, Outcome, Setting, Walk, is_diverged}};
use settings::Request;

struct State {
    setting: Setting,
    split: SplitData,
    seed: Seed,
    walk: Walk,
    /// The identity of the run, its last link, and its digest after the end: 32 bytes each.
    digests: [Digest; 3],
    /// The epoch and the step of the last measurement, then every metric on training and on validation points.
    observation: Vec<f64>,
    outcome: String,
}

static mut STATE: Option<State> = None;
static mut BUFFER: Vec<u8> = Vec::new();
static mut NUMBERS: Vec<f64> = Vec::new();
static mut FILE_POINTS: Option<SplitData> = None;

fn state() -> Option<&'static mut State> {
    // SAFETY: one thread, and no export calls another.
    unsafe { (*addr_of_mut!(STATE)).as_mut() }
}

fn numbers() -> &'static mut Vec<f64> {
    // SAFETY: one thread, and no export calls another.
    unsafe { &mut *addr_of_mut!(NUMBERS) }
}

/// Returns a buffer of `bytes` bytes for the page to write to, aligned to eight.
#[unsafe(no_mangle)]
pub extern "C" fn room(bytes: usize) -> *mut u8 {
    // SAFETY: one thread, and no export calls another.
    let buffer = unsafe { &mut *addr_of_mut!(BUFFER) };
    buffer.clear();
    buffer.resize(bytes + 8, 0);
    let start = buffer.as_ptr().align_offset(8);
    buffer[start..].as_mut_ptr()
}

/// The bytes that the page wrote to the buffer.
fn written<'a>(place: *const u8, bytes: usize) -> &'a [u8] {
    // SAFETY: the page passes the address and the length of what it wrote to the buffer.
    unsafe { slice::from_raw_parts(place, bytes) }
}

/// Sets the points of runs whose settings name a file: `train` training and `validation` validation points in the
/// buffer, as x1, x2, y.
#[unsafe(no_mangle)]
pub extern "C" fn data(place: *const u8, train: usize, validation: usize) {
    let numbers: Vec<f64> =
        written(place, 24 * (train + validation)).as_chunks::<8>().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect();
    let set = |points: &[f64]| Dataset {
        d: 2,
        x: points.chunks_exact(3).flat_map(|point| [point[0], point[1]]).collect(),
        y: points.chunks_exact(3).map(|point| point[2]).collect(),
    };
    let (train, validation) = numbers.split_at(3 * train);
    // SAFETY: one thread, and no export calls another.
    unsafe { *addr_of_mut!(FILE_POINTS) = Some(SplitData { train: set(train), validation: set(validation) }) };
}

/// Starts the run of these settings. Returns 0, or 1 if this module cannot train a run with these settings.
#[unsafe(no_mangle)]
pub extern "C" fn begin(place: *const u8, bytes: usize) -> u32 {
    let started = core::str::from_utf8(written(place, bytes)).ok().and_then(start);
    let failed = started.is_none();
    // SAFETY: one thread, and no export calls another.
    unsafe { *addr_of_mut!(STATE) = started };
    u32::from(failed)
}

fn start(text: &str) -> Option<State> {
    let Request { settings: lines, seed, id } = Request::read(text)?;
    let setting = settings::setting(&lines)?;
    if !setting.validate().is_empty() {
        return None;
    }
    let split = match settings::data(&lines) {
        Some(data) if data.validate().is_empty() => data.load(data.seeding().of(seed)).ok()?,
        Some(_) => return None,
        // SAFETY: one thread, and no export calls another.
        None => unsafe { (*addr_of_mut!(FILE_POINTS)).clone()? },
    };
    let id = id.unwrap_or_else(|| run_id(lines.iter().map(|(path, value)| (*path, value.clone())), seed));
    let walk = Walk::new(&Job { setting: &setting, split: &split, seed });
    Some(State { setting, split, seed, walk, digests: [id; 3], observation: Vec::new(), outcome: String::new() })
}

/// Trains at most `steps` steps. Returns 0 if the next measurement was not reached, 1 if it was, 2 if it was the last
/// one. The measurement is at [`point`], its link at [`digests`].
#[unsafe(no_mangle)]
pub extern "C" fn advance(steps: u32) -> u32 {
    let Some(State { setting, split, seed, walk, digests, observation, outcome }) = state() else { return 2 };
    let job = Job { setting, split, seed: *seed };
    if walk.outcome().is_some() {
        return 2;
    }
    let Some(measured) = walk.advance(Simd::best(), &job, u64::from(steps)) else { return 0 };
    let diverged = is_diverged(&measured, walk.params());
    let parameters: Option<Vec<f64>> = (!diverged).then(|| walk.params().values().collect());
    digests[1] = last_link(digests[1], &measured, parameters.as_deref());
    observation.clear();
    observation.extend([measured.epoch as f64, measured.step as f64]);
    observation.extend(&measured.values);
    let Some(end) = walk.outcome() else { return 1 };
    *outcome = match end {
        Outcome::Converged { epoch } => format!("converged {epoch}"),
        Outcome::Diverged { epoch } => format!("diverged {epoch}"),
        other => other.name().into(),
    };
    digests[2] = run_digest(digests[1], outcome);
    2
}

/// Returns the identity of the run, its last link and its digest: 32 bytes each.
#[unsafe(no_mangle)]
pub extern "C" fn digests() -> *const u8 {
    state().map_or(core::ptr::null(), |state| state.digests.as_ptr().cast())
}

/// Returns the last measurement: the epoch, the step, the metrics on training points, those on validation points.
#[unsafe(no_mangle)]
pub extern "C" fn point() -> *const f64 {
    state().map_or(core::ptr::null(), |state| state.observation.as_ptr())
}

/// Returns the number of values of [`point`].
#[unsafe(no_mangle)]
pub extern "C" fn point_length() -> usize {
    state().map_or(0, |state| state.observation.len())
}

/// Returns the outcome of a finished run, as text.
#[unsafe(no_mangle)]
pub extern "C" fn outcome() -> *const u8 {
    state().map_or(core::ptr::null(), |state| state.outcome.as_ptr())
}

/// Returns the length of the text of [`outcome`].
#[unsafe(no_mangle)]
pub extern "C" fn outcome_length() -> usize {
    state().map_or(0, |state| state.outcome.len())
}

/// Returns the outputs Y of the network at its last measurement, for points of the plane in the buffer, as x1, x2.
#[unsafe(no_mangle)]
pub extern "C" fn outputs(place: *const u8, points: usize) -> *const f64 {
    let found = numbers();
    found.clear();
    let Some(state) = state() else { return core::ptr::null() };
    let coordinates = written(place, 16 * points).as_chunks::<8>().0;
    for pair in coordinates.chunks_exact(2) {
        let x = [f64::from_le_bytes(pair[0]), f64::from_le_bytes(pair[1])];
        found.push(model::forward(state.walk.params(), &x).output);
    }
    found.as_ptr()
}

/// Returns the parameters at the last measurement, in canonical order.
#[unsafe(no_mangle)]
pub extern "C" fn parameters() -> *const f64 {
    let found = numbers();
    found.clear();
    found.extend(state().into_iter().flat_map(|state| state.walk.params().values()));
    found.as_ptr()
}

/// Returns the training points (0) or the validation points (1), each as x1, x2, y.
#[unsafe(no_mangle)]
pub extern "C" fn points(split: u32) -> *const f64 {
    let found = numbers();
    found.clear();
    if let Some(state) = state() {
        let data = if split == 0 { &state.split.train } else { &state.split.validation };
        for i in 0..data.len() {
            found.extend_from_slice(data.point(i));
            found.push(data.y[i]);
        }
    }
    found.as_ptr()
}

/// Returns the number of values in the last list.
#[unsafe(no_mangle)]
pub extern "C" fn length() -> usize {
    numbers().len()
}

/// Returns the root over runs in the buffer, each as identity and digest of 32 bytes.
#[unsafe(no_mangle)]
pub extern "C" fn root(place: *const u8, runs: usize) -> *const u8 {
    let digests = written(place, 64 * runs).as_chunks::<32>().0;
    let pairs = digests.chunks_exact(2).map(|pair| (Digest(pair[0]), Digest(pair[1])));
    let root = digest::root(pairs);
    let found = numbers();
    found.clear();
    found.extend(root.0.as_chunks::<8>().0.iter().map(|bytes| f64::from_le_bytes(*bytes)));
    found.as_ptr().cast()
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
