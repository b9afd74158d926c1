//! Does what an address asks for: opens its run, scenario or lesson, and sets the page as it says. What cannot be done
//! is told in sentences that stay, and the rest is done.

use leptos::prelude::*;

use crate::app::open_lesson::OpenLesson;
use crate::app::{DockView, LessonAt, PANELS, Part, Session, set_if_changed};
use crate::edit::Kind;
use crate::engine::access::{Role, role_of};
use crate::language::language;
use crate::page::embedding::is_framed;
use crate::page::language::turn;
use crate::page::script;
use crate::scenario::library;
use crate::view::address::Address;

/// Speaks with the page around this one.
const SCRIPT: &str = "frame.js";

/// Does what a query and a fragment ask for.
pub fn apply(session: Session, query: &str, fragment: &str) {
    let mut address = Address::parse(query, fragment);
    let mut said = Vec::new();
    // Of a scenario and a lesson the scenario counts; a run may be one within a lesson.
    let is_lesson = address.run.is_some() || address.scenario.is_none();
    if let Some(name) = address.lesson.as_ref().filter(|_| is_lesson) {
        // Its panel says so if there is none of this name, and opens the run when it is there.
        let entry = LessonAt {
            step: address.step,
            run: address.run.clone(),
            problems: std::mem::take(&mut address.problems),
        };
        session.enter_lesson(name, entry);
    } else if let Some(letters) = &address.run {
        said.extend(session.open_link(letters).unwrap_or_else(Some));
    } else if let Some(name) = address.scenario.clone() {
        scenario(session, &name, &mut address);
    }
    if let Some(at_us) = address.at_us {
        session.seek(at_us);
    }
    if let Some(speed) = address.speed {
        session.set_speed(speed);
    }
    if let Some(name) = address.role.clone() {
        role(session, &name, &mut address);
    }
    // The page begins with the language of its address; one that comes later changes it.
    if let Some(wanted) = address.lang.filter(|wanted| *wanted != language()) {
        turn(session, wanted, || {});
    }
    let embedded = address.embed || is_framed();
    if address.views.is_some() || address.embed {
        views(session, &mut address);
    }
    // What somebody embeds or shares is looked at first; what they only name begins as the page does.
    let plays = !embedded && address.run.is_none() && address.lesson.is_none();
    let still = session.ui.still.get_untracked();
    if address.autoplay.unwrap_or(plays && !still) {
        session.play();
    } else {
        session.pause();
    }
    said.append(&mut address.problems);
    if let Some(kind) = address.edit.as_deref().and_then(Kind::of) {
        session.open_editor(kind);
    }
    if !said.is_empty() {
        session.notices.warn(said.join(" "));
    }
    if is_framed() {
        speak();
    } else if let Some(root) = document().document_element() {
        // There is no page around that could scroll.
        let _ = root.set_attribute("data-inside", "");
    }
}

/// The lesson that is open and its step, as parameters of an address; nothing for one that is being written.
pub fn lesson_in_link(session: Session) -> String {
    let name = session.ui.lessons.named();
    let place = OpenLesson::of(session)
        .read(|open| open.at.min(open.lesson.steps.len().saturating_sub(1)) + 1);
    match (name, place) {
        (Some(name), Some(step)) => ["&lesson=", &name, "&step=", &step.to_string()].concat(),
        _ => String::new(),
    }
}

fn scenario(session: Session, name: &str, address: &mut Address) {
    let library = library();
    match library.iter().position(|one| one.name == name) {
        Some(at) => session.load_library(at),
        None => {
            let names: Vec<&str> = library.iter().map(|one| one.name).collect();
            address.report_unknown("scenario", name, &names.join(", "));
        }
    }
}

fn role(session: Session, name: &str, address: &mut Address) {
    let principals = session.read(|player| player.scenario().principals.clone());
    if role_of(name, &principals).is_some() {
        set_if_changed(session.ui.acting, name.to_owned());
    } else {
        let names = Role::ALL.map(Role::name).into_iter();
        let names = names.chain(principals.iter().map(|one| &*one.name));
        let names: Vec<&str> = names.collect();
        address.report_unknown("role", name, &names.join(", "));
    }
}

/// Opens the panels and views that are asked for, and closes the other panels; an embedded page has only the stage.
fn views(session: Session, address: &mut Address) {
    let asked = address.views.take().unwrap_or_default();
    let mut open = Vec::new();
    for name in &asked {
        if let Some(view) = DockView::of(name) {
            set_if_changed(session.ui.dock, view);
            set_if_changed(session.ui.part, Part::Dock);
            open.push("dock");
        } else if let Some((panel, _)) = PANELS.iter().find(|(panel, _)| panel == name) {
            open.push(panel);
        } else if name != "stage" {
            let mut names = vec!["stage"];
            names.extend(PANELS.map(|(panel, _)| panel));
            names.extend(DockView::ALL.map(DockView::id));
            address.report_unknown("views", name, &names.join(", "));
        }
    }
    if asked.iter().any(|name| name == "stage") {
        set_if_changed(session.ui.part, Part::Stage);
    }
    let closed = PANELS.map(|(name, _)| name).into_iter();
    let closed = closed.filter(|name| !open.contains(name));
    set_if_changed(session.ui.closed, closed.collect::<Vec<_>>().join(" "));
}

/// Loads what speaks with the page around this one, once.
fn speak() {
    script::with(SCRIPT, "triageFrame", || {});
}
