//! Shows numbers, texts, and collections of values.

use std::{fmt, sync::Arc};

use super::{Bundle, Show};

macro_rules! as_debug {
    ($($type:ty)+) => {
        $(impl Show for $type {
            fn bundle(&self) -> Bundle {
                Bundle::text(format!("{self:?}"))
            }
        })+
    };
}

as_debug!(bool char f32 f64 i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

impl Show for str {
    fn bundle(&self) -> Bundle {
        Bundle::text(self)
    }
}

impl Show for String {
    fn bundle(&self) -> Bundle {
        Bundle::text(self.as_str())
    }
}

/// Shows nothing.
impl Show for () {
    fn bundle(&self) -> Bundle {
        Bundle::default()
    }
}

macro_rules! as_inside {
    ($($type:ty)+) => {
        $(impl<T: Show + ?Sized> Show for $type {
            fn bundle(&self) -> Bundle {
                (**self).bundle()
            }
        })+
    };
}

as_inside!(&T &mut T Box<T> Arc<T>);

impl<T: Show> Show for [T] {
    fn bundle(&self) -> Bundle {
        together(self.iter().map(Show::bundle).collect(), "[", "]")
    }
}

impl<T: Show> Show for Vec<T> {
    fn bundle(&self) -> Bundle {
        self.as_slice().bundle()
    }
}

impl<T: Show, const N: usize> Show for [T; N] {
    fn bundle(&self) -> Bundle {
        self.as_slice().bundle()
    }
}

impl<T: Show> Show for Option<T> {
    fn bundle(&self) -> Bundle {
        self.as_ref().map_or_else(|| Bundle::text("None"), Show::bundle)
    }
}

impl<T: Show, E: fmt::Display> Show for Result<T, E> {
    fn bundle(&self) -> Bundle {
        match self {
            Ok(value) => value.bundle(),
            Err(error) => Bundle::text(format!("Error: {error}")),
        }
    }
}

macro_rules! tuples {
    ($(($($name:ident $index:tt)+))+) => {
        $(impl<$($name: Show),+> Show for ($($name,)+) {
            fn bundle(&self) -> Bundle {
                together(vec![$(self.$index.bundle()),+], "(", ")")
            }
        })+
    };
}

tuples! {
    (A 0)
    (A 0 B 1)
    (A 0 B 1 C 2)
    (A 0 B 1 C 2 D 3)
    (A 0 B 1 C 2 D 3 E 4)
    (A 0 B 1 C 2 D 3 E 4 F 5)
}

/// At most this many words are shown on a line; of more, the first and the last.
const MOST_WORDS: usize = 100;

/// Puts words on one line, and larger values one below the other.
fn together(bundles: Vec<Bundle>, open: &str, close: &str) -> Bundle {
    let Some(mut words) = bundles.iter().map(Bundle::word).collect::<Option<Vec<_>>>() else {
        return Bundle::several(bundles);
    };
    let count = words.len();
    if count > MOST_WORDS {
        words.splice(MOST_WORDS - 3..count - 3, ["…"]);
    }
    let note = if count > MOST_WORDS { format!(" ({count} values)") } else { String::new() };
    Bundle::text(format!("{open}{}{close}{note}", words.join(", ")))
}
