//! The open diagram: paints at most once a frame, and only after something has changed.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement};

use super::bracket::Bracket;
use super::gutter::Gutter;
use super::input::{self, Listener};
use super::painter::{AXIS_PX, Brush};
use super::palette::Palette;
use super::parts::{self, Shown};
use super::pointer::Hand;
use crate::analysis::causality::Cut;
use crate::app::Session;
use crate::app::set_if_changed;
use crate::language::tr;
use crate::playback::Player;
use crate::view::diagram::Diagram;
use crate::view::diagram::TOP_PX;
use crate::view::diagram::camera::{Camera, Timeline};
use crate::view::diagram::cutting;
use crate::view::diagram::hit::{self, Hit};
use crate::view::diagram::labels::event_label;
use crate::view::diagram::picture::Picture;
use crate::view::diagram::walk::Step;
use crate::view::format::decimal;
use crate::view::inspect::Inspectable;

/// What a press may miss the cut by, in px.
const CUT_REACH_PX: f64 = 9.0;
/// How far the story is recorded ahead when an event is chosen, in events.
const RECORD_AHEAD_EVENTS: u32 = 200_000;

/// The elements, and what is known between two frames.
#[derive(Default)]
pub struct State {
    root: Option<Element>,
    canvas: Option<HtmlCanvasElement>,
    context: Option<CanvasRenderingContext2d>,
    listener: Option<Listener>,
    gutter: Gutter,
    bracket: Bracket,
    palette: Palette,
    picture: Picture,
    pending: bool,
    /// The chosen event that was brought into sight.
    revealed: Option<u32>,
    /// What the parts beside the canvas say.
    shown: Shown,
    /// What is pressed.
    pub hand: Hand,
    /// Whether the cursor is kept in sight.
    pub follow: bool,
    /// Whether the next choice is the second one.
    pub compare: bool,
    /// What is said beside the pointer, and where in px from the left and from the top of the canvas.
    pub tip: (String, f64, f64),
    /// The line that is dragged by its name.
    pub dragged: Option<u16>,
}

/// A handle on the open diagram; copies are the same board.
#[derive(Clone, Copy)]
pub struct Board {
    /// The run.
    pub session: Session,
    state: StoredValue<State, LocalStorage>,
}

impl Board {
    /// A board with what was chosen when the tab was open before.
    pub fn new(session: Session) -> Board {
        let state = State {
            follow: true,
            ..State::default()
        };
        let state = StoredValue::new_local(state);
        Board { session, state }
    }

    /// The elements are in the document.
    pub fn attach(self, root: &Element) {
        let canvas: Option<HtmlCanvasElement> =
            parts::find(root, "diagram-canvas").and_then(|canvas| canvas.dyn_into().ok());
        let context = canvas
            .as_ref()
            .and_then(|canvas| canvas.get_context("2d").ok().flatten());
        let gutter = parts::find(root, "diagram-names");
        self.update(|state| {
            state.context = context.and_then(|context| context.dyn_into().ok());
            state.canvas = canvas;
            state.gutter.attach(gutter);
            state.root = Some(root.clone());
            state.listener = Some(input::listen(self, root));
        });
        self.request();
    }

    /// Changes what is known between two frames. The tab may be closed by now: then nothing happens.
    pub fn update(self, change: impl FnOnce(&mut State)) {
        let _ = self.state.try_update_value(change);
    }

    /// Reads what is known between two frames.
    pub fn read<T: Default>(self, read: impl FnOnce(&State) -> T) -> T {
        self.state.try_with_value(read).unwrap_or_default()
    }

    /// Asks for a new picture with the next frame.
    pub fn request(self) {
        let mut asked = true;
        self.update(|state| asked = std::mem::replace(&mut state.pending, true));
        if !asked {
            request_animation_frame(move || self.frame());
        }
    }

    /// The colours have changed. At once: a page that is printed gets no further frame.
    pub fn recolour(self) {
        self.update(|state| state.palette = Palette::read());
        self.frame();
    }

    /// Changes the diagram and shows the result.
    pub fn change(self, change: &mut dyn FnMut(&Player, &mut Diagram)) {
        self.with(change);
        self.request();
    }

    fn with(self, change: &mut dyn FnMut(&Player, &mut Diagram)) {
        self.session.read(|player| {
            let diagram = self.session.diagram;
            diagram.update_value(|diagram| change(player, diagram));
        });
    }

    /// Moves the camera by hand: the cursor is not followed any more.
    pub fn move_camera(self, change: &mut dyn FnMut(&mut Camera, Timeline)) {
        self.update(|state| state.follow = false);
        self.change(&mut |_, diagram| diagram.move_camera(change));
    }

    fn frame(self) {
        let canvas = self.read(|state| state.canvas.clone());
        self.update(|state| state.pending = false);
        let Some(canvas) = canvas else { return };
        let size = (
            f64::from(canvas.client_width()),
            f64::from(canvas.client_height()),
        );
        if size.0 < 1.0 || size.1 < 1.0 {
            return;
        }
        self.reveal_chosen();
        let ui = self.session.ui;
        let chosen = (ui.event.get_untracked(), ui.second.get_untracked());
        let cut = ui.cut.get_untracked();
        let query = ui.query.get_untracked();
        let follow = self.read(|state| state.follow);
        let hides_ahead = ui.lessons.predicting.get_untracked();
        self.with(&mut |player, diagram| {
            diagram.filter_options.query.clone_from(&query);
            diagram.hides_ahead = hides_ahead;
            // First: what is drawn depends on the proof.
            diagram.select(player, chosen.0, chosen.1);
            diagram.follow(player);
            diagram.rows.touched = crate::page::parts::coarse();
            diagram.rows.arrange(size.1 - AXIS_PX - TOP_PX);
            diagram.camera.width_px = size.0;
            if follow {
                let now_ns = player.now_us() * 1e3;
                diagram.move_camera(&mut |camera, timeline| camera.follow(timeline, now_ns));
            }
            diagram.judge_cut(player, cut.as_deref());
            let picture = diagram.picture(player, cut.as_deref());
            self.update(|state| state.show(self, player, diagram, picture, size));
        });
    }

    /// What is chosen elsewhere comes into sight, and what it leads to is known as far as the story goes.
    fn reveal_chosen(self) {
        let event = self.session.ui.event.get_untracked();
        let mut before = None;
        self.update(|state| before = std::mem::replace(&mut state.revealed, event));
        if let Some(seq) = event.filter(|_| event != before) {
            self.session
                .update(|player| player.record_ahead(RECORD_AHEAD_EVENTS));
            self.change(&mut |player, diagram| {
                diagram.follow(player);
                diagram.highlight.focused = Some(seq);
            });
            self.reveal(seq);
        }
    }

    /// What is at a place of the canvas, in px: a place in the trace, and how many events are there.
    fn hit(self, (x, y): (f64, f64), reach_px: f64) -> Option<(u32, u32)> {
        self.read(
            |state| match hit::at(&state.picture, x, y - TOP_PX, reach_px)? {
                Hit::EventMark(mark) => Some((mark.seq, mark.count)),
                Hit::UnmarkedRun(run) => Some((run.seq, run.count)),
            },
        )
    }

    /// Says what is at a place of the canvas.
    pub fn point(self, at: (f64, f64), reach_px: f64) {
        let words = match self.hit(at, reach_px) {
            Some((seq, 0 | 1)) => self.event_label(seq),
            Some((seq, count)) => {
                let event = self.event_label(seq);
                tr!(
                    "{n} event, the first is {event}" | "{n} events, the first is {event}" % count,
                    event
                )
            }
            None => String::new(),
        };
        let mut changed = false;
        self.update(|state| {
            changed = !(words.is_empty() && state.tip.0.is_empty());
            state.tip = (words, at.0, at.1);
        });
        if changed {
            self.request();
        }
    }

    /// Chooses what is at a place of the canvas.
    pub fn click(self, at: (f64, f64), reach_px: f64, second: bool) {
        if let Some((seq, _)) = self.hit(at, reach_px) {
            self.choose(seq, second);
        }
    }

    /// Lays a cut through the run at the cursor, or takes it away.
    pub fn toggle_cut(self) {
        let signal = self.session.ui.cut;
        let cut = signal.with_untracked(Option::is_none).then(|| {
            let at_cursor = |player: &Player| Cut::before(player.lanes(), player.count());
            self.session.read(at_cursor).included().to_vec()
        });
        set_if_changed(signal, cut);
    }

    /// Whether a place of the canvas is on the cut.
    pub fn is_on_cut(self, (x, y): (f64, f64)) -> bool {
        self.read(|state| cutting::is_on_cut(&state.picture, (x, y - TOP_PX), CUT_REACH_PX))
    }

    /// Draws the cut from one place of the canvas to another.
    pub fn cut_along(self, from: (f64, f64), to: (f64, f64)) {
        let signal = self.session.ui.cut;
        let Some(cut) = signal.get_untracked() else {
            return;
        };
        let below = |(x, y): (f64, f64)| (x, y - TOP_PX);
        let mut drawn = None;
        self.with(&mut |player, diagram| {
            drawn = Some(diagram.cut_along(player, &cut, below(from), below(to)));
        });
        set_if_changed(signal, drawn);
    }

    /// Moves the cursor just behind what is at a place of the canvas.
    pub fn seek(self, at: (f64, f64), reach_px: f64) {
        if let Some((seq, _)) = self.hit(at, reach_px) {
            let event = |player: &Player| player.trace().get(seq).map(|event| event.t_ns);
            let t_ns = self.session.read(event);
            self.session
                .seek_event(seq, t_ns.unwrap_or_default() / 1000);
        }
    }

    /// Chooses an event, or the one to compare it with.
    pub fn choose(self, seq: u32, second: bool) {
        let ui = self.session.ui;
        let second = second || self.read(|state| state.compare);
        if second && ui.event.get_untracked().is_some() {
            set_if_changed(ui.second, Some(seq));
        } else {
            set_if_changed(ui.second, None);
            self.session.look(Inspectable::Event(seq));
        }
        self.change(&mut |_, diagram| diagram.highlight.focused = Some(seq));
    }

    /// Chooses less: first no second event, then no event.
    pub fn let_go(self) {
        let ui = self.session.ui;
        if ui.second.get_untracked().is_some() {
            set_if_changed(ui.second, None);
        } else {
            set_if_changed(ui.event, None);
        }
    }

    /// A key leads to another event.
    pub fn walk(self, step: Step) {
        let mut found = None;
        self.change(&mut |player, diagram| {
            found = diagram.walk(player, step);
            diagram.highlight.focused = found.or(diagram.highlight.focused);
        });
        if let Some(seq) = found {
            self.reveal(seq);
        }
    }

    /// The event that keys act on.
    pub fn focused(self) -> Option<u32> {
        let diagram = self.session.diagram;
        diagram.with_value(|diagram| diagram.highlight.focused)
    }

    /// Brings an event into sight.
    fn reveal(self, seq: u32) {
        let mut moved = false;
        self.change(&mut |player, diagram| {
            let before = diagram.camera.left_ns;
            let event = player.trace().get(seq);
            let t_ns = event.map_or(0, |event| event.t_ns);
            diagram.move_camera(&mut |camera, timeline| camera.reveal(timeline, t_ns as f64));
            moved = diagram.camera.left_ns != before;
            if let Some(process) = event.and_then(|event| event.process()) {
                diagram.rows.reveal(process.0);
            }
        });
        if moved {
            self.update(|state| state.follow = false);
        }
    }

    /// An event in words.
    fn event_label(self, seq: u32) -> String {
        self.session.read(|player| event_label(player, seq))
    }
}

impl State {
    fn show(
        &mut self,
        board: Board,
        player: &Player,
        diagram: &Diagram,
        picture: Picture,
        size: (f64, f64),
    ) {
        self.paint(&picture, size);
        self.picture = picture;
        self.gutter.show(board.session, player, &diagram.rows);
        let shown = Shown::of(board, self, player, diagram);
        if shown != self.shown
            && let Some(root) = &self.root
        {
            shown.write(root, player, &self.shown);
            self.shown = shown;
            // What is said may have taken or left room.
            request_animation_frame(move || board.request());
        }
        let (from_ns, to_ns) = diagram.window_ns();
        for (name, ns) in [("data-from-ms", from_ns), ("data-to-ms", to_ns)] {
            if let Some(canvas) = &self.canvas {
                let _ = canvas.set_attribute(name, &decimal(ns / 1e6));
            }
        }
        if let Some(canvas) = &self.canvas {
            let point = |(x, y): &(f64, f64)| [&decimal(*x), ",", &decimal(y + TOP_PX)].concat();
            let points: Vec<String> = self.picture.cut.iter().map(point).collect();
            let _ = canvas.set_attribute("data-cut", &points.join(" "));
        }
        self.bracket
            .show(from_ns / 1e3, to_ns / 1e3, player.end_us());
    }

    fn paint(&mut self, picture: &Picture, (width, height): (f64, f64)) {
        let (Some(context), Some(canvas)) = (&self.context, &self.canvas) else {
            return;
        };
        let ratio = window().device_pixel_ratio();
        let (wide, high) = ((width * ratio) as u32, (height * ratio) as u32);
        if canvas.width() != wide || canvas.height() != high {
            canvas.set_width(wide);
            canvas.set_height(high);
        }
        let brush = Brush {
            context,
            palette: &self.palette,
            width_px: width,
            height_px: height,
            ratio,
        };
        brush.paint(picture);
    }
}
