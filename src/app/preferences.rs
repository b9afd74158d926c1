//! What somebody chose on an earlier visit.

use crate::Platform;
use triage_engine::access::Role;

/// Under this name it is remembered as whom somebody acts.
pub const ACTING: &str = "triage.acting";
/// Under this name the open view of the dock is remembered.
pub const DOCK_VIEW: &str = "triage.view";
/// Under this name the dock's share of the middle column is remembered.
pub const DOCK_SHARE: &str = "triage.dock";
/// Under this name the closed panels are remembered.
pub const CLOSED: &str = "triage.closed";
/// Under this name it is remembered whether single letters are keys.
pub const LETTERS: &str = "triage.letters";

/// The dock's least share of the middle column, in percent.
pub const SHARE_MIN: u32 = 12;
/// Its largest share, in percent: the stage is gone.
pub const SHARE_MAX: u32 = 100;
/// From this share on the stage has no room worth showing.
const SHARE_WHOLE: u32 = 88;

/// As whom somebody acts: the commander unless another was chosen.
pub fn acting(platform: &dyn Platform) -> String {
    platform
        .recall(ACTING)
        .unwrap_or_else(|| Role::Commander.name().to_owned())
}

/// The dock's share in percent; 0 means the ordinary share.
pub fn dock_share(platform: &dyn Platform) -> u32 {
    let share = platform
        .recall(DOCK_SHARE)
        .and_then(|text| text.parse().ok());
    share.map_or(0, settled)
}

/// A share that is drawn: 0 for the ordinary one, else within the bounds.
pub fn settled(share: u32) -> u32 {
    match share {
        0 => 0,
        SHARE_WHOLE.. => SHARE_MAX,
        share => share.max(SHARE_MIN),
    }
}

/// The closed panels, by their names with spaces between.
pub fn closed(platform: &dyn Platform) -> String {
    platform.recall(CLOSED).unwrap_or_default()
}

/// Whether single letters are keys; they are unless somebody switched them off.
pub fn letters(platform: &dyn Platform) -> bool {
    platform.recall(LETTERS).as_deref() != Some("off")
}
