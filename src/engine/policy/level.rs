//! What each emergency level lets normal jobs do. Emergency jobs may always start.

use crate::emergency::Level;

/// Whether one more normal job may take a slot (start, or resume after a pause) while `normal_running`
/// of them hold one of `capacity` slots. The caller sees to it that a slot is free.
pub fn normal_may_start(level: Level, normal_running: usize, capacity: u16) -> bool {
    match level {
        Level::None | Level::Low => true,
        Level::Medium => normal_running < usize::from(capacity.div_ceil(2)),
        Level::High | Level::Critical => false,
    }
}

/// Whether running normal jobs give up their slots at once.
pub fn pauses_normal(level: Level) -> bool {
    level == Level::Critical
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_level_has_its_rule() {
        for (level, running, capacity, may) in [
            (Level::None, 3, 4, true),
            (Level::Low, 3, 4, true),
            (Level::Medium, 1, 4, true),
            (Level::Medium, 2, 4, false),
            (Level::Medium, 1, 3, true),
            (Level::Medium, 2, 3, false),
            (Level::Medium, 0, 1, true),
            (Level::High, 0, 4, false),
            (Level::Critical, 0, 4, false),
        ] {
            assert_eq!(
                normal_may_start(level, running, capacity),
                may,
                "{level} {running}/{capacity}"
            );
        }
        assert!(pauses_normal(Level::Critical) && !pauses_normal(Level::High));
    }
}
