//! A cut in the diagram: where it is drawn, which events a stroke of the pointer includes, and which messages violate
//! it.

use super::Diagram;
use super::picture::Picture;
use super::scene::Scene;
use triage_analysis::causality::{Cut, CutVerdict};
use triage_engine::id::ProcessIndex;
use triage_engine::trace::Recorder;
use triage_playback::Player;

/// Maximum distance between the cut and the event before it, in px.
const CUT_PX: f64 = 8.0;
/// Maximum number of violating messages that are drawn; more can't be told apart.
const BROKEN_MAX: usize = 40;

/// The verdict on a cut, cached until the cut or the recording changes.
#[derive(Clone, Debug, Default)]
pub struct JudgedCut {
    /// Cache key: epoch, number of events, and the cut.
    key: Option<(u32, u32, Vec<u32>)>,
    /// In words; empty without a cut.
    pub sentence: String,
    /// Send and receipt of the messages that violate the cut.
    violations: Vec<(u32, u32)>,
}

impl JudgedCut {
    pub fn is_consistent(&self) -> bool {
        self.violations.is_empty()
    }
}

impl Diagram {
    /// Updates the verdict. `cut` has the number of included events for each process.
    pub fn judge_cut(&mut self, player: &Player, cut: Option<&[u32]>) {
        let (trace, lanes) = (player.trace(), player.lanes());
        let of = cut.map(|cut| (player.epoch(), trace.count(), cut.to_vec()));
        if of == self.judged_cut.key {
            return;
        }
        self.judged_cut = JudgedCut::default();
        if let Some(cut) = cut {
            let verdict = Cut::of(lanes, cut.to_vec()).verdict(trace, lanes);
            self.judged_cut.sentence = verdict.in_words(trace);
            if let CutVerdict::Inconsistent { violations } = verdict {
                self.judged_cut.violations = violations;
            }
        }
        self.judged_cut.key = of;
    }

    pub fn judged_cut(&self) -> &JudgedCut {
        &self.judged_cut
    }

    /// The cut after a stroke of the pointer, in px of the picture. It changes on every line that the stroke crosses
    /// and on the line nearest to its end.
    pub fn cut_along(
        &self,
        player: &Player,
        cut: &[u32],
        from: (f64, f64),
        to: (f64, f64),
    ) -> Vec<u32> {
        let scene = self.scene(player);
        let mut included = Cut::of(player.lanes(), cut.to_vec()).included().to_vec();
        let nearest = self.rows.visible().min_by(|a, b| {
            let apart = |process: u16| scene.y(process).map_or(f64::MAX, |y| (y - to.1).abs());
            apart(*a).total_cmp(&apart(*b))
        });
        for process in self.rows.visible() {
            let Some(y) = scene.y(process) else { continue };
            let crossed = (y - from.1) * (y - to.1) < 0.0;
            let x = if Some(process) == nearest {
                to.0
            } else if crossed {
                from.0 + (to.0 - from.0) * (y - from.1) / (to.1 - from.1)
            } else {
                continue;
            };
            if let Some(count) = included.get_mut(usize::from(process)) {
                *count = self.events_before(player, &scene, process, x);
            }
        }
        included
    }

    /// Number of events of a process to the left of `x`, in px.
    fn events_before(&self, player: &Player, scene: &Scene, process: u16, x: f64) -> u32 {
        let (trace, lanes) = (player.trace(), player.lanes());
        let index = ProcessIndex(process);
        let t_ns = scene.t_ns(x);
        let lane = lanes.of_process(index);
        let by_time = lane.partition_point(|seq| {
            let event = trace.get(*seq);
            event.is_some_and(|event| event.t_ns <= t_ns)
        }) as u32;
        // Marks of the same moment are drawn side by side, so their drawn positions decide.
        let spots = self.index.line(process).map(|line| &line.spots[..]);
        let spots = spots.unwrap_or_default();
        let (mut low, mut high) = (0, spots.len());
        while low < high {
            let middle = (low + high) / 2;
            if scene.event_x(spots, middle) < x {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let entry = |at: usize| spots.get(at).map(|spot| lanes.entry(index, spot.seq));
        let least = low.checked_sub(1).and_then(entry).unwrap_or(0);
        let most = entry(low).map_or(lane.len() as u32, |entry| entry.saturating_sub(1));
        by_time.clamp(least.min(most), most)
    }

    /// Adds the cut and the messages that violate it to the picture.
    pub(super) fn draw_cut(
        &self,
        player: &Player,
        scene: &Scene,
        cut: &[u32],
        picture: &mut Picture,
    ) {
        picture.cut = self.cut(player, scene, cut);
        let broken = self.judged_cut.violations.iter().take(BROKEN_MAX);
        let ends = broken
            .filter_map(|(send, receipt)| Some((scene.locate(*send)?, scene.locate(*receipt)?)));
        picture.cut_broken = ends.collect();
        picture.cut_consistent = self.judged_cut.is_consistent();
    }

    /// The points of the cut, one for each line, just after the last included event.
    fn cut(&self, player: &Player, scene: &Scene, cut: &[u32]) -> Vec<(f64, f64)> {
        let lines = self.rows.visible().filter_map(|process| {
            let y = scene.y(process)?;
            let before = cut.get(usize::from(process)).copied()?;
            let spots = &self.index.line(process)?.spots;
            let last = player.lanes().event(ProcessIndex(process), before);
            let after = spots.partition_point(|spot| last.is_some_and(|last| spot.seq <= last));
            let last_x = last.and_then(|seq| scene.locate(seq)).map(|(x, _)| x);
            let mut from_x = last_x.unwrap_or(scene.x(0) - 2.0 * CUT_PX);
            if after > 0 {
                from_x = from_x.max(scene.event_x(spots, after - 1));
            }
            let next = (after < spots.len()).then(|| scene.event_x(spots, after));
            let room_px = next.map_or(CUT_PX, |next_x| ((next_x - from_x) / 2.0).max(0.0));
            Some((from_x + room_px.min(CUT_PX), y))
        });
        lines.collect()
    }
}

/// Whether a point is within `reach_px` of the cut.
pub fn is_on_cut(picture: &Picture, (x, y): (f64, f64), reach_px: f64) -> bool {
    let near =
        |(at_x, at_y): (f64, f64)| (at_x - x).abs() <= reach_px && (at_y - y).abs() <= reach_px;
    let between = |pair: &[(f64, f64)]| {
        let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
        let part = (y - ay) / (by - ay);
        (0.0..=1.0).contains(&part) && (ax + (bx - ax) * part - x).abs() <= reach_px
    };
    picture.cut.iter().any(|point| near(*point)) || picture.cut.windows(2).any(between)
}
