//! Properties of types.
#[lang = "pointee_sized"]
#[fundamental]
#[rustc_coinductive]
pub trait PointeeSized {}

#[lang = "meta_sized"]
#[fundamental]
#[rustc_coinductive]
pub trait MetaSized: PointeeSized {}

#[lang = "sized"]
#[fundamental]
#[rustc_coinductive]
pub trait Sized: MetaSized {}

#[lang = "unsize"]
pub trait Unsize<T: PointeeSized>: PointeeSized {}

#[lang = "copy"]
pub trait Copy: Clone {}

pub(crate) mod derive {
    #[rustc_builtin_macro]
    pub macro Copy($item:item) {}
}
pub use derive::Copy;

#[lang = "tuple_trait"]
pub trait Tuple {}

#[lang = "unpin"]
pub auto trait Unpin {}

pub unsafe auto trait Send {}

#[lang = "sync"]
pub unsafe auto trait Sync {}

#[lang = "freeze"]
pub unsafe auto trait Freeze {}

#[lang = "discriminant_kind"]
pub trait DiscriminantKind {
    #[lang = "discriminant_type"]
    type Discriminant;
}

#[lang = "phantom_data"]
pub struct PhantomData<T: PointeeSized>;

impl<T: PointeeSized> Clone for PhantomData<T> {}
impl<T: PointeeSized> Copy for PhantomData<T> {}
impl<T: PointeeSized> Default for PhantomData<T> {}

macro_rules! copies {
    ($($type:ty)*) => { $( impl Clone for $type {} impl Copy for $type {} )* };
}
copies! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 bool char ! }

impl<T: PointeeSized> Clone for &T {}
impl<T: PointeeSized> Copy for &T {}
impl<T: PointeeSized> Clone for *const T {}
impl<T: PointeeSized> Copy for *const T {}
impl<T: PointeeSized> Clone for *mut T {}
impl<T: PointeeSized> Copy for *mut T {}
