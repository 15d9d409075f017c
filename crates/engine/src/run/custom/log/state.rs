//! The state in a checkpoint of a custom experiment: the arrays stored so far, then the bytes of the experiment.

/// An array: its numbers of rows and columns, and its numbers by row.
pub(super) type Array = ([usize; 2], Vec<f64>);

/// Encodes arrays and state.
pub(super) fn write(kept: &[Option<Array>], state: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(state.len() + kept.len());
    for array in kept {
        let Some(([rows, columns], values)) = array else {
            bytes.push(0);
            continue;
        };
        bytes.push(1);
        bytes.extend([*rows, *columns].iter().flat_map(|count| (*count as u64).to_le_bytes()));
        bytes.extend(values.iter().flat_map(|value| value.to_bits().to_le_bytes()));
    }
    bytes.extend(state);
    bytes
}

/// Decodes state with this number of arrays; `None` if the bytes are malformed.
pub(super) fn read(mut bytes: &[u8], arrays: usize) -> Option<(Vec<Option<Array>>, Vec<u8>)> {
    fn word(bytes: &mut &[u8]) -> Option<u64> {
        let (word, rest) = bytes.split_first_chunk()?;
        *bytes = rest;
        Some(u64::from_le_bytes(*word))
    }
    let mut kept = Vec::with_capacity(arrays);
    for _ in 0..arrays {
        let (is_kept, rest) = bytes.split_first()?;
        bytes = rest;
        kept.push(match is_kept {
            0 => None,
            1 => {
                let shape = [word(&mut bytes)?, word(&mut bytes)?].map(|count| usize::try_from(count).ok());
                let [Some(rows), Some(columns)] = shape else { return None };
                let count = rows.checked_mul(columns).filter(|count| *count <= bytes.len() / 8)?;
                let values = (0..count).map(|_| word(&mut bytes).map(f64::from_bits)).collect::<Option<_>>()?;
                Some(([rows, columns], values))
            }
            _ => return None,
        });
    }
    Some((kept, bytes.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_and_state_are_read_back() {
        let kept = vec![None, Some(([2, 1], vec![-0.0, f64::MAX])), Some(([0, 3], Vec::new()))];
        let bytes = write(&kept, b"state");
        assert_eq!(read(&bytes, 3), Some((kept, b"state".to_vec())));
        // Truncated arrays are refused.
        (0..bytes.len() - 5).for_each(|cut| assert_eq!(read(&bytes[..cut], 3), None));
        assert_eq!(read(&[1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255], 1), None);
    }
}
