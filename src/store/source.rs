//! Which sources a program was built from. Shared with the build script, so it stands on the standard library alone.

use std::{fs, io, path::Path};

/// What the program is made of, relative to the folder of its sources.
pub const PARTS: [&str; 3] = ["src", "Cargo.toml", "Cargo.lock"];

/// A fingerprint of all parts in `folder`: names and bytes, sorted by name. It tells an edited tree from the one that was
/// built; it is no proof against anyone (FNV-1a, 64 bits).
///
/// # Errors
/// A part cannot be read.
pub fn fingerprint(folder: &Path) -> io::Result<String> {
    let mut state = 0xcbf2_9ce4_8422_2325;
    for part in PARTS {
        take_in(&folder.join(part), part, &mut state)?;
    }
    Ok(format!("{state:016x}"))
}

fn take_in(path: &Path, name: &str, state: &mut u64) -> io::Result<()> {
    if path.is_dir() {
        let mut inside: Vec<_> = fs::read_dir(path)?
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<_>>()?;
        inside.sort();
        return inside.iter().try_for_each(|name| take_in(&path.join(name), name, state));
    }
    // Snapshots are of the tests, which rewrite them; a lock file is not in every package.
    if name.contains(".snap") || (name == "Cargo.lock" && !path.exists()) {
        return Ok(());
    }
    let mut take = |bytes: &[u8]| {
        for &byte in bytes {
            *state = (*state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    take(name.as_bytes());
    take(&fs::read(path)?);
    Ok(())
}
