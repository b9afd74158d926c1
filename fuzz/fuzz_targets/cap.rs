//! Alerts in the Common Alerting Protocol.
#![no_main]

use triage_soak::bytes::Input;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    Input::Cap.take(bytes);
});
