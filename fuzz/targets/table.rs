#![no_main]

// Polars panics on inconsistent files, and the reader catches the panic; without this hook the fuzzer would report it.
libfuzzer_sys::fuzz_target!(init: std::panic::set_hook(Box::new(|_| {})), |input: &[u8]| readers::table(input));
