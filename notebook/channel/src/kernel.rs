//! The end in the kernel.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    os::{
        fd::{AsFd, BorrowedFd},
        unix::fs::OpenOptionsExt,
    },
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::{
    PIPES,
    filter::{Decoder, Echo, Opening},
    system,
};

/// What has happened in the process of the cells.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// It is there, and takes marks for marks.
    Hello,
    /// The code of a cell begins.
    Begun,
    /// Something was printed.
    Text {
        /// `stdout` or `stderr`.
        stream: Stream,
        /// The text.
        text: String,
    },
    /// Something was told: an output, the value of the cell, a failure.
    Mark(Value),
    /// The code of a cell has ended, and everything that it wrote is there.
    Ended,
    /// The process has ended, and everything that it wrote is there.
    Gone,
}

/// One of the two streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// The standard output.
    Stdout,
    /// The standard error.
    Stderr,
}

impl Stream {
    /// Its name in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
        }
    }
}

/// The pipes to one process.
pub struct Pipes {
    folder: PathBuf,
    streams: [File; 2],
    marks: File,
    answers: File,
    decoders: [Decoder; 2],
    echo: Echo,
    opening: Opening,
    /// The beginning of a mark.
    begun: Vec<u8>,
    state: State,
}

/// How far the acquaintance goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The names are there for the other end to open.
    Offered,
    /// Both ends are open, and the names are gone.
    Met,
    /// The other end is closed.
    Gone,
}

/// So much is read at a time; the rest stays in the pipe.
const MOST_BYTES: usize = 1 << 16;

impl Pipes {
    /// Makes the pipes in a folder, for the next process that runs cells.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn new(folder: &Path) -> io::Result<Self> {
        remove(folder);
        for name in PIPES {
            system::make_pipe(&folder.join(name))?;
        }
        let read = |name: &str| File::options().read(true).custom_flags(libc::O_NONBLOCK).open(folder.join(name));
        let [out, err, marks, answers] = PIPES;
        let streams = [read(out)?, read(err)?];
        streams.iter().for_each(system::widen);
        Ok(Self {
            marks: read(marks)?,
            // Open in both directions: it then waits for nobody, and the other end is told when we are gone.
            answers: File::options().read(true).write(true).open(folder.join(answers))?,
            folder: folder.into(),
            streams,
            decoders: Default::default(),
            echo: Echo::default(),
            opening: Opening::default(),
            begun: Vec::new(),
            state: State::Offered,
        })
    }

    /// What to wait for: standard output, standard error, marks.
    #[must_use]
    pub fn sources(&self) -> [BorrowedFd<'_>; 3] {
        [self.streams[0].as_fd(), self.streams[1].as_fd(), self.marks.as_fd()]
    }

    /// A new request is with evcxr.
    pub fn request(&mut self) {
        self.opening.forget();
    }

    /// What was printed, without waiting.
    ///
    /// # Errors
    /// The pipe cannot be read.
    pub fn text(&mut self, stream: Stream) -> io::Result<Option<Event>> {
        self.read(stream, MOST_BYTES)
    }

    /// Everything that has happened up to the next mark, without waiting; nothing if there is none yet. A mark is answered.
    ///
    /// # Errors
    /// A pipe cannot be read or written, or what came is no mark.
    pub fn mark(&mut self) -> io::Result<Vec<Event>> {
        if self.state == State::Gone {
            return Ok(Vec::new());
        }
        let mut bytes = [0; 4096];
        while !self.begun.contains(&b'\n') {
            match self.marks.read(&mut bytes) {
                // As long as nobody has opened a pipe, it looks like one that was closed.
                Ok(0) if self.state == State::Offered => return Ok(Vec::new()),
                Ok(0) => return self.end(),
                Ok(count) => self.begun.extend_from_slice(&bytes[..count]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(Vec::new()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let end = self.begun.iter().position(|byte| *byte == b'\n').unwrap_or_default();
        let line: Vec<u8> = self.begun.drain(..=end).collect();
        let mark: Value = serde_json::from_slice(&line)?;
        let mut events = self.printed()?;
        let mut answer = json!({});
        if mark.get("hello").is_some() {
            // The other end has them open: nobody else shall.
            remove(&self.folder);
            self.state = State::Met;
            events.push(Event::Hello);
        } else if mark.get("begin").is_some() {
            self.opening.begin();
            events.push(Event::Begun);
        } else if mark.get("end").is_some() {
            let lost = self.rest(&mut events);
            answer = json!({ "lost": lost });
            events.push(Event::Ended);
        } else {
            // What is told is told by the code of a reader.
            push(Stream::Stdout, self.opening.release(), &mut events);
            if let Some(word) = mark["echo"].as_str() {
                let held = self.echo.expect(word);
                self.out(&held, &mut events);
            }
            events.push(Event::Mark(mark));
        }
        self.answers.write_all(format!("{answer}\n").as_bytes())?;
        Ok(events)
    }

    /// The process has ended.
    fn end(&mut self) -> io::Result<Vec<Event>> {
        self.state = State::Gone;
        let mut events = self.printed()?;
        let _ = self.rest(&mut events);
        events.push(Event::Gone);
        Ok(events)
    }

    /// What waits in both pipes now: whatever was printed before a mark. A thread that prints on and on holds nothing up.
    fn printed(&mut self) -> io::Result<Vec<Event>> {
        let mut events = Vec::new();
        for (place, stream) in [Stream::Stdout, Stream::Stderr].into_iter().enumerate() {
            let mut waiting = system::waiting(&self.streams[place])?;
            while waiting > 0 {
                let before = waiting;
                let step = waiting.min(MOST_BYTES);
                events.extend(self.read(stream, step)?);
                waiting = before - step;
            }
        }
        Ok(events)
    }

    fn read(&mut self, stream: Stream, most: usize) -> io::Result<Option<Event>> {
        let place = stream as usize;
        let mut bytes = vec![0; most];
        let count = loop {
            match self.streams[place].read(&mut bytes) {
                Ok(count) => break count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        };
        bytes.truncate(count);
        let mut events = Vec::new();
        match stream {
            Stream::Stdout => {
                let bytes = self.echo.take(bytes);
                self.out(&bytes, &mut events);
            }
            Stream::Stderr => {
                let text = self.decoders[place].take(&bytes);
                self.opening.error(&text);
                push(stream, text, &mut events);
            }
        }
        Ok(events.pop())
    }

    fn out(&mut self, bytes: &[u8], events: &mut Vec<Event>) {
        let text = self.decoders[Stream::Stdout as usize].take(bytes);
        push(Stream::Stdout, self.opening.take(text), events);
    }

    /// Whatever was held back, at the end of a call; gives the variables that are lost.
    fn rest(&mut self, events: &mut Vec<Event>) -> Vec<String> {
        let held = self.echo.end();
        self.out(&held, events);
        let cut = self.decoders[Stream::Stdout as usize].end();
        push(Stream::Stdout, self.opening.take(cut), events);
        let (text, lost) = self.opening.end();
        push(Stream::Stdout, text, events);
        push(Stream::Stderr, self.decoders[Stream::Stderr as usize].end(), events);
        lost
    }
}

impl Drop for Pipes {
    fn drop(&mut self) {
        if self.state == State::Offered {
            remove(&self.folder);
        }
    }
}

fn push(stream: Stream, text: String, events: &mut Vec<Event>) {
    if !text.is_empty() {
        events.push(Event::Text { stream, text });
    }
}

fn remove(folder: &Path) {
    for name in PIPES {
        // It may be gone already.
        let _ = fs::remove_file(folder.join(name));
    }
}
