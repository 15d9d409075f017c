//! Admits runs by processors, memory and devices: as many at a time as the machine holds.

use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::spec::Command;

/// Admits runs of one program.
#[derive(Debug)]
pub struct Admission {
    /// The most runs at a time.
    most: usize,
    /// Why less memory is free than one run needs, if it is so.
    shortage: Option<String>,
    devices: Vec<String>,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Debug)]
struct State {
    running: usize,
    /// The indices of free devices, the next one last.
    free: Vec<usize>,
}

/// The right to run; it ends when it is dropped.
#[derive(Debug)]
pub struct Permit<'a> {
    admission: &'a Admission,
    device: Option<usize>,
}

const PAUSE: Duration = Duration::from_millis(50);

impl Admission {
    /// Creates the admission of a program on `threads` threads. One run is always admitted.
    #[must_use]
    pub fn new(command: &Command, threads: usize) -> Self {
        Self::of(command, threads, available_memory())
    }

    fn of(command: &Command, threads: usize, available: Option<u64>) -> Self {
        let by_processors = threads / command.processors as usize;
        let by_memory = match (&command.memory, available) {
            (Some((_, needed)), Some(available)) => usize::try_from(available / needed).unwrap_or(usize::MAX),
            _ => usize::MAX,
        };
        let devices = command.devices.as_ref().map_or_else(Vec::new, |devices| devices.names.clone());
        let by_devices = if devices.is_empty() { usize::MAX } else { devices.len() };
        let most = by_processors.min(by_memory).min(by_devices).max(1);
        let shortage = command.memory.as_ref().filter(|_| by_memory == 0).map(|(needed, _)| {
            let free = available.unwrap_or_default() as f64 / 1e9;
            format!("command.memory is {needed}, and only {free:.1} GB were free at the beginning: runs were started one at a time")
        });
        let free = (0..devices.len()).rev().collect();
        Self { most, shortage, devices, state: Mutex::new(State { running: 0, free }), freed: Condvar::new() }
    }

    /// Returns a notice if even one run needs more memory than was free.
    #[must_use]
    pub fn shortage(&self) -> Option<&str> {
        self.shortage.as_deref()
    }

    /// Waits until a run may begin; `None` if `stopped` says so first.
    pub fn wait(&self, stopped: &mut dyn FnMut() -> bool) -> Option<Permit<'_>> {
        let mut state = self.lock();
        loop {
            if stopped() {
                return None;
            }
            if state.running < self.most {
                state.running += 1;
                return Some(Permit { admission: self, device: state.free.pop() });
            }
            state = self.freed.wait_timeout(state, PAUSE).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit<'_> {
    /// Returns the device of the run.
    #[must_use]
    pub fn device(&self) -> Option<&str> {
        self.device.map(|index| self.admission.devices[index].as_str())
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let mut state = self.admission.lock();
        state.running -= 1;
        state.free.extend(self.device);
        drop(state);
        self.admission.freed.notify_one();
    }
}

/// The free memory of the machine in bytes, where it can be read.
fn available_memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Devices;

    fn command(processors: u32, memory: Option<u64>, devices: &[&str]) -> Command {
        Command {
            run: vec!["true".into()],
            processors,
            memory: memory.map(|bytes| (format!("{bytes} B"), bytes)),
            devices: (!devices.is_empty()).then(|| Devices {
                variable: "GPU".into(),
                names: devices.iter().map(|name| (*name).into()).collect(),
            }),
            ..Command::default()
        }
    }

    #[test]
    fn as_many_runs_as_the_machine_holds() {
        let most = |command: &Command, threads| Admission::of(command, threads, Some(10)).most;
        assert_eq!(most(&command(1, None, &[]), 8), 8);
        assert_eq!(most(&command(3, None, &[]), 8), 2);
        assert_eq!(most(&command(16, None, &[]), 8), 1);
        assert_eq!(most(&command(1, Some(4), &[]), 8), 2);
        assert_eq!(most(&command(1, Some(40), &[]), 8), 1);
        assert_eq!(most(&command(1, None, &["0", "1"]), 8), 2);
        let shortage = |memory| Admission::of(&command(1, Some(memory), &[]), 8, Some(10)).shortage;
        assert!(shortage(11).is_some_and(|notice| notice.starts_with("command.memory is 11 B, and only 0.0 GB")));
        assert_eq!([shortage(10), Admission::of(&command(1, Some(11), &[]), 8, None).shortage], [None, None]);
    }

    #[test]
    fn each_device_has_one_run_at_a_time() {
        let admission = Admission::of(&command(1, None, &["a", "b"]), 8, None);
        let first = admission.wait(&mut || false).unwrap();
        let second = admission.wait(&mut || false).unwrap();
        assert_eq!((first.device(), second.device()), (Some("a"), Some("b")));
        let mut asked = 0;
        let stopped = &mut || {
            asked += 1;
            asked > 1
        };
        assert!(admission.wait(stopped).is_none());
        drop(first);
        assert_eq!(admission.wait(&mut || false).unwrap().device(), Some("a"));
    }
}
