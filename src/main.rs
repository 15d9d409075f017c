//! The program `restudy`, see [`restudy::cli`].

fn main() -> std::process::ExitCode {
    restudy::cli::main()
}

/// The system's allocator. If memory runs out, it ends the program with a message and an exit code, where the standard
/// library aborts by a signal. Stored runs are safe, as after a kill.
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

    #[expect(
        unsafe_code,
        reason = "the allocator trait is unsafe; every call goes to the system's allocator unchanged"
    )]
    unsafe impl GlobalAlloc for OrExit {
        #[inline]
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            or_exit(unsafe { System.alloc(layout) }, layout.size())
        }

        #[inline]
        unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
            unsafe { System.dealloc(memory, layout) }
        }

        #[inline]
        unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
            or_exit(unsafe { System.alloc_zeroed(layout) }, layout.size())
        }

        #[inline]
        unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
            or_exit(unsafe { System.realloc(memory, layout, size) }, size)
        }
    }

    #[inline]
    fn or_exit(memory: *mut u8, bytes: usize) -> *mut u8 {
        if memory.is_null() {
            give_up(bytes);
        }
        memory
    }

    /// Prints the error and exits. This code must not allocate, nor take a lock that a thread without memory may hold.
    #[cold]
    #[inline(never)]
    fn give_up(bytes: usize) -> ! {
        static PRINTED: AtomicBool = AtomicBool::new(false);
        while PRINTED.swap(true, Ordering::Relaxed) {
            // Another thread is ending the program.
            std::thread::sleep(std::time::Duration::from_secs(1));
        }
        let mut text = [0; 400];
        let mut rest = &mut text[..];
        let _ = write!(
            rest,
            "restudy: out of memory: cannot allocate {bytes} more bytes\n\
             Stored runs are safe. Allow the program more memory (`ulimit -v` shows a limit), use fewer threads (--threads 1), or request \
             less at a time, and run the same command again.\n"
        );
        let left = rest.len();
        let _ = unistd::write(std::io::stderr(), &text[..text.len() - left]);
        #[expect(unsafe_code, reason = "handlers of an ordinary exit may allocate, or wait for threads that do")]
        unsafe {
            libc::_exit(restudy::cli::Exit::System as i32)
        }
    }
}
