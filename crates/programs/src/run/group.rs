//! The process group of a program. Elsewhere than on Unix there is none.

pub(super) use here::{has_exited, kill, terminate};

#[cfg(unix)]
mod here {
    use std::process::Child;

    use nix::{
        sys::signal::{Signal, killpg},
        unistd::Pid,
    };

    fn id(child: &Child) -> Pid {
        Pid::from_raw(i32::try_from(child.id()).expect("numbers of processes are small"))
    }

    /// Whether the program has ended; it is not waited for. `None` where this cannot be known.
    #[cfg(target_os = "linux")]
    pub fn has_exited(child: &Child) -> Option<bool> {
        use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};
        let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
        Some(!matches!(waitid(Id::Pid(id(child)), flags), Ok(WaitStatus::StillAlive)))
    }

    #[cfg(not(target_os = "linux"))]
    pub fn has_exited(_: &Child) -> Option<bool> {
        None
    }

    /// Asks the group to end.
    pub fn terminate(child: &Child) {
        let _ = killpg(id(child), Signal::SIGTERM);
    }

    /// Ends the group by force.
    pub fn kill(child: &Child) {
        let _ = killpg(id(child), Signal::SIGKILL);
    }
}

#[cfg(not(unix))]
mod here {
    use std::process::Child;

    pub fn has_exited(_: &Child) -> Option<bool> {
        None
    }

    pub fn terminate(_: &Child) {}

    pub fn kill(_: &Child) {}
}
