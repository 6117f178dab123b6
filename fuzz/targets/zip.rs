//! Any bytes as a ZIP archive, and archives of any entries.

#![no_main]

use arbitrary::{Arbitrary, Unstructured};
use santun_fuzz::{Packed, archive, packed};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if bytes.starts_with(b"PK") {
        archive(bytes, santun::limits::Limits::default());
    } else if let Ok(entries) = Packed::arbitrary_take_rest(Unstructured::new(bytes)) {
        packed(&entries);
    }
});
