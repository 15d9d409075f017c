//! The macros. Those that are not built in are reduced to the types of their result and arguments.
pub mod builtin {
    #[rustc_builtin_macro]
    pub macro derive($item:item) {}

    #[rustc_builtin_macro]
    pub macro test($item:item) {}

    #[rustc_builtin_macro]
    pub macro global_allocator($item:item) {}
}

#[macro_export]
#[rustc_builtin_macro]
macro_rules! format_args { ($($arg:tt)*) => {}; }

#[macro_export]
#[rustc_builtin_macro]
macro_rules! concat { ($($arg:tt)*) => {}; }

#[macro_export]
#[rustc_builtin_macro]
macro_rules! include_str { ($($arg:tt)*) => {}; }

#[macro_export]
#[rustc_builtin_macro]
macro_rules! include_bytes { ($($arg:tt)*) => {}; }

#[macro_export]
#[rustc_builtin_macro]
macro_rules! include { ($($arg:tt)*) => {}; }

#[macro_export]
#[rustc_builtin_macro]
macro_rules! env { ($($arg:tt)*) => {}; }

#[macro_export]
#[rustc_builtin_macro]
macro_rules! option_env { ($($arg:tt)*) => {}; }

#[macro_export]
#[rustc_builtin_macro]
macro_rules! stringify { ($($arg:tt)*) => {}; }

#[macro_export]
#[rustc_builtin_macro]
macro_rules! file { () => {}; }

#[macro_export]
#[rustc_builtin_macro]
macro_rules! line { () => {}; }

#[macro_export]
#[rustc_builtin_macro]
macro_rules! column { () => {}; }

#[macro_export]
#[rustc_builtin_macro]
macro_rules! module_path { () => {}; }

#[macro_export]
#[rustc_builtin_macro]
macro_rules! cfg { ($($arg:tt)*) => {}; }

#[macro_export]
#[rustc_builtin_macro]
macro_rules! compile_error { ($($arg:tt)*) => {}; }

#[macro_export]
macro_rules! panic {
    () => { $crate::panicking::stop() };
    ($($arg:tt)+) => { $crate::panicking::stop_with($crate::format_args!($($arg)+)) };
}

#[macro_export]
macro_rules! todo { ($($arg:tt)*) => { $crate::panic!($($arg)*) }; }

#[macro_export]
macro_rules! unimplemented { ($($arg:tt)*) => { $crate::panic!($($arg)*) }; }

#[macro_export]
macro_rules! unreachable { ($($arg:tt)*) => { $crate::panic!($($arg)*) }; }

#[macro_export]
macro_rules! assert {
    ($condition:expr $(,)?) => { if !$condition { $crate::panicking::stop() } };
    ($condition:expr, $($arg:tt)+) => { if !$condition { $crate::panic!($($arg)+) } };
}

#[macro_export]
macro_rules! assert_eq {
    ($left:expr, $right:expr $(,)?) => { if !(*&$left == *&$right) { $crate::panicking::stop() } };
    ($left:expr, $right:expr, $($arg:tt)+) => { if !(*&$left == *&$right) { $crate::panic!($($arg)+) } };
}

#[macro_export]
macro_rules! assert_ne { ($($arg:tt)*) => { $crate::assert_eq!($($arg)*) }; }

#[macro_export]
macro_rules! debug_assert { ($($arg:tt)*) => { $crate::assert!($($arg)*) }; }

#[macro_export]
macro_rules! debug_assert_eq { ($($arg:tt)*) => { $crate::assert_eq!($($arg)*) }; }

#[macro_export]
macro_rules! debug_assert_ne { ($($arg:tt)*) => { $crate::assert_eq!($($arg)*) }; }

#[macro_export]
macro_rules! matches {
    ($value:expr, $pattern:pat $(if $guard:expr)? $(,)?) => {
        match $value {
            $pattern $(if $guard)? => true,
            _ => false,
        }
    };
}

#[macro_export]
macro_rules! dbg {
    () => { () };
    ($value:expr $(,)?) => { match $value { value => value } };
    ($($value:expr),+ $(,)?) => { ($($crate::dbg!($value)),+,) };
}

#[macro_export]
macro_rules! format { ($($arg:tt)*) => { $crate::fmt::format($crate::format_args!($($arg)*)) }; }

#[macro_export]
macro_rules! print { ($($arg:tt)*) => { $crate::io::print($crate::format_args!($($arg)*)) }; }

#[macro_export]
macro_rules! eprint { ($($arg:tt)*) => { $crate::io::print($crate::format_args!($($arg)*)) }; }

#[macro_export]
macro_rules! println {
    () => { () };
    ($($arg:tt)*) => { $crate::io::print($crate::format_args!($($arg)*)) };
}

#[macro_export]
macro_rules! eprintln { ($($arg:tt)*) => { $crate::println!($($arg)*) }; }

#[macro_export]
macro_rules! write { ($to:expr, $($arg:tt)*) => { $to.write_fmt($crate::format_args!($($arg)*)) }; }

#[macro_export]
macro_rules! writeln {
    ($to:expr $(,)?) => { $crate::write!($to, "\n") };
    ($to:expr, $($arg:tt)*) => { $to.write_fmt($crate::format_args!($($arg)*)) };
}

#[macro_export]
macro_rules! vec {
    ($value:expr; $length:expr) => { $crate::vec::from_elem($value, $length) };
    ($($value:expr),* $(,)?) => { $crate::vec::from_array([$($value),*]) };
}

#[macro_export]
macro_rules! thread_local {
    ($($(#[$attribute:meta])* $visible:vis static $name:ident: $type:ty = $value:expr);* $(;)?) => {
        $($visible const $name: $crate::thread::LocalKey<$type> = $crate::thread::local(|| $value);)*
    };
}
