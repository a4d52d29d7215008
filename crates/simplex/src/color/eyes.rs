//! How colours look to different eyes, for tests.

use super::Srgb;

/// `OKLab` of linear sRGB.
pub(super) fn linear_to_oklab([r, g, b]: [f64; 3]) -> [f64; 3] {
    let x = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
    let y = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
    let z = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
    [
        0.210_454_255_3 * x + 0.793_617_785 * y - 0.004_072_046_8 * z,
        1.977_998_495_1 * x - 2.428_592_205 * y + 0.450_593_709_9 * z,
        0.025_904_037_1 * x + 0.782_771_766_2 * y - 0.808_675_766 * z,
    ]
}

/// Difference in `OKLab` × 100.
pub(super) fn difference(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (linear_to_oklab(a), linear_to_oklab(b));
    100.0 * (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>().sqrt()
}

// Machado, Oliveira, Fernandes, "A Physiologically-based Model for Simulation of Color Vision
// Deficiency" (2009), severity 1.0, applied to linear RGB.
pub(super) const VISIONS: [(&str, [[f64; 3]; 3]); 4] = [
    ("normal", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "protan",
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
    ),
    (
        "deutan",
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
    ),
    (
        "tritan",
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ),
];

pub(super) fn seen(matrix: &[[f64; 3]; 3], srgb: Srgb) -> [f64; 3] {
    let rgb = srgb.linear();
    [0, 1, 2].map(|i| (0..3).map(|j| matrix[i][j] * rgb[j]).sum::<f64>().clamp(0.0, 1.0))
}
