//! A decision in one plain sentence, with the numbers that were compared.

use crate::dslider::{Policy, Step};
use crate::{Comparison, Metric, Parameters, PlainConfig, Rule, Uncertainty};

/// What greedy does.
pub(crate) const MOST_PROBABLE: &str = "take the most probable token";
/// Of a token from outside.
pub(crate) const GIVEN: &str = "put here by hand";
/// Of a token that the text had.
pub(crate) const READ: &str = "in the text";

/// Why the rule matched: "H 6.10 bits > 5.00 and V 0.04 bits² < 0.10".
pub(crate) fn reason(rule: Rule, u: &Uncertainty, because: &[Comparison]) -> String {
    if rule == Rule::Adaptive {
        let Uncertainty { entropy_bits: h, varentropy_bits2: v } = u;
        // Where H and V alone would match.
        let refused = because.iter().find(|one| !matches!(one.metric, Metric::H | Metric::V));
        let refused = refused.map_or_else(String::new, |one| {
            format!(" ({}: {})", one.rule.code(), comparison(one, "is not "))
        });
        return format!("H {h:.2} bits, V {v:.2} bits²: no quadrant matches{refused}");
    }
    let mut text = String::new();
    for (i, one) in because.iter().enumerate() {
        let link = match i {
            0 => "",
            _ if i + 1 == because.len() => " and ",
            _ => ", ",
        };
        text.push_str(link);
        text.push_str(&comparison(one, ""));
    }
    text
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
    let PlainConfig { temperature, top_k, top_p, min_p, typical_p, .. } = *config;
    let mut notes = Vec::new();
    if config.repetition_penalty.total_cmp(&1.0).is_ne() {
        notes.push(format!("repetition penalty {:.2}", config.repetition_penalty));
    }
    if config.dry_multiplier > 0.0 {
        notes.push(format!("DRY {:.2}", config.dry_multiplier));
    }
    if temperature == 0.0 {
        return format!("temperature 0: {MOST_PROBABLE}{}", remark(&notes));
    }
    let from = if top_k == 0 { "all tokens".into() } else { format!("the top {top_k}") };
    if typical_p < 1.0 {
        notes.push(format!("typical {typical_p:.2}"));
    }
    if top_p < 1.0 {
        notes.push(format!("top-p {top_p:.2}"));
    }
    if min_p > 0.0 {
        notes.push(format!("min-p {min_p:.2}"));
    }
    if config.p_less {
        notes.push("p-less".into());
    }
    if config.top_n_sigma > 0.0 {
        notes.push(format!("top-nσ {:.2}", config.top_n_sigma));
    }
    if config.top_h < 1.0 {
        notes.push(format!("top-H {:.2}", config.top_h));
    }
    format!("draw at temperature {temperature:.2} from {from}{}", remark(&notes))
}

/// What a resample does first.
pub(crate) fn take_back(count: u32) -> String {
    format!("take back {} and draw again", tokens(count as usize))
}

/// How a branching ended: " into 4, keep number 2: 7 tokens, score −2.41 bits".
pub(crate) fn kept(number: usize, tried: usize, count: usize, score: f64) -> String {
    let (number, count, score) = (number + 1, tokens(count), signed(score));
    format!(" into {tried}, keep number {number}: {count}, score {score} bits")
}

/// What the Dirichlet sampler did: "no outlier (NaN is not > 0), H of the top tokens 0.31 nats < 1.26:
/// take the most probable token".
pub(crate) fn dirichlet(step: &Step, top_entropy: f64) -> String {
    let threshold = step.outlier_threshold;
    let reason = if threshold > 0.0 {
        format!("outlier ({} > 0)", signed(threshold))
    } else {
        format!("no outlier ({} is not > 0)", signed(threshold))
    };
    let (top, below) = (signed(step.top_entropy), signed(step.argmax_threshold));
    let (unlikely, limit) = (signed(step.dirichlet_entropy), signed(step.dirichlet_threshold));
    let temperature = step.temperature.unwrap_or(1.0);
    match step.policy {
        Policy::Argmax => {
            format!("{reason}, H of the top tokens {top} nats < {below}: {MOST_PROBABLE}")
        }
        Policy::Top => format!(
            "{reason}, H of the top tokens {top} nats is not < {below}: draw from the top {} at \
             temperature {temperature:.2}, tuned towards the average H of {} nats",
            step.choice.len(),
            signed(top_entropy),
        ),
        Policy::Mixture => format!(
            "{reason}, minus log-likelihood {unlikely} nats < {limit}: take the most probable token \
             of the model at temperature {temperature:.2} mixed with the Dirichlet distribution"
        ),
        Policy::Dirichlet => format!(
            "{reason}, minus log-likelihood {unlikely} nats is not < {limit}: draw from the \
             Dirichlet distribution, fitted at temperature {temperature:.2}"
        ),
    }
}

/// Two decimals, with a true minus sign; from a million on as "1.23e6".
fn signed(x: f64) -> String {
    let (sign, x) = (if x < 0.0 { "−" } else { "" }, x.abs());
    if x < 1e6 || x.is_nan() { format!("{sign}{x:.2}") } else { format!("{sign}{x:.2e}") }
}

/// "1 token", "2 tokens".
pub(crate) fn tokens(count: usize) -> String {
    format!("{count} token{}", if count == 1 { "" } else { "s" })
}

fn remark(notes: &[String]) -> String {
    if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) }
}

/// "V 0.04 bits² < 0.10", with as many decimals as the inequality needs to be true as printed.
fn comparison(one: &Comparison, negation: &str) -> String {
    let &Comparison { metric, value, above, threshold, or_equal, .. } = one;
    let print = |decimals| (format!("{value:.decimals$}"), format!("{threshold:.decimals$}"));
    let exact = |(value, printed): &(String, String)| {
        (or_equal || value != printed)
            && printed.parse().is_ok_and(|p: f64| p.total_cmp(&threshold).is_eq())
    };
    let (value, threshold) = (2..8).map(print).find(exact).unwrap_or_else(|| print(8));
    let sign = match (above, or_equal) {
        (true, false) => '>',
        (true, true) => '≥',
        (false, false) => '<',
        (false, true) => '≤',
    };
    let name = metric.name();
    let space = if metric.unit().is_empty() { "" } else { " " };
    format!("{name} {value}{space}{} {negation}{sign} {threshold}", metric.unit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_are_true_as_printed() {
        let comparison = |metric, value, above, threshold| {
            let rule = Rule::Lelv;
            let one = Comparison { rule, metric, value, above, threshold, or_equal: false };
            comparison(&one, "")
        };
        assert_eq!(comparison(Metric::H, 6.1, true, 5.0), "H 6.10 bits > 5.00");
        assert_eq!(comparison(Metric::V, 0.0999, false, 0.1), "V 0.0999 bits² < 0.1000");
        assert_eq!(comparison(Metric::H, 1.0, false, 1.484), "H 1.000 bits < 1.484");
        assert_eq!(comparison(Metric::H, 0.0, false, 1e-12), "H 0.00000000 bits < 0.00000000");
        assert_eq!(comparison(Metric::Agreement, 1e-6, false, 2e-6), "AG 0.000001 < 0.000002");
    }

    #[test]
    fn plain_samplers() {
        let sentence = |temperature, top_k, top_p, min_p| {
            by_the_book(&PlainConfig { temperature, min_p, top_k, top_p, ..PlainConfig::default() })
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
