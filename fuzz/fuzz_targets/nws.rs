//! Alerts of the National Weather Service.
#![no_main]

use triage_soak::bytes::Input;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    Input::Nws.take(bytes);
});
