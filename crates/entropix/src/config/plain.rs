//! The usual samplers, in numbers.

use crate::knob::{Group::Draw, Knob, Range, config};

const fn draw(label: &'static str) -> Knob {
    Knob::labelled(label).group(Draw)
}

config! {
    /// The usual samplers, in the order in which they act. Each looks at what the one before left.
    PlainConfig {
        /// Divides a positive logit of a token of the answer, multiplies a negative one; 1 = off.
        repetition_penalty: f64 = 1.0, draw("repetition penalty").range(Range::Above(0.0));
        /// Tokens of the answer that the repetition penalty remembers; 0 = all.
        repetition_window: u32 = 64, Knob::labelled("repetition window").unit("tokens");
        /// DRY: what a token loses that would prolong a repeat just above the allowed length, in nats;
        /// 0 = off.
        dry_multiplier: f64 = 0.0, draw("DRY multiplier").unit("nats");
        /// DRY: the loss grows by this factor with each token of the repeat.
        dry_base: f64 = 1.75, Knob::labelled("DRY base");
        /// DRY: a repeat of fewer tokens costs nothing.
        dry_allowed_length: u32 = 2, Knob::labelled("DRY allowed length").unit("tokens");
        /// Divides the logits; 0 means greedy.
        temperature: f64 = 0.7, draw("temperature");
        /// Divides the logits instead where the model is torn: where their entropy at temperature 1 is above
        /// the fork's; 0 = off. Hot forks help, hot certainties hurt (arXiv:2506.01939).
        fork_temperature: f64 = 0.0, draw("temperature at forks");
        /// The entropy above which a token is a fork: the 80th percentile of the source, 0.672.
        fork_entropy: f64 = 0.672, Knob::labelled("fork above").unit("nats");
        /// Drop tokens below the chance that two draws agree, Σp² (p-less, arXiv:2509.23234); after the
        /// temperature.
        p_less: bool = false, draw("p-less");
        /// Drop logits further below the largest than this many standard deviations of all logits, whatever
        /// the temperature; 0 = off (top-nσ, arXiv:2411.07641, which takes 1).
        top_n_sigma: f64 = 0.0, draw("top-nσ");
        /// Drop tokens below `min_p` × the largest probability; 0 = off.
        min_p: f64 = 0.0, draw("min-p");
        /// Keep the most probable tokens while their own entropy is at most this share of that of all;
        /// 1 = off (top-H, arXiv:2509.02510, which takes 0.4).
        top_h: f64 = 1.0, draw("top-H");
        /// Keep the k most probable tokens; 0 = off.
        top_k: u32 = 40, draw("top-k");
        /// Keep the tokens whose surprisal is nearest to the entropy, up to this mass; 1 = off
        /// (locally typical sampling, arXiv:2202.00666).
        typical_p: f64 = 1.0, draw("typical-p");
        /// Keep the smallest set with at least this mass; 1 = off.
        top_p: f64 = 0.9, draw("top-p");
    }
}

impl PlainConfig {
    /// The temperature where the logits' entropy at temperature 1 is this, in nats.
    pub fn temperature_at(&self, entropy_nats: f64) -> f64 {
        let fork = self.fork_temperature > 0.0 && entropy_nats > self.fork_entropy;
        if fork { self.fork_temperature } else { self.temperature }
    }
}
