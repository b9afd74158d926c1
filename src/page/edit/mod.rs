//! The editor of scenarios and lessons: the text on one side, a form of its common parts on the other. The run of the page
//! goes on as it is until somebody says so.

mod dialog;
mod editing;
mod form;
mod link;
mod start;
mod text;

use std::cell::Cell;

use leptos::mount::mount_to;
use leptos::prelude::*;

use crate::app::Session;
use crate::edit::Kind;
use crate::page::parts::effect;
use editing::Editing;

thread_local! {
    /// The one editor, while it is there.
    static OPEN: Cell<Option<Editing>> = const { Cell::new(None) };
}

/// Opens the editor whenever somebody asks for it.
pub fn install(session: Session) {
    let asked = session.ui.editor;
    effect(move || {
        if let Some(kind) = asked.get() {
            asked.set(None);
            // It outlives this effect, which runs again.
            session.owned(|| open(session, kind));
        }
    });
}

/// Opens the editor on what is open now, or shows the one that is there.
fn open(session: Session, kind: Kind) {
    if let Some(editing) = OPEN.get() {
        if editing.kind.get_untracked() != kind {
            editing.begin(kind, start::what_is_open(session, kind));
        }
        return editing.show();
    }
    let Some(body) = document().body() else {
        return;
    };
    let handle = std::rc::Rc::new(std::cell::RefCell::new(None));
    let kept = std::rc::Rc::clone(&handle);
    let mounted = mount_to(body, move || {
        let end = move || {
            OPEN.set(None);
            let kept = std::rc::Rc::clone(&kept);
            // Not from within itself: what is clicked still has to be there for a moment.
            request_animation_frame(move || drop(kept.take()));
        };
        let editing = Editing::new(
            session,
            kind,
            start::what_is_open(session, kind),
            Box::new(end),
        );
        OPEN.set(Some(editing));
        dialog::dialog(editing)
    });
    handle.replace(Some(mounted));
}
