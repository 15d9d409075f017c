//! The process that runs the cells: its output and marks, read without evcxr.

use std::{
    collections::VecDeque,
    io,
    os::fd::{BorrowedFd, OwnedFd},
    path::{Path, PathBuf},
};

use restudy_channel::kernel::{Event, Pipes, Stream};
use tokio::io::{Interest, unix::AsyncFd};

/// The current process; a new one may replace it.
pub struct Child {
    folder: PathBuf,
    ready: [AsyncFd<OwnedFd>; 3],
    pipes: Pipes,
    events: VecDeque<Event>,
    speaks: bool,
}

impl Child {
    /// Creates pipes in the run folder for the first process.
    pub fn new(folder: &Path) -> Result<Self, String> {
        let (pipes, ready) =
            open(folder).map_err(|error| format!("cannot make pipes in {}: {error}", folder.display()))?;
        Ok(Self { folder: folder.into(), ready, pipes, events: VecDeque::new(), speaks: false })
    }

    /// Whether a process has opened the channel.
    pub fn speaks(&self) -> bool {
        self.speaks
    }

    /// Notes that a new request was sent to evcxr.
    pub fn request(&mut self) {
        self.pipes.request();
    }

    /// Waits for the next event.
    pub async fn next(&mut self) -> Result<Event, String> {
        loop {
            if let Some(event) = self.next_now() {
                return event;
            }
            let [out, err, marks] = &self.ready;
            // The readiness of a descriptor is cleared once a read found nothing; the next turn finds out which of the
            // three has data.
            let guard = tokio::select! {
                guard = marks.readable() => guard,
                guard = out.readable() => guard,
                guard = err.readable() => guard,
            };
            match guard {
                Ok(mut guard) => guard.clear_ready(),
                Err(error) => return Err(error.to_string()),
            }
        }
    }

    /// The next event that has happened already.
    pub fn next_now(&mut self) -> Option<Result<Event, String>> {
        if self.events.is_empty()
            && let Err(error) = self.read()
        {
            return Some(Err(error.to_string()));
        }
        let event = self.events.pop_front()?;
        match event {
            Event::Hello => self.speaks = true,
            Event::Gone => {
                if let Err(error) = self.replace() {
                    return Some(Err(error));
                }
            }
            _ => {}
        }
        Some(Ok(event))
    }

    /// Makes pipes for the next process.
    pub fn replace(&mut self) -> Result<(), String> {
        let (pipes, ready) = open(&self.folder).map_err(|error| error.to_string())?;
        self.ready = ready;
        self.pipes = pipes;
        self.speaks = false;
        Ok(())
    }

    fn read(&mut self) -> io::Result<()> {
        self.events.extend(self.pipes.mark()?);
        for stream in [Stream::Stdout, Stream::Stderr] {
            if self.events.is_empty() {
                self.events.extend(self.pipes.text(stream)?);
            }
        }
        Ok(())
    }
}

fn open(folder: &Path) -> io::Result<(Pipes, [AsyncFd<OwnedFd>; 3])> {
    let pipes = Pipes::new(folder)?;
    // Copies of the descriptors, owned by the watches.
    let watch = |fd: BorrowedFd<'_>| -> io::Result<AsyncFd<OwnedFd>> {
        let fd = fd.try_clone_to_owned()?;
        #[expect(unsafe_code, reason = "requires that the descriptor is not replaced")]
        // SAFETY: the descriptor is owned, and neither closed nor replaced before the watch is dropped.
        let watched = unsafe { AsyncFd::register_with_interest(fd, Interest::READABLE) };
        Ok(watched?)
    };
    let [out, err, marks] = pipes.sources().map(watch);
    Ok((pipes, [out?, err?, marks?]))
}
