//! The slots of every executor over time as rectangles in px: a Gantt chart.

use triage_analysis::slots::{End, SlotOccupancy, Slots};
use triage_engine::id::{JobId, ProcessIndex};
use triage_engine::job::Class;
use triage_engine::record::{FaultKind, Record};
use triage_engine::trace::Trace;
use triage_language::tr;

/// Height of a slot including the gap, in px, while all slots fit.
const SLOT_PX: f64 = 10.0;
/// Minimum height of a slot, in px.
const SLOT_PX_MIN: f64 = 2.0;
/// Slots shrink if all of them together would be higher than this, in px.
const HEIGHT_PX_MAX: f64 = 2_400.0;
/// Space between two executors, in px.
const GAP_PX: f64 = 8.0;
/// Maximum zoom, as ns for the whole width.
const SPAN_NS_MIN: f64 = 20e6;

/// The visible time interval, in ns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeWindow {
    pub from_ns: f64,
    /// Greater than `from_ns`.
    pub to_ns: f64,
}

impl TimeWindow {
    /// From the start of the run to `end_ns`.
    pub fn whole(end_ns: u64) -> TimeWindow {
        TimeWindow {
            from_ns: 0.0,
            to_ns: (end_ns as f64).max(SPAN_NS_MIN),
        }
    }

    /// Zooms in (`factor` below 1) or out (above 1) around `place`, from 0 (left) to 1 (right), within the run.
    pub fn zoomed(self, factor: f64, place: f64, end_ns: u64) -> TimeWindow {
        let whole = TimeWindow::whole(end_ns);
        let old = self.to_ns - self.from_ns;
        let new = (old * factor).clamp(SPAN_NS_MIN, whole.to_ns);
        let from_ns = self.from_ns + (old - new) * place;
        TimeWindow {
            from_ns,
            to_ns: from_ns + new,
        }
        .within(whole)
    }

    /// Moves by a fraction of its width, within the run.
    pub fn moved(self, share: f64, end_ns: u64) -> TimeWindow {
        let by_ns = (self.to_ns - self.from_ns) * share;
        TimeWindow {
            from_ns: self.from_ns + by_ns,
            to_ns: self.to_ns + by_ns,
        }
        .within(TimeWindow::whole(end_ns))
    }

    fn within(self, whole: TimeWindow) -> TimeWindow {
        let width = (self.to_ns - self.from_ns).min(whole.to_ns);
        let from_ns = self.from_ns.clamp(0.0, whole.to_ns - width);
        TimeWindow {
            from_ns,
            to_ns: from_ns + width,
        }
    }

    /// The x coordinate of a moment in a chart of this width, in px.
    pub fn x(self, t_ns: u64, width: f64) -> f64 {
        (t_ns as f64 - self.from_ns) / (self.to_ns - self.from_ns) * width
    }

    /// The moment at an x coordinate, in µs.
    pub fn t_us(self, x: f64, width: f64) -> u64 {
        let t_ns = self.from_ns + x / width.max(1.0) * (self.to_ns - self.from_ns);
        (t_ns.max(0.0) / 1e3) as u64
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct GanttRow {
    pub process: ProcessIndex,
    pub name: String,
    /// Top edge, in px.
    pub y: f64,
    /// Height of all its slots, in px.
    pub height: f64,
    /// Number of slots.
    pub slots: u16,
    /// Number of slots of the rows above.
    above: usize,
}

/// A job in a slot.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Left edge, in px; may be outside the chart.
    pub x: f64,
    /// Top edge, in px.
    pub y: f64,
    /// In px; at least 1.
    pub width: f64,
    /// In px.
    pub height: f64,
    pub class: Class,
    /// How the job left the slot.
    pub end: End,
    /// Whether the job continues after a pause.
    pub resumed: bool,
    pub job: JobId,
    /// Index in the trace of the event that started it.
    pub seq: u32,
}

/// A time interval in which an executor is crashed, hung or cut off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outage {
    pub fault: FaultKind,
    /// Left edge, in px.
    pub x: f64,
    /// Top edge, in px.
    pub y: f64,
    /// In px.
    pub width: f64,
    /// In px.
    pub height: f64,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gantt {
    /// Executors from top to bottom.
    pub rows: Vec<GanttRow>,
    pub bars: Vec<Bar>,
    pub outages: Vec<Outage>,
    /// Total height, in px.
    pub height: f64,
}

impl Gantt {
    /// The chart of a run, `width` px wide. Jobs that haven't ended are drawn up to `end_ns`. Rows are at least
    /// `row_px_min` apart.
    pub fn of(
        trace: &Trace,
        slots: &Slots,
        span: TimeWindow,
        width: f64,
        end_ns: u64,
        row_px_min: f64,
    ) -> Gantt {
        let mut gantt = Gantt::default();
        let slot_px = gantt.add_rows(trace, slots, row_px_min);
        gantt.add_bars(slots, span, width, end_ns, slot_px);
        gantt.add_outages(trace, span, width, end_ns);
        gantt
    }

    fn add_rows(&mut self, trace: &Trace, slots: &Slots, row_px_min: f64) -> f64 {
        let count: f64 = slots.executors().map(|(_, slots)| f64::from(slots)).sum();
        let slot_px = (HEIGHT_PX_MAX / count.max(1.0)).clamp(SLOT_PX_MIN, SLOT_PX);
        let (mut y, mut above) = (GAP_PX / 2.0, 0);
        for (process, slots) in slots.executors() {
            // Leave enough height for the name.
            let height = (f64::from(slots) * slot_px).max(row_px_min - GAP_PX);
            self.rows.push(GanttRow {
                process,
                name: trace.name(process).to_string(),
                y,
                height,
                slots,
                above,
            });
            above += usize::from(slots);
            y += height + GAP_PX;
        }
        self.height = y;
        slot_px
    }

    fn row(&self, process: ProcessIndex) -> Option<&GanttRow> {
        let place = self.rows.binary_search_by_key(&process, |row| row.process);
        place.ok().and_then(|place| self.rows.get(place))
    }

    fn add_bars(&mut self, slots: &Slots, span: TimeWindow, width: f64, end_ns: u64, slot_px: f64) {
        // The last pixel drawn in each slot: further bars within the same px are skipped.
        let all = self
            .rows
            .last()
            .map_or(0, |row| row.above + usize::from(row.slots));
        let mut drawn = vec![f64::MIN; all];
        let mut bars = Vec::new();
        for occupancy in slots.stays() {
            let (from_x, to_x) = places(occupancy, span, width, end_ns);
            if to_x < 0.0 || from_x > width {
                continue;
            }
            let Some(row) = self.row(occupancy.executor) else {
                unreachable!("every executor has a row");
            };
            let y = row.y + f64::from(occupancy.slot) * slot_px;
            // An executor runs no more jobs than it has slots.
            let right = &mut drawn[row.above + usize::from(occupancy.slot)];
            if to_x - *right < 0.5 {
                continue;
            }
            *right = to_x;
            bars.push(Bar {
                x: from_x,
                y,
                width: (to_x - from_x).max(1.0),
                height: (slot_px - 2.0).max(slot_px * 0.7),
                class: occupancy.class,
                end: occupancy.end,
                resumed: occupancy.resumed,
                job: occupancy.attempt.job,
                seq: occupancy.from_seq,
            });
        }
        self.bars = bars;
    }

    fn add_outages(&mut self, trace: &Trace, span: TimeWindow, width: f64, end_ns: u64) {
        let mut open: Vec<(FaultKind, ProcessIndex, u64)> = Vec::new();
        let mut closed = Vec::new();
        for (_, event) in trace.iter() {
            match event.record {
                Record::FaultInjected(fault, executor, _) => {
                    open.push((fault, executor, event.t_ns));
                }
                Record::FaultCleared(fault, executor) => {
                    let it =
                        |one: &(FaultKind, ProcessIndex, u64)| one.0 == fault && one.1 == executor;
                    if let Some(place) = open.iter().position(it) {
                        closed.push((open.remove(place), event.t_ns));
                    }
                }
                _ => {}
            }
        }
        closed.extend(open.into_iter().map(|one| (one, end_ns)));
        for ((fault, executor, from_ns), to_ns) in closed {
            let (x, right) = (span.x(from_ns, width), span.x(to_ns, width));
            if right < 0.0 || x > width {
                continue;
            }
            if let Some(row) = self.row(executor) {
                let (y, height) = (row.y, row.height);
                self.outages.push(Outage {
                    fault,
                    x,
                    y,
                    width: (right - x).max(1.0),
                    height,
                });
            }
        }
    }

    /// The bars that `wanted` picks, as the data of one SVG path.
    pub fn path(&self, wanted: impl Fn(&Bar) -> bool) -> String {
        let mut path = String::new();
        for bar in self.bars.iter().filter(|bar| wanted(bar)) {
            rectangle(&mut path, bar.x, bar.y, bar.width, bar.height);
        }
        path
    }

    /// The faults that `wanted` picks, as the data of one SVG path.
    pub fn outage_path(&self, wanted: impl Fn(FaultKind) -> bool) -> String {
        let mut path = String::new();
        for one in self.outages.iter().filter(|one| wanted(one.fault)) {
            rectangle(&mut path, one.x, one.y, one.width, one.height);
        }
        path
    }

    /// The chart in a sentence.
    pub fn summary(&self) -> String {
        let count = |end: End| self.bars.iter().filter(|bar| bar.end == end).count();
        tr!(
            "Slots of {executors} executors. In view: {completed} jobs completed, {paused} paused, {lost} lost, {running} running.",
            executors = self.rows.len(),
            completed = count(End::Completed),
            paused = count(End::Paused),
            lost = count(End::Lost),
            running = count(End::Running)
        )
    }

    /// The job at a point, in px.
    pub fn at(&self, x: f64, y: f64) -> Option<&Bar> {
        let hit = |bar: &&Bar| {
            let beside = (bar.x - 3.0..=bar.x + bar.width + 3.0).contains(&x);
            beside && (bar.y - 1.0..=bar.y + bar.height + 1.0).contains(&y)
        };
        self.bars.iter().rev().find(hit)
    }
}

/// Adds a rectangle, in tenths of a px.
fn rectangle(path: &mut String, x: f64, y: f64, width: f64, height: f64) {
    // Clip far outside the chart, where the exact position doesn't matter.
    let left = x.max(-20.0);
    let width = (x + width).min(20_000.0) - left;
    path.push('M');
    number(path, left);
    path.push(' ');
    number(path, y);
    path.push('h');
    number(path, width);
    path.push('v');
    number(path, height);
    path.push('h');
    number(path, -width);
    path.push('z');
}

/// Writes whole tenths, because the float formatter would be slower and larger.
fn number(path: &mut String, value: f64) {
    let tenths = (value * 10.0).round() as i64;
    if tenths < 0 {
        path.push('-');
    }
    let tenths = tenths.unsigned_abs();
    path.push_str(&(tenths / 10).to_string());
    if !tenths.is_multiple_of(10) {
        path.push('.');
        path.push((b'0' + (tenths % 10) as u8) as char);
    }
}

fn places(occupancy: &SlotOccupancy, span: TimeWindow, width: f64, end_ns: u64) -> (f64, f64) {
    let to_ns = occupancy.to_ns.unwrap_or(end_ns.max(occupancy.from_ns));
    (span.x(occupancy.from_ns, width), span.x(to_ns, width))
}

#[cfg(test)]
mod tests {
    use super::*;
    use triage_playback::Player;

    fn story(name: &str) -> Player {
        let library = triage_scenario::library();
        let entry = library.into_iter().find(|entry| entry.name == name);
        let json = entry.expect("built in").json;
        let mut player = Player::new(triage_scenario::parse(json).expect("valid"));
        player.seek_us(u64::MAX);
        player
    }

    fn chart(player: &Player, span: TimeWindow) -> Gantt {
        let slots = Slots::of(player.trace());
        Gantt::of(
            player.trace(),
            &slots,
            span,
            1000.0,
            player.end_us() * 1000,
            24.0,
        )
    }

    #[test]
    fn bars_stay_in_their_row_and_do_not_overlap() {
        for entry in triage_scenario::library() {
            let player = story(entry.name);
            let gantt = chart(&player, TimeWindow::whole(player.end_us() * 1000));
            assert!(!gantt.bars.is_empty());
            for (place, bar) in gantt.bars.iter().enumerate() {
                let row = gantt
                    .rows
                    .iter()
                    .find(|row| bar.y >= row.y && bar.y + bar.height <= row.y + row.height);
                assert!(row.is_some(), "{}: {bar:?}", entry.name);
                let over = gantt.bars[place + 1..].iter().find(|other| {
                    // A bar of less than a px is drawn one px wide.
                    other.y == bar.y && other.x + 1.0 < bar.x + bar.width
                });
                assert!(over.is_none(), "{}: {bar:?} {over:?}", entry.name);
            }
        }
    }

    #[test]
    fn paths_are_rectangles_in_tenths() {
        let mut path = String::new();
        rectangle(&mut path, 1.25, 2.0, 10.06, 3.5);
        assert_eq!(path, "M1.3 2h10.1v3.5h-10.1z");
    }

    #[test]
    fn a_closer_look_shows_a_part_of_the_same() {
        let player = story("failure-recovery");
        let end_ns = player.end_us() * 1000;
        let whole = TimeWindow::whole(end_ns);
        let close = whole.zoomed(0.1, 0.5, end_ns);
        assert!((close.to_ns - close.from_ns) * 9.9 < whole.to_ns);
        let (all, some) = (chart(&player, whole), chart(&player, close));
        assert!(some.bars.len() < all.bars.len());
        for bar in &some.bars {
            assert!(bar.x <= 1000.0 && bar.x + bar.width >= 0.0);
        }
        assert_eq!(close.moved(-50.0, end_ns).from_ns, 0.0);
        assert_eq!(close.zoomed(1e9, 0.3, end_ns), whole);
    }

    #[test]
    fn a_crash_is_an_outage_and_ends_what_ran() {
        let player = story("failure-recovery");
        let gantt = chart(&player, TimeWindow::whole(player.end_us() * 1000));
        let crash = gantt
            .outages
            .iter()
            .find(|one| one.fault == FaultKind::Crash);
        let crash = crash.expect("the story has a crash");
        let lost = gantt.bars.iter().find(|bar| bar.end == End::Lost);
        let lost = lost.expect("something ran there");
        assert!((lost.x + lost.width - crash.x).abs() < 1.5);
        let hit = gantt.at(lost.x + lost.width / 2.0, lost.y + 1.0);
        assert_eq!(hit.map(|bar| bar.job), Some(lost.job));
    }
}
