//! The state of the page: the run, what is selected and open, what is remembered. Components read its signals and call its
//! methods; it knows none of them, and reaches the browser only through [`Platform`], so tests run natively.

mod dock_view;
mod lessons;
mod link;
mod notices;
pub mod open_lesson;
mod platform;
pub mod preferences;
mod session;
mod spotlight;
mod table;
#[cfg(test)]
mod tests;
mod ui_state;

pub use dock_view::DockView;
pub use lessons::{LessonAt, OWN};
pub use platform::{LessonEvent, Platform};
pub use session::{OPENING_US, Session};
pub use table::Table;
pub use ui_state::{Key, NodeRow, PANELS, Part, set_if_changed};
