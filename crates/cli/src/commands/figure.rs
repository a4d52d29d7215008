//! The pictures of the page as files, for posts without scripts.

mod results;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use entropix::{Preset, Regions, Thresholds};
use entropix_protocol::Trace;
use entropix_simplex::{
    self as simplex, Contours, Field, Ground, Label, Node, Raster, Scene, UNITS_BITS, UNITS_NATS,
    chart, distribution, scene::Anchor, uncertainty,
};
use resvg::{tiny_skia, usvg};

use crate::{output, text};

#[derive(Args)]
pub(crate) struct Options {
    /// Which chart; "results" is what came of the evaluation
    #[arg(value_parser = PossibleValuesParser::new(chart::NAMES.iter().copied().chain([RESULTS])))]
    chart: String,
    /// Mark this distribution; of two outcomes, the probability of the first
    #[arg(long, num_args = 1.., value_name = "P")]
    p: Option<Vec<f64>>,
    /// Names of the outcomes
    #[arg(long, num_args = 2.., default_values = ["A", "B", "C"], value_name = "NAME")]
    labels: Vec<String>,
    /// Draw the temperature path through the marked distribution
    #[arg(long, requires = "p")]
    path: bool,
    /// Say below the picture what is marked: the probabilities, H and V
    #[arg(long, requires = "p")]
    values: bool,
    /// What the colours of the triangle say
    #[arg(long, value_enum, default_value_t = Mode::Both)]
    mode: Mode,
    /// Lines of equal value on the triangle, every 0.25; the default fits the mode
    #[arg(long, value_enum)]
    contours: Option<Lines>,
    /// Number of outcomes of the plane
    #[arg(long, default_value_t = 49_152, value_parser = clap::value_parser!(u32).range(2..=128_256))]
    n: u32,
    /// Linear axes that fit n instead of the colour map's
    #[arg(long)]
    fit: bool,
    /// A point of the plane: H in bits and V in bits² (may be repeated)
    #[arg(long, num_args = 2, value_names = ["H", "V"], action = clap::ArgAction::Append)]
    point: Vec<f64>,
    /// A point of the plane for each token of a recorded answer
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    #[command(flatten)]
    rules: Rules,
    #[command(flatten)]
    results: results::Options,
    #[command(flatten)]
    look: Look,
}

/// The picture that is no chart of distributions.
const RESULTS: &str = "results";

#[derive(Args)]
struct Rules {
    /// Rules of a generation of the sampler
    #[arg(long, value_parser = named(), value_name = "NAME")]
    preset: Option<Preset>,
    /// Thresholds of one's own: low H, low V, medium H, high H, high V (bits, bits²)
    #[arg(long, num_args = 5, value_name = "X", conflicts_with = "preset")]
    thresholds: Option<Vec<f64>>,
}

#[derive(Args)]
struct Look {
    /// Where to write; the name ends in .svg or .png
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Width in CSS pixels; a PNG has twice as many
    #[arg(long, default_value_t = 480, value_parser = clap::value_parser!(u32).range(120..=4000))]
    width: u32,
    /// Units of the axes
    #[arg(long, value_enum, default_value_t = Units::Bits)]
    units: Units,
    /// Paper and ink
    #[arg(long, value_enum, default_value_t = Theme::Light)]
    theme: Theme,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Mode {
    Both,
    H,
    V,
    Rules,
}

#[derive(Clone, Copy, ValueEnum)]
enum Lines {
    H,
    V,
    Both,
    None,
}

#[derive(Clone, Copy, ValueEnum)]
enum Units {
    Bits,
    Nats,
}

#[derive(Clone, Copy, ValueEnum)]
enum Theme {
    Light,
    Dark,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let Options { labels, p, path, look, .. } = options;
    if options.chart == RESULTS {
        let forest = options.results.forest(f64::from(look.width))?;
        return write(&forest.scene(), look);
    }
    let chart = chart::figure(&options.chart, &options.look()).context("no such chart")?;
    let p = p.as_deref().map(|p| distribution(p, chart.outcomes())).transpose()?;
    let mut points: Vec<(f64, f64)> =
        options.point.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
    ensure!(
        points.iter().all(|(h, v)| h.is_finite() && v.is_finite() && *h >= 0.0 && *v >= 0.0),
        "a point needs H and V that are numbers from 0 up"
    );
    if let Some(path) = &options.trace {
        points.extend(points_of(path)?);
    }
    let names: Vec<&str> = labels.iter().map(String::as_str).collect();
    let mut scene = chart.with_pixels(look.detail());
    scene.nodes.extend(chart.points(&points));
    if let Some(p) = &p {
        if *path {
            for class in ["path back", "path"] {
                let points = chart::path(chart.as_ref(), p);
                scene.nodes.push(Node::Path { points, closed: false, class });
            }
        }
        scene.nodes.push(chart.mark(p));
    }
    let labels = scene.labels.place(&chart.marks(p.as_deref(), &points));
    scene.nodes.extend(chart.names(&names).into_iter().chain(labels).map(Node::Text));
    if let Some(p) = p.filter(|_| options.values) {
        caption(&mut scene, &values(&names, &p, look.units));
    }
    write(&scene, look)
}

/// What is marked, in words: the probabilities, then H and V.
fn values(names: &[&str], p: &[f64], units: Units) -> [String; 2] {
    let each = p.iter().enumerate().map(|(at, p)| {
        let name = names.get(at).map_or_else(|| (at + 1).to_string(), |name| (*name).to_owned());
        format!("{name} {} %", (p * 10_000.0).round() / 100.0)
    });
    let simplex::Units { entropy, varentropy, entropy_name, varentropy_name } = units.units();
    let found = uncertainty(p);
    let (h, v) = (found.entropy_bits * entropy, found.varentropy_bits2 * varentropy);
    let numbers = format!("H {h:.3} {entropy_name} · V {v:.3} {varentropy_name}");
    [each.collect::<Vec<_>>().join(" · "), numbers]
}

/// Writes lines below a picture, which becomes higher by them.
fn caption(scene: &mut Scene, lines: &[String]) {
    for line in lines {
        scene.height += 1.5 * simplex::TEXT;
        scene.nodes.push(Node::Text(Label {
            at: (scene.width / 2.0, scene.height - simplex::TEXT / 2.0),
            text: line.clone(),
            anchor: Anchor::Middle,
            class: "corner",
            full: String::new(),
        }));
    }
}

impl Options {
    fn look(&self) -> simplex::Look {
        simplex::Look {
            width: f64::from(self.look.width),
            height: None,
            text: simplex::TEXT,
            units: self.look.units.units(),
            field: self.mode.field(),
            text_colors: None,
            ground: self.look.ground(),
            contours: self.contours.map(Lines::contours),
            outcomes: self.n,
            fit: self.fit,
            regions: self.rules.regions().or_else(|| {
                let usual = Regions::AsCoded(Preset::B.thresholds());
                (self.mode == Mode::Rules).then_some(usual)
            }),
        }
    }
}

/// As many probabilities as the chart has outcomes; of two, the first is enough.
fn distribution(weights: &[f64], outcomes: Option<usize>) -> anyhow::Result<Vec<f64>> {
    match (weights, outcomes) {
        (&[p], Some(2)) => {
            ensure!((0.0..=1.0).contains(&p), "p is a probability: from 0 to 1, not {p}");
            return Ok(vec![p, 1.0 - p]);
        }
        (_, Some(count)) => ensure!(weights.len() == count, "{count} probabilities are needed"),
        (_, None) => ensure!(weights.len() > 1, "at least two probabilities are needed"),
    }
    let (p, changed) = distribution::normalise(weights)?;
    if changed {
        output::tell("note: the probabilities did not add up to 1 and were normalised");
    }
    Ok(p)
}

impl Look {
    fn ground(&self) -> Ground {
        match self.theme {
            Theme::Light => Ground::Light,
            Theme::Dark => Ground::Dark,
        }
    }

    /// Pixels per CSS pixel: an SVG shall stay small.
    fn detail(&self) -> f64 {
        if self.output.extension().is_some_and(|kind| kind == "png") { 2.0 } else { 1.0 }
    }
}

fn points_of(path: &Path) -> anyhow::Result<Vec<(f64, f64)>> {
    let text = text::read(path)?;
    let trace: Trace = serde_json::from_str(&text)
        .with_context(|| format!("{} is no recorded answer", path.display()))?;
    trace.check()?;
    Ok(trace
        .tokens
        .iter()
        .map(|token| token.decision.uncertainty)
        .map(|u| (u.entropy_bits, u.varentropy_bits2))
        .collect())
}

fn write(scene: &Scene, look: &Look) -> anyhow::Result<()> {
    let svg = scene.svg(look.ground(), &data_address);
    let kind = look.output.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
    let bytes = match kind {
        "svg" => svg.into_bytes(),
        "png" => rasterise(&svg)?,
        _ => bail!("{}: the name must end in .svg or .png", look.output.display()),
    };
    std::fs::write(&look.output, bytes)
        .with_context(|| format!("{} can't be written", look.output.display()))
}

/// The SVG as a PNG at twice its size, with this machine's fonts.
fn rasterise(svg: &str) -> anyhow::Result<Vec<u8>> {
    let mut options = usvg::Options::default();
    options.fontdb_mut().load_system_fonts();
    ensure!(
        !options.fontdb.is_empty(),
        "this machine has no fonts, so a PNG would have no text: install some (Debian: fonts-dejavu-core), or write an .svg"
    );
    // "sans-serif" must be a family that is here.
    let family = ["DejaVu Sans", "Noto Sans", "Liberation Sans", "Arial", "Helvetica"]
        .into_iter()
        .find(|name| {
            options.fontdb.faces().any(|face| face.families.iter().any(|(found, _)| found == name))
        });
    if let Some(family) = family {
        options.fontdb_mut().set_sans_serif_family(family);
    }
    let tree = usvg::Tree::from_str(svg, &options).context("the picture can't be drawn")?;
    let size = tree.size().to_int_size().scale_by(2.0).context("the picture is too large")?;
    let mut pixels =
        tiny_skia::Pixmap::new(size.width(), size.height()).context("the picture is too large")?;
    resvg::render(&tree, tiny_skia::Transform::from_scale(2.0, 2.0), &mut pixels.as_mut());
    pixels.encode_png().context("the picture can't be encoded")
}

/// A `data:` address that holds the pixels as a PNG.
fn data_address(raster: &Raster) -> String {
    let size = tiny_skia::IntSize::from_wh(raster.width, raster.height);
    // tiny-skia wants colours multiplied by alpha.
    let premultiplied = raster
        .rgba
        .chunks_exact(4)
        .flat_map(|pixel| {
            let alpha = u16::from(pixel[3]);
            let times = |byte: u8| ((u16::from(byte) * alpha + 127) / 255) as u8;
            [times(pixel[0]), times(pixel[1]), times(pixel[2]), pixel[3]]
        })
        .collect();
    let png = size
        .and_then(|size| tiny_skia::Pixmap::from_vec(premultiplied, size))
        .and_then(|pixels| pixels.encode_png().ok())
        .unwrap_or_default();
    format!("data:image/png;base64,{}", BASE64_STANDARD.encode(png))
}

impl Mode {
    fn field(self) -> Field {
        match self {
            Self::Both => Field::Both,
            Self::H => Field::Entropy,
            Self::V => Field::Varentropy,
            Self::Rules => Field::Rules,
        }
    }
}

impl Lines {
    fn contours(self) -> Contours {
        Contours {
            entropy: matches!(self, Self::H | Self::Both),
            varentropy: matches!(self, Self::V | Self::Both),
        }
    }
}

fn named() -> impl TypedValueParser<Value = Preset> {
    PossibleValuesParser::new(Preset::ALL.map(Preset::name))
        .try_map(|name| Preset::named(&name).ok_or("no such preset"))
}

impl Rules {
    fn regions(&self) -> Option<Regions> {
        let own = self.thresholds.as_deref().and_then(|own| <[f64; 5]>::try_from(own).ok());
        let preset = || self.preset.map(Preset::thresholds);
        own.map(Thresholds::from).or_else(preset).map(Regions::AsCoded)
    }
}

impl Units {
    fn units(self) -> entropix_simplex::Units {
        match self {
            Self::Bits => UNITS_BITS,
            Self::Nats => UNITS_NATS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_survive_the_address() {
        let mut raster = Raster::new(2, 1);
        raster.set(0, 0, [200, 100, 50], 255);
        let address = data_address(&raster);
        let png = BASE64_STANDARD.decode(address.split_once(',').unwrap().1).unwrap();
        let pixels = tiny_skia::Pixmap::decode_png(&png).unwrap();
        assert_eq!(pixels.data(), [200, 100, 50, 255, 0, 0, 0, 0]);
    }

    #[test]
    fn values_are_said_with_units() {
        let said = values(&["yes", "no"], &[0.75, 0.125, 0.125], Units::Bits);
        // H = ¾·log₂(4/3) + ¼·3; V = Σ p·log₂² p − H².
        assert_eq!(said, ["yes 75 % · no 12.5 % · 3 12.5 %", "H 1.061 bits · V 1.253 bits²"]);
        let said = values(&["a", "b"], &[0.5, 0.5], Units::Nats);
        assert_eq!(said[1], "H 0.693 nats · V 0.000 nats²");
        let mut scene = Scene::new(100.0, 50.0, simplex::TEXT);
        caption(&mut scene, &said);
        assert_eq!((scene.height, scene.nodes.len()), (86.0, 2));
        assert!(scene.elements().contains("H 0.693 nats"));
    }

    #[test]
    fn points_are_distributions() {
        let three = |weights: &[f64]| distribution(weights, Some(3));
        assert!(three(&[1.0, -1.0, 1.0]).is_err());
        assert!(three(&[0.5, 0.5]).is_err());
        assert!(three(&[2.0, 1.0, 1.0]).unwrap().starts_with(&[0.5]));
        assert!(uncertainty(&three(&[1.0, 1.0, 1.0]).unwrap()).varentropy_bits2 < 1e-12);
        assert_eq!(distribution(&[0.75], Some(2)).unwrap(), [0.75, 0.25]);
        assert!(distribution(&[1.75], Some(2)).is_err());
        assert!(distribution(&[1.0], None).is_err());
    }
}
