//! Any bytes as a source in the format `eml`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| santun_fuzz::check("eml", bytes));
