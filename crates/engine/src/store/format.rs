use std::path::Path;

use super::StoreError;

/// The versions of the on-disk format that this program reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Frames of a length, a digest and a record of the network.
    One = 1,
    /// The same with records of any other experiment.
    Two = 2,
}

/// The version that this program writes of the network, as a number in files.
pub const FORMAT: u32 = Format::CURRENT as u32;

/// The newest version that this program reads.
pub(super) const NEWEST: u32 = Format::Two as u32;

impl Format {
    /// The version that this program writes of the network.
    pub const CURRENT: Self = Self::One;

    /// The version that stands in a file; none if there never was such a one.
    ///
    /// # Errors
    /// It is newer than this program.
    pub fn read(path: &Path, number: u32) -> Result<Option<Self>, StoreError> {
        match number {
            0 => Ok(None),
            1 => Ok(Some(Self::One)),
            2 => Ok(Some(Self::Two)),
            newer => Err(StoreError::Newer { path: path.into(), found: newer.into() }),
        }
    }
}
