//! Any bytes as a source in the format `catalogue`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| santun_fuzz::check("catalogue", bytes));
