//! System calls, each with a name and an error.

use std::{
    ffi::{CStr, CString, c_int, c_void},
    fs::File,
    io,
    os::{
        fd::{AsRawFd, FromRawFd, RawFd},
        unix::ffi::OsStrExt,
    },
    path::Path,
};

/// Private copies have numbers from here on: programs may rely on the small ones.
const FIRST_PRIVATE: c_int = 100;

fn checked(result: c_int) -> io::Result<c_int> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

/// Creates a named pipe that only this user can open.
pub fn make_pipe(path: &Path) -> io::Result<()> {
    let path = CString::new(path.as_os_str().as_bytes())?;
    #[expect(unsafe_code, reason = "a single system call")]
    // SAFETY: the path is a string that ends with a zero byte.
    checked(unsafe { libc::mkfifo(path.as_ptr(), 0o600) }).map(drop)
}

/// Copies a descriptor; started programs do not inherit the copy.
pub fn private_copy(fd: RawFd) -> io::Result<File> {
    #[expect(unsafe_code, reason = "a single system call")]
    // SAFETY: the call touches no memory.
    let copy = checked(unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, FIRST_PRIVATE) })?;
    #[expect(unsafe_code, reason = "the descriptor is new")]
    // SAFETY: the descriptor has no other owner.
    Ok(unsafe { File::from_raw_fd(copy) })
}

/// Makes a descriptor of this process refer to a file.
pub fn put_in_place(file: &File, fd: RawFd) -> io::Result<()> {
    #[expect(unsafe_code, reason = "a single system call")]
    // SAFETY: the call touches no memory; it replaces the target of the descriptor atomically.
    checked(unsafe { libc::dup2(file.as_raw_fd(), fd) }).map(drop)
}

/// Returns the number of unread bytes in a pipe.
pub fn waiting(file: &File) -> io::Result<usize> {
    let mut count: c_int = 0;
    #[expect(unsafe_code, reason = "a single system call")]
    // SAFETY: the request writes one integer.
    checked(unsafe { libc::ioctl(file.as_raw_fd(), libc::FIONREAD, &raw mut count) })?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// Enlarges a pipe where the system can: a cell that prints much then waits less often.
#[cfg(target_os = "linux")]
pub fn widen(file: &File) {
    #[expect(unsafe_code, reason = "a single system call")]
    // SAFETY: the call touches no memory. If it fails, the pipe keeps its size.
    let _ = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_SETPIPE_SZ, 1 << 20) };
}

#[cfg(not(target_os = "linux"))]
pub fn widen(_file: &File) {}

#[expect(unsafe_code, reason = "the stream of the C library")]
unsafe extern "C" {
    #[cfg_attr(target_vendor = "apple", link_name = "__stdoutp")]
    static mut stdout: *mut libc::FILE;
}

/// Flushes the standard output of libraries in C.
pub fn flush_c() {
    #[expect(unsafe_code, reason = "the stream belongs to the C library")]
    // SAFETY: the stream lives as long as the process; flushing locks it.
    unsafe {
        libc::fflush(stdout);
    }
}

/// The function of a cell: takes the variables of the notebook, and returns them.
type Function = unsafe extern "C" fn(*mut c_void) -> *mut c_void;

/// Loads the library that evcxr compiled from a cell, and calls its function. The library stays loaded: its types may
/// be in use.
pub fn call(library: &str, function: &str, variables: *mut c_void) -> Result<*mut c_void, String> {
    let (path, name) = (text(library)?, text(function)?);
    #[expect(unsafe_code, reason = "cells are compiled to libraries")]
    // SAFETY: both strings end with a zero byte; evcxr compiled the library with this function for this process.
    unsafe {
        let handle = libc::dlopen(path.as_ptr(), libc::RTLD_LAZY | libc::RTLD_LOCAL);
        if handle.is_null() {
            return Err(problem());
        }
        let symbol = libc::dlsym(handle, name.as_ptr());
        if symbol.is_null() {
            return Err(problem());
        }
        Ok(std::mem::transmute::<*mut c_void, Function>(symbol)(variables))
    }
}

fn text(word: &str) -> Result<CString, String> {
    CString::new(word).map_err(|error| error.to_string())
}

#[expect(unsafe_code, reason = "the message belongs to the loader")]
fn problem() -> String {
    // SAFETY: the message, if any, ends with a zero byte and lives until the next call of the loader.
    let message = unsafe {
        let message = libc::dlerror();
        (!message.is_null()).then(|| CStr::from_ptr(message))
    };
    message.map_or_else(|| "it cannot be loaded".into(), |message| message.to_string_lossy().into_owned())
}
