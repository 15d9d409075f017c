//! The channel in the process that runs the cells, and the loop that replaces evcxr's own.

use std::{
    ffi::c_void,
    fs::File,
    io::{self, BufRead, BufReader, Read, Write},
    path::Path,
    sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{COMPLETE, LOST, PIPES, system};

/// The exit code of evcxr's own loop for commands that it cannot parse.
const FAULT: i32 = 99;

/// A line without an end is flushed after this time at the latest.
const FLUSH_INTERVAL: Duration = Duration::from_millis(50);

/// A thread may lock the standard output: the end of a cell waits at most this long for it.
const PATIENCE: Duration = Duration::from_millis(300);

/// Sends marks to the kernel, and whole lines to evcxr.
pub struct Child {
    streams: [File; 3],
    kernel: Mutex<Kernel>,
    evcxr: Mutex<File>,
    running: Mutex<bool>,
    changed: Condvar,
}

struct Kernel {
    marks: File,
    answers: BufReader<File>,
}

/// The commands that evcxr sends.
pub struct Commands(BufReader<File>);

impl Child {
    /// Opens the pipes of the kernel, and takes over the standard streams: evcxr keeps private copies.
    ///
    /// # Errors
    /// A pipe is missing, or a system call fails.
    pub fn open(folder: &Path) -> io::Result<(Self, Commands)> {
        let write = |name: &str| File::options().write(true).open(folder.join(name));
        let [out, err, marks, answers] = PIPES;
        let (out, err, marks) = (write(out)?, write(err)?, write(marks)?);
        let answers = BufReader::new(File::open(folder.join(answers))?);
        let (commands, evcxr) = (system::private_copy(0)?, system::private_copy(1)?);
        // These files got small descriptors: move them away, and free the small ones.
        let streams = [File::open("/dev/null")?, out, err];
        let [nothing, out, err] =
            streams.each_ref().map(|file| system::private_copy(std::os::fd::AsRawFd::as_raw_fd(file)));
        let child = Self {
            streams: [nothing?, out?, err?],
            kernel: Mutex::new(Kernel { marks, answers }),
            evcxr: Mutex::new(evcxr),
            running: Mutex::new(false),
            changed: Condvar::new(),
        };
        flush();
        child.redirect()?;
        child.notify(&json!({ "hello": std::process::id() }));
        Ok((child, Commands(BufReader::new(commands))))
    }

    /// Sends a mark to the kernel after everything that was printed before, and returns the reply.
    pub fn notify(&self, mark: &Value) -> Value {
        flush();
        self.send(mark)
    }

    /// Sends a mark while a thread of the cell may lock the standard output.
    pub fn notify_within_patience(&self, mark: &Value) {
        flush_within(PATIENCE);
        self.send(mark);
    }

    /// Writes one line of evcxr's protocol.
    pub fn evcxr(&self, line: &str) {
        if lock(&self.evcxr).write_all(format!("{line}\n").as_bytes()).is_err() {
            std::process::exit(0);
        }
    }

    /// Runs cells in place of evcxr's loop until evcxr closes its end. `run` gets the library of a cell, the name of
    /// its function, and the variables of the notebook.
    pub fn serve(&'static self, commands: &mut Commands, run: &mut dyn FnMut(&str, &str, *mut c_void) -> *mut c_void) {
        thread::spawn(|| self.flush_regularly());
        self.evcxr(COMPLETE);
        let mut variables = std::ptr::null_mut();
        for line in commands.0.by_ref().lines().map_while(Result::ok) {
            let Some((library, function)) = line.strip_prefix("LOAD_AND_RUN ").and_then(|rest| rest.rsplit_once(' '))
            else {
                abort(&format!("unexpected command of evcxr: {line:?}"));
            };
            // A cell may have redirected the standard streams.
            let _ = self.redirect();
            self.send(&json!({ "begin": function }));
            *lock(&self.running) = true;
            self.changed.notify_all();
            variables = run(library, function, variables);
            *lock(&self.running) = false;
            flush_within(PATIENCE);
            let answer = self.send(&json!({ "end": function }));
            for name in answer["lost"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                self.evcxr(&format!("{LOST}{name}"));
            }
            self.evcxr(COMPLETE);
        }
    }

    fn send(&self, mark: &Value) -> Value {
        let mut kernel = lock(&self.kernel);
        let mut answer = String::new();
        let written = kernel.marks.write_all(format!("{mark}\n").as_bytes());
        match written.and_then(|()| kernel.answers.read_line(&mut answer)) {
            Ok(1..) => serde_json::from_str(&answer).unwrap_or_default(),
            // The kernel is gone.
            _ => std::process::exit(FAULT),
        }
    }

    fn redirect(&self) -> io::Result<()> {
        (0..).zip(&self.streams).try_for_each(|(fd, file)| system::put_in_place(file, fd))
    }

    /// Flushes lines without an end while a cell runs.
    fn flush_regularly(&self) {
        loop {
            let running = lock(&self.running);
            drop(self.changed.wait_while(running, |running| !*running).unwrap_or_else(PoisonError::into_inner));
            thread::sleep(FLUSH_INTERVAL);
            flush();
        }
    }
}

/// Loads the library of a cell, and calls its function; ends the process if loading fails.
#[must_use]
pub fn call(library: &str, function: &str, variables: *mut c_void) -> *mut c_void {
    match system::call(library, function, variables) {
        Ok(variables) => variables,
        Err(problem) => abort(&format!("a cell cannot be loaded: {problem}")),
    }
}

fn abort(problem: &str) -> ! {
    let _ = writeln!(io::stderr().lock(), "{problem}");
    std::process::exit(FAULT)
}

/// Flushes the standard output of Rust and of C.
fn flush() {
    // A cell may have closed the stream: that is no error.
    let _ = io::stdout().lock().flush();
    system::flush_c();
}

/// Flushes, and gives up after `patience`: a thread that a cell left running may lock the standard output.
fn flush_within(patience: Duration) {
    let (done, wait) = mpsc::channel();
    thread::spawn(move || {
        flush();
        let _ = done.send(());
    });
    let _ = wait.recv_timeout(patience);
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
