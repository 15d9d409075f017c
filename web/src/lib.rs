//! The core of restudy for a page in a browser. It trains one run at a time, in slices, and after every measurement
//! gives the measured values and the link of the chain.
//!
//! The page passes a run as the text of its identity: one line `path=value` per setting, sorted by path, then `seed=N`.
//! If its points are in a file, the page passes them first, with [`data`], and the identity of the run as a line
//! `run=…`. All data pass through memory: the page asks for [`room`], writes there, and reads at the returned
//! addresses.
#![cfg(target_arch = "wasm32")]
#![no_std]

extern crate alloc;

mod memory;
mod settings;

use alloc::{format, string::String, vec::Vec};
use core::{panic::PanicInfo, ptr::addr_of_mut, slice};

use restudy_core::{record::{last_link, run_digest}, digest::{self, Digest, run_id}, seed::Seed};
use restudy_network::{data::{Dataset, Source, SplitData}, model, train::{Job, Simd, Outcome, Setting, Walk, is_diverged}};
use settings::Asked;

/// The current run.
struct State {
    setting: Setting,
    split: SplitData,
    seed: Seed,
    walk: Walk,
    /// The identity of the run, its last link, and its digest once it has ended: 32 bytes each.
    digests: [Digest; 3],
    /// Epoch and step of the last measurement, then every metric on training and validation points.
    point: Vec<f64>,
    outcome: String,
}

static mut STATE: Option<State> = None;
static mut ROOM: Vec<u8> = Vec::new();
static mut NUMBERS: Vec<f64> = Vec::new();
static mut GIVEN: Option<SplitData> = None;

fn state() -> Option<&'static mut State> {
    // SAFETY: one thread, and no export calls another.
    unsafe { (*addr_of_mut!(STATE)).as_mut() }
}

fn numbers() -> &'static mut Vec<f64> {
    // SAFETY: one thread, and no export calls another.
    unsafe { &mut *addr_of_mut!(NUMBERS) }
}

/// Returns room for this many bytes, at a multiple of eight.
#[unsafe(no_mangle)]
pub extern "C" fn room(bytes: usize) -> *mut u8 {
    // SAFETY: as above.
    let room = unsafe { &mut *addr_of_mut!(ROOM) };
    room.clear();
    room.resize(bytes + 8, 0);
    let start = room.as_ptr().align_offset(8);
    room[start..].as_mut_ptr()
}

/// The bytes that the page wrote to the room.
fn written<'a>(place: *const u8, bytes: usize) -> &'a [u8] {
    // SAFETY: the page passes the number of bytes that it has written.
    unsafe { slice::from_raw_parts(place, bytes) }
}

/// Takes the points of runs whose settings name a file from the room, as x1, x2, y: first the training, then the
/// validation points.
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
    // SAFETY: as above.
    unsafe { *addr_of_mut!(GIVEN) = Some(SplitData { train: set(train), validation: set(validation) }) };
}

/// Begins the run of these settings. Returns 0, or 1 if the module cannot train a run of these settings.
#[unsafe(no_mangle)]
pub extern "C" fn begin(place: *const u8, bytes: usize) -> u32 {
    let begun = core::str::from_utf8(written(place, bytes)).ok().and_then(start);
    let good = begun.is_some();
    // SAFETY: as above.
    unsafe { *addr_of_mut!(STATE) = begun };
    u32::from(!good)
}

fn start(text: &str) -> Option<State> {
    let Asked { settings: lines, seed, id } = Asked::read(text)?;
    let setting = settings::setting(&lines)?;
    if !setting.validate().is_empty() {
        return None;
    }
    let split = match settings::data(&lines) {
        Some(data) if data.validate().is_empty() => data.load(data.seeding().of(seed)).ok()?,
        Some(_) => return None,
        // SAFETY: as above.
        None => unsafe { (*addr_of_mut!(GIVEN)).clone()? },
    };
    let id = id.unwrap_or_else(|| run_id(lines.iter().map(|(path, value)| (*path, value.clone())), seed));
    let walk = Walk::new(&Job { setting: &setting, split: &split, seed });
    Some(State { setting, split, seed, walk, digests: [id; 3], point: Vec::new(), outcome: String::new() })
}

/// Trains for at most this many steps: returns 0 if the next measurement was not reached, 1 if it was, 2 if it was the
/// last one. The measured values are then at [`point`], the link at [`digests`].
#[unsafe(no_mangle)]
pub extern "C" fn advance(steps: u32) -> u32 {
    let Some(State { setting, split, seed, walk, digests, point, outcome }) = state() else { return 2 };
    let job = Job { setting, split, seed: *seed };
    if walk.outcome().is_some() {
        return 2;
    }
    let Some(measured) = walk.advance(Simd::best(), &job, u64::from(steps)) else { return 0 };
    let diverged = is_diverged(&measured, walk.params());
    let parameters: Option<Vec<f64>> = (!diverged).then(|| walk.params().values().collect());
    digests[1] = last_link(digests[1], &measured, parameters.as_deref());
    point.clear();
    point.extend([measured.epoch as f64, measured.step as f64]);
    point.extend(&measured.values);
    let Some(end) = walk.outcome() else { return 1 };
    *outcome = match end {
        Outcome::Converged { epoch } => format!("converged {epoch}"),
        Outcome::Diverged { epoch } => format!("diverged {epoch}"),
        other => other.name().into(),
    };
    digests[2] = run_digest(digests[1], outcome);
    2
}

/// Returns the identity of the run, its last link, and its digest: 32 bytes each.
#[unsafe(no_mangle)]
pub extern "C" fn digests() -> *const u8 {
    state().map_or(core::ptr::null(), |state| state.digests.as_ptr().cast())
}

/// Returns the address of the last measurement: epoch, step, the metrics on training points, those on validation
/// points.
#[unsafe(no_mangle)]
pub extern "C" fn point() -> *const f64 {
    state().map_or(core::ptr::null(), |state| state.point.as_ptr())
}

/// Returns how many numbers are there.
#[unsafe(no_mangle)]
pub extern "C" fn point_length() -> usize {
    state().map_or(0, |state| state.point.len())
}

/// Returns the outcome of a run that has ended, as text.
#[unsafe(no_mangle)]
pub extern "C" fn outcome() -> *const u8 {
    state().map_or(core::ptr::null(), |state| state.outcome.as_ptr())
}

/// Returns the length of that text.
#[unsafe(no_mangle)]
pub extern "C" fn outcome_length() -> usize {
    state().map_or(0, |state| state.outcome.len())
}

/// Returns the outputs Y of the network at its last measurement, at points of the plane that are in the room as x1, x2.
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
pub extern "C" fn points(part: u32) -> *const f64 {
    let found = numbers();
    found.clear();
    if let Some(state) = state() {
        let data = if part == 0 { &state.split.train } else { &state.split.validation };
        for i in 0..data.len() {
            found.extend_from_slice(data.point(i));
            found.push(data.y[i]);
        }
    }
    found.as_ptr()
}

/// Returns the length of the last list of numbers.
#[unsafe(no_mangle)]
pub extern "C" fn length() -> usize {
    numbers().len()
}

/// Returns the root over runs that are in the room as identity and digest, 32 bytes each.
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
