//! The channel in the kernel.

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

/// An event in the process that runs the cells.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The process opened the channel.
    Hello,
    /// The code of a cell begins.
    Begun,
    /// The process printed text.
    Text {
        /// The stream that it was printed to.
        stream: Stream,
        /// The printed text.
        text: String,
    },
    /// The process sent a mark: an output, the value of the cell, a failure.
    Mark(Value),
    /// The code of a cell has ended; all its output was read.
    Ended,
    /// The process has ended; all its output was read.
    Gone,
}

/// A standard stream of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// The standard output.
    Stdout,
    /// The standard error.
    Stderr,
}

impl Stream {
    /// Returns its name in Jupyter messages.
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
    /// The beginning of a mark whose line is incomplete.
    begun: Vec<u8>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The named pipes exist; the process has not opened them.
    Offered,
    /// Both ends are open, and the names are removed.
    Connected,
    /// The process closed its end.
    Gone,
}

/// Reads at most this many bytes at a time; the rest stays in the pipe.
const MOST_BYTES: usize = 1 << 16;

impl Pipes {
    /// Creates the pipes in a folder for the next process that runs cells.
    ///
    /// # Errors
    /// A pipe cannot be created or opened.
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
            // Opened for reading and writing: opening does not block, and the process notices when the kernel is gone.
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

    /// Returns the pipes to poll: standard output, standard error, marks.
    #[must_use]
    pub fn sources(&self) -> [BorrowedFd<'_>; 3] {
        [self.streams[0].as_fd(), self.streams[1].as_fd(), self.marks.as_fd()]
    }

    /// Notes that a new request was sent to evcxr.
    pub fn request(&mut self) {
        self.opening.forget();
    }

    /// Reads printed text, without waiting.
    ///
    /// # Errors
    /// The pipe cannot be read.
    pub fn text(&mut self, stream: Stream) -> io::Result<Option<Event>> {
        self.read(stream, MOST_BYTES)
    }

    /// Reads everything up to the next mark, without waiting; empty if there is no mark yet. Replies to the mark.
    ///
    /// # Errors
    /// A pipe cannot be read or written, or a mark is malformed.
    pub fn mark(&mut self) -> io::Result<Vec<Event>> {
        if self.state == State::Gone {
            return Ok(Vec::new());
        }
        let mut bytes = [0; 4096];
        while !self.begun.contains(&b'\n') {
            match self.marks.read(&mut bytes) {
                // A pipe that was never opened for writing reads like a closed one.
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
            // The process has opened the pipes: no other process may.
            remove(&self.folder);
            self.state = State::Connected;
            events.push(Event::Hello);
        } else if mark.get("begin").is_some() {
            self.opening.begin();
            events.push(Event::Begun);
        } else if mark.get("end").is_some() {
            let lost = self.rest(&mut events);
            answer = json!({ "lost": lost });
            events.push(Event::Ended);
        } else {
            // Only code of the cell sends other marks, so that the waiting text is the cell's.
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

    fn end(&mut self) -> io::Result<Vec<Event>> {
        self.state = State::Gone;
        let mut events = self.printed()?;
        let _ = self.rest(&mut events);
        events.push(Event::Gone);
        Ok(events)
    }

    /// Reads what is in both pipes now. A thread that goes on printing does not delay it.
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

    /// Returns the lost variables, and the waiting text of both streams, at the end of a call.
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
        // The file may not exist.
        let _ = fs::remove_file(folder.join(name));
    }
}
