//! What another configuration would do with the numbers that a decision was made from.

use crate::samplers::{Act, plan};
use crate::{
    Action, AttentionMetrics, AttentionVariance, EntropixConfig, Parameters, Rule, Uncertainty,
};

/// What a configuration would do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// The rule; `None` where there is none
    /// ([`first_token_argmax`](EntropixConfig::first_token_argmax)).
    pub rule: Option<Rule>,
    /// What it would do.
    pub action: Action,
    /// The numbers of the draw; `None` for argmax and insert.
    pub parameters: Option<Parameters>,
    /// Tokens it would draw.
    pub draws: u32,
    /// It would look at attention, and there is none.
    pub logits_only: bool,
}

/// What `config` would do where H, V and attention were these, after the tokens `generated`.
///
/// Everything but the token itself, for which the logits would be needed. Attention is taken as it was
/// measured: padding and variance of another configuration would change it a little.
///
/// ```
/// use entropix::{EntropixConfig, Preset, Uncertainty, compare};
///
/// let unsure = Uncertainty { entropy_bits: 3.4, varentropy_bits2: 0.02 };
/// let would = |preset| compare::outcome(&unsure, None, &[1], &EntropixConfig::preset(preset));
/// assert_eq!(would(Preset::B0).rule.unwrap().code(), "HELV");
/// assert_eq!(would(Preset::B).rule.unwrap().code(), "ADAPTIVE");
/// ```
pub fn outcome(
    uncertainty: &Uncertainty,
    attention: Option<&AttentionMetrics>,
    generated: &[u32],
    config: &EntropixConfig,
) -> Outcome {
    let wanted = config.wants_attention && config.preset.uses_attention();
    let logits_only = wanted && attention.is_none();
    let nothing_drawn =
        Outcome { rule: None, action: Action::Argmax, parameters: None, draws: 0, logits_only };
    if generated.is_empty() && config.first_token_argmax {
        return Outcome { logits_only: false, ..nothing_drawn };
    }
    let attention = attention.filter(|_| wanted).map(|measured| match config.attention_variance {
        AttentionVariance::OverOneQuery => AttentionMetrics { attn_varentropy: 0.0, ..*measured },
        AttentionVariance::OverHeads | AttentionVariance::Unbiased => *measured,
    });
    let plan = plan(uncertainty, attention.as_ref(), generated, config);
    let ruled = Outcome { rule: Some(plan.rule), ..nothing_drawn };
    match plan.act {
        Act::Argmax => ruled,
        Act::Pause => Outcome { action: Action::Insert, ..ruled },
        Act::Draw { parameters, draws } => {
            let action = if draws == 1 { Action::Sample } else { Action::BestOfN };
            Outcome { action, parameters: Some(parameters), draws, ..ruled }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Attention, Decision, Insert, Preset, Sampler, SamplerConfig};

    /// Sure, torn, a favourite with a long tail, wide open, all the same.
    fn logits() -> Vec<Vec<f32>> {
        let falling = |step: f32, count: u16| (0..count).map(|i| -step * f32::from(i)).collect();
        let favourite = |lead: f32, count: usize| [vec![lead], vec![0.0; count]].concat();
        vec![
            favourite(20.0, 3),
            vec![0.0; 2],
            favourite(7.0, 300),
            favourite(6.0, 4000),
            falling(0.02, 2000),
            falling(0.3, 50),
            vec![0.0; 64],
            vec![0.0; 5],
        ]
    }

    /// What a sampler of this configuration does.
    fn decided(config: &EntropixConfig, generated: &[u32], logits: &[f32]) -> Decision {
        let mut sampler = Sampler::new(SamplerConfig::Entropix(config.clone()), 1).unwrap();
        if generated.is_empty() && config.first_token_argmax {
            return sampler.first(logits).unwrap();
        }
        let scores = [2.5, -0.5, 1.0, 0.0, 0.1, 0.2, -3.0, 0.4, 0.0, 9.0, 0.0, 0.0];
        let padding = config.attention_buffer as usize;
        let attention = Attention { heads: 3, keys: 4, padding, scores: &scores };
        let attention = Some(attention).filter(|_| config.wants_attention);
        sampler.decide(logits, attention, generated).unwrap()
    }

    /// Every preset as it is, and with other quirks.
    fn configs() -> impl Iterator<Item = EntropixConfig> {
        Preset::ALL.into_iter().flat_map(|preset| {
            let usual = EntropixConfig::preset(preset);
            let odd = EntropixConfig {
                wants_attention: true,
                first_token_argmax: !usual.first_token_argmax,
                insert: Insert::NotTwiceInARow,
                swapped_thresholds: !usual.swapped_thresholds,
                ..usual.clone()
            };
            [usual, odd]
        })
    }

    #[test]
    fn it_is_what_the_sampler_does() {
        let mut seen = Vec::new();
        for config in configs() {
            let pause = config.pause_token;
            for generated in [&[][..], &[7], &[7, pause], &[pause, 7]] {
                for logits in logits() {
                    let did = decided(&config, generated, &logits);
                    let would =
                        outcome(&did.uncertainty, did.attention.as_ref(), generated, &config);
                    let one = u32::from(did.draw.is_some());
                    let wanted = Outcome {
                        rule: did.rule,
                        action: did.action,
                        parameters: did.parameters,
                        draws: did.candidates.map_or(one, |all| all.len() as u32),
                        logits_only: false,
                    };
                    assert_eq!(would, wanted);
                    seen.push((would.rule, would.action));
                }
            }
        }
        for rule in Rule::ALL {
            assert!(seen.iter().any(|(of, _)| *of == Some(rule)), "{rule:?} never came");
        }
        assert!(seen.contains(&(Some(Rule::Helv), Action::Insert)));
        assert!(seen.contains(&(Some(Rule::Helv), Action::Sample)));
        assert!(seen.contains(&(None, Action::Argmax)));
    }

    #[test]
    fn who_looks_at_attention_says_that_there_is_none() {
        let uncertainty = Uncertainty { entropy_bits: 2.0, varentropy_bits2: 3.0 };
        let metrics = AttentionMetrics { attn_entropy: 9.0, ..AttentionMetrics::default() };
        for preset in Preset::ALL {
            let config = EntropixConfig::preset(preset);
            let without = outcome(&uncertainty, None, &[1], &config);
            let with = outcome(&uncertainty, Some(&metrics), &[1], &config);
            assert_eq!(without.logits_only, config.wants_attention, "{preset:?}");
            assert!(!with.logits_only);
            if !config.wants_attention {
                assert_eq!(with, without, "{preset:?}");
            }
        }
    }

    #[test]
    fn over_one_query_the_variance_is_0() {
        let uncertainty = Uncertainty { entropy_bits: 6.0, varentropy_bits2: 9.0 };
        let varied = AttentionMetrics { attn_varentropy: 4.0, ..AttentionMetrics::default() };
        let config = EntropixConfig::preset(Preset::B0);
        assert_eq!(config.attention_variance, AttentionVariance::OverOneQuery);
        let flat = AttentionMetrics::default();
        let of = |metrics| outcome(&uncertainty, Some(metrics), &[1], &config).parameters;
        assert_eq!(of(&varied), of(&flat));
    }
}
