//! Collections.
mod deque;
mod heap;
mod map;
mod set;

pub use deque::VecDeque;
pub use heap::BinaryHeap;
pub use map::{BTreeMap, HashMap};
pub use set::{BTreeSet, HashSet};

pub mod btree_map {
    pub use super::map::btree::*;
}
pub mod hash_map {
    pub use super::map::hash::*;
    pub use crate::hash::DefaultHasher;
}
pub mod btree_set {
    pub use super::set::btree::*;
}
pub mod hash_set {
    pub use super::set::hash::*;
}
pub mod vec_deque {
    pub use super::deque::*;
}
pub mod binary_heap {
    pub use super::heap::*;
}
