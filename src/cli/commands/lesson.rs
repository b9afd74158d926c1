//! Plays a lesson without a page and reports its problems.

use std::io::{BufWriter, Write};
use std::path::Path;

use triage_lesson::result::Score;
use triage_lesson::{AnswerOptions, Lesson, Step, ask, find, problems, rehearse, text};
use triage_playback::Player;
use triage_view::diagram::labels::event_label;

use crate::Failure;

/// Prints a lesson as a student sees it, with every answer and its explanation. The exit code is 1 if it has problems.
pub fn lesson(file: &Path) -> Result<(), Failure> {
    let named = |problem: String| Failure::Message(format!("{}: {problem}", file.display()));
    let json = std::fs::read_to_string(file).map_err(|error| named(error.to_string()))?;
    let lesson = Lesson::parse(&json).map_err(named)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    writeln!(out, "{}\n{}", lesson.title, lesson.about)?;
    let mut written = Ok(());
    let walked = rehearse(&lesson, &mut |player, at, step| {
        if written.is_ok() {
            written = print_step(&mut out, player, at, step);
        }
    });
    written?;
    let mut found = problems(&lesson);
    found.extend(walked.err());
    found.dedup();
    for problem in &found {
        writeln!(out, "\nproblem: {problem}")?;
    }
    out.flush()?;
    if found.is_empty() {
        Ok(())
    } else {
        Err(Failure::Broken)
    }
}

fn print_step(
    out: &mut dyn Write,
    player: &mut Player,
    at: usize,
    step: &Step,
) -> std::io::Result<()> {
    writeln!(out, "\n{}. {}", at + 1, step.title)?;
    let last = player.count().saturating_sub(1);
    writeln!(out, "   [{}]", event_label(player, last))?;
    for paragraph in &step.text {
        writeln!(out, "   {}", text::plain(paragraph))?;
    }
    for mark in &step.highlights {
        writeln!(out, "   look at: {mark:?}")?;
    }
    if let Some(task) = &step.task {
        writeln!(out, "   do: {} (until {})", task.say, task.until)?;
    }
    let Some(question) = &step.question else {
        return Ok(());
    };
    writeln!(out, "   question: {}", question.ask)?;
    for (number, anchor) in (1..).zip(question.subject()) {
        let event = find(player, &anchor).map(|seq| event_label(player, seq));
        writeln!(
            out,
            "     event {number}: {}",
            event.unwrap_or_else(|problem| problem)
        )?;
    }
    match ask(player, question) {
        Err(problem) => writeln!(out, "     problem: {problem}")?,
        Ok(AnswerOptions::Click) => writeln!(out, "     click an event")?,
        Ok(AnswerOptions::Choose(choices)) => {
            for choice in choices {
                let sign = if choice.answer.right { "✓" } else { "✗" };
                writeln!(out, "     {sign} {}: {}", choice.text, choice.answer.why)?;
            }
        }
    }
    if let Some(reveal) = &question.reveal {
        let event = find(player, reveal).map(|seq| event_label(player, seq));
        writeln!(
            out,
            "   then: [{}]",
            event.unwrap_or_else(|problem| problem)
        )?;
    }
    if !question.then.is_empty() {
        writeln!(out, "   then: {}", text::plain(&question.then))?;
    }
    Ok(())
}

pub fn result(code: &str) -> Result<(), Failure> {
    let score = Score::read(code).map_err(Failure::Message)?;
    let mut out = std::io::stdout().lock();
    let (right, questions) = (score.right, score.questions);
    let lesson = score.lesson;
    writeln!(
        out,
        "{lesson}: {right} of {questions} correct at the first attempt"
    )?;
    Ok(())
}
