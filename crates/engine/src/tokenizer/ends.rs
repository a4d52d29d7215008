//! Which tokens end an answer.

use std::collections::{HashMap, HashSet};

use super::kind::{Kind, Scheme};
use super::vocabulary::Vocabulary;

/// Names of tokens that end an answer, whatever the file says of them. Facts from llama.cpp's
/// `src/llama-vocab.cpp`, and two names of Llama 4's family.
const NAMES: [&str; 30] = [
    "</s>",
    "<EOT>",
    "<end_of_turn>",
    "<end_of_utterance>",
    "<eos>",
    "<turn|>",
    "<|call|>",
    "<|calls|>",
    "<|end_of_text|>",
    "<|end|>",
    "<|endoftext|>",
    "<|eom_id|>",
    "<|eos|>",
    "<|eot_id|>",
    "<|eot|>",
    "<|flush|>",
    "<|im_end|>",
    "<|return|>",
    "<|tool_response>",
    "<｜end▁of▁sentence｜>",
    "[EOS]",
    "[EOT]",
    "[e~[",
    "_<EOT>",
    // A model that writes these begins another file.
    "<fim_pad>",
    "<reponame>",
    "<|fim_pad|>",
    "<|file_sep|>",
    "<|fim_repo|>",
    "<|repo_name|>",
];

/// A name that ends nothing where all of the others are.
const EXCEPTIONS: [(&str, &[&str]); 3] = [
    // Ends one message of several in an answer.
    ("<|end|>", &["<|return|>", "<|call|>"]),
    ("<|end|>", &["<|flush|>", "<|calls|>"]),
    // Strikes text through.
    ("</s>", &["<|tool_response>"]),
];

/// Tokens that end an answer, ascending: the file's own, and those of a known name. They become
/// control tokens, whatever kind the file gives them: nobody sees them or can type them.
pub(super) fn find(vocabulary: &mut Vocabulary) -> Vec<u32> {
    let named = named(vocabulary);
    let own = vocabulary.ends.iter().copied();
    let mut ends: Vec<u32> = named.into_iter().chain(own).collect();
    ends.sort_unstable();
    ends.dedup();
    for &id in &ends {
        if let Some(kind) = vocabulary.kinds.get_mut(id as usize)
            && *kind == Kind::UserDefined
        {
            *kind = Kind::Control;
        }
    }
    ends
}

fn named(vocabulary: &mut Vocabulary) -> Vec<u32> {
    let known = vocabulary.tokens.iter().zip(0..).filter(|(name, _)| NAMES.contains(name));
    let mut found: HashMap<&str, u32> = known.collect();
    let written = written(vocabulary, &found);
    found.retain(|name, _| !written.contains(name));
    for (name, others) in EXCEPTIONS {
        if others.iter().all(|other| found.contains_key(other)) {
            found.remove(name);
        }
    }
    let ids: Vec<u32> = found.into_values().collect();
    for &id in &ids {
        vocabulary.kinds[id as usize] = Kind::Control;
    }
    ids
}

/// Names that are words of the language: merges make them of what people write, as `</s>` in
/// Qwen's vocabulary, which ends struck-out text.
fn written<'a>(vocabulary: &Vocabulary, found: &HashMap<&'a str, u32>) -> HashSet<&'a str> {
    let Scheme::ByteLevel(_) = vocabulary.scheme else { return HashSet::new() };
    let is_text = |id: u32| vocabulary.kinds[id as usize] == Kind::Text;
    let text = found.iter().filter(|(_, id)| is_text(**id)).map(|(name, _)| *name);
    text.filter(|name| vocabulary.merges.iter().any(|merge| makes(merge, name))).collect()
}

fn makes((left, right): &(String, String), name: &str) -> bool {
    name.strip_prefix(left.as_str()) == Some(right)
}
