//! Converts paths of files: a specification has them relative to its folder, the program relative to the current
//! folder.

use std::{
    borrow::Cow,
    path::{Component, Path, PathBuf},
};

/// Converts `file`, relative to `folder`, to a path relative to the current folder.
pub(super) fn resolved(folder: &Path, file: &str) -> String {
    normal(&folder.join(file)).to_string_lossy().into_owned()
}

/// Converts `file`, relative to the current folder, to a path relative to `folder`.
pub(super) fn relative(folder: &Path, file: &str) -> String {
    let (folder, file) = (normal(folder), normal(Path::new(file)));
    let shared = folder.components().zip(file.components()).take_while(|(one, other)| one == other).count();
    let climbs = folder.components().skip(shared).any(|part| part == Component::ParentDir);
    let (folder, file) = if climbs || folder.has_root() != file.has_root() {
        (absolute(&folder), absolute(&file))
    } else {
        (Cow::Owned(folder), Cow::Owned(file))
    };
    let shared = folder.components().zip(file.components()).take_while(|(one, other)| one == other).count();
    let up = folder.components().skip(shared).map(|_| Component::ParentDir);
    let parts: Vec<_> =
        up.chain(file.components().skip(shared)).map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// Converts `file`, relative to the current folder, to an absolute path.
pub(super) fn absolute_path(file: &str) -> PathBuf {
    absolute(&normal(Path::new(file))).into_owned()
}

fn absolute(path: &Path) -> Cow<'_, Path> {
    std::path::absolute(path).map_or(Cow::Borrowed(path), |path| Cow::Owned(normal(&path)))
}

/// Removes `.`, and `..` after a name.
fn normal(path: &Path) -> PathBuf {
    let mut parts = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => (),
            Component::ParentDir if matches!(parts.components().next_back(), Some(Component::Normal(_))) => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_from_any_folder() {
        for folder in ["", "experiments", "./experiments", "a/b/c", "../elsewhere", "/tmp/results/x"] {
            for file in ["experiments/data/points.csv", "points.csv", "../points.csv"] {
                let written = relative(Path::new(folder), file);
                let read = resolved(Path::new(folder), &written);
                assert_eq!(absolute(Path::new(&read)), absolute(&normal(Path::new(file))), "{folder} {file} {written}");
            }
        }
        assert_eq!(relative(Path::new("results/hidden"), "experiments/data/x.csv"), "../../experiments/data/x.csv");
        assert_eq!(resolved(Path::new("results/hidden"), "../../experiments/data/x.csv"), "experiments/data/x.csv");
        assert_eq!(resolved(Path::new("experiments"), "/data/x.csv"), "/data/x.csv");
    }
}
