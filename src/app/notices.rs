//! What the page reports on its own: rejections and warnings as a notice, important events for screen readers.

use std::rc::Rc;
use std::time::Duration;

use reactive_graph::owner::{LocalStorage, StoredValue};
use reactive_graph::prelude::*;
use reactive_graph::signal::RwSignal;

use crate::Platform;
use crate::ui_state::UiState;

/// How long a rejection stays.
const NOTICE: Duration = Duration::from_secs(8);
/// The least time between two announcements, so that a screen reader can finish one.
const ANNOUNCEMENT: Duration = Duration::from_millis(2500);
/// An announcement has at most so many sentences, the latest: the others are in the log.
const SENTENCES_MAX: usize = 3;

#[derive(Default)]
struct Announcements {
    waiting: Vec<String>,
    /// Whether the last one was less than [`ANNOUNCEMENT`] ago.
    is_pausing: bool,
}

/// The notice and the live region.
#[derive(Clone, Copy)]
pub struct Notices {
    notice: RwSignal<String>,
    announcement: RwSignal<String>,
    platform: StoredValue<Rc<dyn Platform>, LocalStorage>,
    announcements: StoredValue<Announcements>,
    /// Counts notices.
    count: StoredValue<u32>,
}

impl Notices {
    pub(crate) fn new(
        ui: &UiState,
        platform: StoredValue<Rc<dyn Platform>, LocalStorage>,
    ) -> Notices {
        Notices {
            notice: ui.notice,
            announcement: ui.announcement,
            platform,
            announcements: StoredValue::new(Announcements::default()),
            count: StoredValue::new(0),
        }
    }

    /// Shows why something was rejected, for 8 s.
    pub fn reject(self, reason: String) {
        self.notice.set(reason);
        let number = self.count.get_value().wrapping_add(1);
        self.count.set_value(number);
        let clear = move || {
            // A later notice has its own time.
            if self.count.try_get_value() == Some(number) {
                self.notice.set(String::new());
            }
        };
        self.platform
            .with_value(|platform| platform.set_timeout(NOTICE, Box::new(clear)));
    }

    /// Shows a warning until it is dismissed or something else is done.
    pub fn warn(self, words: String) {
        self.count
            .update_value(|count| *count = count.wrapping_add(1));
        self.notice.set(words);
    }

    /// Removes the notice, because something else was done since.
    pub fn clear(self) {
        if self.notice.with_untracked(|notice| !notice.is_empty()) {
            self.notice.set(String::new());
        }
    }

    /// Has sentences read by a screen reader, together with others that arrive before it has finished the last ones.
    pub fn announce(self, sentences: Vec<String>) {
        if sentences.is_empty() {
            return;
        }
        self.announcements
            .update_value(|all| all.waiting.extend(sentences));
        if !self.announcements.with_value(|all| all.is_pausing) {
            self.announce_next();
        }
    }

    fn announce_next(self) {
        let mut text = String::new();
        let _ = self.announcements.try_update_value(|all| {
            let from = all.waiting.len().saturating_sub(SENTENCES_MAX);
            text = all.waiting.split_off(from).join("; ");
            all.waiting.clear();
            all.is_pausing = !text.is_empty();
        });
        if !text.is_empty() {
            self.announcement.set(text);
            let next = Box::new(move || self.announce_next());
            self.platform
                .with_value(|platform| platform.set_timeout(ANNOUNCEMENT, next));
        }
    }
}
