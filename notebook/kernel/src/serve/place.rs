//! The folder of a kernel at work: its temporary files, and notes between us and the process that runs the cells.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use serde_json::json;

use crate::wire::Message;

/// A folder that is gone when the kernel is.
pub struct Place {
    path: PathBuf,
    /// Held as long as the kernel works; a folder whose lock is free belongs to nobody.
    lock: Option<File>,
}

impl Place {
    /// Makes the folder, and removes those that killed kernels left behind.
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

    /// A folder of another's, for tests.
    #[cfg(test)]
    pub fn in_folder(path: PathBuf) -> Self {
        Self { path, lock: None }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Notes which cell runs now, for the journal of a sweep in it.
    pub fn tell(&self, request: &Message, count: u64) {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let notebook = variable("RESTUDY_NOTEBOOK").or_else(|| variable("JPY_SESSION_NAME"));
        let note = json!({ "notebook": notebook, "cell": request.metadata["cellId"], "count": count });
        if let Err(error) = fs::write(self.path.join("cell.json"), note.to_string()) {
            eprintln!("restudy-kernel: cannot write to {}: {error}", self.path.display());
        }
    }

    /// The file that evcxr has made of the cell.
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
    fn a_folder_goes_with_its_kernel_and_dead_ones_are_swept() {
        let home = tempfile::tempdir().unwrap();
        let dead = home.path().join("run").join("1-dead");
        fs::create_dir_all(&dead).unwrap();
        File::create(dead.join("lock")).unwrap();
        let first = Place::new(home.path()).unwrap();
        let second = Place::new(home.path()).unwrap();
        assert!(!dead.exists() && first.path().exists(), "the one at work is left alone");
        let path = second.path().to_owned();
        drop(second);
        assert!(!path.exists());
    }
}
