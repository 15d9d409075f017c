//! Reads specifications, and finds the results folder.

use std::{
    env,
    path::{Path, PathBuf},
};

use restudy::sweep::{self, Study};

use crate::error::{Error, Result};

/// Reads the study of a specification. A relative path is searched in the current folder, then in those above it.
///
/// # Errors
/// The file does not exist, or its specification is invalid.
pub fn study(path: impl AsRef<Path>) -> Result<Study> {
    let path = path.as_ref();
    let found = upwards(path).unwrap_or_else(|| path.into());
    Ok(sweep::load(&found, &[])?)
}

/// Reads a study from the text of a specification. Relative paths in it start at the current folder.
///
/// # Errors
/// The name is invalid for a folder, or the specification is invalid.
pub fn study_from(name: &str, toml: &str) -> Result<Study> {
    require_name(name)?;
    Ok(sweep::parse(name, &PathBuf::from(format!("{name}.toml")), toml, &[])?)
}

/// Makes a variant of a study.
pub trait Variant: Sized {
    /// Returns the study with other settings, as `--set` does on the command line: `study.with("hidden-5",
    /// ["sweep.seeds=5"])`. The variant needs another name, which names its results folder.
    ///
    /// # Errors
    /// The resulting specification is invalid.
    fn with<const N: usize>(&self, name: &str, settings: [&str; N]) -> Result<Self>;
}

impl Variant for Study {
    fn with<const N: usize>(&self, name: &str, settings: [&str; N]) -> Result<Self> {
        require_name(name)?;
        if name == self.name {
            let help = format!("the results of `{name}` would be replaced: give the variant a name of its own");
            return Err(Error::new("a variant has the name of its study", help));
        }
        let settings = settings.map(String::from);
        let text = self.to_toml(Path::new("."));
        Ok(sweep::parse(name, &PathBuf::from(format!("{name}.toml")), &text, &settings)?)
    }
}

/// Returns the results folder: `RESTUDY_RESULTS`, else the nearest folder `results` here or above, else a new one here.
#[must_use]
pub fn results() -> PathBuf {
    let chosen = env::var_os("RESTUDY_RESULTS").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    chosen
        .or_else(|| upwards(Path::new("results")).filter(|folder| folder.is_dir()))
        .unwrap_or_else(|| "results".into())
}

/// A relative path in the current folder, or in the nearest folder above that contains it.
fn upwards(path: &Path) -> Option<PathBuf> {
    if path.is_absolute() {
        return path.exists().then(|| path.into());
    }
    let here = env::current_dir().ok()?;
    let steps = here.ancestors().count();
    (0..steps)
        .map(|up| std::iter::repeat_n("..", up).collect::<PathBuf>().join(path))
        .find(|candidate| candidate.exists())
}

fn require_name(name: &str) -> Result<()> {
    let safe = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    if !name.is_empty() && !name.starts_with(['.', '-']) && name.len() <= 100 && name.chars().all(safe) {
        return Ok(());
    }
    let help =
        "use letters, digits, `-` and `_`, and begin with none of `-` and `.`: the name is that of its results folder";
    Err(Error::new(format!("a study cannot be named {name:?}"), help))
}

#[cfg(test)]
mod tests {
    use restudy::experiments::OfNetwork;

    use super::*;

    const TEXT: &str = "[study]\nquestion = \"?\"\n[data.double-moon]\n[sweep]\n\"model.hidden\" = [1, 2]\nseeds = 4\n";

    #[test]
    fn a_variant_needs_another_name() {
        let study = study_from("moons", TEXT).unwrap();
        let fewer = study.with("moons-2", ["sweep.seeds=2", "train.epochs=3"]).unwrap();
        assert_eq!((fewer.name.as_str(), fewer.run_count(), fewer.trials[0].setting().train.epochs), ("moons-2", 4, 3));
        assert_eq!(fewer.axes, study.axes);
        let refused = [
            study.with("moons", ["sweep.seeds=2"]),
            study.with("../x", ["sweep.seeds=2"]),
            study.with("m", ["sweep.seds=2"]),
        ];
        insta::assert_snapshot!(refused.map(|refused| refused.unwrap_err().to_string()).join("\n\n"));
    }

    #[test]
    fn specifications_are_found_above() {
        // Tests run in the folder of this crate, two below that of the specifications.
        let study = study("experiments/hidden.toml").unwrap();
        assert_eq!((study.name.as_str(), study.run_count()), ("hidden", 180));
        assert_eq!(results(), Path::new("../../results"));
        assert!(super::study("experiments/none.toml").unwrap_err().to_string().contains("cannot be read"));
        assert!(study_from("x", "[study]").unwrap_err().to_string().contains("x.toml"));
    }

    #[test]
    fn data_files_keep_their_path() {
        let study = study("experiments/breast-cancer.toml").unwrap();
        let variant = study.with("breast-cancer-2", ["sweep.seeds=2"]).unwrap();
        assert_eq!(variant.trials[0].data(), study.trials[0].data());
    }
}
