//! Bytes as a link, or as what is packed in one.
#![no_main]

use triage_soak::bytes::Input;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    Input::Link.take(bytes);
});
