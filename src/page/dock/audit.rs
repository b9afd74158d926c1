//! The audit: every command with what came of it, the hash chain verified here in the page, and a copy to tamper with.

use leptos::html::{Div, P};
use leptos::prelude::*;

use crate::app::Session;
use crate::language::{say, tr};
use crate::page::html::{Html, Painted};
use crate::page::parts::{choice, effect, option, press, when};
use crate::view::audit::{
    AuditChange, AuditRow, EntryStatus, ExternalAudit, altered, others, table,
};

const VERDICT: &str = "verdict";

/// What is chosen for the next alteration.
#[derive(Clone, Copy)]
struct Alteration {
    /// Which entry; beyond the last, the last.
    place: RwSignal<usize>,
    /// [`VERDICT`], or who is to have asked.
    change: RwSignal<String>,
    /// Whether the altered entry gets a hash that fits it.
    hashed: RwSignal<bool>,
}

/// The table, its verdict, and what can be done to a copy of it.
#[component]
pub fn Audit() -> impl IntoView {
    let session = expect_context::<Session>();
    let alteration = Alteration {
        place: RwSignal::new(usize::MAX),
        change: RwSignal::new(VERDICT.to_owned()),
        hashed: RwSignal::new(false),
    };
    let foreign = session.ui.foreign_audit;
    // The audit of the run changes with commands only, not with every event.
    let own = Memo::new(move |_| {
        session.ui.revision.track();
        session.read(|player| {
            let audit = player.world().audit();
            (audit.entries().len(), audit.head().0)
        })
    });
    let place = NodeRef::<Div>::new();
    let verdict = NodeRef::<P>::new();
    let painted = StoredValue::new_local(Painted::default());
    effect(move || {
        own.get();
        let (Some(place), Some(verdict)) = (place.get(), verdict.get()) else {
            return;
        };
        let shown = foreign.get().unwrap_or_else(|| session.audit());
        let view = table(&shown.text, shown.head);
        let mut html = Html::default();
        if !view.rows.is_empty() {
            head(&mut html);
            view.rows.iter().for_each(|entry| row(&mut html, entry));
            html.put("</tbody></table>");
        }
        painted.update_value(|painted| painted.paint(&place, html));
        verdict.set_class_name(if view.intact {
            "audit-verdict"
        } else {
            "audit-verdict broken"
        });
        verdict.set_text_content(Some(&titled(&shown, &view.verdict)));
        match place.query_selector("tr.broken") {
            // Near the top: what follows it counts for nothing, which is to be seen too.
            Ok(Some(broken)) => {
                let below = broken.get_bounding_client_rect().top()
                    - place.get_bounding_client_rect().top();
                let above = f64::from(place.client_height()) / 4.0;
                place.set_scroll_top(place.scroll_top() + (below - above) as i32);
            }
            _ => place.set_scroll_top(place.scroll_height()),
        }
    });
    view! {
        <div class="audit" data-testid="audit">
            <div class="audit-tools">
                {tools(session, alteration, own)}
                <button class="tool" data-testid="save-audit" data-file="save-audit">{say("Save audit")}</button>
                <button class="tool" data-testid="open-audit" data-file="open-audit">{say("Open and verify")}</button>
                {when(
                    move || foreign.with(Option::is_some),
                    move || view! {
                        <button class="tool" data-testid="restore-audit" on:click=press(move || foreign.set(None))>
                            {say("Restore")}
                        </button>
                    },
                )}
            </div>
            <p class="audit-verdict" data-testid="audit-verdict" role="status" node_ref=verdict></p>
            <div
                class="audit-rows"
                data-testid="audit-rows"
                tabindex="0"
                role="region"
                aria-label=say("Entries of the audit")
                node_ref=place
            ></div>
        </div>
    }
    .into_any()
}

/// Which entry to alter, and how.
fn tools(session: Session, alteration: Alteration, own: Memo<(usize, [u8; 32])>) -> AnyView {
    let Alteration {
        place,
        change,
        hashed,
    } = alteration;
    let foreign = session.ui.foreign_audit;
    let source = move || {
        own.get();
        foreign.get().unwrap_or_else(|| session.audit())
    };
    let count = move || source().text.lines().count();
    let chosen = move || place.get().min(count().saturating_sub(1));
    let entries = move |html: &mut Html| {
        let (all, chosen) = (count(), chosen());
        for place in 0..all {
            let number = place.to_string();
            option(html, &number, &tr!("entry {}", number), place == chosen);
        }
    };
    let changes = move |html: &mut Html| {
        let chosen_change = change.get();
        option(
            html,
            VERDICT,
            say("the opposite verdict"),
            chosen_change == VERDICT,
        );
        for name in others(&source().text, chosen()) {
            let words = tr!("requested by the {}", say(name));
            option(html, name, &words, chosen_change == name);
        }
    };
    let alter = move || {
        let source = untrack(source);
        let what = match change.get_untracked() {
            verdict if verdict == VERDICT => AuditChange::Verdict,
            principal => AuditChange::Principal(principal.into()),
        };
        match altered(&source.text, untrack(chosen), &what, hashed.get_untracked()) {
            Some(text) => foreign.set(Some(ExternalAudit {
                text,
                altered: true,
                ..source
            })),
            None => session
                .notices
                .reject(say("There is no entry to alter: run a command first.").to_owned()),
        }
    };
    let choose_place = move |value: String| {
        place.set(value.parse().unwrap_or_default());
        change.set(VERDICT.to_owned());
    };
    view! {
        // Without an entry there is nothing to alter.
        <span class="audit-alter" style:display=move || if count() == 0 { "none" } else { "" } role="group" aria-label=say("Alter an entry in a copy")>
            {choice(say("Entry to alter"), "alter-entry", Box::new(entries), Box::new(choose_place))}
            {choice(say("What to alter"), "alter-change", Box::new(changes), Box::new(move |value| change.set(value)))}
            <label class="audit-hashed" title=say("Also recompute the hash of the altered entry, as a careful forger would")>
                <input
                    type="checkbox"
                    data-testid="alter-hashed"
                    prop:checked=move || hashed.get()
                    on:change:target=move |event| hashed.set(event.target().checked())
                />
                {say("with a new hash")}
            </label>
            <button class="tool" data-testid="alter" on:click=press(alter)>{say("Alter an entry")}</button>
        </span>
    }
    .into_any()
}

/// Which audit it is, and the verdict on it.
fn titled(shown: &ExternalAudit, verdict: &str) -> String {
    let name = match (shown.altered, shown.name.as_deref()) {
        (false, None) => say("The audit of this run"),
        (true, None) => say("Altered copy of the audit of this run"),
        (false, Some(file)) => file,
        (true, Some(file)) => &tr!("Altered copy of {}", file),
    };
    [name, ": ", verdict].concat()
}

fn head(html: &mut Html) {
    html.put("<table class=\"audit-table\"><thead><tr><th>#</th>");
    for column in [
        say("time"),
        say("principal"),
        say("command"),
        say("verdict"),
        say("hash"),
        say("chain"),
    ] {
        html.leaf("th", "", column);
    }
    html.put("</tr></thead><tbody>");
}

fn row(html: &mut Html, entry: &AuditRow) {
    let (class, mark, words) = match entry.status {
        EntryStatus::Fits => ("", "✓", say("valid")),
        EntryStatus::Broken => ("broken", "✗", say("altered")),
        EntryStatus::After => ("after", "?", say("after it")),
    };
    html.open("tr", "class", class);
    html.also("data-entry", &entry.place.to_string());
    html.leaf("td", "number", &entry.place.to_string());
    html.leaf("td", "time", &entry.time);
    html.put("<td class=\"who\">");
    html.leaf("b", "", &entry.principal);
    if entry.role != entry.principal {
        html.leaf("span", "dim", say(entry.role));
    }
    html.put("</td>");
    html.leaf("td", "asked", &entry.command);
    html.leaf(
        "td",
        if entry.allowed {
            "verdict"
        } else {
            "verdict denied"
        },
        &entry.verdict,
    );
    html.leaf("td", "hash", &entry.hash);
    html.put("<td class=\"chain\">");
    html.leaf("span", "mark", mark);
    html.leaf("span", "", words);
    html.put("</td></tr>");
}
