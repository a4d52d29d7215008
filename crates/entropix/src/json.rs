//! What JSON has no word for.

use serde::{Deserialize, Deserializer};

/// A number, or the `null` that stands in JSON where it is infinite.
pub(crate) fn infinite<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or(f64::INFINITY))
}

#[cfg(test)]
mod tests {
    use crate::{AttentionMetrics, Comparison, Metric, Rule};

    #[test]
    fn what_is_infinite_can_be_read_again() {
        let metrics =
            AttentionMetrics { interaction_strength: f64::INFINITY, ..AttentionMetrics::default() };
        let text = serde_json::to_string(&metrics).unwrap();
        assert_eq!(serde_json::from_str::<AttentionMetrics>(&text).unwrap(), metrics);

        let comparison = Comparison {
            rule: Rule::Lelv,
            metric: Metric::Interaction,
            value: f64::INFINITY,
            above: false,
            threshold: 1.0,
            or_equal: false,
        };
        let text = serde_json::to_string(&comparison).unwrap();
        assert_eq!(serde_json::from_str::<Comparison>(&text).unwrap(), comparison);
    }
}
