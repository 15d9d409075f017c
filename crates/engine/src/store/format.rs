use std::path::Path;

use super::StoreError;

/// The versions of the on-disk format that this program reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Records of the network. A frame is a length, a digest and a record.
    One = 1,
    /// The same frames with records of any other experiment.
    Two = 2,
}

/// The format of new segments of the network, as a number.
pub const FORMAT: u32 = Format::CURRENT as u32;

/// The newest format that this program reads.
pub(super) const NEWEST: u32 = Format::Two as u32;

impl Format {
    /// The format of new segments of the network.
    pub const CURRENT: Self = Self::One;

    /// Returns the format with this number; `None` for a number that was never used.
    ///
    /// # Errors
    /// The format is newer than this program.
    pub fn read(path: &Path, number: u32) -> Result<Option<Self>, StoreError> {
        match number {
            0 => Ok(None),
            1 => Ok(Some(Self::One)),
            2 => Ok(Some(Self::Two)),
            newer => Err(StoreError::Newer { path: path.into(), found: newer.into() }),
        }
    }
}
