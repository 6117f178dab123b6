//! Any bytes as a source in the format `csv`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| santun_fuzz::check("csv", bytes));
