//! What the state needs from its surroundings. The page implements it with the browser, tests with plain values.

use std::time::Duration;

use triage_playback::Player;

/// The browser, as far as the state of the page depends on it.
pub trait Platform {
    /// The text stored under a name, if there is one and it can be read.
    fn recall(&self, name: &str) -> Option<String>;

    /// Stores a text under a name. Where storage is denied, nothing happens.
    fn remember(&self, name: &str, text: &str);

    /// Whether the screen has only room for one part of the page, as on a phone.
    fn is_narrow(&self) -> bool;

    /// Requests one call of [`Session::frame`](crate::Session::frame). Further requests before that call change nothing.
    fn request_frame(&self);

    /// Calls a function once, after a delay.
    fn set_timeout(&self, delay: Duration, then: Box<dyn FnOnce()>);

    /// Draws what moves between two changes of the run: messages in flight and the progress of jobs.
    fn paint(&self, player: &Player);

    /// Removes what [`paint`](Platform::paint) drew: another run replaces this one, or the document is built again.
    fn clear_painted(&self);

    /// Reports the progress of a student to the page that embeds this one.
    fn report(&self, event: LessonEvent);
}

/// Progress in a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LessonEvent {
    /// A question was answered.
    Answered {
        /// The name of the lesson.
        lesson: String,
        /// Counts from 1.
        step: usize,
        /// Counts from 1.
        attempt: u32,
        /// Whether the answer was right.
        right: bool,
    },
    /// The lesson was played to its end.
    Finished {
        /// The name of the lesson.
        lesson: String,
        /// Questions with a right answer.
        right: u32,
        /// All questions.
        questions: u32,
        /// The result as a code that a teacher can check.
        code: String,
    },
}
