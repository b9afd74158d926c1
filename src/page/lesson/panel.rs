//! The panel: a step's words, what to look at, what to do, and the question with its answers.

use leptos::prelude::*;

use super::{glossary, highlight_overlay, list};
use crate::app::OWN;
use crate::app::Session;
use crate::app::open_lesson::{Open, OpenLesson, Ring};
use crate::edit::Kind;
use crate::language::{known, say, tr};
use crate::lesson::question::{AnswerOptions, Choice, GivenClock, Question, given_clocks};
use crate::lesson::text::{Piece, pieces, plain};
use crate::lesson::{Lesson, Step};
use crate::page::clock_strip;
use crate::page::files;
use crate::page::html::Html;
use crate::page::parts::{HERE, around, dynamic, effect, live, press, text, when};
use crate::view::stage::ClockCell;

/// The panel.
pub fn panel() -> AnyView {
    let session = expect_context::<Session>();
    let course = OpenLesson::of(session);
    let problem = RwSignal::new(String::new());
    let lessons = session.ui.lessons;
    highlight_overlay::install(course);
    // Made anew in another language, the panel goes on with what is open.
    let mut goes_on = course.read(|open| open.lesson.name.clone());
    if goes_on.is_some() {
        course.refresh_language();
    }
    on_cleanup(move || {
        if lessons.open.with_untracked(Option::is_none) {
            course.close();
            course.term.set(None);
        }
    });
    effect(move || match lessons.open.get() {
        Some(name) if goes_on.take().as_ref() == Some(&name) => {}
        Some(name) if !name.is_empty() => open(course, name, problem),
        _ => course.close(),
    });
    let seen = StoredValue::new(lessons.clicked.get_untracked().0);
    effect(move || {
        let (count, forward) = lessons.clicked.get();
        if count != seen.get_value() {
            seen.set_value(count);
            course.click(forward);
        }
    });
    let mut chosen = session.ui.event.get_untracked();
    effect(move || {
        let now = session.ui.event.get();
        let before = std::mem::replace(&mut chosen, now);
        if let Some(seq) = now.filter(|_| now != before) {
            course.chose_event(seq);
        }
    });
    effect(move || {
        session.ui.revision.track();
        course.follow();
    });
    // What is new is brought into sight: a step from its begin, an answer with its reason.
    let shown_step = StoredValue::new(None);
    effect(move || {
        course.changed.track();
        let now = course.read(|open| (open.at, open.attempts));
        let before = shown_step.get_value();
        if now != before {
            shown_step.set_value(now);
            let answered = now
                .zip(before)
                .is_some_and(|(now, before)| now.0 == before.0);
            request_animation_frame(move || {
                reveal(answered);
                if !answered {
                    course.read(|open| open.rings.iter().rev().for_each(highlight_overlay::reveal));
                }
            });
        }
    });
    let body = move || {
        if course.term.with(Option::is_some) {
            return glossary::glossary(course);
        }
        match lessons.open.get() {
            Some(name) if !name.is_empty() => view! {
                {when(
                    move || problem.with(|words| !words.is_empty()),
                    move || view! { <p role="alert" data-testid="lesson-problem">{text(move || problem.get())}</p> },
                )}
                {dynamic(move || shown(course))}
            }
            .into_any(),
            _ => all_lessons(course),
        }
    };
    view! {
        <p class="visually-hidden" role="status" aria-live="polite" data-testid="lesson-said">
            {text(move || said(course))}
        </p>
        {dynamic(body)}
    }
    .into_any()
}

fn reveal(answered: bool) {
    let Some(panel) = document().query_selector(".lesson").ok().flatten() else {
        return;
    };
    if !answered {
        return panel.set_scroll_top(0);
    }
    let find = |selector: &str| panel.query_selector(selector).ok().flatten();
    if let (Some(verdict), Some(foot)) = (find(".verdict"), find(".lesson-foot")) {
        // The buttons at the foot lie over what scrolls.
        let hidden = verdict.get_bounding_client_rect().bottom() + 8.0
            - foot.get_bounding_client_rect().top();
        panel.set_scroll_top(panel.scroll_top() + hidden.max(0.0) as i32);
    }
}

/// Loads a lesson and begins it, unless another one is wanted by then.
fn open(course: OpenLesson, name: String, problem: RwSignal<String>) {
    problem.set(String::new());
    course.close();
    let wanted = course.session.ui.lessons.open;
    leptos::task::spawn_local(async move {
        let path = ["lessons/", &name, ".json"].concat();
        // Names come from links too: nothing but a file of the folder is asked for.
        let is_name = name
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || it == b'-');
        let loaded = match is_name {
            _ if name == OWN => own(course.session),
            true => files::text(&path)
                .await
                .and_then(|json| Lesson::parse(&json)),
            false => Err(say("There is no such lesson. Choose one from the list.").to_owned()),
        };
        if wanted.try_get_untracked().flatten().as_ref() != Some(&name) {
            return;
        }
        let entry = course.session.ui.lessons.entry;
        let entry = entry.try_update_value(std::mem::take).unwrap_or_default();
        let begun = loaded.and_then(|lesson| course.start(lesson, entry.step));
        if let Err(reason) = begun {
            problem.set(reason);
        }
        if let Some(letters) = entry.run {
            course.session.open_link_or_warn(&letters);
        }
        if !entry.problems.is_empty() {
            course.session.notices.warn(entry.problems.join(" "));
        }
    });
}

/// A lesson that is being written: without a name, so that nothing of it is kept.
fn own(session: Session) -> Result<Lesson, String> {
    Lesson::parse(&session.own_lesson().unwrap_or_default())
}

fn all_lessons(course: OpenLesson) -> AnyView {
    view! {
        <header class="lesson-head">
            <h2 class="lesson-title">{say("Lessons")}</h2>
            <button class="tool" data-testid="lesson-close" on:click=press(move || course.session.leave_lesson())>
                {say("Close")}
            </button>
        </header>
        {list::list()}
        <p>
            <button class="tool" data-testid="write-lesson" on:click=press(move || course.session.open_editor(Kind::Lesson))>
                {say("Write a lesson")}
            </button>
        </p>
        <p>
            <button class="link" data-testid="open-glossary" on:click=press(move || course.term.set(Some(String::new())))>
                {say("Glossary with sources")}
            </button>
        </p>
    }
    .into_any()
}

/// What a screen reader is told when a step opens.
fn said(course: OpenLesson) -> String {
    course.changed.track();
    let words = course.read(|open| {
        let Some(step) = open.step() else {
            return say("The lesson is finished.").to_owned();
        };
        if let Some(answer) = &open.last {
            let verdict = if answer.right {
                say("Right.")
            } else {
                say("Not right.")
            };
            let solution = open.solution.as_deref().unwrap_or_default();
            return [verdict, " ", &answer.why, " ", solution].concat();
        }
        let mut words = vec![place(open), known(&step.title)];
        words.extend(step.text.iter().map(|paragraph| plain(&known(paragraph))));
        words.join(". ")
    });
    words.unwrap_or_default()
}

fn place(open: &Open) -> String {
    let (step, all) = (open.at + 1, open.lesson.steps.len());
    tr!("Step {step} of {all}", step, all)
}

fn shown(course: OpenLesson) -> AnyView {
    course.changed.track();
    let view = course.read(|open| match open.step() {
        Some(step) => step_view(course, open, step),
        None => end(course, open),
    });
    view.unwrap_or_else(|| view! { <p class="dim">{say("Loading the lesson…")}</p> }.into_any())
}

fn head(course: OpenLesson, open: &Open, where_in: String) -> AnyView {
    let session = course.session;
    let presenting = session.ui.lessons.presenting;
    view! {
        <header class="lesson-head">
            <p class="dim small">{known(&open.lesson.title)}" — "<span data-testid="lesson-place">{where_in}</span></p>
            <div class="lesson-tools">
                <button
                    class="tool present"
                    data-testid="present"
                    aria-label=say("Projector mode")
                    title=say("Projector mode: large type, and only what the lesson needs")
                    aria-pressed=live(move || presenting.get().to_string())
                    on:click=press(move || session.present(!presenting.get_untracked()))
                >
                    <span class="present-mark" aria-hidden="true"></span>
                </button>
                <button class="tool" data-testid="lesson-all" on:click=press(move || session.open_lesson(""))>{say("All")}</button>
                <button class="tool" data-testid="lesson-close" on:click=press(move || session.leave_lesson())>{say("Leave")}</button>
            </div>
        </header>
    }
    .into_any()
}

fn step_view(course: OpenLesson, open: &Open, step: &Step) -> AnyView {
    let paragraphs: Vec<AnyView> = step
        .text
        .iter()
        .map(|text| paragraph(course, &known(text)))
        .collect();
    let all = open.lesson.steps.len();
    let may_go_on = open.may_go_on();
    let forward = if open.at + 1 == all {
        say("Finish")
    } else {
        say("Next")
    };
    let part = (open.at * 100 / all.max(1)).to_string() + "%";
    let problem = open.problem.clone().map(|reason| {
        let words = tr!(
            "This step does not match your run: {reason}. Start the lesson again.",
            reason
        );
        view! { <p class="lesson-problem" role="alert">{words}</p> }
    });
    view! {
        {head(course, open, place(open))}
        <div class="lesson-bar" aria-hidden="true"><span style:width=part></span></div>
        <h2 class="lesson-title" data-testid="lesson-step">{known(&step.title)}</h2>
        {paragraphs}
        {problem}
        {look_at(course, open)}
        {task(course, open, step)}
        {question(course, open, step)}
        <footer class="lesson-foot">
            <button class="tool" data-testid="lesson-restart" title=say("Start the lesson again") on:click=press(move || course.restart())>
                {say("Restart")}
            </button>
            <span class="grow"></span>
            <button class="tool" data-testid="lesson-back" disabled=open.at == 0 on:click=press(move || course.turn(false))>
                {say("Back")}
            </button>
            <button class="tool primary" data-testid="lesson-next" disabled=!may_go_on on:click=press(move || course.turn(true))>
                {forward}
            </button>
        </footer>
    }
    .into_any()
}

/// Words with links to the glossary.
fn paragraph(course: OpenLesson, words: &str) -> AnyView {
    let piece = |piece: Piece<'_>| match piece {
        Piece::Text(words) => words.to_owned().into_any(),
        Piece::Term { words, term } => {
            let term = term.to_owned();
            let open = press(move || course.term.set(Some(term.clone())));
            let hint = say("Glossary");
            view! { <button class="link" title=hint on:click=open>{words.to_owned()}</button> }
                .into_any()
        }
    };
    let all: Vec<AnyView> = pieces(words).into_iter().map(piece).collect();
    view! { <p>{all}</p> }.into_any()
}

/// What the rings are around; a press brings it into sight.
fn look_at(_course: OpenLesson, open: &Open) -> AnyView {
    if open.rings.is_empty() {
        return ().into_any();
    }
    let row = |ring: &Ring| {
        let (label, words) = (ring.label.clone(), ring.words.clone());
        let ring = ring.clone();
        view! {
            <li>
                <button class="look" on:click=press(move || highlight_overlay::reveal(&ring))>
                    <span class="look-label">{label}</span>
                    <span>{words}</span>
                </button>
            </li>
        }
        .into_any()
    };
    let rows: Vec<AnyView> = open.rings.iter().map(row).collect();
    view! { <ul class="look-at" aria-label=say("Look at") data-testid="look-at">{rows}</ul> }
        .into_any()
}

fn task(course: OpenLesson, open: &Open, step: &Step) -> AnyView {
    let Some(task) = &step.task else {
        return ().into_any();
    };
    let words = known(&task.say);
    if open.done {
        return view! {
            <p class="lesson-task done" data-testid="task-done"><b>{say("✓ Done:")}" "</b>{words}</p>
        }
        .into_any();
    }
    view! {
        <div class="lesson-task" data-testid="task">
            <p><b>{say("Task:")}" "</b>{words}</p>
            <button class="tool" data-testid="task-perform" on:click=press(move || course.perform())>{say("Do it for me")}</button>
        </div>
    }
    .into_any()
}

fn question(course: OpenLesson, open: &Open, step: &Step) -> AnyView {
    let (Some(question), Some(asked)) = (&step.question, &open.asked) else {
        return ().into_any();
    };
    let answers = match asked {
        Err(problem) => {
            let words = tr!(
                "Your run does not allow this question: {reason}. Start the lesson again.",
                reason = problem
            );
            view! { <p role="alert">{words}</p> }.into_any()
        }
        Ok(AnswerOptions::Click) => {
            let words = match open.is_answered() {
                true => "",
                false => say("Click an event in the diagram or in the log."),
            };
            view! { <p class="dim" data-testid="click-answer">{words}</p> }.into_any()
        }
        Ok(AnswerOptions::Choose(choices)) => {
            let all = (0..)
                .zip(choices)
                .map(|(at, choice)| answer(course, open, at, choice));
            let all: Vec<AnyView> = all.collect();
            view! { <ul class="answers" data-testid="answers">{all}</ul> }.into_any()
        }
    };
    let verdict = open.last.as_ref().map(|answer| {
        let class = if answer.right {
            "verdict right"
        } else {
            "verdict wrong"
        };
        let sign = if answer.right {
            say("✓ Right.")
        } else {
            say("✗ Not right.")
        };
        let then = (open.is_answered() && !question.then.is_empty())
            .then(|| paragraph(course, &known(&question.then)));
        let more = match &open.solution {
            Some(solution) => solution.clone(),
            None if answer.right => String::new(),
            None => say("Try once more.").to_owned(),
        };
        view! {
            <div class=class data-testid="verdict">
                <p><b>{sign}" "</b>{answer.why.clone()}</p>
                {(!more.is_empty()).then(|| view! { <p>{more}</p> })}
                {then}
            </div>
        }
    });
    let before = (open.last.is_none() && open.outcome().is_done()).then(
        || view! { <p class="dim small">{say("You have answered this question before; you can answer it again.")}</p> },
    );
    view! {
        <section
            class="lesson-question"
            aria-label=say("Question")
            data-testid="question"
            data-answered=open.is_answered().to_string()
        >
            <h3>{say("Predict")}</h3>
            <p class="lesson-ask">{known(&question.ask)}</p>
            {clocks(course, question)}
            {before}
            {answers}
            {verdict}
        </section>
    }
    .into_any()
}

/// The clocks that the question is decided by, under the numbers of their events.
fn clocks(course: OpenLesson, question: &Question) -> AnyView {
    let given = course.session.read(|player| given_clocks(player, question));
    let clock = |(number, clock): (usize, GivenClock)| {
        view! { <li><b>{number}</b>" "{strip_of(clock.text, &clock.cells)}</li> }
    };
    let all: Vec<_> = (1..).zip(given).map(clock).collect();
    if all.is_empty() {
        return ().into_any();
    }
    view! { <ul class="given-clocks" data-testid="given-clocks">{all}</ul> }.into_any()
}

/// A clock as a strip with its numbers for who cannot see it; in words where it has no cells.
fn strip_of(words: String, cells: &[ClockCell]) -> AnyView {
    if cells.is_empty() {
        return view! { <span>{words}</span> }.into_any();
    }
    let mut html = Html::default();
    for cell in cells {
        clock_strip::entry(&mut html, cell);
    }
    view! {
        <span class="visually-hidden">{words}</span>
        <span class="strip" aria-hidden="true" inner_html=html.into_string()></span>
    }
    .into_any()
}

fn answer(course: OpenLesson, open: &Open, at: usize, choice: &Choice) -> AnyView {
    let tried = open.tried.contains(&at);
    let given = open.solution.is_some() && choice.answer.right;
    let state = match (tried || given, choice.answer.right) {
        (false, _) => "open",
        (true, true) => "right",
        (true, false) => "wrong",
    };
    let sign = match state {
        "right" => "✓ ",
        "wrong" => "✗ ",
        _ => "",
    };
    let content = strip_of(choice.text.clone(), &choice.cells);
    view! {
        <li>
            <button
                class="answer"
                data-testid="answer"
                data-state=state
                disabled=tried || open.is_answered()
                on:click=press(move || course.choose(at))
            >
                <span class="sign">{sign}</span>
                {content}
            </button>
        </li>
    }
    .into_any()
}

/// What stands at the end: the result and its code.
fn end(course: OpenLesson, open: &Open) -> AnyView {
    let score = open.score();
    let code = score.code();
    let copied = RwSignal::new(false);
    let (shown_code, copy_code) = (code.clone(), code);
    let copy = press(move || {
        let _ = window().navigator().clipboard().write_text(&copy_code);
        copied.set(true);
    });
    let result = tr!(
        "{right} of {all}",
        right = score.right,
        all = score.questions
    );
    let told = tr!(
        "{result} questions answered correctly at the first attempt.",
        result = HERE
    );
    view! {
        {head(course, open, say("the end").to_owned())}
        <h2 class="lesson-title" data-testid="lesson-end">{say("Finished")}</h2>
        <p>{around(&told, view! { <b data-testid="lesson-result">{result}</b> }.into_any())}</p>
        <p class="lesson-code">
            <code data-testid="lesson-code">{shown_code}</code>
            <button class="tool" data-testid="copy-code" on:click=copy>
                {text(move || if copied.get() { say("Copied") } else { say("Copy") })}
            </button>
        </p>
        <p class="dim small">{say("This code contains your result. Submit it if your teacher asks for it. Otherwise, it stays in this browser.")}</p>
        {list::next(course.session, open.lesson.name.clone())}
        <footer class="lesson-foot">
            <button class="tool" data-testid="lesson-restart" on:click=press(move || course.restart())>{say("Start again")}</button>
            <span class="grow"></span>
            <button class="tool" data-testid="lesson-back" on:click=press(move || course.turn(false))>{say("Back")}</button>
            <button class="tool" data-testid="lesson-list-again" on:click=press(move || course.session.open_lesson(""))>
                {say("All lessons")}
            </button>
        </footer>
    }
    .into_any()
}
