//! Processes.
use crate::io;
use crate::path::Path;
use crate::vec::Vec;

pub fn exit(code: i32) -> !;
pub fn abort() -> !;
pub fn id() -> u32;

pub struct Command(());
impl Command {
    pub fn new<S: AsRef<Path>>(program: S) -> Command;
    pub fn arg<S: AsRef<Path>>(&mut self, argument: S) -> &mut Command;
    pub fn args<I: IntoIterator<Item = S>, S: AsRef<Path>>(&mut self, arguments: I) -> &mut Command;
    pub fn env<K: AsRef<Path>, V: AsRef<Path>>(&mut self, key: K, value: V) -> &mut Command;
    pub fn current_dir<P: AsRef<Path>>(&mut self, folder: P) -> &mut Command;
    pub fn output(&mut self) -> io::Result<Output>;
    pub fn status(&mut self) -> io::Result<ExitStatus>;
}

pub struct Output {
    pub status: ExitStatus,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

pub struct ExitStatus(());
impl Clone for ExitStatus {}
impl Copy for ExitStatus {}
impl ExitStatus {
    pub fn success(&self) -> bool;
    pub fn code(&self) -> Option<i32>;
}
