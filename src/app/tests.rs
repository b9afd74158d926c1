//! The state of the page, driven as the components drive it, without a browser.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use reactive_graph::owner::Owner;
use reactive_graph::prelude::*;
use triage_engine::command::Action;
use triage_lesson::Lesson;
use triage_lesson::progress::Outcome;
use triage_lesson::question::AnswerOptions;
use triage_playback::Player;
use triage_view::inspect::Inspectable;

use crate::open_lesson::{Open, OpenLesson, Target, stored_progress};
use crate::{DockView, LessonEvent, Part, Platform, Session, preferences};

/// What runs after a delay.
type Timer = (Duration, Box<dyn FnOnce()>);

/// A platform of plain values.
#[derive(Default)]
struct Fake {
    stored: RefCell<BTreeMap<String, String>>,
    timers: RefCell<Vec<Timer>>,
    events: RefCell<Vec<LessonEvent>>,
    frames: Cell<u32>,
    is_narrow: bool,
}

impl Platform for Fake {
    fn recall(&self, name: &str) -> Option<String> {
        self.stored.borrow().get(name).cloned()
    }
    fn remember(&self, name: &str, text: &str) {
        self.stored
            .borrow_mut()
            .insert(name.to_owned(), text.to_owned());
    }
    fn is_narrow(&self) -> bool {
        self.is_narrow
    }
    fn request_frame(&self) {
        self.frames.set(self.frames.get() + 1);
    }
    fn set_timeout(&self, delay: Duration, then: Box<dyn FnOnce()>) {
        self.timers.borrow_mut().push((delay, then));
    }
    fn paint(&self, _: &Player) {}
    fn clear_painted(&self) {}
    fn report(&self, event: LessonEvent) {
        self.events.borrow_mut().push(event);
    }
}

impl Fake {
    /// Lets every timer that is set now run out, the shortest first.
    fn run_timers(&self) {
        let mut due = self.timers.take();
        due.sort_by_key(|timer| timer.0);
        for (_, then) in due {
            then();
        }
    }
}

fn built_in(name: &str) -> &'static str {
    let library = triage_scenario::library();
    library.iter().find(|one| one.name == name).unwrap().json
}

fn begin_on(platform: Fake) -> (Session, Rc<Fake>) {
    Owner::new().set();
    let platform = Rc::new(platform);
    let session = Session::new(built_in("basic-operation"), platform.clone()).unwrap();
    (session, platform)
}

fn begin() -> (Session, Rc<Fake>) {
    begin_on(Fake::default())
}

fn crash(session: Session, process: &str) -> bool {
    session.act(Action::Crash {
        process: process.into(),
    })
}

fn first_executor(session: Session) -> String {
    session.name(session.executors()[0])
}

#[test]
fn a_session_begins_paused_with_its_first_executor_selected() {
    let (session, _) = begin();
    let first = session.executors()[0];
    assert_eq!(session.ui.now_us.get_untracked(), 0.0);
    assert!(!session.ui.playing.get_untracked());
    assert_eq!(session.ui.selected.get_untracked(), Some(first));
    assert_eq!(session.ui.target.get_untracked(), Some(first));
    assert_eq!(
        session.ui.inspected.get_untracked(),
        Some(Inspectable::Process(first))
    );
}

#[test]
fn frames_move_the_cursor_only_while_the_run_plays() {
    let (session, platform) = begin();
    assert!(!session.frame(16.0));
    assert_eq!(session.ui.now_us.get_untracked(), 0.0);
    session.play();
    assert!(platform.frames.get() > 0);
    assert!(session.frame(16.0));
    let now_us = session.ui.now_us.get_untracked();
    assert!(now_us > 0.0);
    session.pause();
    assert!(!session.frame(16.0));
    assert_eq!(session.ui.now_us.get_untracked(), now_us);
}

#[test]
fn a_scenario_or_run_that_cannot_be_opened_changes_nothing() {
    let (session, _) = begin();
    session.seek(2_000_000);
    let before = session.saved(true);
    for bad in ["", "{}", "{\"run_format\":9}", "{\"format\":1,\"name\":1}"] {
        assert!(session.open(bad).is_err(), "{bad}");
    }
    assert!(session.load("[]", None).is_err());
    assert!(session.open_link("2.AAAA").is_err());
    assert_eq!(session.saved(true), before);
    assert_eq!(session.ui.now_us.get_untracked(), 2_000_000.0);
}

#[test]
fn a_rejection_is_shown_until_its_time_is_over_or_a_command_works() {
    let (session, platform) = begin();
    let executor = first_executor(session);
    let notice = || session.ui.notice.get_untracked();
    assert!(crash(session, &executor));
    assert!(!crash(session, &executor), "it has crashed");
    assert!(notice().contains(&executor), "{}", notice());
    platform.run_timers();
    assert_eq!(notice(), "");
    assert!(!crash(session, "nobody"));
    session.notices.warn("Stays".to_owned());
    platform.run_timers();
    assert_eq!(notice(), "Stays", "the time of another notice is over");
    assert!(session.act(Action::Restart {
        process: executor.as_str().into()
    }));
    assert_eq!(notice(), "");
}

#[test]
fn undo_clears_what_was_selected_in_the_part_that_is_gone() {
    let (session, _) = begin();
    session.seek(2_000_000);
    let kept = session.read(Player::count) - 1;
    assert!(crash(session, &first_executor(session)));
    let added = session.read(Player::count) - 1;
    assert!(added > kept);
    session.ui.second.set(Some(kept));
    session.look(Inspectable::Event(added));
    session.undo();
    assert_eq!(session.ui.event.get_untracked(), None);
    assert_eq!(session.ui.second.get_untracked(), Some(kept));
    let selected = session.ui.selected.get_untracked();
    assert_eq!(
        session.ui.inspected.get_untracked(),
        selected.map(Inspectable::Process)
    );
    session.redo();
    assert_eq!(session.read(Player::count) - 1, added);
}

#[test]
fn an_executor_that_is_gone_is_no_longer_selected() {
    let (session, _) = begin();
    session.seek(2_000_000);
    let before = session.executors();
    let name = session.unused_name();
    let command = format!(
        r#"{{"at_us":0,"principal":"commander","action":{{"add_executor":{{"id":"{name}","capacity":1,"capabilities":["general"]}}}}}}"#
    );
    assert!(session.act(triage_scenario::parse_command(&command).unwrap().action));
    let added = *session.executors().last().unwrap();
    assert!(!before.contains(&added));
    session.select(added);
    assert_eq!(session.name(added), name);
    session.undo();
    assert_eq!(session.executors(), before);
    for chosen in [session.ui.selected, session.ui.target] {
        assert_eq!(chosen.get_untracked(), Some(before[0]));
    }
    assert_ne!(session.unused_name(), name, "a name is never used twice");
}

#[test]
fn announcements_wait_for_each_other_and_keep_the_latest_three() {
    let (session, platform) = begin();
    let said = || session.ui.announcement.get_untracked();
    let announce = |all: &[&str]| {
        session
            .notices
            .announce(all.iter().map(|one| (*one).to_owned()).collect())
    };
    announce(&["one"]);
    assert_eq!(said(), "one");
    announce(&["two", "three"]);
    announce(&["four", "five"]);
    assert_eq!(said(), "one");
    platform.run_timers();
    assert_eq!(said(), "three; four; five");
    platform.run_timers();
    announce(&["six"]);
    assert_eq!(said(), "six");
}

#[test]
fn preferences_of_an_earlier_visit_hold_and_a_narrow_screen_begins_with_the_log() {
    let (session, _) = begin();
    assert_eq!(session.ui.dock.get_untracked(), DockView::Diagram);
    let narrow = Fake {
        is_narrow: true,
        ..Fake::default()
    };
    assert_eq!(begin_on(narrow).0.ui.dock.get_untracked(), DockView::Log);
    let known = Fake::default();
    for (name, text) in [
        (preferences::DOCK_VIEW, "audit"),
        (preferences::DOCK_SHARE, "3"),
        (preferences::LETTERS, "off"),
        (preferences::CLOSED, "side"),
    ] {
        known.remember(name, text);
    }
    let ui = begin_on(known).0.ui;
    assert_eq!(ui.dock.get_untracked(), DockView::Audit);
    assert_eq!(ui.dock_share.get_untracked(), preferences::SHARE_MIN);
    assert!(!ui.letters.get_untracked());
    assert_eq!(ui.closed.get_untracked(), "side");
}

#[test]
fn a_link_opens_with_what_was_selected() {
    let (session, _) = begin();
    session.seek(3_000_000);
    assert!(crash(session, &first_executor(session)));
    session.ui.dock.set(DockView::Slots);
    session.ui.query.set("kind:job_started".to_owned());
    session.go(Inspectable::Event(12));
    let link = session.link(session.view_state()).unwrap();
    let letters = link.fragment().split_once('=').unwrap().1.to_owned();
    let (other, _) = begin();
    assert_eq!(other.open_link(&letters), Ok(None));
    assert_eq!(other.ui.dock.get_untracked(), DockView::Slots);
    assert_eq!(other.ui.query.get_untracked(), "kind:job_started");
    assert_eq!(other.ui.event.get_untracked(), Some(12));
    assert_eq!(
        other.read(Player::digest_at_cursor),
        session.read(Player::digest_at_cursor)
    );
}

#[test]
fn only_what_a_person_did_is_worth_storing() {
    let (session, _) = begin();
    assert_eq!(session.unsaved_revision(), (0, 0));
    session.seek(2_000_000);
    assert_eq!(session.unsaved_revision(), (0, 0));
    session.mark("here");
    assert_ne!(session.unsaved_revision(), (0, 0));
    session.unmark(2_000_000);
    assert_eq!(session.unsaved_revision(), (0, 0));
}

fn lesson(name: &str) -> Lesson {
    let root = env!("CARGO_MANIFEST_DIR");
    let path = format!("{root}/../../public/lessons/{name}.json");
    Lesson::parse(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The places of a right and of a wrong answer.
fn choices(open: OpenLesson) -> (usize, usize) {
    open.read(|open| match &open.asked {
        Some(Ok(AnswerOptions::Choose(choices))) => {
            let place = |right: bool| {
                let found = choices.iter().position(|one| one.answer.right == right);
                found.expect("a right and a wrong answer")
            };
            (place(true), place(false))
        }
        other => panic!("no choices: {other:?}"),
    })
    .unwrap()
}

/// Turns to the first step from here on that offers choices.
fn turn_to_question(open: OpenLesson) {
    let offers = |open: &Open| matches!(open.asked, Some(Ok(AnswerOptions::Choose(_))));
    while !open.read(offers).unwrap() {
        assert!(open.read(|open| open.step().is_some()).unwrap());
        open.turn(true);
    }
}

#[test]
fn a_wrong_answer_gets_a_hint_and_the_second_one_the_solution() {
    let (session, platform) = begin();
    let open = OpenLesson::of(session);
    open.start(lesson("concurrency"), None).unwrap();
    turn_to_question(open);
    let predicting = || session.ui.lessons.predicting.get_untracked();
    assert!(predicting());
    let (_, wrong) = choices(open);
    open.choose(wrong);
    assert!(predicting());
    assert_eq!(open.read(|open| open.solution.clone()), Some(None));
    open.choose(wrong);
    assert!(open.read(|open| open.solution.is_some()).unwrap());
    assert!(!predicting());
    let attempts: Vec<_> = platform
        .events
        .take()
        .into_iter()
        .map(|event| match event {
            LessonEvent::Answered { attempt, right, .. } => (attempt, right),
            LessonEvent::Finished { .. } => panic!("not finished"),
        })
        .collect();
    assert_eq!(attempts, [(1, false), (2, false)]);
}

#[test]
fn a_lesson_goes_on_where_it_was_left_and_reports_its_end() {
    let (session, platform) = begin();
    let open = OpenLesson::of(session);
    open.start(lesson("concurrency"), None).unwrap();
    turn_to_question(open);
    let (right, _) = choices(open);
    open.choose(right);
    let at = open.read(|open| open.at).unwrap();
    let stored = stored_progress(session);
    assert_eq!(stored[0].step, at);
    assert!(stored[0].outcomes.contains(&Outcome::First), "{stored:?}");
    open.close();
    open.start(lesson("concurrency"), None).unwrap();
    assert_eq!(open.read(|open| open.at), Some(at));
    let steps = open.read(|open| open.lesson.steps.len()).unwrap();
    for _ in at..steps {
        open.turn(true);
    }
    let last = platform.events.take().pop();
    let Some(LessonEvent::Finished {
        right, questions, ..
    }) = last
    else {
        panic!("{last:?}")
    };
    assert_eq!(right, 1);
    assert!(questions > 1);
}

#[test]
fn a_step_shows_the_view_it_names_and_hides_what_was_selected() {
    let (session, _) = begin();
    session.look(Inspectable::Event(3));
    let open = OpenLesson::of(session);
    open.start(lesson("concurrency"), None).unwrap();
    turn_to_question(open);
    let view = open.read(|open| open.step().unwrap().view.clone()).unwrap();
    assert_eq!(view.as_deref(), Some("diagram"));
    assert_eq!(session.ui.dock.get_untracked(), DockView::Diagram);
    assert_eq!(session.ui.part.get_untracked(), Part::Dock);
    assert_eq!(session.ui.event.get_untracked(), None);
    let targets = open.read(|open| {
        let all = open.rings.iter().map(|ring| ring.target.clone());
        all.collect::<Vec<_>>()
    });
    let targets = targets.unwrap();
    let is_event = |target: &Target| matches!(target, Target::Event(_));
    assert!(targets.iter().filter(|one| is_event(one)).count() >= 2);
}

#[test]
fn a_task_is_done_by_the_person_or_shown() {
    let (session, _) = begin();
    let open = OpenLesson::of(session);
    let lesson = lesson("failure-recovery");
    let at = lesson.steps.iter().position(|step| step.task.is_some());
    open.start(lesson, at.map(|at| at + 1)).unwrap();
    assert_eq!(open.read(Open::may_go_on), Some(false));
    open.follow();
    assert_eq!(open.read(Open::may_go_on), Some(false));
    open.perform();
    assert_eq!(open.read(|open| open.problem.clone()), Some(None));
    assert_eq!(open.read(Open::may_go_on), Some(true));
}
