//! The help: what the shapes mean, which keys there are, and the switch for single letters.

use leptos::html::Dialog;
use leptos::prelude::*;

use super::html::Html;
use super::keys::{self, KEYS};
use super::parts::{effect, press};
use crate::app::Session;
use crate::language::mark;
use crate::language::say;

/// Shape class, its name, what it stands for.
const ENCODINGS: [(&str, &str, &str); 10] = [
    (
        "mark normal",
        mark!("Circle"),
        mark!("a normal job; in a slot, the ring around it is its progress"),
    ),
    (
        "mark emergency",
        mark!("Diamond"),
        mark!("an emergency job, in the colour of its level"),
    ),
    (
        "mark beat",
        mark!("Small dot"),
        mark!("a heartbeat, on a dotted link"),
    ),
    (
        "mark hollow",
        mark!("Hollow dot"),
        mark!("an acknowledgement"),
    ),
    (
        "mark flag",
        mark!("Pennant"),
        mark!("an emergency being declared, changed or cleared"),
    ),
    (
        "health healthy",
        mark!("Dot"),
        mark!("recovery receives heartbeats from this executor in time"),
    ),
    (
        "health suspected",
        mark!("Triangle"),
        mark!("recovery suspects this executor: it has been silent for too long"),
    ),
    (
        "health failed",
        mark!("Cross"),
        mark!("recovery has declared this executor failed; its jobs are reassigned"),
    ),
    (
        "cell own",
        mark!("Bordered entry"),
        mark!("a process's own entry of its vector clock"),
    ),
    (
        "cell raised",
        mark!("Yellow entry"),
        mark!("raised by the merge with the last message"),
    ),
];

/// The help dialog.
#[component]
pub fn Help() -> impl IntoView {
    let session = expect_context::<Session>();
    let dialog = NodeRef::<Dialog>::new();
    effect(move || {
        let open = session.ui.help.get();
        if let Some(dialog) = dialog.get() {
            if open && !dialog.open() {
                let _ = dialog.show_modal();
            } else if !open && dialog.open() {
                dialog.close();
            }
        }
    });
    view! {
        <dialog
            class="help"
            node_ref=dialog
            aria-labelledby="help-title"
            on:close=move |_| session.ui.help.set(false)
        >
            <header class="help-head">
                <h2 id="help-title">{say("How to read this page")}</h2>
                <button class="tool" data-testid="help-close" on:click=press(move || session.ui.help.set(false))>
                    {say("Close")}
                </button>
            </header>
            <p>
                {say("Processes learn about each other only from messages. The row of numbers on each card is its vector clock. It has one entry for each process: the number of that process's events that are known here. When a message arrives, the receiver takes the larger of each pair of entries and increases its own entry by one. A chip on the edge of a card shows the ground truth, which no process can see.")}
            </p>
            <p class="hosted">
                <a href="docs/index.html" target="_blank" data-testid="docs">{say("For teachers: the model, lesson plans, formats")}</a>
            </p>
            <div class="help-columns">
                <section>
                    <h3>{say("Shapes")}</h3>
                    <ul class="help-shapes" inner_html=shapes()></ul>
                </section>
                <section>
                    <h3>{say("Keys")}</h3>
                    <dl class="help-keys" inner_html=keys_in_words()></dl>
                    <label class="switch">
                        <input
                            type="checkbox"
                            data-testid="letters"
                            prop:checked=move || session.ui.letters.get()
                            on:change:target=move |event| keys::set_letters(session, event.target().checked())
                        />
                        {say("Use single letters and digits as shortcuts")}
                    </label>
                </section>
            </div>
        </dialog>
    }
    .into_any()
}

fn shapes() -> String {
    let mut html = Html::default();
    for (class, name, meaning) in ENCODINGS {
        html.put("<li><span class=\"help-shape\" aria-hidden=\"true\">");
        html.leaf("span", class, "");
        html.put("</span><span>");
        html.leaf("b", "", say(name));
        html.put(" — ");
        html.say(say(meaning));
        html.put("</span></li>");
    }
    html.into_string()
}

fn keys_in_words() -> String {
    let mut html = Html::default();
    for (keys, does) in KEYS {
        html.put("<div><dt>");
        for key in say(keys).split(' ') {
            html.leaf("kbd", "", key);
        }
        html.put("</dt>");
        html.leaf("dd", "", say(does));
        html.close("div");
    }
    html.into_string()
}
