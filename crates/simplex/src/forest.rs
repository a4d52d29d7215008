//! Estimates with their intervals, a row each, against a line that stands for no difference: a forest plot.

use crate::scene::{self, Anchor, LINE, Label, Node, Paint, Scene, TEXT, joined, number};

/// An estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What it is of.
    pub name: String,
    /// The estimate, and the ends of its interval.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// What is said of it.
    pub said: String,
    /// Whether its mark is filled.
    pub filled: bool,
}

/// The picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Forest {
    /// What stands above it.
    pub title: String,
    /// What the axis measures, with its unit.
    pub axis: String,
    /// From top to bottom.
    pub rows: Vec<Row>,
    /// Where there is no difference.
    pub reference: f64,
    /// How far from there it would not matter; 0 for no such lines.
    pub zone: f64,
    /// Width of the whole picture, in px.
    pub width: f64,
}

/// Room between the columns, in px.
const GAP: f64 = 12.0;
/// Least width of the intervals' column beside others, in px.
const FIELD: f64 = 150.0;
/// Of a row, in sizes of the text.
const ROW: f64 = 2.0;
/// Of a mark, in px.
const RADIUS: f64 = 4.0;

impl Forest {
    /// Names to the left, intervals in the middle, what is said to the right.
    pub fn scene(&self) -> Scene {
        let size = TEXT;
        let widest = |text: fn(&Row) -> &str| {
            let widths = self.rows.iter().map(|row| scene::width(text(row)) * size);
            widths.fold(0.0, f64::max)
        };
        let (said, names) = (widest(|row| &row.said), widest(|row| &row.name));
        // Where there is no room for all three, names stand above.
        let above = names + said + FIELD > self.width;
        let (said, names) = (said.min(0.45 * self.width), names.min(self.width));
        let left = if above { 2.0 * GAP } else { names + 2.0 * GAP };
        let right = self.width - said - 2.0 * GAP;
        let row_height = (if above { 1.7 * ROW } else { ROW }) * size;
        let top = (if self.title.is_empty() { 0.0 } else { 2.0 }) * size;
        let bottom = top + row_height * self.rows.len() as f64 + size / 2.0;
        let height = bottom + 2.5 * LINE * size;
        let (low, high) = self.range();
        let at =
            |value: f64| left + (right - left) * ((value - low) / (high - low)).clamp(0.0, 1.0);
        let mut scene = Scene::new(self.width, height, size);
        let text =
            |scene: &mut Scene, [before, name]: [&str; 2], room: f64, x, y, anchor, class| {
                let label = Label::of_name([before, name, ""], room / size, (x, y), anchor, class);
                scene.nodes.push(Node::Text(label));
            };
        text(&mut scene, ["", &self.title], self.width, 0.0, size, Anchor::Start, "corner");
        // As many as have room beside each other.
        let widest = [low, high].map(|end| scene::width(&signed(end.round())) * size);
        let most = (right - left) / (1.05 * widest.into_iter().fold(size, f64::max));
        for value in ticks(low, high, most) {
            scene.line((at(value), top), (at(value), bottom), "grid");
            let y = bottom + LINE * size;
            text(
                &mut scene,
                ["", &signed(value)],
                right - left,
                at(value),
                y,
                Anchor::Middle,
                "number",
            );
        }
        scene.line((at(self.reference), top), (at(self.reference), bottom), "axis");
        for side in [-1.0, 1.0] {
            let value = self.reference + side * self.zone;
            if self.zone > 0.0 && (low..=high).contains(&value) {
                scene.line((at(value), top), (at(value), bottom), "peak");
            }
        }
        let middle = f64::midpoint(left, right);
        let under = bottom + 2.0 * LINE * size;
        text(&mut scene, ["", &self.axis], self.width, middle, under, Anchor::Middle, "axis-name");
        for (number, row) in (0..).zip(&self.rows) {
            let y = top + row_height * f64::from(number + 1) - ROW * size / 2.0;
            let base = y + 0.36 * size;
            let of_name = if above { base - LINE * size } else { base };
            text(&mut scene, ["", &row.name], names, 0.0, of_name, Anchor::Start, "region");
            let x = self.width;
            text(&mut scene, ["", &row.said], said, x, base, Anchor::End, "number");
            scene.line((at(row.low), y), (at(row.high), y), "path");
            let class = if row.filled { "corner" } else { "spot" };
            let at = (at(row.value), y);
            scene.nodes.push(Node::Circle { at, radius: RADIUS, paint: Paint::Class, class });
        }
        scene
    }

    /// What the axis holds: all intervals and both lines.
    fn range(&self) -> (f64, f64) {
        let ends = self.rows.iter().flat_map(|row| [row.low, row.high, row.value]);
        let lines = [self.reference - self.zone, self.reference + self.zone];
        let (low, high) = ends
            .chain(lines)
            .filter(|end| end.is_finite())
            .fold((f64::MAX, f64::MIN), |(low, high), end| (low.min(end), high.max(end)));
        let room = (high - low).max(1e-9) * 0.05;
        (low - room, high + room)
    }
}

/// Round numbers on an axis, about `most` of them, and no more than nine.
fn ticks(low: f64, high: f64, most: f64) -> Vec<f64> {
    let rough = (high - low) / most.clamp(1.0, 8.0);
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|times| times * power);
    let step = step.into_iter().find(|step| *step >= rough).unwrap_or(10.0 * power);
    let first = (low / step).ceil() as i64;
    let last = (high / step).floor() as i64;
    (first..=last).take(20).map(|at| at as f64 * step).collect()
}

/// With a sign that is as wide as a digit.
fn signed(value: f64) -> String {
    let plain = number((value.abs() * 1000.0).round() / 1000.0);
    if value < 0.0 { joined(&["−", &plain]) } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forest() -> Forest {
        let row = |name: &str, value: f64, half: f64| Row {
            name: name.to_owned(),
            value,
            low: value - half,
            high: value + half,
            said: "+1.2 (−0.3 to +2.7)".to_owned(),
            filled: value > 2.0,
        };
        Forest {
            title: "Right answers, compared".to_owned(),
            axis: "difference, points".to_owned(),
            rows: vec![
                row("PROMISED − greedy", 1.2, 1.5),
                row(
                    "a name that is much longer than there is room for it in such a picture",
                    -3.0,
                    0.5,
                ),
                row("B − plain", 3.5, 0.4),
            ],
            reference: 0.0,
            zone: 2.0,
            width: 640.0,
        }
    }

    #[test]
    fn everything_lies_inside_and_in_order() {
        for width in [320.0, 640.0, 1200.0] {
            let scene = Forest { width, ..forest() }.scene();
            let mut marks = Vec::new();
            for node in &scene.nodes {
                let points = match node {
                    Node::Line { from, to, .. } => vec![*from, *to],
                    Node::Circle { at, .. } => {
                        marks.push(at.0);
                        vec![*at]
                    }
                    Node::Text(label) => {
                        let wide = scene::width(&label.text) * TEXT;
                        let start = label.at.0 - label.anchor.before() * wide;
                        vec![(start, label.at.1), (start + wide, label.at.1)]
                    }
                    _ => Vec::new(),
                };
                for (x, y) in points {
                    assert!((-0.5..=width + 0.5).contains(&x), "{width}: {node:?}");
                    assert!((0.0..=scene.height).contains(&y), "{width}: {node:?}");
                }
            }
            assert!(marks[1] < marks[0] && marks[0] < marks[2], "{marks:?}");
        }
    }

    #[test]
    fn an_empty_one_is_a_picture() {
        let scene = Forest { rows: Vec::new(), zone: 0.0, ..forest() }.scene();
        assert!(scene.elements().contains("Right answers, compared"));
    }

    #[test]
    fn axes_have_round_numbers() {
        let all = |low, high| ticks(low, high, 8.0).into_iter().map(signed).collect::<Vec<_>>();
        assert_eq!(all(-3.7, 4.2), ["−3", "−2", "−1", "0", "1", "2", "3", "4"]);
        assert_eq!(
            all(-0.02, 0.05),
            ["−0.02", "−0.01", "0", "0.01", "0.02", "0.03", "0.04", "0.05"]
        );
        assert_eq!(all(30.0, 101.0), ["30", "40", "50", "60", "70", "80", "90", "100"]);
        assert_eq!(ticks(-43.0, 21.0, 3.5), [-40.0, -20.0, 0.0, 20.0]);
        assert_eq!(ticks(-43.0, 21.0, 0.1), [0.0]);
        assert!(ticks(0.0, 0.0, 8.0).len() <= 20);
    }
}
