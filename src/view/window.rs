//! Virtual scrolling: which part of a long list is visible. Only that part is drawn.

/// Maximum height of a scrolled element, in px: browsers draw nothing beyond about ten million.
const SPACE_PX_MAX: f64 = 8e6;

/// A list of many rows in a scrolling viewport.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scroll {
    /// Number of rows.
    pub count: usize,
    /// Height of a row, in px.
    pub row_px: f64,
    /// Height of the viewport, in px.
    pub view_px: f64,
}

/// The visible rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    pub first: usize,
    /// How much of the first row is above the viewport, in px.
    pub hidden_px: f64,
    /// Number of rows that are at least partly visible.
    pub shown: usize,
}

impl Scroll {
    fn rows_px(self) -> f64 {
        self.count as f64 * self.row_px
    }

    /// Height of the scrolled element, in px.
    pub fn space_px(self) -> f64 {
        self.rows_px().min(SPACE_PX_MAX)
    }

    /// How many px of rows correspond to one px of scrolling.
    fn scale(self) -> f64 {
        let hidden_px = self.rows_px() - self.view_px;
        let scrolled_px = self.space_px() - self.view_px;
        if scrolled_px > 0.0 {
            hidden_px / scrolled_px
        } else {
            1.0
        }
    }

    /// The visible rows when the element is scrolled to `scroll_px`.
    pub fn window(self, scroll_px: f64) -> Window {
        let most_px = (self.rows_px() - self.view_px).max(0.0);
        let top_px = (scroll_px * self.scale()).clamp(0.0, most_px);
        let first = (top_px / self.row_px) as usize;
        let hidden_px = top_px - first as f64 * self.row_px;
        let shown = ((self.view_px + hidden_px) / self.row_px).ceil() as usize;
        Window {
            first,
            hidden_px,
            shown: shown.min(self.count - first.min(self.count)),
        }
    }

    /// The visible rows when scrolling moves by whole rows.
    pub fn whole_rows(self, scroll_px: f64) -> std::ops::Range<usize> {
        let window = self.window(scroll_px);
        let first = window.first + usize::from(window.hidden_px > 1.0);
        let fit = (self.view_px / self.row_px).ceil() as usize;
        first.min(self.count)..(first + fit).min(self.count)
    }

    /// Whether a row is completely visible.
    pub fn shows(self, scroll_px: f64, row: usize) -> bool {
        (self.to_show(scroll_px, row) - scroll_px).abs() < 1.0
    }

    /// The scroll position nearest to `scroll_px`, in px, at which a row is visible.
    pub fn to_show(self, scroll_px: f64, row: usize) -> f64 {
        let top_px = row as f64 * self.row_px / self.scale();
        let bottom_px = ((row + 1) as f64 * self.row_px - self.view_px) / self.scale();
        scroll_px.min(top_px).max(bottom_px).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_a_million_can_be_reached_and_no_more_is_drawn_than_fits() {
        for count in [0, 1, 5, 250, 1_000_000] {
            let scroll = Scroll {
                count,
                row_px: 24.0,
                view_px: 130.0,
            };
            assert!(scroll.space_px() <= 10e6);
            let last = scroll.whole_rows(scroll.space_px());
            assert_eq!(last.end, count, "the last row stands at the end");
            assert!((last.len() as f64) * 24.0 <= 130.0 || count < 6);
            for row in [
                0,
                1,
                count / 3,
                count / 2,
                count.saturating_sub(2),
                count.saturating_sub(1),
            ] {
                if row >= count {
                    continue;
                }
                for from_px in [0.0, 70.0, scroll.space_px() / 2.0, scroll.space_px()] {
                    let to_px = scroll.to_show(from_px, row);
                    let window = scroll.window(to_px);
                    assert!(window.shown <= 7, "{window:?}");
                    let rows = window.first..window.first + window.shown;
                    assert!(rows.contains(&row), "{row} of {count} is not in {rows:?}");
                    assert!(scroll.shows(to_px, row));
                    assert!(window.hidden_px < 24.0);
                    assert!(window.first + window.shown <= count);
                }
            }
        }
    }

    #[test]
    fn visible_rows_do_not_move() {
        let scroll = Scroll {
            count: 100,
            row_px: 20.0,
            view_px: 100.0,
        };
        assert_eq!(scroll.to_show(400.0, 22), 400.0);
        assert_eq!(scroll.to_show(400.0, 19), 380.0);
        assert_eq!(scroll.to_show(400.0, 25), 420.0);
        assert_eq!(
            scroll.window(405.0),
            Window {
                first: 20,
                hidden_px: 5.0,
                shown: 6
            }
        );
    }
}
