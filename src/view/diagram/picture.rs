//! A picture as flat lists of shapes in px: everything that the painter needs, ready to be drawn style by style.

/// Width of a fold's label, in px.
const LABEL_PX: f64 = 42.0;

/// A colour by its meaning; the painter's palette maps it to the style sheet. The first eight are the hues of
/// processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Paint(pub u8);

impl Paint {
    /// Messages about normal jobs.
    pub const NORMAL: Paint = Paint(8);
    /// Level LOW.
    pub const LOW: Paint = Paint(9);
    /// Level MEDIUM, and suspicion.
    pub const MEDIUM: Paint = Paint(10);
    /// Level HIGH.
    pub const HIGH: Paint = Paint(11);
    /// Level CRITICAL, failures and losses.
    pub const CRITICAL: Paint = Paint(12);
    /// Healthy.
    pub const GOOD: Paint = Paint(13);
    /// Routine traffic.
    pub const DIM: Paint = Paint(14);
    /// The selected event.
    pub const SELECTED: Paint = Paint(15);
    /// The causal past of the selected event.
    pub const PAST: Paint = Paint(16);
    /// The causal future of the selected event.
    pub const FUTURE: Paint = Paint(17);
    /// Concurrent with the selected event.
    pub const CONCURRENT: Paint = Paint(18);
    pub const COUNT: usize = 19;

    /// The colour of a process.
    pub fn hue(process: u16) -> Paint {
        Paint((process % 8) as u8)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// Any other event.
    Circle,
    /// An event of an emergency job.
    Diamond,
    /// An emergency level is declared, changed or cleared, or an executor adopts it.
    Square,
    /// Routine traffic.
    Dot,
    /// A suspicion.
    Triangle,
    /// A failure, crash, loss or refusal.
    Cross,
    /// Another fault.
    Bar,
    /// Several events too close to be drawn separately.
    Cluster,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EventMark {
    /// Centre, in px.
    pub x: f64,
    /// Centre, in px.
    pub y: f64,
    pub shape: Shape,
    pub paint: Paint,
    /// Whether only the outline is drawn.
    pub hollow: bool,
    /// Whether it is after the cursor.
    pub ahead: bool,
    /// Number of events that it represents.
    pub count: u32,
    /// Index in the trace of the first of them; `u32::MAX` for faults, losses and the like.
    pub seq: u32,
}

/// How an arrow is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stroke {
    Plain,
    /// Routine traffic.
    Dotted,
    /// Part of the causal past or future.
    Strong,
    /// Part of the causal chain.
    Chain,
}

/// The line of a message's arrow, or a part of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shaft {
    /// Start, in px.
    pub from: (f64, f64),
    /// End, in px.
    pub to: (f64, f64),
    pub paint: Paint,
    /// Width and pattern.
    pub stroke: Stroke,
    /// Whether it ends at the receipt and has an arrow head.
    pub head: bool,
    /// Whether it is after the cursor.
    pub ahead: bool,
    /// Index of the send in the trace.
    pub seq: u32,
}

/// How a part of a process line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineStyle {
    /// The process is running.
    Alive,
    /// Cut off from other processes.
    Dashed,
    /// Crashed or hung.
    Dotted,
    /// In the causal past or future.
    Lit,
}

/// A part of a process line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LineSegment {
    /// Left end, in px.
    pub from_x: f64,
    /// Right end, in px.
    pub to_x: f64,
    /// In px.
    pub y: f64,
    pub paint: Paint,
    pub style: LineStyle,
    /// Whether it is after the cursor.
    pub ahead: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BandLayer {
    /// Behind everything: a system level.
    Everywhere,
    /// Along a process line: recovery's view, or the level that the process works under.
    Along,
}

/// A coloured time interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Left edge, in px.
    pub from_x: f64,
    /// Right edge, in px.
    pub to_x: f64,
    /// Top edge, in px.
    pub from_y: f64,
    /// Bottom edge, in px.
    pub to_y: f64,
    pub paint: Paint,
    pub layer: BandLayer,
}

/// Consecutive events without marks: heartbeats, acknowledgements, events that the filter excludes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnmarkedRun {
    /// Left end, in px.
    pub from_x: f64,
    /// Right end, in px.
    pub to_x: f64,
    /// In px.
    pub y: f64,
    /// Number of events.
    pub count: u32,
    /// Whether it is after the cursor.
    pub ahead: bool,
    /// Index in the trace of the first of them.
    pub seq: u32,
}

/// A fold of the time axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FoldMark {
    /// Left edge, in px.
    pub from_x: f64,
    /// Right edge, in px.
    pub to_x: f64,
    /// Its duration in ns.
    pub length_ns: u64,
}

impl FoldMark {
    /// The left end of the fold's label, in px; `None` if there is no space for it.
    pub fn label_x(&self) -> Option<f64> {
        let middle = (self.from_x + self.to_x) / 2.0;
        (self.to_x - self.from_x >= LABEL_PX).then_some(middle - LABEL_PX / 2.0 - 3.0)
    }
}

/// A moment written on the axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// In px.
    pub x: f64,
    pub text: String,
}

/// A label beside a mark.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Left end, in px.
    pub x: f64,
    /// Baseline, in px.
    pub y: f64,
    pub text: String,
    pub paint: Paint,
    /// Whether it is after the cursor.
    pub ahead: bool,
}

impl Picture {
    /// Removes everything after the cursor.
    pub(super) fn hide_ahead(&mut self) {
        let now_x = self.now_x;
        self.folds.retain(|fold| fold.from_x < now_x);
        for fold in &mut self.folds {
            fold.to_x = fold.to_x.min(now_x);
        }
        self.ticks.retain(|tick| tick.x <= now_x);
        self.segments.retain(|segment| !segment.ahead);
        self.shafts.retain(|shaft| !shaft.ahead);
        for shaft in self.shafts.iter_mut().filter(|shaft| !shaft.head) {
            shaft.end_before(now_x);
        }
        self.runs.retain(|run| !run.ahead);
        for run in &mut self.runs {
            run.to_x = run.to_x.min(now_x.max(run.from_x));
        }
        for marks in [&mut self.marks, &mut self.selected] {
            marks.retain(|mark| !mark.ahead);
        }
        self.labels.retain(|label| !label.ahead);
    }
}

impl Shaft {
    /// Cuts the arrow of a message without a visible receipt off at the cursor.
    fn end_before(&mut self, x: f64) {
        let part = (x - self.from.0) / (self.to.0 - self.from.0).max(1e-9);
        if part < 1.0 {
            self.to.1 = self.from.1 + (self.to.1 - self.from.1) * part.max(0.0);
            self.to.0 = x.max(self.from.0);
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// Drawn behind everything else.
    pub bands: Vec<Band>,
    pub folds: Vec<FoldMark>,
    pub segments: Vec<LineSegment>,
    pub shafts: Vec<Shaft>,
    pub runs: Vec<UnmarkedRun>,
    pub marks: Vec<EventMark>,
    /// The selected events and the causal chain, drawn on top.
    pub selected: Vec<EventMark>,
    pub labels: Vec<Label>,
    /// The labels of the axis.
    pub ticks: Vec<Tick>,
    /// The cursor, in px.
    pub now_x: f64,
    /// The cursor's time in words.
    pub now: String,
    /// The points of the cut, from top to bottom.
    pub cut: Vec<(f64, f64)>,
    pub cut_consistent: bool,
    /// Send and receipt of the messages that violate the cut.
    pub cut_broken: Vec<((f64, f64), (f64, f64))>,
}
