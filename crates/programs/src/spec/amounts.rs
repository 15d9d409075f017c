//! Amounts of time and memory as texts: `10 min`, `4 GB`.

use std::time::Duration;

/// Splits `10 min` into the number and the unit.
fn parts(text: &str) -> Option<(f64, &str)> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let number: f64 = text[..end].parse().ok()?;
    Some((number, text[end..].trim()))
}

/// Reads a positive amount of time in `ms`, `s`, `min`, `h` or `d`, at most 1,000 days.
#[must_use]
pub fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = parts(text)?;
    let seconds = match unit {
        "ms" => 1e-3,
        "s" => 1.0,
        "min" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        _ => return None,
    } * number;
    (seconds > 0.0 && seconds <= 1000.0 * 86_400.0).then(|| Duration::from_secs_f64(seconds))
}

/// Reads a positive amount of memory in `MB`, `GB` or `TB` (powers of 1000), or in `MiB`, `GiB` or `TiB` (powers of
/// 1024), in bytes.
#[must_use]
pub fn memory(text: &str) -> Option<u64> {
    let (number, unit) = parts(text)?;
    let bytes = match unit {
        "MB" => 1e6,
        "GB" => 1e9,
        "TB" => 1e12,
        "MiB" => 1_048_576.0,
        "GiB" => 1_073_741_824.0,
        "TiB" => 1_099_511_627_776.0,
        _ => return None,
    } * number;
    (1.0..=1e18).contains(&bytes).then_some(bytes as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_with_their_units() {
        assert_eq!(duration("10 min"), Some(Duration::from_secs(600)));
        assert_eq!(duration("1.5s"), Some(Duration::from_millis(1500)));
        assert_eq!(duration("250 ms"), Some(Duration::from_millis(250)));
        assert_eq!(memory("4 GB"), Some(4_000_000_000));
        assert_eq!(memory("0.5 GiB"), Some(1 << 29));
        for wrong in ["", "10", "min", "0 s", "-1 s", "1 minute", "1e3 s", "2000 d", "1..5 s", "ten s"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
        for wrong in ["4", "4 gb", "0 GB", "GB", "4 KB"] {
            assert_eq!(memory(wrong), None, "{wrong}");
        }
    }
}
