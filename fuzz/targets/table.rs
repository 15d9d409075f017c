#![no_main]

// Polars panics on files that contradict themselves, and the reader catches it; the fuzzer would take that for a finding.
libfuzzer_sys::fuzz_target!(init: std::panic::set_hook(Box::new(|_| {})), |input: &[u8]| readers::table(input));
