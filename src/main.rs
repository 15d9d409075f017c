//! The program `restudy`: see [`restudy::cli`].

fn main() -> std::process::ExitCode {
    restudy::cli::main()
}

/// The system's allocator, but that memory which cannot be had ends the program with a message and an exit code, where the
/// standard library aborts by a signal. What was committed is safe, as when the program is killed.
#[cfg(unix)]
mod memory {
    use std::{
        alloc::{GlobalAlloc, Layout, System},
        io::Write,
        sync::atomic::{AtomicBool, Ordering},
    };

    use nix::{libc, unistd};

    #[global_allocator]
    static ALLOCATOR: OrExit = OrExit;

    struct OrExit;

    #[expect(unsafe_code, reason = "the trait of an allocator is unsafe; every call goes to the system's as it is")]
    unsafe impl GlobalAlloc for OrExit {
        #[inline]
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            had(unsafe { System.alloc(layout) }, layout.size())
        }

        #[inline]
        unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
            unsafe { System.dealloc(memory, layout) }
        }

        #[inline]
        unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
            had(unsafe { System.alloc_zeroed(layout) }, layout.size())
        }

        #[inline]
        unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
            had(unsafe { System.realloc(memory, layout, size) }, size)
        }
    }

    #[inline]
    fn had(memory: *mut u8, bytes: usize) -> *mut u8 {
        if memory.is_null() {
            give_up(bytes);
        }
        memory
    }

    /// Says so and ends. Nothing here may ask for memory, or for a lock that a thread without memory holds.
    #[cold]
    #[inline(never)]
    fn give_up(bytes: usize) -> ! {
        static SAID: AtomicBool = AtomicBool::new(false);
        while SAID.swap(true, Ordering::Relaxed) {
            // Another thread is ending the program.
            std::thread::sleep(std::time::Duration::from_secs(1));
        }
        let mut text = [0; 400];
        let mut rest = &mut text[..];
        let _ = write!(
            rest,
            "restudy: out of memory: {bytes} more bytes cannot be had\n\
             What was committed is safe. Allow the program more memory (`ulimit -v` shows a limit), take fewer threads (--threads 1), or ask for \
             less at a time, and run the same command again.\n"
        );
        let left = rest.len();
        let _ = unistd::write(std::io::stderr(), &text[..text.len() - left]);
        #[expect(unsafe_code, reason = "handlers of an ordinary exit may ask for memory, or wait for threads that do")]
        unsafe {
            libc::_exit(restudy::cli::Exit::System as i32)
        }
    }
}
