//! What the page says by itself: refusals, and the loud lines of the log for people who listen.

use std::time::Duration;

use leptos::prelude::*;

use super::ui_state::UiState;

/// How long a refusal stays, and the least time between two spoken sentences.
const NOTICE: Duration = Duration::from_secs(8);
const SPEECH: Duration = Duration::from_millis(2500);

/// Keeps spoken sentences apart: what happens meanwhile is said together.
#[derive(Default)]
pub struct Speech {
    waiting: Vec<String>,
    resting: bool,
}

/// The two voices of the page.
#[derive(Clone, Copy)]
pub struct Notices {
    ui: UiState,
    speech: StoredValue<Speech>,
    count: StoredValue<u32>,
}

impl Notices {
    /// Silent at first.
    pub fn new(ui: UiState) -> Notices {
        Notices {
            ui,
            speech: StoredValue::new(Speech::default()),
            count: StoredValue::new(0),
        }
    }

    /// Shows why something was refused; it goes away by itself.
    pub fn refuse(self, reason: String) {
        self.ui.notice.set(reason);
        let number = self.count.get_value().wrapping_add(1);
        self.count.set_value(number);
        set_timeout(
            move || {
                // A later refusal has its own time.
                if self.count.try_get_value() == Some(number) {
                    self.ui.notice.set(String::new());
                }
            },
            NOTICE,
        );
    }

    /// Shows something that stays until it is dismissed or something else was done.
    pub fn warn(self, words: String) {
        self.count
            .update_value(|count| *count = count.wrapping_add(1));
        self.ui.notice.set(words);
    }

    /// Takes a refusal away, because something worked since.
    pub fn calm(self) {
        if self.ui.notice.with_untracked(|notice| !notice.is_empty()) {
            self.ui.notice.set(String::new());
        }
    }

    /// Has sentences spoken, at most one announcement every few seconds.
    pub fn speak(self, sentences: Vec<String>) {
        if sentences.is_empty() {
            return;
        }
        self.speech
            .update_value(|speech| speech.waiting.extend(sentences));
        if !self.speech.with_value(|speech| speech.resting) {
            self.utter();
        }
    }

    fn utter(self) {
        let mut text = String::new();
        self.speech.update_value(|speech| {
            // The latest three: what is older than that is in the log.
            let from = speech.waiting.len().saturating_sub(3);
            text = speech.waiting.split_off(from).join("; ");
            speech.waiting.clear();
            speech.resting = !text.is_empty();
        });
        if !text.is_empty() {
            self.ui.said.set(text);
            set_timeout(move || self.utter(), SPEECH);
        }
    }
}
