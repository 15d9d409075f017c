//! The process of the cells: a child of evcxr that runs the cells itself, so that their output is only output.

use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use restudy_channel::{
    ERROR,
    child::{self, Child},
};

use super::{failure, interrupt, marker, warn};

struct Kernel {
    child: Child,
    folder: PathBuf,
}

static KERNEL: OnceLock<Kernel> = OnceLock::new();

/// Prepares this process for the kernel: changes into the folder of the notebook, stores panics, handles interrupts,
/// writes its process number, and then runs the cells in place of evcxr's own loop, which ends with it. The prelude of
/// the kernel calls this once; a second call does nothing.
pub fn start() {
    static STARTED: AtomicBool = AtomicBool::new(false);
    if STARTED.swap(true, Ordering::SeqCst) {
        return;
    }
    failure::remember_panics();
    // evcxr runs in another folder: a toolchain file beside the notebook must not choose its compiler.
    if let Some(notebook) = env::var_os("RESTUDY_FOLDER")
        && let Err(error) = env::set_current_dir(&notebook)
    {
        warn(&format!("cannot work in {}: {error}", Path::new(&notebook).display()));
    }
    let Some(folder) = env::var_os("RESTUDY_KERNEL").filter(|folder| !folder.is_empty()).map(PathBuf::from) else {
        return;
    };
    // Without this file interrupts are less precise: the kernel then ends the process.
    let _ = fs::write(folder.join("child.pid"), std::process::id().to_string());
    let (child, mut commands) = match Child::open(&folder) {
        Ok(opened) => opened,
        Err(error) => {
            warn(&format!("cannot open the channel to the kernel in {}: {error}", folder.display()));
            std::process::exit(1);
        }
    };
    let kernel = KERNEL.get_or_init(|| Kernel { child, folder });
    interrupt::listen();
    kernel.child.serve(&mut commands, &mut |library, function, variables| {
        failure::begin();
        if hides_panics(Path::new(library), &kernel.folder) {
            kernel.child.notify(&marker::failed("error", HIDES_PANICS, None));
            kernel.child.evcxr(ERROR);
            return variables;
        }
        child::call(library, function, variables)
    });
    std::process::exit(0);
}

/// The channel to the kernel; `None` in another kernel.
pub(crate) fn kernel() -> Option<&'static Child> {
    KERNEL.get().map(|kernel| &kernel.child)
}

/// The run folder of the kernel; `None` in another kernel.
pub(super) fn run_folder() -> Option<&'static Path> {
    KERNEL.get().map(|kernel| kernel.folder.as_path())
}

const HIDES_PANICS: &str = "this notebook defines its own `println!`, but the kernel detects panics through that of restudy\n\
    rename it, and restart the kernel";

/// Whether a panic of this cell would go unnoticed: evcxr's code reports it by `println!`, which a cell may redefine.
fn hides_panics(library: &Path, folder: &Path) -> bool {
    let generated = fs::read_to_string(folder.join("tmp").join("src").join("lib.rs")).unwrap_or_default();
    generated.contains("println!(\"EVCXR_PANIC_NOTIFICATION\");")
        && !fs::read(library).is_ok_and(|code| code.windows(NOTICE.len()).any(|word| word == NOTICE))
}

/// A symbol that a library refers to if it uses restudy's `println!`.
const NOTICE: &[u8] = b"announce_panic";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_redefines_println_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("tmp/src");
        fs::create_dir_all(&source).unwrap();
        let library = folder.path().join("cell.so");
        let hides = |generated: &str, code: &str| {
            fs::write(source.join("lib.rs"), generated).unwrap();
            fs::write(&library, code).unwrap();
            hides_panics(&library, folder.path())
        };
        let catches = "if std::panic::catch_unwind(||{}).is_err() {    println!(\"EVCXR_PANIC_NOTIFICATION\");}";
        assert!(hides(catches, "ELF ... _RNv4cell5other"));
        assert!(!hides(catches, "ELF ... _RNv4cell14announce_panic"));
        assert!(
            !hides("pub extern \"C\" fn run(x: usize) {}", "ELF"),
            "nothing is caught, so a panic ends the process"
        );
    }
}
