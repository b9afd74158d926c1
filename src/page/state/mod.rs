//! The state of the page: the run, what is chosen and open, what is remembered. It lies below everything that shows it, and
//! imports none of it (`tests/tidy.rs`).

mod dock_view;
mod frame;
mod lessons;
mod link;
mod notices;
pub mod open_lesson;
pub mod preferences;
mod session;
mod ui_state;

pub use dock_view::DockView;
pub use lessons::{LessonAt, OWN};
pub use session::{OPENING_US, Session};
pub use ui_state::{Key, NodeRow, PANELS, Part, put};
