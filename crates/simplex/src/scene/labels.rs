//! Labels that keep out of each other's way: each has a box, from an estimate of its width.
//!
//! What never moves (ticks, titles) is placed for good. What stands inside of a diagram has several
//! places, and is placed anew when the marks on it move.

use std::ops::Range;

use super::metrics::{ASCENT, DESCENT, width};
use super::{Anchor, Label};

/// How far a ring and its halo reach, in px.
pub const REACH: f64 = 11.0;
/// How far a dot reaches, in px.
const DOT: f64 = 5.0;
/// Space kept around a label, in px.
const AIR: f64 = 2.0;
/// What it costs to lie on a ring (too much) and on a guide or a dot, in px of distance from a better place.
const RING: f64 = 1e6;
const CROSSED: f64 = 1e4;

/// Left, upper, right and lower edge, in px.
pub type Rect = [f64; 4];

#[inline]
fn meet(a: Rect, b: Rect) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

fn around((x, y): (f64, f64), reach: f64) -> Rect {
    [x - reach, y - reach, x + reach, y + reach]
}

/// A label that gives way: its texts, the best first, with the places where they meet nothing.
#[derive(Clone, Debug, PartialEq)]
struct Wish {
    texts: Vec<(String, Vec<(f64, f64)>)>,
    near: (f64, f64),
    class: &'static str,
}

/// Lines that lead to a ring from the edges of a diagram.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Guides {
    /// How many of the marks are rings.
    pub rings: usize,
    /// From the left.
    pub left: bool,
    /// From below.
    pub below: bool,
}

/// The labels of a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Labels {
    /// Size of the text, in px.
    pub size: f64,
    picture: Rect,
    taken: Vec<Rect>,
    wishes: Vec<Wish>,
    /// Lines that lead to the rings.
    pub guides: Guides,
}

impl Labels {
    /// No labels, in a picture of this size with text of this size, in px.
    pub fn new(width: f64, height: f64, size: f64) -> Self {
        Self {
            size,
            picture: [0.0, 0.0, width, height],
            taken: Vec::new(),
            wishes: Vec::new(),
            guides: Guides::default(),
        }
    }

    /// The box of a text.
    pub fn rect(&self, text: &str, (x, y): (f64, f64), anchor: Anchor) -> Rect {
        let wide = width(text) * self.size;
        let left = x - anchor.before() * wide;
        [left, y - ASCENT * self.size, left + wide, y + DESCENT * self.size]
    }

    /// No label shall meet this box.
    pub fn avoid(&mut self, rect: Rect) {
        self.taken.push(rect);
    }

    /// How many boxes no label shall meet.
    pub fn count(&self) -> usize {
        self.taken.len()
    }

    /// No label shall meet this line.
    #[inline(never)]
    pub fn avoid_line(&mut self, points: &[(f64, f64)]) {
        /// Length of a box, in px.
        const PIECE: f64 = 6.0;
        for pair in points.windows(2) {
            let &[(x1, y1), (x2, y2)] = pair else { continue };
            let (dx, dy) = (x2 - x1, y2 - y1);
            let upright = dx.abs() < 0.5 || dy.abs() < 0.5;
            let pieces = if upright { 1.0 } else { (dx.abs().max(dy.abs()) / PIECE).ceil() };
            for piece in 0..pieces as u32 {
                let [from, to] = [0.0, 1.0].map(|end| (f64::from(piece) + end) / pieces);
                let ([x1, x2], [y1, y2]) =
                    ([from, to].map(|t| x1 + t * dx), [from, to].map(|t| y1 + t * dy));
                let thick = 0.75;
                self.taken.push([
                    x1.min(x2) - thick,
                    y1.min(y2) - thick,
                    x1.max(x2) + thick,
                    y1.max(y2) + thick,
                ]);
            }
        }
    }

    /// The first of these texts that meets nothing, to stay where it is; it is moved into the picture.
    #[inline(never)]
    pub fn fix(
        &mut self,
        texts: &[&str],
        at: (f64, f64),
        anchor: Anchor,
        class: &'static str,
    ) -> Option<Label> {
        texts.iter().find_map(|text| {
            let [left, top, right, bottom] = self.rect(text, at, anchor);
            let [from, _, to, _] = self.picture;
            let inside = (from - left).max(0.0) - (right - to).max(0.0);
            let rect = [left + inside - 2.0 * AIR, top, right + inside + 2.0 * AIR, bottom];
            if right - left > to - from || self.taken.iter().any(|&other| meet(rect, other)) {
                return None;
            }
            self.taken.push(rect);
            let at = (at.0 + inside, at.1);
            Some(Label { at, text: (*text).to_owned(), anchor, class, full: String::new() })
        })
    }

    /// A label that gives way to marks: the first of its texts that has a place. `places` are middles
    /// of its box; the one that is nearest to `near` is the best. It may meet `own`, boxes of the line that it
    /// names.
    #[inline(never)]
    pub fn wish(
        &mut self,
        texts: &[&str],
        places: &[(f64, f64)],
        near: (f64, f64),
        class: &'static str,
        own: Range<usize>,
    ) {
        let mut free = Vec::new();
        for &text in texts {
            let mut found = Vec::new();
            for &at in places {
                let rect = self.about(text, at);
                let [left, top, right, bottom] = self.picture;
                let inside = rect[0] > left && rect[1] > top && rect[2] < right && rect[3] < bottom;
                let meets = |(i, &other): (usize, &Rect)| meet(rect, other) && !own.contains(&i);
                if inside && !self.taken.iter().enumerate().any(meets) {
                    found.push(at);
                }
            }
            free.push((text.to_owned(), found));
        }
        self.wishes.push(Wish { texts: free, near, class });
    }

    /// The labels that give way, for marks at these places: first the rings, then dots.
    pub fn place(&self, marks: &[(f64, f64)]) -> Vec<Label> {
        let (rings, dots) = marks.split_at_checked(self.guides.rings).unwrap_or((marks, &[]));
        let mut placed: Vec<Rect> = Vec::new();
        let mut labels = Vec::new();
        for Wish { texts, near, class } in &self.wishes {
            // A long text that a guide crosses is better than a short one.
            for (text, places) in texts {
                let mut best = (f64::MAX, (0.0, 0.0));
                for &at in places {
                    let away = (at.0 - near.0).abs() + (at.1 - near.1).abs();
                    let rect = self.about(text, at);
                    if away < best.0 && !placed.iter().any(|&other| meet(rect, other)) {
                        let cost = away + self.cost(rect, rings, dots);
                        if cost < best.0 {
                            best = (cost, at);
                        }
                    }
                }
                let (cost, (x, y)) = best;
                if cost < RING {
                    placed.push(self.about(text, (x, y)));
                    let at = (x, y + (ASCENT - DESCENT) / 2.0 * self.size);
                    let (text, full) = (text.clone(), String::new());
                    labels.push(Label { at, text, anchor: Anchor::Middle, class, full });
                    break;
                }
            }
        }
        labels
    }

    /// The box of a text with its middle there, and air around it.
    #[inline(never)]
    fn about(&self, text: &str, (x, y): (f64, f64)) -> Rect {
        let wide = width(text) * self.size / 2.0 + AIR;
        let tall = (ASCENT + DESCENT) * self.size / 2.0 + AIR;
        [x - wide, y - tall, x + wide, y + tall]
    }

    /// What it costs to lie there, in px of distance from a better place.
    fn cost(&self, rect: Rect, rings: &[(f64, f64)], dots: &[(f64, f64)]) -> f64 {
        let mut cost = 0.0;
        for (i, &(x, y)) in rings.iter().enumerate() {
            // What belongs to the ring is a dot.
            if meet(rect, around((x, y), if i == 0 { REACH } else { DOT })) {
                return RING;
            }
            let across = self.guides.left && rect[0] < x && rect[1] < y && y < rect[3];
            let down = self.guides.below && rect[3] > y && rect[0] < x && x < rect[2];
            if across || down {
                cost += CROSSED;
            }
        }
        for &dot in dots {
            if meet(rect, around(dot, DOT)) {
                cost += CROSSED;
            }
        }
        // Dots alone hide no label.
        if cost < RING / 2.0 { cost } else { RING / 2.0 }
    }
}
