//! The scale of text against answers of real models: `tests/golden/usual`.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use entropix_simplex::color::text::usual;
use entropix_simplex::{Ground, tint};

fn golden(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/usual");
    let path = PathBuf::from(folder).join(name);
    fs::read_to_string(path).unwrap_or_default()
}

#[test]
fn the_curve_is_what_was_measured() {
    let measured: serde_json::Value = serde_json::from_str(&golden("usual.json")).unwrap();
    assert!(measured["tokens"].as_u64() >= Some(20_000), "{}", measured["tokens"]);
    assert!(measured["by_model"].as_object().unwrap().len() >= 3);
    for bin in measured["bins"].as_array().unwrap() {
        let number = |value: &serde_json::Value| value.as_f64().unwrap();
        let (entropy, tokens) = (number(&bin["mean_h"]), number(&bin["tokens"]));
        let [low, middle, high] = [0, 1, 2].map(|i| number(&bin["root_v"][i]));
        let curve = usual(entropy);
        // In the first bin H itself runs over many magnitudes.
        if entropy < 0.01 || tokens < 100.0 {
            continue;
        }
        assert!((curve / middle - 1.0).abs() < 0.07, "H {entropy}: {curve}, not {middle}");
        assert!((low..high).contains(&curve), "H {entropy}: {curve}, not in {low}..{high}");
    }
    let curve: Vec<f64> = (0..1000).map(|i| usual(f64::from(i) / 50.0)).collect();
    assert!(curve.is_sorted_by(|a, b| a < b));
}

/// What an eye sees: chroma of less than 0.02 in `OKLab` is grey.
fn seen([r, g, b]: [u8; 3]) -> &'static str {
    let [r, g, b] = [r, g, b].map(|byte| {
        let x = f64::from(byte) / 255.0;
        if x <= 0.040_45 { x / 12.92 } else { ((x + 0.055) / 1.055).powf(2.4) }
    });
    let x = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
    let y = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
    let z = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
    let a = 1.977_998_495_1 * x - 2.428_592_205 * y + 0.450_593_709_9 * z;
    let b = 0.025_904_037_1 * x + 0.782_771_766_2 * y - 0.808_675_766 * z;
    match b.atan2(a).to_degrees().rem_euclid(360.0) {
        _ if a.hypot(b) < 0.02 => "grey",
        hue if (30.0..100.0).contains(&hue) => "orange",
        hue if (220.0..290.0).contains(&hue) => "blue",
        _ => "another",
    }
}

#[test]
fn answers_that_the_curve_has_not_seen_wear_all_colours() {
    for ground in [Ground::Light, Ground::Dark] {
        let (mut shares, mut samplers) = (BTreeMap::new(), BTreeMap::new());
        let mut tokens = 0.0;
        for line in golden("held-out.csv").lines().skip(1) {
            let row: Vec<&str> = line.split(',').collect();
            let &[_, sampler, entropy, varentropy] = row.as_slice() else { panic!("{line}") };
            let color = tint(entropy.parse().unwrap(), varentropy.parse().unwrap(), ground);
            *shares.entry(seen(color.0)).or_insert(0.0) += 1.0;
            *samplers.entry(sampler.to_owned()).or_insert(0) += 1;
            tokens += 1.0;
        }
        assert!(tokens >= 2000.0, "{tokens}");
        assert_eq!(samplers.len(), 3, "{samplers:?}");
        let share = |name| shares.get(name).map_or(0.0, |count| count / tokens);
        let text = format!("{ground:?}: {shares:?}");
        println!("{text} of {tokens}");
        assert!((0.08..=0.25).contains(&share("blue")), "{text}");
        assert!((0.08..=0.25).contains(&share("orange")), "{text}");
        assert!(share("grey") <= 0.60, "{text}");
        assert!(share("another") < 0.01, "{text}");
    }
}
