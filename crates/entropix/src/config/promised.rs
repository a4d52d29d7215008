//! The sampler that the project's picture promised, in numbers.

use crate::PlainConfig;
use crate::knob::{Group, Knob, Range, config, options};

options! {
    /// What makes one branch better than another. Both numbers are means over a branch's tokens.
    BranchScore {
        /// The log₂-probability less the entropy.
        Both = "both", "probability and certainty";
        /// The log₂-probability of its tokens.
        LogProbability = "log_probability", "probability";
        /// Little entropy after its tokens.
        Entropy = "entropy", "certainty";
    }
}

const fn budget(label: &'static str) -> Knob {
    Knob::labelled(label).group(Group::Budgets)
}

config! {
    /// Four quadrants, one cut for each axis: argmax, insert, branch, resample.
    ///
    /// The cuts are quantiles of the model's own H and V over its chat answers (`entropix calibrate`);
    /// the default ones are those of SmolLM2-135M-Instruct (`Q4_1`) at the quantile 0.8. Budgets are per
    /// answer; what is over budget is drawn, as is everything that no action applies to.
    PromisedConfig {
        /// H above this is high, in bits.
        entropy_cut: f64 = 4.57, Knob::labelled("cut of H").group(Group::Thresholds).unit("bits");
        /// V above this is high, in bits².
        varentropy_cut: f64 = 11.06, Knob::labelled("cut of V").group(Group::Thresholds).unit("bits²");
        /// Of draws: divides the logits; 0 means greedy.
        temperature: f64 = PlainConfig::default().temperature, Knob::labelled("temperature").group(Group::Draw);
        /// Of draws: number of most probable tokens kept; 0 = all.
        top_k: u32 = PlainConfig::default().top_k, Knob::labelled("top-k").group(Group::Draw);
        /// Of draws: nucleus mass.
        top_p: f64 = PlainConfig::default().top_p, Knob::labelled("top-p").group(Group::Draw);
        /// Of draws: share of the largest probability below which tokens are dropped.
        min_p: f64 = PlainConfig::default().min_p, Knob::labelled("min-p").group(Group::Draw);
        /// Which branch is kept. Means over a branch’s tokens, in bits.
        branch_score: BranchScore = BranchScore::Both, Knob::labelled("keep the branch by").group(Group::Ways);
        /// Inserted at high H and low V in turn, exactly as written: a blank at the beginning counts.
        phrases: Vec<String> = vec![
            " ... wait, let me think.".into(),
            " ... let me take this step by step.".into(),
        ], Knob::labelled("phrases, one per line").group(Group::Ways);
        /// Most phrases inserted.
        max_inserts: u32 = 2, budget("most phrases");
        /// First tokens that a branching tries, the most probable ones; 2 to 16.
        branches: u32 = 4, budget("branches").range(Range::Between(2.0, 16.0));
        /// Most tokens of a branch; 1 to 128.
        branch_tokens: u32 = 12, budget("tokens of a branch").range(Range::Between(1.0, 128.0));
        /// Most branchings.
        max_branchings: u32 = 6, budget("most branchings");
        /// Most tokens that are taken back at once; 1 to 64.
        resample_reach: u32 = 8, budget("most tokens taken back").range(Range::Between(1.0, 64.0));
        /// What is drawn again is drawn at this times the temperature.
        resample_heat: f64 = 1.5, budget("then temperature ×").range(Range::Above(0.0));
        /// Most times that tokens are taken back.
        max_resamples: u32 = 3, budget("most times back");
    }
}

impl PromisedConfig {
    /// The sampler of its draws, its temperature times `heat`.
    pub(crate) fn draws(&self, heat: f64) -> PlainConfig {
        PlainConfig {
            temperature: (self.temperature * heat).min(f64::MAX),
            top_k: self.top_k,
            top_p: self.top_p,
            min_p: self.min_p,
            ..PlainConfig::default()
        }
    }
}
