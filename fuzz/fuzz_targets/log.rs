//! A log of another system.
#![no_main]

use triage_soak::bytes::Input;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    Input::Log.take(bytes);
});
