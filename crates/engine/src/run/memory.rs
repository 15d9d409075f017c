//! Checks that the results of a study fit into memory.

use std::fs;

use super::RunError;

/// The approximate memory of a run, a measurement and a final parameter while tables are made, in bytes: measured, with
/// records and tables in memory together.
const RUN_BYTES: u128 = 2000;
const MEASUREMENT_BYTES: u128 = 550;
const PARAMETER_BYTES: u128 = 80;

/// The assumed free memory if the system does not report it.
const USUAL: u64 = 8 << 30;

/// Refuses a study whose results would not fit into memory.
///
/// # Errors
/// The results need more than the free memory.
pub fn require(runs: usize, measurements: u128, parameters: u128) -> Result<(), RunError> {
    let free = u128::from(free_bytes());
    let (measured, kept) = (measurements * MEASUREMENT_BYTES, parameters * PARAMETER_BYTES);
    let needed = runs as u128 * RUN_BYTES + measured + kept;
    if needed <= free {
        return Ok(());
    }
    let fewer = "train fewer epochs, measure less often with evaluate.every, or ask for fewer runs";
    let smaller = "take fewer hidden units, or ask for fewer runs";
    let (what, count, help) =
        if measured >= kept { ("measurements", measurements, fewer) } else { ("parameters", parameters, smaller) };
    Err(RunError::Large { what, count, runs, needed: needed >> 20, free: free >> 20, help })
}

/// The memory that this process may still use, in bytes: the smallest of the free memory, the limit of the process and
/// the limit of its container. Only Linux has these files.
fn free_bytes() -> u64 {
    let read = |path: &str| fs::read_to_string(path).ok();
    let free = read("/proc/meminfo").as_deref().and_then(available);
    let process = read("/proc/self/limits").as_deref().and_then(limit);
    let container = read("/sys/fs/cgroup/memory.max").and_then(|text| text.trim().parse().ok());
    [free, process, container].into_iter().flatten().min().unwrap_or(USUAL)
}

/// `MemAvailable:   21718000 kB`.
fn available(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// `Max address space   3221225472   unlimited   bytes`: the first number is the soft limit.
fn limit(text: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix("Max address space"))?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_memory_and_limits_are_parsed() {
        assert_eq!(available("MemTotal:  100 kB\nMemAvailable:   21718000 kB\n"), Some(21_718_000 * 1024));
        assert_eq!((available("MemFree: 1 kB"), available("MemAvailable: much")), (None, None));
        let limits = "Limit   Soft Limit   Hard Limit   Units\nMax address space         3221225472           unlimited            bytes\n";
        assert_eq!(limit(limits), Some(3 << 30));
        assert_eq!(limit(&limits.replace("3221225472", "unlimited")), None);
        assert!(free_bytes() > 1 << 20);
    }
}
