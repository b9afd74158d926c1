//! A picture as flat lists in px: what a painter needs and nothing else, ready to be drawn style by style.

/// What the length of a fold takes when it is written, in px.
const LABEL_PX: f64 = 42.0;

/// A colour by its meaning; the painter knows what it looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Paint(pub u8);

impl Paint {
    /// What a normal job moves by.
    pub const NORMAL: Paint = Paint(8);
    /// Level LOW.
    pub const LOW: Paint = Paint(9);
    /// Level MEDIUM, and suspicion.
    pub const MEDIUM: Paint = Paint(10);
    /// Level HIGH.
    pub const HIGH: Paint = Paint(11);
    /// Level CRITICAL, failure and loss.
    pub const CRITICAL: Paint = Paint(12);
    /// Health.
    pub const GOOD: Paint = Paint(13);
    /// What only keeps the system informed.
    pub const DIM: Paint = Paint(14);
    /// The chosen event.
    pub const CHOSEN: Paint = Paint(15);
    /// Its causal past.
    pub const PAST: Paint = Paint(16);
    /// Its causal future.
    pub const FUTURE: Paint = Paint(17);
    /// Concurrent with it.
    pub const CONCURRENT: Paint = Paint(18);
    /// How many there are.
    pub const COUNT: usize = 19;

    /// The hue of a process.
    pub fn hue(process: u16) -> Paint {
        Paint((process % 8) as u8)
    }
}

/// The form of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// An event.
    Circle,
    /// Of an emergency job.
    Diamond,
    /// A level: declared, changed, cleared, or taken over by an executor.
    Square,
    /// A heartbeat, a reply, an acknowledgement.
    Dot,
    /// Suspected.
    Triangle,
    /// Failed, crashed, lost.
    Cross,
    /// Another fault.
    Bar,
    /// Several events with no room between them.
    Cluster,
}

/// An event, or some with no room between them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EventMark {
    /// Middle, in px.
    pub x: f64,
    /// Middle, in px.
    pub y: f64,
    /// Form.
    pub shape: Shape,
    /// Colour.
    pub paint: Paint,
    /// Not filled.
    pub hollow: bool,
    /// Beyond the cursor.
    pub ahead: bool,
    /// How many events it stands for.
    pub count: u32,
    /// Place of the first of them in the trace; `u32::MAX` for what is no event of a process.
    pub seq: u32,
}

/// How an arrow is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stroke {
    /// A message that matters.
    Plain,
    /// A heartbeat, a reply, an acknowledgement.
    Dotted,
    /// Part of the causal past or future.
    Strong,
    /// Part of the proof.
    Chain,
}

/// A message, from its send towards its receipt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shaft {
    /// Begin, in px.
    pub from: (f64, f64),
    /// End, in px.
    pub to: (f64, f64),
    /// Colour.
    pub paint: Paint,
    /// Importance and pattern.
    pub stroke: Stroke,
    /// It ends here, at its receipt.
    pub head: bool,
    /// Beyond the cursor.
    pub ahead: bool,
    /// Place of the send in the trace.
    pub seq: u32,
}

/// How a stretch of a process line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineStyle {
    /// It runs.
    Alive,
    /// Cut off.
    Dashed,
    /// Crashed or hung.
    Dotted,
    /// Within the causal past or future.
    Lit,
}

/// A stretch of a process line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LineSegment {
    /// Left end, in px.
    pub from_x: f64,
    /// Right end, in px.
    pub to_x: f64,
    /// Height, in px.
    pub y: f64,
    /// Colour.
    pub paint: Paint,
    /// Pattern.
    pub style: LineStyle,
    /// Beyond the cursor.
    pub ahead: bool,
}

/// Where a band lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BandLayer {
    /// Behind everything: a system level.
    Everywhere,
    /// Along a process line: what recovery believes, or the level it works under.
    Along,
}

/// A coloured stretch of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Left end, in px.
    pub from_x: f64,
    /// Right end, in px.
    pub to_x: f64,
    /// Upper end, in px.
    pub from_y: f64,
    /// Lower end, in px.
    pub to_y: f64,
    /// Colour.
    pub paint: Paint,
    /// Where.
    pub layer: BandLayer,
}

/// Events without a mark of their own: heartbeats, acknowledgements, what a filter leaves out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnmarkedRun {
    /// Left end, in px.
    pub from_x: f64,
    /// Right end, in px.
    pub to_x: f64,
    /// Height, in px.
    pub y: f64,
    /// How many.
    pub count: u32,
    /// Beyond the cursor.
    pub ahead: bool,
    /// Place of the first of them in the trace.
    pub seq: u32,
}

/// A folded time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FoldMark {
    /// Left end, in px.
    pub from_x: f64,
    /// Right end, in px.
    pub to_x: f64,
    /// How long it is, in ns.
    pub length_ns: u64,
}

impl FoldMark {
    /// Where its length is written, in px from the left, when there is room for it.
    pub fn label_x(&self) -> Option<f64> {
        let middle = (self.from_x + self.to_x) / 2.0;
        (self.to_x - self.from_x >= LABEL_PX).then_some(middle - LABEL_PX / 2.0 - 3.0)
    }
}

/// A moment written on the axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where, in px.
    pub x: f64,
    /// When, in words.
    pub text: String,
}

/// A few words beside a mark.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Left end, in px.
    pub x: f64,
    /// Baseline, in px.
    pub y: f64,
    /// What they say.
    pub text: String,
    /// Colour.
    pub paint: Paint,
    /// Beyond the cursor.
    pub ahead: bool,
}

impl Picture {
    /// Takes away what lies beyond the cursor.
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
        for marks in [&mut self.marks, &mut self.chosen] {
            marks.retain(|mark| !mark.ahead);
        }
        self.labels.retain(|label| !label.ahead);
    }
}

impl Shaft {
    /// A message without its receipt ends at the cursor at the latest.
    fn end_before(&mut self, x: f64) {
        let part = (x - self.from.0) / (self.to.0 - self.from.0).max(1e-9);
        if part < 1.0 {
            self.to.1 = self.from.1 + (self.to.1 - self.from.1) * part.max(0.0);
            self.to.0 = x.max(self.from.0);
        }
    }
}

/// Everything visible.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// Behind everything.
    pub bands: Vec<Band>,
    /// Folded times.
    pub folds: Vec<FoldMark>,
    /// Process lines.
    pub segments: Vec<LineSegment>,
    /// Messages.
    pub shafts: Vec<Shaft>,
    /// Events without a mark of their own.
    pub runs: Vec<UnmarkedRun>,
    /// Events.
    pub marks: Vec<EventMark>,
    /// The chosen events and the proof, over everything.
    pub chosen: Vec<EventMark>,
    /// Words.
    pub labels: Vec<Label>,
    /// The axis.
    pub ticks: Vec<Tick>,
    /// The cursor, in px.
    pub now_x: f64,
    /// Its moment, in words.
    pub now: String,
    /// A cut through the run: where it crosses each line, from the top.
    pub cut: Vec<(f64, f64)>,
    /// Whether the cut is consistent.
    pub cut_consistent: bool,
    /// Send and receipt of messages that break it.
    pub cut_broken: Vec<((f64, f64), (f64, f64))>,
}
