//! Submitting work.

use leptos::prelude::*;

use super::{Forms, field, group, type_field};
use crate::app::Session;
use crate::language::say;
use crate::page::parts::press;

/// Normal and emergency jobs.
#[component]
pub fn Jobs() -> impl IntoView {
    let session = expect_context::<Session>();
    let forms = expect_context::<Forms>();
    let inside = move || {
        view! {
        <div class="fields">
            <button class="wide" data-testid="submit-normal" on:click=press(move || forms.submit_normal(session))>
                <span>{say("Normal job")}</span>
                <kbd aria-hidden="true">"N"</kbd>
            </button>
            {field(say("Work of a normal job in ms"), "normal-work", forms.normal_ms, "ms")}
        </div>
        <button class="wide urgent" data-testid="submit-emergency" on:click=press(move || forms.submit_emergency(session))>
            <span>{say("Emergency job")}</span>
            <kbd aria-hidden="true">"E"</kbd>
        </button>
        <div class="fields">
            {type_field(say("Type of the emergency job"), "emergency-type", forms.job_type)}
            {field(say("Work of an emergency job in ms"), "emergency-work", forms.emergency_ms, "ms")}
        </div>
    }
    .into_any()
    };
    group(say("Submit"), "jobs", false, Box::new(inside))
}
