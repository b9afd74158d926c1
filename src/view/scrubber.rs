//! What the scrubber shows: emergency bands, fault marks and named moments.

use triage_engine::emergency::Level;

use crate::log;
use triage_engine::message::{Announcement, EmergencyChange};
use triage_engine::record::{FaultKind, Record};
use triage_engine::time::to_us;
use triage_engine::trace::{Event, Recorder};
use triage_language::tr;
use triage_playback::Player;

/// A time interval with a system level above NONE.
#[derive(Clone, Debug, PartialEq)]
pub struct EmergencyBand {
    pub level: Level,
    pub from_us: u64,
    /// The end of the recording if the level is still active.
    pub to_us: u64,
}

/// A moment worth jumping to.
#[derive(Clone, Debug, PartialEq)]
pub struct ScrubberMark {
    pub t_us: u64,
    /// Whether a fault begins or ends.
    pub begins: bool,
    /// "fire-station crashes".
    pub label: String,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScrubberMarks {
    /// In the order of time, disjoint.
    pub bands: Vec<EmergencyBand>,
    /// In the order of time.
    pub marks: Vec<ScrubberMark>,
    /// Moments that the user has named: time in µs and name.
    pub named: Vec<(u64, String)>,
}

/// The marks of all recorded events, also after the cursor, updated incrementally.
#[derive(Default)]
pub struct ScrubberMarksFollower {
    marks: ScrubberMarks,
    active: Vec<(u32, Level)>,
    begun: Option<(Level, u64)>,
    epoch: u32,
    seen: u32,
}

impl ScrubberMarksFollower {
    /// The marks of the player's recording. Must always be called with the same player.
    pub fn marks(&mut self, player: &Player) -> ScrubberMarks {
        if self.epoch != player.epoch() {
            *self = ScrubberMarksFollower {
                epoch: player.epoch(),
                ..ScrubberMarksFollower::default()
            };
        }
        for (_, event) in player.trace().iter_from(self.seen) {
            if let Record::Emergency(announcement) = &event.record {
                self.announce(announcement, to_us(event.t_ns));
            }
            self.marks.marks.extend(mark(player, event));
        }
        self.seen = player.trace().count();
        let mut marks = self.marks.clone();
        close(&mut marks.bands, self.begun, player.recorded_us());
        let own = player.markers().iter();
        marks.named = own
            .map(|marker| (marker.t_us, marker.name.clone()))
            .collect();
        marks
    }

    fn announce(&mut self, announcement: &Announcement, t_us: u64) {
        let active = &mut self.active;
        active.retain(|(id, _)| *id != announcement.emergency.0);
        if announcement.change != EmergencyChange::Cleared {
            active.push((announcement.emergency.0, announcement.level));
        }
        let highest = active.iter().map(|(_, level)| *level).max();
        let level = highest.unwrap_or_default();
        if self.begun.is_none_or(|(old, _)| old != level) {
            close(&mut self.marks.bands, self.begun.take(), t_us);
            self.begun = (level > Level::None).then_some((level, t_us));
        }
    }
}

fn close(bands: &mut Vec<EmergencyBand>, begun: Option<(Level, u64)>, to_us: u64) {
    if let Some((level, from_us)) = begun {
        bands.push(EmergencyBand {
            level,
            from_us,
            to_us,
        });
    }
}

fn mark(player: &Player, event: &Event) -> Option<ScrubberMark> {
    let (fault, executor, begins) = match &event.record {
        Record::FaultInjected(fault, executor, _) => (*fault, *executor, true),
        Record::FaultCleared(fault, executor) => (*fault, *executor, false),
        Record::Link(_) | Record::ClockForged(_) => {
            return Some(ScrubberMark {
                t_us: to_us(event.t_ns),
                begins: event.record.kind() == "fault_injected",
                label: log::sentence(player.trace(), event),
            });
        }
        _ => return None,
    };
    let name = player.trace().name(executor);
    let label = match (fault, begins) {
        (FaultKind::Crash, true) => tr!("{name} crashes", name),
        (FaultKind::Crash, false) => tr!("{name} restarts", name),
        (FaultKind::Hang, true) => tr!("{name} hangs", name),
        (FaultKind::Hang, false) => tr!("{name} resumes", name),
        (FaultKind::Slow, true) => tr!("{name} slows down", name),
        (FaultKind::Slow, false) => tr!("{name} is back at full speed", name),
        (FaultKind::Split, true) => tr!("{name} is split from the others", name),
        (FaultKind::Split, false) => tr!("{name} is united with the others", name),
        (FaultKind::Partition, true) => tr!("{name} is cut off", name),
        (FaultKind::Partition, false) => tr!("{name} is reconnected", name),
    };
    Some(ScrubberMark {
        t_us: to_us(event.t_ns),
        begins,
        label,
    })
}
