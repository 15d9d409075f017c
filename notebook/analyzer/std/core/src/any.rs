//! Types at run time.
pub trait Any: 'static {
    fn type_id(&self) -> TypeId;
}
impl<T: 'static + ?Sized> Any for T {}
impl dyn Any {
    pub fn is<T: Any>(&self) -> bool;
    pub fn downcast_ref<T: Any>(&self) -> Option<&T>;
    pub fn downcast_mut<T: Any>(&mut self) -> Option<&mut T>;
}
impl dyn Any + Send {
    pub fn is<T: Any>(&self) -> bool;
    pub fn downcast_ref<T: Any>(&self) -> Option<&T>;
}

pub struct TypeId(u64);
impl Clone for TypeId {}
impl Copy for TypeId {}
impl PartialEq for TypeId {}
impl TypeId {
    pub const fn of<T: ?Sized + 'static>() -> TypeId;
}

pub const fn type_name<T: ?Sized>() -> &'static str;
pub const fn type_name_of_val<T: ?Sized>(value: &T) -> &'static str;
