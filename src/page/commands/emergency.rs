//! Declaring emergencies, changing their level, clearing them.

use leptos::prelude::*;

use super::{Forms, field, group, level_buttons, type_field};
use crate::app::Session;
use crate::language::{say, tr};
use crate::page::parts::{dynamic, press, when};

/// Declare, and below it the active ones.
#[component]
pub fn Emergencies() -> impl IntoView {
    let session = expect_context::<Session>();
    let forms = expect_context::<Forms>();
    let some = Memo::new(move |_| session.ui.emergencies.with(|all| !all.is_empty()));
    let inside = move || {
        view! {
            <div class="fields even">
                {type_field(say("Type of the emergency"), "declare-type", forms.declare_type)}
                {field(say("Location of the emergency"), "declare-place", forms.place, "")}
            </div>
            {level_buttons(
                "declare",
                say("declare"),
                |level| tr!("declare {level}", level),
                || None,
                move |level| forms.declare(session, level),
            )}
            {when(move || some.get(), move || view! { <Active /> })}
        }
        .into_any()
    };
    group(say("Emergency"), "emergency", false, Box::new(inside))
}

/// The active emergencies: one is chosen, changed and cleared.
#[component]
fn Active() -> impl IntoView {
    let session = expect_context::<Session>();
    let forms = expect_context::<Forms>();
    let emergencies = session.ui.emergencies;
    let level = move || {
        let chosen = forms.chosen(session);
        emergencies.with(|all| {
            all.iter()
                .find(|one| Some(&one.id) == chosen.as_ref())
                .map(|one| one.level)
        })
    };
    let options = move || {
        let chosen = forms.chosen(session).unwrap_or_default();
        let all = emergencies.get();
        let option = move |one: crate::view::stage::EmergencyView| {
            let place = one
                .place
                .map_or_else(String::new, |place| format!(" · {place}"));
            let words = format!("{} · {}{place}", one.level.name(), one.kind);
            let selected = one.id == chosen;
            view! { <option value=one.id selected=selected>{words}</option> }
        };
        all.into_iter().map(option).collect_view().into_any()
    };
    view! {
        <label class="field" title=say("The active emergency to change or clear")>
            <select
                aria-label=say("Active emergency")
                data-testid="active-emergency"
                on:change:target=move |event| forms.active.set(event.target().value())
            >
                {dynamic(options)}
            </select>
        </label>
        {level_buttons(
            "change",
            say("change"),
            |level| tr!("change {level}", level),
            level,
            move |level| forms.change(session, level),
        )}
        <button class="wide calm" data-testid="clear" on:click=press(move || forms.clear(session))>
            <span>{say("Clear emergency")}</span>
            <kbd aria-hidden="true">"C"</kbd>
        </button>
    }
    .into_any()
}
