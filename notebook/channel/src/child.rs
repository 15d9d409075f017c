//! The end in the process of the cells, and the loop that runs them in evcxr's place.

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

/// The exit code of evcxr's own loop for what it does not understand.
const FAULT: i32 = 99;

/// Half a line is seen after this time at the latest, without a flush of the reader's.
const BREATH: Duration = Duration::from_millis(50);

/// So long the end of a cell waits for a thread that holds the standard output for itself.
const PATIENCE: Duration = Duration::from_millis(300);

/// The end of this process: marks to the kernel, and whole lines to evcxr.
pub struct Child {
    streams: [File; 3],
    kernel: Mutex<Kernel>,
    evcxr: Mutex<File>,
    /// Whether a cell runs.
    running: Mutex<bool>,
    changed: Condvar,
}

struct Kernel {
    marks: File,
    answers: BufReader<File>,
}

/// The commands of evcxr.
pub struct Commands(BufReader<File>);

impl Child {
    /// Opens the pipes of the kernel, and takes over the standard streams: evcxr keeps private copies.
    ///
    /// # Errors
    /// The kernel has made no pipes, or the system refuses.
    pub fn open(folder: &Path) -> io::Result<(Self, Commands)> {
        let write = |name: &str| File::options().write(true).open(folder.join(name));
        let [out, err, marks, answers] = PIPES;
        let (out, err, marks) = (write(out)?, write(err)?, write(marks)?);
        let answers = BufReader::new(File::open(folder.join(answers))?);
        let (commands, evcxr) = (system::private_copy(0)?, system::private_copy(1)?);
        // What was opened has small numbers, which are given back.
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
        child.tell(&json!({ "hello": std::process::id() }));
        Ok((child, Commands(BufReader::new(commands))))
    }

    /// Tells the kernel something, behind everything that was printed before, and waits for its answer.
    pub fn tell(&self, mark: &Value) -> Value {
        flush();
        self.send(mark)
    }

    /// The same from beside the cell, which may hold the standard output for itself.
    pub fn tell_at_once(&self, mark: &Value) {
        flush_within(PATIENCE);
        self.send(mark);
    }

    /// Writes a line of evcxr's own.
    pub fn evcxr(&self, line: &str) {
        if lock(&self.evcxr).write_all(format!("{line}\n").as_bytes()).is_err() {
            std::process::exit(0);
        }
    }

    /// Runs cells in evcxr's place, which believes the one that called this to be over; returns when evcxr has gone. `run` is
    /// given the library of a cell, the name of its function, and the variables of the notebook.
    pub fn serve(&'static self, commands: &mut Commands, run: &mut dyn FnMut(&str, &str, *mut c_void) -> *mut c_void) {
        thread::spawn(|| self.breathe());
        self.evcxr(COMPLETE);
        let mut variables = std::ptr::null_mut();
        for line in commands.0.by_ref().lines().map_while(Result::ok) {
            let Some((library, function)) = line.strip_prefix("LOAD_AND_RUN ").and_then(|rest| rest.rsplit_once(' '))
            else {
                fault(&format!("evcxr said {line:?}"));
            };
            // A cell may have put something of its own in their place.
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
        let told = kernel.marks.write_all(format!("{mark}\n").as_bytes());
        match told.and_then(|()| kernel.answers.read_line(&mut answer)) {
            Ok(1..) => serde_json::from_str(&answer).unwrap_or_default(),
            // Nobody is left to run cells for.
            _ => std::process::exit(FAULT),
        }
    }

    fn redirect(&self) -> io::Result<()> {
        (0..).zip(&self.streams).try_for_each(|(fd, file)| system::put_in_place(file, fd))
    }

    /// Lets half a line be seen while a cell goes on.
    fn breathe(&self) {
        loop {
            let running = lock(&self.running);
            drop(self.changed.wait_while(running, |running| !*running).unwrap_or_else(PoisonError::into_inner));
            thread::sleep(BREATH);
            flush();
        }
    }
}

/// Loads the library of a cell, and calls its function; ends the process where that cannot be.
#[must_use]
pub fn call(library: &str, function: &str, variables: *mut c_void) -> *mut c_void {
    match system::call(library, function, variables) {
        Ok(variables) => variables,
        Err(problem) => fault(&format!("a cell cannot be loaded: {problem}")),
    }
}

fn fault(problem: &str) -> ! {
    let _ = writeln!(io::stderr().lock(), "{problem}");
    std::process::exit(FAULT)
}

/// Writes out what was printed and kept back, by Rust and by C.
fn flush() {
    // A stream that a cell has closed is its own affair.
    let _ = io::stdout().lock().flush();
    system::flush_c();
}

/// The same, unless a thread that a cell left behind holds the standard output.
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
