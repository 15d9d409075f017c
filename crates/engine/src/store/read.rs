use std::{
    fs::{self, File},
    io::{self, Read, Take},
    path::Path,
};

/// The size limit of files that are read, in bytes.
const MOST_BYTES: u64 = 8 << 30;

/// Reads a file of a results folder.
///
/// # Errors
/// As [`open`], or the file grows beyond the limit while it is read.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let bytes = read_all(open(path)?)?;
    if bytes.len() as u64 > MOST_BYTES { Err(large()) } else { Ok(bytes) }
}

/// Reads the rest of an [opened](open) file. Allocates once: a growing vector would need up to twice the memory.
///
/// # Errors
/// The file cannot be read.
pub fn read_all(mut file: Take<File>) -> io::Result<Vec<u8>> {
    let length = file.get_ref().metadata().map_or(0, |about| about.len());
    let mut bytes = Vec::new();
    // One byte more, so that the end is found without growing. If the allocation fails, reading reports it.
    if let Ok(length) = usize::try_from(length) {
        let _ = bytes.try_reserve_exact(length.saturating_add(1));
    }
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Opens a file of a results folder. Results are untrusted input, so endless devices and pipes are refused, and reading
/// stops at the size limit even if the file grows.
///
/// # Errors
/// The file does not exist, cannot be read, is no regular file, or is larger than eight gigabytes.
pub fn open(path: &Path) -> io::Result<Take<File>> {
    let about = fs::metadata(path)?;
    if !about.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    if about.len() > MOST_BYTES {
        return Err(large());
    }
    Ok(File::open(path)?.take(MOST_BYTES + 1))
}

fn large() -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 8 GB")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_of_limited_size_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("file"), "content").unwrap();
        assert_eq!(read(&path("file")).unwrap(), b"content");
        assert_eq!(read(&path("nothing")).unwrap_err().kind(), io::ErrorKind::NotFound);
        assert_eq!(read(folder.path()).unwrap_err().kind(), io::ErrorKind::InvalidInput);
        for device in ["/dev/zero", "/dev/null"] {
            std::os::unix::fs::symlink(device, path(&device[5..])).unwrap();
            assert_eq!(read(&path(&device[5..])).unwrap_err().kind(), io::ErrorKind::InvalidInput);
        }
        File::create(path("large")).unwrap().set_len(MOST_BYTES + 1).unwrap();
        assert_eq!(read(&path("large")).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    }
}
