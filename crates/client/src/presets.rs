//! What each preset would have done at a token, in words.

use entropix::compare::{self, Outcome};
use entropix::{
    Action, AttentionMetrics, MinP, Parameters, Preset, Rule, SamplerConfig, SamplerKind,
};

use crate::settings::Settings;
use crate::words::{quantity, visible};
use entropix_conversation::Answer;

/// One token, and what the presets say about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Which token: "Token 12 of 100, “␣sky”".
    pub token: String,
    /// What all of them are given.
    pub given: String,
    /// One line per preset.
    pub lines: Vec<Line>,
}

/// What one preset would have done.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The preset.
    pub preset: &'static str,
    /// What must be known about it here.
    pub notes: Vec<&'static str>,
    /// Name of the rule.
    pub rule: &'static str,
    /// When the rule matches, or how it draws.
    pub about: String,
    /// Temperature, top-p, top-k and min-p.
    pub draw: Result<[String; 4], &'static str>,
}

/// All presets, with the numbers of `settings`, at one token of an answer; its own preset with the
/// answer's own numbers, unless others were set.
pub fn compare(settings: &Settings, answer: &Answer, index: usize) -> Option<Comparison> {
    let entry = answer.entries.get(index)?;
    let decision = &entry.decision;
    let generated: Vec<u32> =
        answer.entries[..index].iter().map(|entry| entry.decision.token).collect();
    let made_by = match &answer.made.recipe.sampler {
        SamplerConfig::Entropix(config) => Some(config),
        _ => None,
    };
    let lines = Preset::ALL.into_iter().map(|preset| {
        let edited = settings.is_edited(SamplerKind::Entropix(preset));
        let mut config = match made_by {
            Some(made_by) if made_by.preset == preset && !edited => made_by.clone(),
            _ => settings.preset(preset),
        };
        // The pause token belongs to the model that answered.
        if let Some(made_by) = made_by {
            config.pause_token = made_by.pause_token;
        }
        let outcome = compare::outcome(
            &decision.uncertainty,
            decision.attention.as_ref(),
            &generated,
            &config,
        );
        let notes = [
            (made_by.is_some_and(|config| config.preset == preset), "this answer"),
            (edited, "edited"),
            (outcome.logits_only, "logits only"),
        ];
        Line {
            preset: preset.name(),
            notes: notes.into_iter().filter_map(|(is, note)| is.then_some(note)).collect(),
            rule: outcome.rule.map_or("first token", Rule::code),
            about: about(&outcome),
            draw: match (outcome.action, outcome.parameters) {
                (Action::Insert, _) => Err("insert the pause token"),
                (_, Some(parameters)) => Ok(numbers(&parameters, config.min_p_effect)),
                (_, None) => Err("take the most probable"),
            },
        }
    });
    let uncertainty = &decision.uncertainty;
    Some(Comparison {
        token: format!(
            "Token {} of {}, “{}”",
            index + 1,
            answer.entries.len(),
            visible(&entry.label)
        ),
        given: format!(
            "H\u{a0}{}\u{a0}bits, V\u{a0}{}\u{a0}bits²; {}",
            quantity(uncertainty.entropy_bits),
            quantity(uncertainty.varentropy_bits2),
            decision.attention.as_ref().map_or("no attention recorded".to_owned(), attention),
        ),
        lines: lines.collect(),
    })
}

fn about(outcome: &Outcome) -> String {
    match outcome.rule {
        None => "no rule".to_owned(),
        Some(_) if outcome.draws > 1 => format!("best of {}", outcome.draws),
        Some(rule) => rule.when().to_owned(),
    }
}

fn attention(metrics: &AttentionMetrics) -> String {
    format!(
        "attention as recorded: AE\u{a0}{}\u{a0}bits, AV\u{a0}{}\u{a0}bits², AG\u{a0}{:.1e}, IS\u{a0}{}",
        quantity(metrics.attn_entropy),
        quantity(metrics.attn_varentropy),
        metrics.agreement,
        quantity(metrics.interaction_strength),
    )
}

/// Temperature, top-p, top-k, min-p; in brackets what has no effect.
fn numbers(parameters: &Parameters, effect: MinP) -> [String; 4] {
    let Parameters { temperature, top_p, top_k, min_p } = parameters;
    let min_p = if *min_p > 0.0 { format!("{min_p:.3}") } else { "0".to_owned() };
    [
        format!("{temperature:.2}"),
        format!("{top_p:.2}"),
        top_k.to_string(),
        if effect == MinP::NoEffect && min_p != "0" { format!("({min_p})") } else { min_p },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use entropix_conversation::Conversation;

    fn recorded() -> Answer {
        let text = include_str!("../../../www/traces/larger-b.json");
        let conversation = Conversation::recorded(serde_json::from_str(text).unwrap());
        let last = conversation.path().last().unwrap().id;
        conversation.answer(last).unwrap().clone()
    }

    #[test]
    fn the_preset_of_the_answer_did_what_is_recorded() {
        let answer = recorded();
        for (index, entry) in answer.entries.iter().enumerate() {
            let comparison = compare(&Settings::default(), &answer, index).unwrap();
            let line = comparison.lines.iter().find(|line| line.preset == "B").unwrap();
            assert_eq!(line.notes, ["this answer"]);
            assert_eq!(line.rule, entry.decision.rule.unwrap().code());
            if let Some(parameters) = &entry.decision.parameters {
                assert_eq!(line.draw, Ok(numbers(parameters, MinP::NoEffect)));
            } else {
                assert_eq!(line.draw, Err("take the most probable"));
            }
        }
    }

    #[test]
    fn in_words() {
        let plain = |text: &str| text.replace('\u{a0}', " ");
        let mut answer = recorded();
        let first = compare(&Settings::default(), &answer, 0).unwrap();
        assert_eq!(first.token, "Token 1 of 100, “To”");
        assert_eq!(plain(&first.given), "H 4.18 bits, V 11.02 bits²; no attention recorded");
        let presets: Vec<_> = first.lines.iter().map(|line| (line.preset, line.rule)).collect();
        assert_eq!(
            presets,
            [
                ("A", "first token"),
                ("B0", "first token"),
                ("B", "LEHV"),
                ("FROG", "first token"),
                ("SMOLLM-135M", "HEHV"),
                ("OCT31", "first token"),
            ]
        );
        let line = &first.lines[4];
        assert_eq!(
            (line.about.as_str(), &line.notes[..]),
            ("high H, high V", &["logits only"][..])
        );
        answer.entries[0].decision.attention = Some(AttentionMetrics {
            attn_entropy: 7.5,
            attn_varentropy: 0.25,
            agreement: 1.5e-6,
            interaction_strength: 0.05,
        });
        let first = compare(&Settings::default(), &answer, 0).unwrap();
        assert!(plain(&first.given).ends_with(
            "; attention as recorded: AE 7.50 bits, AV 0.25 bits², AG 1.5e-6, IS 0.050"
        ));
        assert!(first.lines.iter().all(|line| !line.notes.contains(&"logits only")));
        assert_eq!(compare(&Settings::default(), &answer, 100), None);
    }

    #[test]
    fn numbers_that_were_edited_count() {
        let answer = recorded();
        let mut settings =
            Settings { choice: SamplerKind::Entropix(Preset::A), ..Settings::default() };
        settings.set("low_logits_entropy_threshold", "50").unwrap();
        settings.set("low_logits_varentropy_threshold", "50").unwrap();
        let lines = compare(&settings, &answer, 5).unwrap().lines;
        assert_eq!((lines[0].rule, &lines[0].notes[..]), ("LELV", &["edited"][..]));
        assert_eq!(lines[0].draw, Err("take the most probable"));
        assert!(lines[1..].iter().all(|line| !line.notes.contains(&"edited")));
    }
}
