//! No label of a chart lies on another one, on a ring or outside of the picture, whatever the chart shows and
//! however small it is.
#![allow(clippy::unwrap_used, missing_docs)]

use entropix::{Preset, Regions, Thresholds};
use entropix_simplex::scene::REACH;
use entropix_simplex::{
    Chart, Contours, Field, Label, Look, Node, Scene, UNITS_BITS, UNITS_NATS, chart,
};

const WIDTHS: [f64; 6] = [130.0, 280.0, 320.0, 390.0, 640.0, 1400.0];
const TEXTS: [f64; 3] = [12.0, 15.0, 22.0];
const NAMES: [[&str; 3]; 3] = [
    ["A", "B", "C"],
    ["a long name of an outcome", "another long name of another", "indeed a third"],
    ["十一文字十一文字十一文字", "", "👩‍🔬👩‍🔬👩‍🔬👩‍🔬"],
];

/// Heights as the style sheet has them: as wide a picture, and a squeezed one.
fn heights(name: &str, width: f64, text: f64) -> [f64; 2] {
    let usual = match name {
        "curve" => (0.62 * width).max(18.0 * text).min(f64::max(380.0, 18.0 * text)),
        "plane" => (0.78 * width).max(20.0 * text).min(f64::max(460.0, 20.0 * text)),
        _ => 0.866 * width + 2.6 * text,
    };
    [usual, 200.0]
}

fn looks() -> Vec<(&'static str, Look)> {
    let regions = [
        None,
        Some(Regions::AsCoded(Preset::B.thresholds())),
        Some(Regions::AsCoded(Thresholds::from([0.5, 0.5, 0.9, 1.2, 0.7]))),
        Some(Regions::AsPromised { entropy_bits: 1.0, varentropy_bits2: 0.5 }),
    ];
    let mut looks = Vec::new();
    for width in WIDTHS {
        for text in TEXTS {
            for units in [UNITS_BITS, UNITS_NATS] {
                let usual = Look { width, text, units, ..Look::default() };
                looks.push(("curve", usual.clone()));
                for field in [Field::Both, Field::Entropy, Field::Varentropy, Field::Rules] {
                    for regions in regions {
                        looks.push(("triangle", Look { field, regions, ..usual.clone() }));
                    }
                }
                let both = Some(Contours { entropy: true, varentropy: true });
                looks.push(("triangle", Look { contours: both, ..usual.clone() }));
                for outcomes in [3, 12, 49_152] {
                    for fit in [false, true] {
                        for regions in regions {
                            looks.push(("plane", Look { outcomes, fit, regions, ..usual.clone() }));
                        }
                    }
                }
            }
        }
    }
    looks
}

/// The distributions at which the ring stands, and what else is marked.
fn marks(name: &str, chart: &dyn Chart) -> Vec<Vec<(f64, f64)>> {
    let places: Vec<Vec<(f64, f64)>> = match name {
        "curve" => [0.0, 0.3, 0.5, 0.9168, 1.0]
            .map(|p| {
                let at = chart.at(&[p]);
                vec![(at[0], at[1]), (at[0], at[2])]
            })
            .to_vec(),
        "triangle" => [[1.0, 0.0, 0.0], [0.2, 0.2, 0.6], [0.34, 0.33, 0.33], [0.0, 0.5, 0.5]]
            .map(|p| vec![chart.place(&p)])
            .to_vec(),
        _ => [[0.0, 0.0], [1.0, 0.2], [5.0, 5.0], [9.0, 30.0], [15.0, 0.01]]
            .map(|point| {
                let ring = chart.at(&point);
                let dots = (0..12).map(|i| chart.at(&[f64::from(i), f64::from(2 * i)]));
                [ring].into_iter().chain(dots).map(|at| (at[0], at[1])).collect()
            })
            .to_vec(),
    };
    places
}

fn written(scene: &Scene) -> Vec<Label> {
    let text = |node: &Node| match node {
        Node::Text(label) => Some(label.clone()),
        _ => None,
    };
    scene.nodes.iter().filter_map(text).collect()
}

#[test]
fn no_label_lies_on_anything() {
    for (name, look) in looks() {
        for height in heights(name, look.width, look.text) {
            let look = Look { height: Some(height), ..look.clone() };
            let chart = chart::named(name, &look).unwrap();
            let scene = chart.scene();
            let sure = written(&scene);
            for (marks, names) in marks(name, chart.as_ref()).iter().zip(NAMES.iter().cycle()) {
                let names: Vec<_> = chart.names(names);
                let all = [sure.clone(), names, scene.labels.place(marks)].concat();
                let boxes: Vec<_> = all
                    .iter()
                    .map(|label| (label, scene.labels.rect(&label.text, label.at, label.anchor)))
                    .collect();
                for (i, (a, [left, top, right, bottom])) in boxes.iter().enumerate() {
                    let told = format!("{:?} of {name} at {marks:?}: {look:?}", a.text);
                    assert!(*left > -0.1 && *right < look.width + 0.1, "beside: {told}");
                    assert!(*top > -0.1 && *bottom < height + 0.1, "above or below: {told}");
                    let (x, y) = marks[0];
                    let (dx, dy) = (x - x.clamp(*left, *right), y - y.clamp(*top, *bottom));
                    assert!(dx.hypot(dy) > REACH - 0.6, "under the ring: {told}");
                    for (b, [left2, top2, right2, bottom2]) in &boxes[..i] {
                        // Rows may touch.
                        let meet = left + 0.1 < *right2
                            && left2 + 0.1 < *right
                            && top + 0.1 < *bottom2
                            && top2 + 0.1 < *bottom;
                        assert!(!meet, "{:?} on {told}", b.text);
                    }
                }
            }
        }
    }
}

#[test]
fn what_matters_is_written() {
    for (name, look) in looks().into_iter().filter(|(_, look)| look.width >= 280.0) {
        let look = Look { height: Some(heights(name, look.width, look.text)[0]), ..look };
        let scene = chart::named(name, &look).unwrap().scene();
        let texts: Vec<_> =
            written(&scene).into_iter().chain(scene.labels.place(&[])).map(|l| l.text).collect();
        let has = |what: &str| texts.iter().any(|text| text.contains(what));
        let (h, v) = (look.units.entropy_name, look.units.varentropy_name);
        match name {
            "curve" => assert!(
                has(&format!("H in {h}, V in {v}")) && texts.len() > 8,
                "{texts:?} {look:?}"
            ),
            "plane" => assert!(
                has(&format!("H, {h}")) && has(&format!("V, {v}")) && has("squeezed") != look.fit,
                "{texts:?} {look:?}"
            ),
            _ if look.field == Field::Varentropy => assert!(has(v) && has("V = 0"), "{texts:?}"),
            _ => {}
        }
    }
}
