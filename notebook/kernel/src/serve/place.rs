//! The run folder of a kernel: temporary files, and notes to the process that runs the cells.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use serde_json::json;

use crate::wire::Message;

/// A folder that is removed with the kernel.
pub struct Place {
    path: PathBuf,
    /// Locked while the kernel runs; a folder whose lock is free is left over.
    lock: Option<File>,
}

impl Place {
    /// Creates the folder, and removes folders of killed kernels.
    pub fn new(home: &Path) -> Result<Self, String> {
        let all = home.join("run");
        sweep(&all);
        let path = all.join(format!("{}-{}", std::process::id(), uuid::Uuid::new_v4().simple()));
        let fault = |error: std::io::Error| format!("cannot write to {}: {error}", path.display());
        fs::create_dir_all(path.join("tmp")).map_err(fault)?;
        let lock = File::create(path.join("lock")).map_err(fault)?;
        lock.try_lock().map_err(|error| format!("cannot lock {}: {error}", path.display()))?;
        Ok(Self { path, lock: Some(lock) })
    }

    /// Uses an existing folder, for tests.
    #[cfg(test)]
    pub fn in_folder(path: PathBuf) -> Self {
        Self { path, lock: None }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Notes which cell runs, for the journal of a sweep.
    pub fn note_cell(&self, request: &Message, count: u64) {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let notebook = variable("RESTUDY_NOTEBOOK").or_else(|| variable("JPY_SESSION_NAME"));
        let note = json!({ "notebook": notebook, "cell": request.metadata["cellId"], "count": count });
        if let Err(error) = fs::write(self.path.join("cell.json"), note.to_string()) {
            eprintln!("restudy-kernel: cannot write to {}: {error}", self.path.display());
        }
    }

    /// The file that evcxr made of the cell.
    pub fn generated(&self) -> String {
        fs::read_to_string(self.path.join("tmp").join("src").join("lib.rs")).unwrap_or_default()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.lock.take().is_some() {
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

fn sweep(all: &Path) {
    for entry in fs::read_dir(all).into_iter().flatten().flatten() {
        let free = File::open(entry.path().join("lock")).is_ok_and(|lock| lock.try_lock().is_ok());
        if free {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_removed_with_its_kernel_and_after_a_kill() {
        let home = tempfile::tempdir().unwrap();
        let dead = home.path().join("run").join("1-dead");
        fs::create_dir_all(&dead).unwrap();
        File::create(dead.join("lock")).unwrap();
        let first = Place::new(home.path()).unwrap();
        let second = Place::new(home.path()).unwrap();
        assert!(!dead.exists() && first.path().exists(), "the folder of a running kernel stays");
        let path = second.path().to_owned();
        drop(second);
        assert!(!path.exists());
    }
}
