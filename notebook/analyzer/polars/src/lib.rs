//! The part of polars that cells use: the types of [`Table::frame`](../restudy/frame/struct.Table.html), as signatures.
//!
//! The rust-analyzer inside the kernel reads this crate in place of polars, whose many dependencies would take too long
//! to read. The compiler uses the real polars. If a signature is missing here, a cell needs an explicit type; if one is
//! wrong, a cell fails with a type error. `notebook/analyzer/probes.rs` is the test.
#![allow(missing_docs, unused)]

pub mod prelude {
    use std::{borrow::Cow, marker::PhantomData, ops::Deref};

    pub type PolarsResult<T> = Result<T, PolarsError>;
    pub type IdxSize = u32;

    #[derive(Debug)]
    pub struct PolarsError(());

    impl std::fmt::Display for PolarsError {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            Ok(())
        }
    }

    impl std::error::Error for PolarsError {}

    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
    pub struct PlSmallStr(());

    impl PlSmallStr {
        pub fn as_str(&self) -> &str {
            ""
        }
    }

    impl Deref for PlSmallStr {
        type Target = str;
        fn deref(&self) -> &str {
            ""
        }
    }

    impl From<&str> for PlSmallStr {
        fn from(_: &str) -> Self {
            Self(())
        }
    }

    impl From<String> for PlSmallStr {
        fn from(_: String) -> Self {
            Self(())
        }
    }

    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum DataType {
        Boolean,
        UInt32,
        UInt64,
        Int32,
        Int64,
        Float32,
        Float64,
        String,
    }

    #[derive(Debug, Clone, PartialEq)]
    pub enum AnyValue<'a> {
        Null,
        Boolean(bool),
        UInt32(u32),
        UInt64(u64),
        Int32(i32),
        Int64(i64),
        Float32(f32),
        Float64(f64),
        String(&'a str),
    }

    #[derive(Debug, Clone)]
    pub struct Values<T>(PhantomData<T>);

    pub type BooleanChunked = Values<bool>;
    pub type Int32Chunked = Values<i32>;
    pub type Int64Chunked = Values<i64>;
    pub type UInt32Chunked = Values<u32>;
    pub type UInt64Chunked = Values<u64>;
    pub type Float32Chunked = Values<f32>;
    pub type Float64Chunked = Values<f64>;

    impl<T> Values<T> {
        pub fn iter(&self) -> std::vec::IntoIter<Option<T>> {
            loop {}
        }
        pub fn into_no_null_iter(&self) -> std::vec::IntoIter<T> {
            loop {}
        }
        pub fn get(&self, _: usize) -> Option<T> {
            None
        }
        pub fn name(&self) -> &PlSmallStr {
            loop {}
        }
        pub fn len(&self) -> usize {
            0
        }
        pub fn is_empty(&self) -> bool {
            true
        }
        pub fn null_count(&self) -> usize {
            0
        }
        pub fn mean(&self) -> Option<f64> {
            None
        }
        pub fn min(&self) -> Option<T> {
            None
        }
        pub fn max(&self) -> Option<T> {
            None
        }
        pub fn sum(&self) -> Option<T> {
            None
        }
    }

    #[derive(Debug, Clone)]
    pub struct StringChunked(());

    impl StringChunked {
        pub fn iter(&self) -> std::vec::IntoIter<Option<&str>> {
            loop {}
        }
        pub fn get(&self, _: usize) -> Option<&str> {
            None
        }
        pub fn len(&self) -> usize {
            0
        }
    }

    #[derive(Debug, Clone)]
    pub struct Column(());

    impl Column {
        pub fn name(&self) -> &PlSmallStr {
            loop {}
        }
        pub fn dtype(&self) -> &DataType {
            loop {}
        }
        pub fn len(&self) -> usize {
            0
        }
        pub fn is_empty(&self) -> bool {
            true
        }
        pub fn null_count(&self) -> usize {
            0
        }
        pub fn n_unique(&self) -> PolarsResult<usize> {
            Ok(0)
        }
        pub fn get(&self, _: usize) -> PolarsResult<AnyValue<'_>> {
            loop {}
        }
        pub fn head(&self, _: Option<usize>) -> Column {
            loop {}
        }
        pub fn tail(&self, _: Option<usize>) -> Column {
            loop {}
        }
        pub fn bool(&self) -> PolarsResult<&BooleanChunked> {
            loop {}
        }
        pub fn i32(&self) -> PolarsResult<&Int32Chunked> {
            loop {}
        }
        pub fn i64(&self) -> PolarsResult<&Int64Chunked> {
            loop {}
        }
        pub fn u32(&self) -> PolarsResult<&UInt32Chunked> {
            loop {}
        }
        pub fn u64(&self) -> PolarsResult<&UInt64Chunked> {
            loop {}
        }
        pub fn f32(&self) -> PolarsResult<&Float32Chunked> {
            loop {}
        }
        pub fn f64(&self) -> PolarsResult<&Float64Chunked> {
            loop {}
        }
        pub fn str(&self) -> PolarsResult<&StringChunked> {
            loop {}
        }
    }

    #[derive(Debug, Clone)]
    pub struct DataFrame(());

    impl DataFrame {
        pub fn new(_: usize, _: Vec<Column>) -> PolarsResult<Self> {
            loop {}
        }
        pub fn height(&self) -> usize {
            0
        }
        pub fn width(&self) -> usize {
            0
        }
        pub fn shape(&self) -> (usize, usize) {
            (0, 0)
        }
        pub fn columns(&self) -> &[Column] {
            &[]
        }
        pub fn get_column_names(&self) -> Vec<&PlSmallStr> {
            loop {}
        }
        pub fn column(&self, _: &str) -> PolarsResult<&Column> {
            loop {}
        }
        pub fn select<I, S>(&self, _: I) -> PolarsResult<Self>
        where
            I: IntoIterator<Item = S>,
            S: AsRef<str>,
        {
            loop {}
        }
        pub fn filter(&self, _: &BooleanChunked) -> PolarsResult<Self> {
            loop {}
        }
        pub fn drop(&self, _: &str) -> PolarsResult<Self> {
            loop {}
        }
        pub fn vstack(&self, _: &DataFrame) -> PolarsResult<Self> {
            loop {}
        }
        pub fn hstack(&self, _: &[Column]) -> PolarsResult<Self> {
            loop {}
        }
        pub fn slice(&self, _: i64, _: usize) -> Self {
            loop {}
        }
        pub fn head(&self, _: Option<usize>) -> Self {
            loop {}
        }
        pub fn tail(&self, _: Option<usize>) -> Self {
            loop {}
        }
        pub fn reverse(&self) -> Self {
            loop {}
        }
    }
}
