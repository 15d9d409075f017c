//! Calls of the system, each with a name and an error.

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

/// Private copies have numbers from here on: out of the way of programs that count on the small ones.
const FIRST_PRIVATE: c_int = 100;

fn checked(result: c_int) -> io::Result<c_int> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

/// Makes a named pipe that only this user can open.
pub fn make_pipe(path: &Path) -> io::Result<()> {
    let path = CString::new(path.as_os_str().as_bytes())?;
    #[expect(unsafe_code, reason = "a single call of the system")]
    // SAFETY: the path is a string that ends with a zero byte.
    checked(unsafe { libc::mkfifo(path.as_ptr(), 0o600) }).map(drop)
}

/// A copy of a descriptor that programs which are started do not inherit.
pub fn private_copy(fd: RawFd) -> io::Result<File> {
    #[expect(unsafe_code, reason = "a single call of the system")]
    // SAFETY: it touches no memory.
    let copy = checked(unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, FIRST_PRIVATE) })?;
    #[expect(unsafe_code, reason = "the descriptor is new")]
    // SAFETY: nobody else owns it.
    Ok(unsafe { File::from_raw_fd(copy) })
}

/// Makes a descriptor of this process another name of a file.
pub fn put_in_place(file: &File, fd: RawFd) -> io::Result<()> {
    #[expect(unsafe_code, reason = "a single call of the system")]
    // SAFETY: it touches no memory; what the standard streams name is replaced at once.
    checked(unsafe { libc::dup2(file.as_raw_fd(), fd) }).map(drop)
}

/// How many bytes wait in a pipe.
pub fn waiting(file: &File) -> io::Result<usize> {
    let mut count: c_int = 0;
    #[expect(unsafe_code, reason = "a single call of the system")]
    // SAFETY: the request writes one integer.
    checked(unsafe { libc::ioctl(file.as_raw_fd(), libc::FIONREAD, &raw mut count) })?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// Asks for a pipe that holds more, where the system can: a cell that prints a lot then waits less often.
#[cfg(target_os = "linux")]
pub fn widen(file: &File) {
    #[expect(unsafe_code, reason = "a single call of the system")]
    // SAFETY: it touches no memory. Where it is refused, the pipe is as wide as before.
    let _ = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_SETPIPE_SZ, 1 << 20) };
}

#[cfg(not(target_os = "linux"))]
pub fn widen(_file: &File) {}

#[expect(unsafe_code, reason = "the stream of the library of C")]
unsafe extern "C" {
    #[cfg_attr(target_vendor = "apple", link_name = "__stdoutp")]
    static mut stdout: *mut libc::FILE;
}

/// Writes out what libraries in C have kept back of their standard output.
pub fn flush_c() {
    #[expect(unsafe_code, reason = "the stream belongs to the library of C")]
    // SAFETY: the stream is there as long as the process is; flushing locks it.
    unsafe {
        libc::fflush(stdout);
    }
}

/// The function of a cell: it takes the variables of the notebook, and gives them back.
type Function = unsafe extern "C" fn(*mut c_void) -> *mut c_void;

/// Loads a library that evcxr has made of a cell, and calls its function. The library stays: values of its types do.
pub fn call(library: &str, function: &str, variables: *mut c_void) -> Result<*mut c_void, String> {
    let (path, name) = (text(library)?, text(function)?);
    #[expect(unsafe_code, reason = "cells are compiled to libraries")]
    // SAFETY: both are strings that end with a zero byte; evcxr has made the library for this process, with this function in it.
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
    // SAFETY: the message, if there is one, ends with a zero byte and stays until the next call of the loader.
    let message = unsafe {
        let message = libc::dlerror();
        (!message.is_null()).then(|| CStr::from_ptr(message))
    };
    message.map_or_else(|| "it cannot be loaded".into(), |message| message.to_string_lossy().into_owned())
}
