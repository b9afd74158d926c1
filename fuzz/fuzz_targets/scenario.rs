//! Bytes as a scenario.
#![no_main]

use triage_soak::bytes::Input;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    Input::Scenario.take(bytes);
});
