//! Whether the answers of a study can be held in memory.

use std::fs;

use super::RunError;

/// About how many bytes a run, a measurement and a final parameter take when tables are made of them: measured, with records and
/// tables in memory at once.
const RUN_BYTES: u128 = 2000;
const MEASUREMENT_BYTES: u128 = 550;
const PARAMETER_BYTES: u128 = 80;

/// Where the system does not say how much memory is free.
const USUAL: u64 = 8 << 30;

/// Refuses what could not be held, before anything is trained.
///
/// # Errors
/// There is not enough room.
pub fn require(runs: usize, measurements: u128, parameters: u128) -> Result<(), RunError> {
    let room = u128::from(free());
    let (measured, kept) = (measurements * MEASUREMENT_BYTES, parameters * PARAMETER_BYTES);
    let needed = runs as u128 * RUN_BYTES + measured + kept;
    if needed <= room {
        return Ok(());
    }
    let fewer = "train fewer epochs, measure less often with evaluate.every, or ask for fewer runs";
    let smaller = "take fewer hidden units, or ask for fewer runs";
    let (what, count, help) =
        if measured >= kept { ("measurements", measurements, fewer) } else { ("parameters", parameters, smaller) };
    Err(RunError::Large { what, count, runs, needed: needed >> 20, room: room >> 20, help })
}

/// How many bytes of memory this process may still take, as far as the system says: the least of what is free, of the limit of the
/// process, and of that of its container. Only Linux says so in files.
fn free() -> u64 {
    let read = |path: &str| fs::read_to_string(path).ok();
    let free = read("/proc/meminfo").as_deref().and_then(available);
    let own = read("/proc/self/limits").as_deref().and_then(limit);
    let container = read("/sys/fs/cgroup/memory.max").and_then(|text| text.trim().parse().ok());
    [free, own, container].into_iter().flatten().min().unwrap_or(USUAL)
}

/// `MemAvailable:   21718000 kB`.
fn available(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// `Max address space   3221225472   unlimited   bytes`: the first number counts.
fn limit(text: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix("Max address space"))?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_is_read() {
        assert_eq!(available("MemTotal:  100 kB\nMemAvailable:   21718000 kB\n"), Some(21_718_000 * 1024));
        assert_eq!((available("MemFree: 1 kB"), available("MemAvailable: much")), (None, None));
        let limits = "Limit   Soft Limit   Hard Limit   Units\nMax address space         3221225472           unlimited            bytes\n";
        assert_eq!(limit(limits), Some(3 << 30));
        assert_eq!(limit(&limits.replace("3221225472", "unlimited")), None);
        assert!(free() > 1 << 20);
    }
}
