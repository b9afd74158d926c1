//! Draws a picture on a canvas: everything of one style in one stroke, or one fill.

use web_sys::CanvasRenderingContext2d;

use super::palette::Palette;
use crate::page::words;
use crate::view::diagram::TOP_PX;
use crate::view::diagram::picture::{
    BandLayer, EventMark, Label, LineStyle, Paint, Picture, Shaft, Shape, Stroke, UnmarkedRun,
};

/// Room for the axis below the lines, in px.
pub const AXIS_PX: f64 = 18.0;
/// How visible is what has not happened yet.
const AHEAD_ALPHA: f64 = 0.38;
/// Half the size of a mark, in px.
const MARK_PX: f64 = 4.0;
/// A narrower fold is not shaded, in px.
const SHADE_PX: f64 = 14.0;
/// What the moment of the cursor takes, in px.
const NOW_PX: f64 = 58.0;
/// The handle of a cut, its radius.
const HANDLE_PX: f64 = 4.0;
/// Shorter arrows have no head, in px.
const HEAD_FROM_PX: f64 = 14.0;
/// More arrows than this have no heads and no dots, more marks no rim: nobody could tell them apart.
const DENSE: usize = 500;
/// All the way round, in radians.
const ROUND: f64 = std::f64::consts::TAU;

/// A canvas, its colours and its size.
pub struct Brush<'a> {
    /// Where to draw.
    pub context: &'a CanvasRenderingContext2d,
    /// With which colours.
    pub palette: &'a Palette,
    /// Width in CSS pixels.
    pub width_px: f64,
    /// Height in CSS pixels.
    pub height_px: f64,
    /// Pixels of the device for each of them.
    pub ratio: f64,
}

impl Brush<'_> {
    /// Draws everything.
    pub fn paint(&self, picture: &Picture) {
        let context = self.context;
        let ratio = self.ratio;
        let _ = context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0);
        self.fill_style(&self.palette.panel);
        context.fill_rect(0.0, 0.0, self.width_px, self.height_px);
        self.folds(picture);
        context.save();
        context.begin_path();
        context.rect(0.0, 0.0, self.width_px, self.height_px - AXIS_PX);
        context.clip();
        let _ = context.translate(0.0, TOP_PX);
        self.bands(picture);
        self.segments(picture);
        self.shafts(picture);
        self.runs(&picture.runs);
        self.marks(picture);
        self.cut(picture);
        self.labels(&picture.labels);
        context.restore();
        self.axis(picture);
        self.cursor(picture);
    }

    fn fill_style(&self, css: &str) {
        self.context.set_fill_style_str(css);
    }

    fn stroke_style(&self, css: &str, width_px: f64) {
        self.context.set_stroke_style_str(css);
        self.context.set_line_width(width_px);
    }

    fn alpha(&self, alpha: f64) {
        self.context.set_global_alpha(alpha);
    }

    fn dash(&self, on_px: f64, off_px: f64) {
        let pattern = js_sys::Array::new();
        if on_px > 0.0 {
            pattern.push(&on_px.into());
            pattern.push(&off_px.into());
        }
        let _ = self.context.set_line_dash(&pattern);
    }

    fn line(&self, from: (f64, f64), to: (f64, f64)) {
        self.context.move_to(from.0, from.1);
        self.context.line_to(to.0, to.1);
    }

    fn text(&self, text: &str, x: f64, y: f64) {
        let _ = self.context.fill_text(text, x, y);
    }

    /// Folded time is sunken.
    fn folds(&self, picture: &Picture) {
        let bottom = self.height_px - AXIS_PX;
        self.fill_style(&self.palette.sunken);
        for fold in &picture.folds {
            let width = fold.to_x - fold.from_x - 8.0;
            if width >= SHADE_PX {
                self.context
                    .fill_rect(fold.from_x + 4.0, 0.0, width, bottom);
            }
        }
    }

    fn bands(&self, picture: &Picture) {
        for band in &picture.bands {
            self.fill_style(self.palette.of(band.paint));
            let (from, width) = (band.from_x, band.to_x - band.from_x);
            let (alpha, top, height) = match band.layer {
                BandLayer::Everywhere => (0.07, -TOP_PX, self.height_px),
                BandLayer::Along => (0.2, band.from_y, band.to_y - band.from_y),
            };
            self.alpha(alpha);
            self.context.fill_rect(from, top, width, height);
            if band.layer == BandLayer::Everywhere {
                self.alpha(1.0);
                self.context.fill_rect(from, -TOP_PX, width, 3.0);
            }
        }
        self.alpha(1.0);
    }

    fn segments(&self, picture: &Picture) {
        let segments = &picture.segments;
        let lit = segments
            .iter()
            .any(|segment| segment.style == LineStyle::Lit);
        for segment in segments {
            let (width, alpha) = match segment.style {
                LineStyle::Lit => (2.5, 1.0),
                // Beside what is lit the lines step back.
                _ => (1.5, if lit { 0.35 } else { 0.8 }),
            };
            match segment.style {
                LineStyle::Dashed => self.dash(7.0, 4.0),
                LineStyle::Dotted => self.dash(1.5, 4.0),
                LineStyle::Alive | LineStyle::Lit => self.dash(0.0, 0.0),
            }
            self.alpha(alpha * self.ahead(segment.ahead));
            self.stroke_style(self.palette.of(segment.paint), width);
            self.context.begin_path();
            self.line((segment.from_x, segment.y), (segment.to_x, segment.y));
            self.context.stroke();
        }
        self.dash(0.0, 0.0);
        self.alpha(1.0);
    }

    fn ahead(&self, ahead: bool) -> f64 {
        if ahead { AHEAD_ALPHA } else { 1.0 }
    }

    /// Arrows, style by style; the proof is last and lies on top.
    fn shafts(&self, picture: &Picture) {
        let dense = picture.shafts.len() > DENSE;
        for stroke in [Stroke::Dotted, Stroke::Plain, Stroke::Strong, Stroke::Chain] {
            for paint in (0..Paint::COUNT as u8).map(Paint).rev() {
                for ahead in [true, false] {
                    let like = |shaft: &&Shaft| {
                        shaft.stroke == stroke && shaft.paint == paint && shaft.ahead == ahead
                    };
                    if picture.shafts.iter().any(|shaft| like(&shaft)) {
                        self.shafts_like(picture.shafts.iter().filter(like), dense);
                    }
                }
            }
        }
        self.dash(0.0, 0.0);
        self.alpha(1.0);
    }

    fn shafts_like<'a>(&self, shafts: impl Iterator<Item = &'a Shaft>, dense: bool) {
        let mut style = None;
        self.context.begin_path();
        for shaft in shafts {
            style = Some(*shaft);
            self.line(shaft.from, shaft.to);
            if shaft.head && !dense {
                self.head(shaft);
            }
        }
        let Some(style) = style else { return };
        let (width, alpha) = match style.stroke {
            Stroke::Dotted => (1.0, 0.7),
            Stroke::Plain => (1.2, 0.8),
            Stroke::Strong => (1.6, 1.0),
            Stroke::Chain => (4.0, 1.0),
        };
        if style.stroke == Stroke::Dotted && !dense {
            self.dash(2.0, 3.0);
        } else {
            self.dash(0.0, 0.0);
        }
        self.alpha(alpha * self.ahead(style.ahead));
        if style.stroke == Stroke::Chain {
            self.stroke_style(&self.palette.ink, 6.0);
            self.context.stroke();
        }
        self.stroke_style(self.palette.of(style.paint), width);
        self.context.stroke();
    }

    /// Two short strokes just before the mark that the arrow ends at.
    fn head(&self, shaft: &Shaft) {
        let (dx, dy) = (shaft.to.0 - shaft.from.0, shaft.to.1 - shaft.from.1);
        let length = (dx * dx + dy * dy).sqrt();
        if length < HEAD_FROM_PX {
            return;
        }
        let (ux, uy) = (dx / length, dy / length);
        let tip = (shaft.to.0 - ux * MARK_PX, shaft.to.1 - uy * MARK_PX);
        let back = (tip.0 - ux * 5.0, tip.1 - uy * 5.0);
        self.line((back.0 - uy * 2.5, back.1 + ux * 2.5), tip);
        self.context.line_to(back.0 + uy * 2.5, back.1 - ux * 2.5);
    }

    fn runs(&self, runs: &[UnmarkedRun]) {
        self.fill_style(&self.palette.dim);
        for ahead in [true, false] {
            self.alpha(0.75 * self.ahead(ahead));
            for run in runs.iter().filter(|run| run.ahead == ahead) {
                let width = run.to_x - run.from_x + 2.0;
                self.context
                    .fill_rect(run.from_x - 1.0, run.y - 2.0, width, 4.0);
            }
        }
        self.alpha(1.0);
    }

    /// Marks, style by style, then the chosen ones.
    fn marks(&self, picture: &Picture) {
        let dense = picture.marks.len() > DENSE;
        for paint in (0..Paint::COUNT as u8).map(Paint).rev() {
            for ahead in [true, false] {
                for hollow in [true, false] {
                    let like = |mark: &&EventMark| {
                        mark.paint == paint && mark.ahead == ahead && mark.hollow == hollow
                    };
                    if picture.marks.iter().any(|mark| like(&mark)) {
                        self.marks_like(picture.marks.iter().filter(like), dense);
                    }
                }
            }
        }
        self.alpha(1.0);
        for mark in &picture.selected {
            self.selected(mark);
        }
    }

    fn marks_like<'a>(&self, marks: impl Iterator<Item = &'a EventMark>, dense: bool) {
        let mut style = None;
        self.context.begin_path();
        for mark in marks {
            style = Some(*mark);
            self.shape(mark, MARK_PX);
        }
        let Some(style) = style else { return };
        let colour = self.palette.of(style.paint);
        self.alpha(self.ahead(style.ahead));
        // A rim in the colour of the ground keeps neighbours and arrows apart.
        if !dense {
            self.stroke_style(&self.palette.panel, 3.0);
            self.context.stroke();
        }
        if style.hollow {
            self.fill_style(&self.palette.panel);
            self.context.fill();
            self.stroke_style(colour, 1.4);
            self.context.stroke();
        } else {
            self.fill_style(colour);
            self.context.fill();
        }
    }

    /// A chosen event is yellow with a dark rim; the focus and the proof have the rim only.
    fn selected(&self, mark: &EventMark) {
        let size_px = MARK_PX + if mark.hollow { 2.5 } else { 2.0 };
        self.context.begin_path();
        self.shape(mark, size_px);
        if !mark.hollow {
            self.fill_style(self.palette.of(Paint::SELECTED));
            self.context.fill();
        }
        self.stroke_style(&self.palette.ink, 1.8);
        self.context.stroke();
    }

    fn shape(&self, mark: &EventMark, size: f64) {
        let (context, x, y) = (self.context, mark.x, mark.y);
        match mark.shape {
            Shape::Circle | Shape::Dot => {
                let size = if mark.shape == Shape::Dot {
                    size * 0.7
                } else {
                    size
                };
                context.move_to(x + size, y);
                let _ = context.arc(x, y, size, 0.0, ROUND);
            }
            Shape::Diamond => self.polygon(&[
                (x, y - size * 1.35),
                (x + size * 1.35, y),
                (x, y + size * 1.35),
                (x - size * 1.35, y),
            ]),
            Shape::Square => context.rect(x - size, y - size, 2.0 * size, 2.0 * size),
            Shape::Triangle => self.polygon(&[
                (x, y - size * 1.3),
                (x + size * 1.3, y + size),
                (x - size * 1.3, y + size),
            ]),
            Shape::Cross => {
                let (far, near) = (size * 1.25, size * 0.45);
                self.polygon(&[
                    (x - far, y - far + near),
                    (x - far + near, y - far),
                    (x, y - near),
                    (x + far - near, y - far),
                    (x + far, y - far + near),
                    (x + near, y),
                    (x + far, y + far - near),
                    (x + far - near, y + far),
                    (x, y + near),
                    (x - far + near, y + far),
                    (x - far, y + far - near),
                    (x - near, y),
                ]);
            }
            Shape::Bar => context.rect(x - 1.5, y - size * 1.6, 3.0, size * 3.2),
            Shape::Cluster => context.rect(x - 1.5, y - size, size, 2.0 * size),
        }
    }

    fn polygon(&self, corners: &[(f64, f64)]) {
        for (at, corner) in corners.iter().enumerate() {
            if at == 0 {
                self.context.move_to(corner.0, corner.1);
            } else {
                self.context.line_to(corner.0, corner.1);
            }
        }
        self.context.close_path();
    }

    fn labels(&self, labels: &[Label]) {
        self.context
            .set_font(&["10px ", &self.palette.face].concat());
        self.stroke_style(&self.palette.panel, 3.0);
        for label in labels {
            self.alpha(if label.ahead { 0.55 } else { 1.0 });
            let _ = self.context.stroke_text(&label.text, label.x, label.y);
            self.fill_style(self.palette.of(label.paint));
            self.text(&label.text, label.x, label.y);
        }
        self.alpha(1.0);
    }

    fn axis(&self, picture: &Picture) {
        let top = self.height_px - AXIS_PX;
        self.context
            .set_font(&["10px ", &self.palette.face].concat());
        self.fill_style(&self.palette.dim);
        self.stroke_style(&self.palette.line, 1.0);
        self.context.begin_path();
        self.line((0.0, top + 0.5), (self.width_px, top + 0.5));
        // What the present moment would lie on is left out.
        let now_x = self.now_x(picture) - 2.0;
        let write = |text: &str, x: f64| {
            let end_x = x + text.chars().count() as f64 * 6.0;
            if end_x < now_x || x > now_x + NOW_PX + 4.0 {
                self.text(text, x, top + 13.0);
            }
        };
        for tick in &picture.ticks {
            let x = tick.x.floor() + 0.5;
            self.line((x, top), (x, top + 5.0));
            write(&tick.text, x + 3.0);
        }
        self.context.stroke();
        for fold in &picture.folds {
            if let Some(x) = fold.label_x() {
                let text = ["≈", &words::span(fold.length_ns / 1000)].concat();
                write(&text, x);
            }
        }
    }

    /// Where the present moment is written; nowhere while it is out of sight.
    fn now_x(&self, picture: &Picture) -> f64 {
        if !(-1.0..=self.width_px + 1.0).contains(&picture.now_x) {
            return f64::MAX;
        }
        (picture.now_x.floor() + 0.5 - NOW_PX / 2.0).clamp(0.0, self.width_px - NOW_PX)
    }

    fn cursor(&self, picture: &Picture) {
        let x = picture.now_x.floor() + 0.5;
        if !(-1.0..=self.width_px + 1.0).contains(&x) {
            return;
        }
        self.stroke_style(&self.palette.ink, 1.0);
        self.dash(3.0, 3.0);
        self.context.begin_path();
        self.line((x, 0.0), (x, self.height_px - AXIS_PX));
        self.context.stroke();
        self.dash(0.0, 0.0);
        self.fill_style(&self.palette.ink);
        let left = self.now_x(picture);
        let top = self.height_px - AXIS_PX;
        self.context.fill_rect(left, top, NOW_PX, AXIS_PX);
        self.context
            .set_font(&["10px ", &self.palette.mono].concat());
        self.fill_style(&self.palette.panel);
        self.text(&picture.now, left + 3.0, top + 13.0);
    }

    /// The cut with a handle on each line, and the messages that break it.
    fn cut(&self, picture: &Picture) {
        if picture.cut.is_empty() {
            return;
        }
        let colour = if picture.cut_consistent {
            &self.palette.ink
        } else {
            self.palette.of(Paint::CRITICAL)
        };
        self.stroke_style(colour, 2.0);
        self.context.begin_path();
        for (from, to) in &picture.cut_broken {
            self.line(*from, *to);
        }
        self.context.stroke();
        self.dash(6.0, 3.0);
        self.context.begin_path();
        for (at, point) in picture.cut.iter().enumerate() {
            if at == 0 {
                self.context.move_to(point.0, point.1);
            } else {
                self.context.line_to(point.0, point.1);
            }
        }
        self.context.stroke();
        self.dash(0.0, 0.0);
        self.fill_style(&self.palette.panel);
        for (x, y) in &picture.cut {
            self.context.begin_path();
            let _ = self.context.arc(*x, *y, HANDLE_PX, 0.0, ROUND);
            self.context.fill();
            self.context.stroke();
        }
    }
}
