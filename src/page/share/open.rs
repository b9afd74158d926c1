//! Does what an address asks for: opens its run, scenario or lesson, and sets the page as it says. What cannot be done
//! is told in sentences that stay, and the rest is done.

use leptos::prelude::*;

use crate::edit::Kind;
use crate::engine::access::{Role, role_of};
use crate::engine::trace::Recorder;
use crate::language::{language, say};
use crate::page::address::is_framed;
use crate::page::desk::Desk;
use crate::page::dock::DockView;
use crate::page::edit;
use crate::page::language::turn;
use crate::page::lesson::Entry;
use crate::page::lesson::course::Course;
use crate::page::panels::PANELS;
use crate::page::screen::{Part, put};
use crate::page::script;
use crate::playback::Player;
use crate::scenario::library;
use crate::scenario::link::{Link, Sight, Source};
use crate::view::address::Address;
use crate::view::inspect::Thing;

/// Speaks with the page around this one.
const SCRIPT: &str = "frame.js";

/// Does what a query and a fragment ask for: a door into the later part of the program, `tests/e2e/later.txt`.
#[inline(never)]
pub fn apply(desk: Desk, query: &str, fragment: &str) {
    let mut address = Address::parse(query, fragment);
    let mut said = Vec::new();
    // Of a scenario and a lesson the scenario counts; a run may be one within a lesson.
    let is_lesson = address.run.is_some() || address.scenario.is_none();
    if let Some(name) = address.lesson.as_ref().filter(|_| is_lesson) {
        // Its panel says so if there is none of this name, and opens the run when it is there.
        let entry = Entry {
            step: address.step,
            run: address.run.clone(),
        };
        desk.enter_lesson(name, entry);
    } else if let Some(letters) = &address.run {
        said.extend(told(open(desk, letters)));
    } else if let Some(name) = address.scenario.clone() {
        scenario(desk, &name, &mut address);
    }
    if let Some(at_us) = address.at_us {
        desk.seek(at_us);
    }
    if let Some(speed) = address.speed {
        desk.set_speed(speed);
    }
    if let Some(name) = address.role.clone() {
        role(desk, &name, &mut address);
    }
    // The page begins with the language of its address; one that comes later changes it.
    if let Some(wanted) = address.lang.filter(|wanted| *wanted != language()) {
        turn(desk, wanted, || {});
    }
    let embedded = address.embed || is_framed();
    if address.views.is_some() || address.embed {
        views(desk, &mut address);
    }
    // What somebody embeds or shares is looked at first; what they only name begins as the page does.
    let plays = !embedded && address.run.is_none() && address.lesson.is_none();
    let still = desk.scene.with_value(|scene| scene.still);
    if address.autoplay.unwrap_or(plays && !still) {
        desk.play();
    } else {
        desk.pause();
    }
    said.append(&mut address.problems);
    if let Some(kind) = address.edit.as_deref().and_then(Kind::of) {
        edit::open(desk, kind);
    }
    if !said.is_empty() {
        desk.notices.warn(said.join(" "));
    }
    if is_framed() {
        speak();
    } else if let Some(root) = document().document_element() {
        // There is no page around that could scroll.
        let _ = root.set_attribute("data-inside", "");
    }
}

/// Opens the letters of a link. What comes with it is a warning.
///
/// # Errors
/// Says what is wrong with it; nothing changes then.
pub fn open(desk: Desk, letters: &str) -> Result<Option<String>, String> {
    let link = Link::parse(letters)?;
    let shared = Player::from_link(&link);
    let name = &link.run.scenario.name;
    let at = library().iter().position(|one| one.name == name);
    match (&link.source, at) {
        (Source::BuiltIn { .. }, Some(at)) => desk.put(shared.player, library()[at].json, Some(at)),
        (Source::BuiltIn { .. }, None) => {
            return Err(say("This page has no such scenario.").to_owned());
        }
        (Source::Own(text), _) => desk.put(shared.player, text, None),
    }
    look(desk, &link.sight, shared.is_same);
    Ok(shared.warning)
}

/// What there is to say of a link that was opened or not.
fn told(opened: Result<Option<String>, String>) -> Option<String> {
    opened.unwrap_or_else(Some)
}

/// Opens the letters of a link, and says what there is to know.
pub fn open_or_tell(desk: Desk, letters: &str) {
    if let Some(words) = told(open(desk, letters)) {
        desk.notices.warn(words);
    }
}

/// The lesson that is open and its step, as parameters of an address; nothing for one that is being written.
pub fn lesson_in_link(desk: Desk) -> String {
    let name = desk.screen.lessons.named();
    let place =
        Course::of(desk).read(|open| open.at.min(open.lesson.steps.len().saturating_sub(1)) + 1);
    match (name, place) {
        (Some(name), Some(step)) => ["&lesson=", &name, "&step=", &step.to_string()].concat(),
        _ => String::new(),
    }
}

/// What is looked at now. In a lesson it is not said which events are chosen: that would answer its questions.
pub fn sight(desk: Desk) -> Sight {
    let screen = desk.screen;
    let is_open = screen.lessons.named().is_some();
    let event = |chosen: RwSignal<Option<u32>>| chosen.get_untracked().filter(|_| !is_open);
    let looked = screen.looked.get_untracked();
    Sight {
        dock: screen.dock.get_untracked().id().to_owned(),
        closed: screen.closed.get_untracked(),
        looked: looked.map(|thing| thing.to_string()).unwrap_or_default(),
        selected: screen.selected.get_untracked(),
        event: event(screen.event),
        second: event(screen.second),
        job: screen.job.get_untracked(),
        cut: screen.cut.get_untracked(),
        query: screen.query.get_untracked(),
    }
}

/// Looks at what a link names, as far as it is there; in another run its events and jobs are others.
fn look(desk: Desk, sight: &Sight, is_same: bool) {
    let screen = desk.screen;
    if let Some(view) = DockView::of(&sight.dock) {
        put(screen.dock, view);
    }
    let closed = PANELS.map(|(name, _)| name).into_iter();
    let closed = closed.filter(|name| sight.closed.split(' ').any(|one| one == *name));
    put(screen.closed, closed.collect::<Vec<_>>().join(" "));
    put(screen.query, sight.query.clone());
    if sight
        .selected
        .is_some_and(|index| desk.row(index).is_some())
    {
        put(screen.selected, sight.selected);
        put(screen.looked, sight.selected.map(Thing::Process));
    }
    if !is_same {
        return;
    }
    let (events, jobs) = desk.with(|player| {
        let jobs = player.world().system().map_or(0, |system| system.jobs);
        (player.trace().count(), jobs)
    });
    let known = |thing: &Thing| match *thing {
        Thing::Event(seq) => seq < events,
        Thing::Job(number) => (1..=jobs).contains(&number),
        Thing::Process(index) => desk.row(index).is_some(),
    };
    let event = |seq: Option<u32>| seq.filter(|seq| *seq < events);
    put(screen.event, event(sight.event));
    put(screen.second, event(sight.second));
    put(screen.job, sight.job.filter(|job| known(&Thing::Job(*job))));
    put(screen.cut, sight.cut.clone());
    if let Some(thing) = Thing::parse(&sight.looked).filter(known) {
        put(screen.looked, Some(thing));
    }
}

fn scenario(desk: Desk, name: &str, address: &mut Address) {
    let library = library();
    match library.iter().position(|one| one.name == name) {
        Some(at) => desk.load_library(at),
        None => {
            let names: Vec<&str> = library.iter().map(|one| one.name).collect();
            address.unknown("scenario", name, &names.join(", "));
        }
    }
}

fn role(desk: Desk, name: &str, address: &mut Address) {
    let principals = desk.with(|player| player.scenario().principals.clone());
    if role_of(name, &principals).is_some() {
        put(desk.screen.acting, name.to_owned());
    } else {
        let names = Role::ALL.map(Role::name).into_iter();
        let names = names.chain(principals.iter().map(|one| &*one.name));
        let names: Vec<&str> = names.collect();
        address.unknown("role", name, &names.join(", "));
    }
}

/// Opens the panels and views that are asked for, and closes the other panels; an embedded page has only the stage.
fn views(desk: Desk, address: &mut Address) {
    let asked = address.views.take().unwrap_or_default();
    let mut open = Vec::new();
    for name in &asked {
        if let Some(view) = DockView::of(name) {
            put(desk.screen.dock, view);
            put(desk.screen.part, Part::Dock);
            open.push("dock");
        } else if let Some((panel, _)) = PANELS.iter().find(|(panel, _)| panel == name) {
            open.push(panel);
        } else if name != "stage" {
            let mut names = vec!["stage"];
            names.extend(PANELS.map(|(panel, _)| panel));
            names.extend(DockView::ALL.map(DockView::id));
            address.unknown("views", name, &names.join(", "));
        }
    }
    if asked.iter().any(|name| name == "stage") {
        put(desk.screen.part, Part::Stage);
    }
    let closed = PANELS.map(|(name, _)| name).into_iter();
    let closed = closed.filter(|name| !open.contains(name));
    put(desk.screen.closed, closed.collect::<Vec<_>>().join(" "));
}

/// Loads what speaks with the page around this one, once.
fn speak() {
    script::with(SCRIPT, "triageFrame", || {});
}
