//! Pictures among the files that a run has kept.

/// The pictures of one run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pictures {
    /// Each picture, in the order of the names.
    pub all: Vec<Picture>,
    /// The number of files whose names are not known: they are only in the results folder, and missing there.
    pub unnamed: usize,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The name that the program gave it.
    pub name: String,
    /// Its path in the results folder, with `/` between folders.
    pub path: String,
}
