//! The phrases that the promised sampler inserts, as tokens.

use entropix::PromisedConfig;
use entropix_engine::Tokenizer;

use crate::ChatError;

/// More would not be a phrase.
const MOST_TOKENS: usize = 32;

/// Tokens of each phrase.
///
/// # Errors
/// A phrase without text, with more than 32 tokens, or whose tokens say something else.
pub(crate) fn tokens(
    tokenizer: &Tokenizer,
    config: &PromisedConfig,
) -> Result<Vec<Vec<u32>>, ChatError> {
    config.phrases.iter().map(|phrase| one(tokenizer, phrase)).collect()
}

fn one(tokenizer: &Tokenizer, phrase: &str) -> Result<Vec<u32>, ChatError> {
    let refuse = |problem| ChatError::Phrase { phrase: phrase.to_owned(), problem };
    // Names of control tokens stay text.
    let ids = tokenizer.encode(phrase, false)?;
    if phrase.trim().is_empty() {
        Err(refuse("it has no text"))
    } else if ids.len() > MOST_TOKENS {
        Err(refuse("it has more than 32 tokens"))
    } else if tokenizer.decode(&ids) != phrase {
        Err(refuse("this model's vocabulary can't spell it"))
    } else {
        Ok(ids)
    }
}
