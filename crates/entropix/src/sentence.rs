//! A decision in one plain sentence, with the numbers that were compared.

use crate::{EntropixConfig, Parameters, PlainConfig, Quadrant, Uncertainty};

/// What greedy does.
pub(crate) const MOST_PROBABLE: &str = "take the most probable token";

/// Why the rule matched: "H 6.10 bits > 5.00 and V 0.04 bits² < 0.10".
pub(crate) fn reason(quadrant: Quadrant, u: &Uncertainty, c: &EntropixConfig) -> String {
    let (h_limit, h_above) = match quadrant {
        Quadrant::Lelv => (c.low_logits_entropy_threshold, false),
        Quadrant::Helv => (c.high_logits_entropy_threshold, true),
        Quadrant::Lehv => (c.high_logits_entropy_threshold, false),
        Quadrant::Hehv => (c.medium_logits_entropy_threshold, true),
        Quadrant::Adaptive => {
            let Uncertainty { entropy_bits: h, varentropy_bits2: v } = u;
            return format!("H {h:.2} bits, V {v:.2} bits²: no quadrant matches");
        }
    };
    let (v_limit, v_above) = match quadrant {
        Quadrant::Lelv | Quadrant::Helv => (c.low_logits_varentropy_threshold, false),
        _ => (c.high_logits_varentropy_threshold, true),
    };
    let h = comparison("H", u.entropy_bits, "bits", h_above, h_limit);
    let v = comparison("V", u.varentropy_bits2, "bits²", v_above, v_limit);
    format!("{h} and {v}")
}

/// How an Entropix rule drew: "draw at temperature 1.05 from the top 40 (logits only)".
pub(crate) fn as_coded(
    parameters: &Parameters,
    draws: u32,
    kept: usize,
    dropped: usize,
    logits_only: bool,
) -> String {
    let draws = if draws == 1 { "draw".into() } else { format!("best of {draws} draws") };
    let mut without = String::new();
    let mut notes = Vec::new();
    if dropped > 0 {
        without = format!(" without the {dropped} most probable");
        notes.push(format!("top-p {:.2}", parameters.top_p));
    }
    if logits_only {
        notes.push("logits only".into());
    }
    let (temperature, top) = (parameters.temperature, kept + dropped);
    format!("{draws} at temperature {temperature:.2} from the top {top}{without}{}", remark(&notes))
}

/// How a plain sampler drew: "draw at temperature 0.70 from the top 40 (top-p 0.90)".
pub(crate) fn by_the_book(config: &PlainConfig) -> String {
    let PlainConfig { temperature, top_k, top_p, min_p } = *config;
    if temperature == 0.0 {
        return format!("temperature 0: {MOST_PROBABLE}");
    }
    let from = if top_k == 0 { "all tokens".into() } else { format!("the top {top_k}") };
    let mut notes = Vec::new();
    if top_p < 1.0 {
        notes.push(format!("top-p {top_p:.2}"));
    }
    if min_p > 0.0 {
        notes.push(format!("min-p {min_p:.2}"));
    }
    format!("draw at temperature {temperature:.2} from {from}{}", remark(&notes))
}

fn remark(notes: &[String]) -> String {
    if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) }
}

/// "V 0.04 bits² < 0.10", with as many decimals as the inequality needs to be true as printed.
fn comparison(name: &str, value: f64, unit: &str, above: bool, limit: f64) -> String {
    let print = |decimals| (format!("{value:.decimals$}"), format!("{limit:.decimals$}"));
    let exact = |(value, printed): &(String, String)| {
        value != printed && printed.parse().is_ok_and(|p: f64| p.total_cmp(&limit).is_eq())
    };
    let (value, limit) = (2..8).map(print).find(exact).unwrap_or_else(|| print(8));
    let sign = if above { '>' } else { '<' };
    format!("{name} {value} {unit} {sign} {limit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_are_true_as_printed() {
        assert_eq!(comparison("H", 6.1, "bits", true, 5.0), "H 6.10 bits > 5.00");
        assert_eq!(comparison("V", 0.0999, "bits²", false, 0.1), "V 0.0999 bits² < 0.1000");
        assert_eq!(comparison("H", 1.0, "bits", false, 1.484), "H 1.000 bits < 1.484");
        assert_eq!(comparison("H", 0.0, "bits", false, 1e-12), "H 0.00000000 bits < 0.00000000");
    }

    #[test]
    fn plain_samplers() {
        let sentence = |temperature, top_k, top_p, min_p| {
            by_the_book(&PlainConfig { temperature, top_k, top_p, min_p })
        };
        assert_eq!(
            sentence(0.7, 40, 0.9, 0.0),
            "draw at temperature 0.70 from the top 40 (top-p 0.90)"
        );
        assert_eq!(
            sentence(1.0, 0, 1.0, 0.05),
            "draw at temperature 1.00 from all tokens (min-p 0.05)"
        );
        assert_eq!(sentence(0.0, 40, 0.9, 0.0), "temperature 0: take the most probable token");
    }
}
