//! The dialog: form and text side by side, what is wrong below them, and what can be done with it.

use leptos::html::{Dialog, Div};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::editing::{Editing, Keeps, Side, State};
use super::form;
use super::link;
use super::start;
use crate::edit::{Kind, lesson_on, title_of};
use crate::language::{say, tr};
use crate::page::parts::{dynamic, effect, live, press, text, when};

/// The dialog, and the bar that stands for it while the page is looked at.
pub fn dialog(editing: Editing) -> AnyView {
    let place = NodeRef::<Dialog>::new();
    effect(move || {
        let Some(dialog) = place.get() else { return };
        match (editing.away.get(), dialog.open()) {
            (false, false) => drop(dialog.show_modal()),
            (true, true) => dialog.close(),
            _ => {}
        }
    });
    let closed = move |_| {
        if !editing.away.get_untracked() {
            editing.close();
        }
    };
    // Escape leaves the text, and only outside of it the editor.
    let key = move |event: leptos::ev::KeyboardEvent| {
        let target = event.target();
        let target = target.and_then(|it| it.dyn_into::<web_sys::Element>().ok());
        let in_text = target.is_some_and(|it| it.closest(".cm-editor").ok().flatten().is_some());
        if event.key() == "Escape" && in_text {
            event.prevent_default();
        }
        event.stop_propagation();
    };
    let title = move || match editing.kind.get() {
        Kind::Scenario => say("Edit a scenario"),
        Kind::Lesson => say("Edit a lesson"),
    };
    view! {
        <dialog
            class="editor"
            data-testid="editor"
            node_ref=place
            aria-labelledby="editor-title"
            data-side=live(move || match editing.side.get() {
                Side::Form => "form",
                Side::Text => "text",
            })
            on:close=closed
            on:keydown=key
        >
            <header class="editor-head">
                <h2 id="editor-title">{text(title)}</h2>
                {kinds(editing)}
                {start::beginnings(editing)}
                <span class="grow"></span>
                <button class="tool" data-testid="editor-away" on:click=press(move || editing.look_away())>
                    {say("View the page")}
                </button>
                <button class="tool" data-testid="editor-close" on:click=press(move || end(place))>
                    {say("Close")}
                </button>
            </header>
            {offer(editing)}
            {sides(editing)}
            <div class="editor-body">
                {form::form_side(editing)}
                {text_side(editing)}
            </div>
            {found(editing)}
            {foot(editing)}
        </dialog>
        {when(move || editing.away.get(), move || bar(editing))}
    }
    .into_any()
}

/// Closing the dialog is what takes the editor away, by whichever way it is closed.
fn end(place: NodeRef<Dialog>) {
    if let Some(dialog) = place.get_untracked() {
        dialog.close();
    }
}

/// What is written: a scenario or a lesson.
fn kinds(editing: Editing) -> AnyView {
    let one = move |kind: Kind, id: &'static str, words: &'static str| {
        let choose = move || {
            if editing.kind.get_untracked() == kind {
                return;
            }
            editing.keep();
            let is_good = editing.state.get_untracked() == State::Good;
            let text = match kind {
                // A lesson begins on what was just written.
                Kind::Lesson if is_good => editing.with_text(lesson_on),
                _ => start::what_is_open(editing.session, kind),
            };
            editing.begin(kind, text);
        };
        view! {
            <button
                class="tool"
                data-testid=id
                aria-pressed=live(move || (editing.kind.get() == kind).to_string())
                on:click=press(choose)
            >
                {words}
            </button>
        }
        .into_any()
    };
    view! {
        <div class="editor-pair" role="group" aria-label=say("Scenario or lesson")>
            {one(Kind::Scenario, "editor-scenario", say("Scenario"))}
            {one(Kind::Lesson, "editor-lesson", say("Lesson"))}
        </div>
    }
    .into_any()
}

/// The newest draft from before, until something is done with it.
fn offer(editing: Editing) -> AnyView {
    let draft = RwSignal::new(editing.drafts().into_iter().next());
    dynamic(move || {
        let Some(one) = draft.get() else {
            return ().into_any();
        };
        let title = match one.title.is_empty() {
            true => say("untitled").to_owned(),
            false => one.title.clone(),
        };
        let words = match one.kind() {
            Some(Kind::Lesson) => tr!("There is an unfinished lesson: {}.", title),
            _ => tr!("There is an unfinished scenario: {}.", title),
        };
        let id = one.id;
        let resume = press(move || {
            editing.resume(one.clone());
            draft.set(None);
        });
        let forget = press(move || {
            editing.forget(id);
            draft.set(None);
        });
        view! {
            <p class="editor-offer" data-testid="editor-offer">
                <span>{words}</span>
                <button class="tool" data-testid="editor-resume" on:click=resume>{say("Continue")}</button>
                <button class="tool" data-testid="editor-forget" on:click=forget>{say("Discard")}</button>
                <button class="tool" on:click=press(move || draft.set(None))>{say("Later")}</button>
            </p>
        }
        .into_any()
    })
}

/// A phone shows one side at a time.
fn sides(editing: Editing) -> AnyView {
    let one = move |side: Side, id: &'static str, words: &'static str| {
        view! {
            <button
                class="tool"
                data-testid=id
                aria-pressed=live(move || (editing.side.get() == side).to_string())
                on:click=press(move || editing.side.set(side))
            >
                {words}
            </button>
        }
        .into_any()
    };
    view! {
        <div class="editor-sides editor-pair" role="group" aria-label=say("Side")>
            {one(Side::Form, "editor-side-form", say("Form"))}
            {one(Side::Text, "editor-side-text", say("Text"))}
        </div>
    }
    .into_any()
}

fn text_side(editing: Editing) -> AnyView {
    let place = NodeRef::<Div>::new();
    effect(move || {
        let Some(element) = place.get() else { return };
        let typed = move |text: String| editing.typed(text);
        let ready = move || {
            editing.with_text(|text| {
                let found = editing.found.get_untracked();
                editing.text_side.mark(text, &found);
            });
        };
        let text = move || editing.with_text(str::to_owned);
        editing.text_side.make(element.into(), text, typed, ready);
    });
    view! {
        <section class="editor-text" aria-label=say("Text")>
            <div class="editor-tools">
                <span class="dim small">{say("JSON. Press Escape, then Tab, to leave the text; Ctrl+F searches.")}</span>
                <span class="grow"></span>
                <button class="tool" data-testid="editor-undo" on:click=press(move || editing.text_side.undo())>
                    {say("Undo")}
                </button>
                <button class="tool" data-testid="editor-redo" on:click=press(move || editing.text_side.redo())>
                    {say("Redo")}
                </button>
            </div>
            <div class="editor-code" data-testid="editor-code" node_ref=place>
                <p class="dim" role="status">{say("Loading the text editor…")}</p>
            </div>
        </section>
    }
    .into_any()
}

/// What is wrong, each with its line.
fn found(editing: Editing) -> AnyView {
    let rows = move || {
        let all = editing.found.get();
        let row = |found: crate::edit::TextProblem| {
            let place = tr!("Line {}", found.line);
            let (path, message) = (found.path.clone(), found.message.clone());
            view! {
                <li>
                    <button class="editor-problem" data-testid="editor-problem" on:click=press(move || editing.go_to(&found))>
                        <b>{place}</b>
                        {(!path.is_empty()).then(|| view! { <code>{path}</code> })}
                        <span>{message}</span>
                    </button>
                </li>
            }
            .into_any()
        };
        all.into_iter().map(row).collect::<Vec<_>>()
    };
    let state = move || match editing.state.get() {
        State::Good => "good",
        State::Bad => "bad",
        State::Unread | State::Playing => "open",
    };
    view! {
        <section class="editor-found" aria-label=say("Problems")>
            <p class="editor-status" role="status" data-testid="editor-status" data-state=live(state)>
                {text(move || editing.status())}
            </p>
            <ol class="editor-problems" data-testid="editor-problems">{dynamic(rows)}</ol>
        </section>
    }
    .into_any()
}

fn foot(editing: Editing) -> AnyView {
    let keeps = move || match editing.keeps.get() {
        Keeps::Nothing => "",
        Keeps::Yes => say("The draft is saved in this browser."),
        Keeps::No => say("The draft can't be saved in this browser: download it before you leave."),
    };
    let words = move || match editing.kind.get() {
        Kind::Scenario => say("Run scenario"),
        Kind::Lesson => say("Try lesson"),
    };
    view! {
        <footer class="editor-foot">
            <span class="dim small" data-testid="editor-keeps">{text(keeps)}</span>
            <span class="editor-said" role="status" data-testid="editor-said">{text(move || editing.said.get())}</span>
            <span class="grow"></span>
            {when(
                move || editing.kind.get() == Kind::Scenario,
                move || view! {
                    <button
                        class="tool"
                        data-testid="editor-link"
                        prop:disabled=move || !editing.may_open()
                        on:click=press(move || link::copy(editing))
                    >
                        {say("Copy link")}
                    </button>
                },
            )}
            <button class="tool" data-testid="editor-download" on:click=press(move || editing.download())>
                {say("Download")}
            </button>
            <button
                class="primary"
                data-testid="editor-run"
                prop:disabled=move || !editing.may_open()
                on:click=press(move || editing.open())
            >
                {text(words)}
            </button>
        </footer>
    }
    .into_any()
}

/// What stands for the editor while the page is looked at.
fn bar(editing: Editing) -> AnyView {
    let title = editing.with_text(|text| title_of(text).unwrap_or_default());
    view! {
        <section class="kept panel editor-bar" data-testid="editor-bar" aria-label=say("Editor")>
            <p>{tr!("Editing: {}", title)}</p>
            <button data-testid="editor-back" on:click=press(move || editing.show())>{say("Back to the editor")}</button>
            <button on:click=press(move || editing.close())>{say("Close editor")}</button>
        </section>
    }
    .into_any()
}
