//! Reads the text of a specification; the file is untrusted input.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use crate::spec::{Code, SpecError};

const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// Reads the specification of a results folder, which is untrusted: devices and pipes are refused.
///
/// # Errors
/// As [`read`], or the file is not a regular file.
pub fn read_kept(path: &Path) -> Result<String, SpecError> {
    if fs::metadata(path).is_ok_and(|about| !about.is_file() && !about.is_dir()) {
        let help = "give the folder of one study, such as results/hidden";
        return Err(SpecError::file(Code::Unreadable, format!("{} is not a regular file", path.display()), help));
    }
    text(path, "restore the file, or run `restudy sweep` on your specification, which writes it again")
}

/// Reads the text of a specification.
///
/// # Errors
/// The file cannot be read, is too large, or is not UTF-8.
pub fn read(path: &Path) -> Result<String, SpecError> {
    text(path, "check the path; `restudy new FILE` writes a specification to start from")
}

/// Reads the text of a specification; `missing` is the remedy if the file does not exist.
fn text(path: &Path, missing: &str) -> Result<String, SpecError> {
    let shown = path.display();
    let refuse = SpecError::file;
    let unreadable = |error: io::Error| {
        let help = match error.kind() {
            io::ErrorKind::NotFound => missing,
            _ => "check the path and the permissions",
        };
        refuse(Code::Unreadable, format!("{shown} cannot be read: {error}"), help)
    };
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(refuse(
            Code::Unreadable,
            format!("{shown} is a folder"),
            "name the specification in it: FOLDER/NAME.toml",
        ));
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes)).map_err(unreadable)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(refuse(
            Code::TooLarge,
            format!("{shown} is larger than 16 MB"),
            "a specification is a page of text; is this another file?",
        ));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..valid].iter().filter(|&&byte| byte == b'\n').count() + 1;
        refuse(Code::NotUtf8, format!("{shown}, line {line}: the text is not UTF-8"), "save the file as UTF-8")
    })
}
