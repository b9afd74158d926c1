//! The space–time diagram: time runs to the right, with a line for each process and an arrow for each message.
//! Everything is computed in px here and tested natively; the page only draws the resulting picture.

mod appearance;
mod arrows;
pub mod axis;
mod background;
pub mod camera;
pub mod causal_highlight;
pub mod cutting;
mod filter;
pub mod hit;
pub mod index;
pub mod labels;
mod marks;
pub mod picture;
pub mod process_states;
pub mod rows;
mod scene;
pub mod walk;

#[cfg(test)]
mod tests;

use self::camera::{Camera, Timeline};
use self::causal_highlight::{CausalHighlight, CausalSummary};
use self::cutting::JudgedCut;
use self::filter::Filter;
use self::index::{Index, ProcessLine};
use self::picture::Picture;
use self::rows::Rows;
use self::scene::Scene;
use self::walk::Step;
use triage_engine::time::from_us;
use triage_engine::trace::Recorder;
use triage_playback::Player;

pub use self::filter::{FilterOptions, QueryResult};

/// Space above the first line, in px.
pub const TOP_PX: f64 = 8.0;

/// Epoch, number of recorded events, the selected event and the second one.
type HighlightKey = (u32, u32, Option<u32>, Option<u32>);

/// The state of the diagram.
#[derive(Debug, Default)]
pub struct Diagram {
    index: Index,
    filter: Filter,
    epoch: u32,
    end_ns: u64,
    highlight_key: HighlightKey,
    causal_summary: Option<CausalSummary>,
    judged_cut: JudgedCut,
    pub filter_options: FilterOptions,
    /// Hides everything after the cursor, because a question asks to predict it.
    pub hides_ahead: bool,
    pub camera: Camera,
    pub rows: Rows,
    /// The selected events.
    pub highlight: CausalHighlight,
}

impl Diagram {
    /// Resets everything but the user's settings, for another run.
    pub fn clear(&mut self) {
        self.index = Index::default();
        self.filter = Filter::default();
        self.filter_options.job = None;
        self.highlight = CausalHighlight::default();
        self.rows = Rows::default();
        self.highlight_key = HighlightKey::default();
        self.causal_summary = None;
        self.judged_cut = JudgedCut::default();
    }

    /// Discards cached texts, so that they are translated again.
    pub fn refresh_language(&mut self) {
        self.highlight_key = HighlightKey::default();
        self.judged_cut = JudgedCut::default();
    }

    /// Takes in new events and changed settings.
    pub fn follow(&mut self, player: &Player) {
        let trace = player.trace();
        let is_stale =
            *self.filter.options() != self.filter_options || self.epoch != player.epoch();
        if is_stale {
            self.filter = Filter::new(&self.filter_options);
            self.epoch = player.epoch();
        }
        let refreshed = self.filter.refresh_pattern(player);
        if self.filter.set_proof(trace, &self.highlight.chain) || refreshed || is_stale {
            self.index = Index::default();
        }
        let filter = &self.filter;
        self.index
            .follow(trace, &|seq, event| filter.draws(trace, seq, event));
        let index = &self.index;
        let narrow = filter.is_narrow() && index.drawn() > 0;
        let idle = |process: u16| narrow && index.line(process).is_none_or(ProcessLine::is_empty);
        self.rows.follow(trace.names().len(), &idle);
        self.end_ns = from_us(player.recorded_us()).max(player.world().now_ns());
    }

    /// The result of the filter's query.
    pub fn query_result(&self) -> Option<QueryResult> {
        let lines = self.rows.visible().filter_map(|line| self.index.line(line));
        let hits = lines
            .flat_map(|line| &line.spots)
            .filter(|spot| !self.filter.is_proof(spot.seq));
        self.filter.query_result(hits.count() as u32)
    }

    /// Selects an event, and one to compare it with.
    pub fn select(&mut self, player: &Player, selected: Option<u32>, second: Option<u32>) {
        let trace = player.trace();
        let key = (player.epoch(), trace.count(), selected, second);
        if self.highlight_key == key {
            return;
        }
        self.highlight_key = key;
        self.highlight.selected = selected;
        self.highlight.second = second;
        self.causal_summary = self.highlight.select(trace, player.lanes());
    }

    pub fn causal_summary(&self) -> Option<&CausalSummary> {
        self.causal_summary.as_ref()
    }

    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Changes the camera, which needs to know where something is drawn.
    pub fn move_camera(&mut self, change: &mut dyn FnMut(&mut Camera, Timeline)) {
        let timeline = Timeline {
            unfolded: self.index.unfolded(),
            end_ns: self.end_ns,
        };
        change(&mut self.camera, timeline);
    }

    /// The visible picture. `cut` has the number of included events for each process.
    /// [`Diagram::follow`] must have been called since the player recorded something.
    pub fn picture(&self, player: &Player, cut: Option<&[u32]>) -> Picture {
        debug_assert_eq!(self.epoch, player.epoch(), "the index is of another run");
        debug_assert_eq!(self.index.events(), player.trace().count());
        let scene = self.scene(player);
        let mut picture = Picture::default();
        if let Some(cut) = cut {
            self.draw_cut(player, &scene, cut, &mut picture);
        }
        background::draw(&scene, &mut picture);
        arrows::draw(&scene, &mut picture);
        marks::draw(&scene, &mut picture);
        if self.hides_ahead {
            picture.hide_ahead();
        }
        picture
    }

    /// The position of an event in px, even if it is outside the picture.
    pub fn locate(&self, player: &Player, seq: u32) -> Option<(f64, f64)> {
        self.scene(player).locate(seq)
    }

    /// The moments at the left and right edges, in ns.
    pub fn window_ns(&self) -> (f64, f64) {
        let timeline = Timeline {
            unfolded: self.index.unfolded(),
            end_ns: self.end_ns,
        };
        self.camera.window_ns(&self.camera.axis(timeline))
    }

    /// The event that a key leads to from the focused or selected one; without either, the event nearest to the cursor.
    pub fn walk(&self, player: &Player, step: Step) -> Option<u32> {
        let from = self.highlight.focused.or(self.highlight.selected);
        let found = match from {
            Some(seq) => walk::walk(player.trace(), &self.index, &self.rows, seq, step),
            None => self.nearest_to(player.world().now_ns()),
        };
        found.filter(|seq| !self.hides_ahead || *seq < player.count())
    }

    /// The event nearest to a moment on any visible line.
    fn nearest_to(&self, t_ns: u64) -> Option<u32> {
        let lines = self.rows.visible().filter_map(|line| self.index.line(line));
        let spots = lines.filter_map(|line| walk::nearest(&line.spots, t_ns));
        let nearest = spots.min_by_key(|spot| spot.t_ns.abs_diff(t_ns));
        nearest.map(|spot| spot.seq)
    }

    fn scene<'a>(&'a self, player: &'a Player) -> Scene<'a> {
        let timeline = Timeline {
            unfolded: self.index.unfolded(),
            end_ns: self.end_ns,
        };
        let axis = self.camera.axis(timeline);
        let world = player.world();
        let now_ns = world.now_ns();
        // Only at the end of the recording, the world knows how far each message has travelled.
        let flights = if player.count() == player.trace().count() {
            let in_flight = world.network().in_flight();
            let flights = in_flight.map(|message| {
                let whole_ns = message.due_ns.saturating_sub(message.sent_ns).max(1);
                let part = (now_ns - message.sent_ns) as f64 / whole_ns as f64;
                (message.send_seq, part)
            });
            flights.collect()
        } else {
            Vec::new()
        };
        Scene {
            trace: player.trace(),
            index: &self.index,
            left_px: axis.x(self.camera.left_ns),
            axis,
            width_px: self.camera.width_px,
            height_px: self.rows.height_px,
            middles: self.rows.middles(),
            row_px: self.rows.row_px,
            highlight: &self.highlight,
            count: player.count(),
            now_ns,
            end_ns: if self.hides_ahead {
                now_ns
            } else {
                self.end_ns
            },
            flights,
        }
    }
}
