//! The charts: one file each, one line each in `charts!`, and what all of them can do.

use entropix::{Regions, Rule};

use crate::color::{self, Ground};
use crate::distribution::{at_temperature, uncertainty};
use crate::scene::{Label, Node, Paint, Raster, Scene, TEXT, UNITS_BITS, Units};

/// Declares every chart and lists it by the name it has in tags, addresses and commands.
macro_rules! charts {
    ($($name:ident: $chart:ident),* $(,)?) => {
        $(pub use $name::$chart;)*

        /// The names of all charts.
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];

        /// The chart of that name.
        pub fn named(name: &str, look: &Look) -> Option<Box<dyn Chart>> {
            match name {
                $(stringify!($name) => Some(Box::new($chart::new(look))),)*
                _ => None,
            }
        }

        /// The chart of that name, for a file.
        pub fn figure(name: &str, look: &Look) -> Option<Box<dyn Figure>> {
            match name {
                $(stringify!($name) => Some(Box::new($chart::new(look))),)*
                _ => None,
            }
        }
    };
}

pub(crate) mod axes;
mod border;
pub mod curve;
pub mod plane;
mod ramp;
mod smooth;
pub mod triangle;

charts! {
    curve: Curve,
    triangle: Triangle,
    plane: Plane,
}

/// How a chart shall look. Each reads what concerns it.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// Width of the whole picture, in px.
    pub width: f64,
    /// Height of the whole picture, in px; `None`: as suits the width.
    pub height: Option<f64>,
    /// Size of its labels, in px: those of a page follow the page's text.
    pub text: f64,
    /// Units of its numbers.
    pub units: Units,
    /// What a colour says.
    pub field: Field,
    /// Whether a plane has the colours of text; `None`: a vocabulary has, unless its axes are fitted.
    pub text_colors: Option<bool>,
    /// What it stands on.
    pub ground: Ground,
    /// Lines of equal value; `None` are those that fit the field.
    pub contours: Option<Contours>,
    /// Number of outcomes, at least 2.
    pub outcomes: u32,
    /// Linear axes that hold what is possible, instead of the colour map's.
    pub fit: bool,
    /// The sampler's rules.
    pub regions: Option<Regions>,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            width: 480.0,
            height: None,
            text: TEXT,
            units: UNITS_BITS,
            field: Field::Both,
            text_colors: None,
            ground: Ground::Light,
            contours: None,
            outcomes: 49_152,
            fit: false,
            regions: None,
        }
    }
}

impl Look {
    /// The height, in px; without one this share of the width.
    fn height(&self, share: f64) -> f64 {
        self.height.unwrap_or((self.width * share).round())
    }
}

/// What the colour of a point says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// H and V.
    Both,
    /// H alone.
    Entropy,
    /// V alone.
    Varentropy,
    /// The rule of the sampler.
    Rules,
}

/// Which lines of equal value are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contours {
    /// Lines of equal H.
    pub entropy: bool,
    /// Lines of equal V.
    pub varentropy: bool,
}

impl Contours {
    /// Those that fit a field.
    pub fn of(field: Field) -> Self {
        Self {
            entropy: field == Field::Entropy,
            varentropy: matches!(field, Field::Both | Field::Varentropy),
        }
    }
}

/// A picture on which a distribution has a place.
pub trait Chart {
    /// Height of the whole picture, in px.
    fn height(&self) -> f64;

    /// The box of the pixels: x, y, width and height, in px.
    fn field(&self) -> [f64; 4];

    /// The pixels over [`Self::field`], in rows of `columns`; as many `rows` as the chart has use for.
    fn pixels(&self, columns: u32, rows: u32) -> Raster;

    /// Whether its colours are those of text.
    fn has_text_colors(&self) -> bool {
        false
    }

    /// Its key: a field of all colours, `columns` × `rows`. To the right is H and up is V, from 0 to the most that the
    /// chart has; of a chart with one of them, to the right.
    fn key(&self, columns: u32, rows: u32) -> Raster {
        patch(columns, rows, &|across, up| color::color(1.0 * across, 0.92 * up).0)
    }

    /// Everything but pixels, names and marks.
    fn scene(&self) -> Scene;

    /// The names of the outcomes, where the chart has room for them.
    fn names(&self, _names: &[&str]) -> Vec<Label> {
        Vec::new()
    }

    /// Where a point of the chart lies, in px: x, y, and whatever else the chart tells of it.
    fn at(&self, point: &[f64]) -> Vec<f64>;

    /// The point of the chart at a place in px; the nearest one, where there is none.
    fn inverse(&self, x: f64, y: f64) -> Vec<f64>;

    /// Where a distribution lies: x and y, in px.
    fn place(&self, p: &[f64]) -> (f64, f64);
}

/// Where a distribution lies at all temperatures, in px: from almost 0 to almost the same for all.
pub fn path(chart: &dyn Chart, p: &[f64]) -> Vec<(f64, f64)> {
    /// Its logarithm.
    const END: f64 = 4.0;
    smooth::smooth(&|log| chart.place(&at_temperature(p, log.exp())), -END, END)
}

/// A chart as a file: its names and marks are in the picture, which nobody can move.
pub trait Figure: Chart {
    /// How many outcomes its distributions have; `None` where any number will do.
    fn outcomes(&self) -> Option<usize> {
        None
    }

    /// The mark of a distribution: a dot in its colour.
    fn mark(&self, p: &[f64]) -> Node {
        let u = uncertainty(p);
        let paint = Paint::Map(u.entropy_bits, u.varentropy_bits2);
        Node::Circle { at: self.place(p), radius: 6.0, paint, class: "dot" }
    }

    /// Where the marks of a distribution and of points are: what labels give way to.
    fn marks(&self, p: Option<&[f64]>, points: &[(f64, f64)]) -> Vec<(f64, f64)> {
        let dots = self.points(points);
        let dots = dots.iter().filter_map(|dot| match dot {
            Node::Circle { at, .. } => Some(*at),
            _ => None,
        });
        // What is nowhere is in nobody's way.
        let ring = p.map_or((f64::NAN, f64::NAN), |p| self.place(p));
        [ring].into_iter().chain(dots).collect()
    }

    /// The marks of points (H bits, V bits²); none on a chart that is no plane.
    fn points(&self, _points: &[(f64, f64)]) -> Vec<Node> {
        Vec::new()
    }

    /// Pixels (`detail` per px) and scene in one: for files.
    fn with_pixels(&self, detail: f64) -> Scene {
        let mut scene = self.scene();
        let [x, y, width, height] = self.field();
        let raster = self.pixels((detail * width) as u32, (detail * height) as u32);
        scene.nodes.insert(0, Node::Image { x, y, width, height, raster });
        scene
    }
}

/// Pixels of a function of shares to the right and upwards.
pub(crate) fn patch(columns: u32, rows: u32, color: &dyn Fn(f64, f64) -> [u8; 3]) -> Raster {
    let mut raster = Raster::new(columns.clamp(1, 4096), rows.clamp(1, 4096));
    let share = |at: u32, of: u32| (f64::from(at) + 0.5) / f64::from(of);
    for column in 0..raster.width {
        for row in 0..raster.height {
            let across = share(column, raster.width);
            let up = 1.0 - share(row, raster.height);
            raster.set(column, row, color(across, up), 255);
        }
    }
    raster
}

/// The name of a rule in the middle of its region, or where it has room; `places` are spread over the diagram.
fn name_region(scene: &mut Scene, places: &[(Rule, (f64, f64))], rule: Rule) {
    let mut here = Vec::new();
    let mut sum = (0.0, 0.0);
    for &(found, (x, y)) in places {
        if found == rule {
            here.push((x, y));
            sum = (sum.0 + x, sum.1 + y);
        }
    }
    let count = here.len() as f64;
    let middle = (sum.0 / count, sum.1 / count);
    scene.labels.wish(&[rule.name()], &here, middle, "region", 0..0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chart_has_its_pixels_and_the_place_of_a_distribution_inside() {
        for height in [None, Some(200.0), Some(900.0)] {
            for name in NAMES {
                let look = Look { width: 400.0, height, ..Look::default() };
                let chart = named(name, &look).unwrap();
                let [x, y, width, height] = chart.field();
                let (right, floor) = (x + width, y + height);
                assert!(right <= 400.0 && floor <= chart.height(), "{name}: {right}, {floor}");
                let raster = chart.pixels(width as u32, height as u32);
                assert_eq!(raster.width, width as u32, "{name}");
                assert!(raster.rgba.iter().any(|&byte| byte > 0), "{name}");
                assert!(!chart.scene().nodes.is_empty(), "{name}");
                let p: &[f64] = if *name == "triangle" { &[0.5, 0.3, 0.2] } else { &[0.7, 0.3] };
                let (x, y) = chart.place(p);
                assert!((0.0..=400.0).contains(&x), "{name}: {x}");
                assert!((0.0..=chart.height()).contains(&y), "{name}: {y}");
                let there = chart.inverse(x, y);
                assert!(!there.is_empty(), "{name}");
            }
        }
        assert!(named("pie", &Look::default()).is_none());
    }
}
