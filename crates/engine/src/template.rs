//! A conversation as the model was trained to see it.

mod clock;
mod environment;
mod error;
mod filters;
mod globals;
mod jinja;
mod marks;
mod predicates;
mod prompt;
mod python;

use minijinja::{Environment, Value};

pub use clock::LocalTime;
pub use error::TemplateError;

use crate::gguf::{Metadata, Value as Entry};
use crate::{EngineError, Tokenizer};

/// Steps that any rendering may take.
const STEPS: u64 = 10_000_000;
/// Steps besides for each byte of what is said, for templates that look at every character.
const STEPS_PER_BYTE: u64 = 200;
/// Steps besides for each pair of messages, for templates that look from each message at all others.
const STEPS_PER_PAIR: u64 = 100;

/// One turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// Who speaks: `system`, `user`, `assistant`, or what else the template knows.
    pub role: &'a str,
    /// What is said.
    pub content: &'a str,
    /// The tokens that `content` was made of, if the model made it.
    pub ids: Option<&'a [u32]>,
}

/// A rendered conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// What the template made of it.
    pub text: String,
    /// Its tokens, and before them the start token if the file asks for one. Text inside a message never becomes
    /// a control token.
    pub ids: Vec<u32>,
}

/// The file's own chat template (Jinja), which renders as `apply_chat_template` of transformers does.
///
/// A file whose template is missing or broken can be used without one: that is told when a conversation is rendered.
pub struct ChatTemplate {
    parsed: Result<Environment<'static>, TemplateError>,
    /// `bos_token` and its like, with the texts of the file's tokens.
    special: Vec<(&'static str, String)>,
}

impl ChatTemplate {
    pub(crate) fn from_gguf(metadata: &Metadata, tokenizer: &Tokenizer) -> Self {
        const SPECIAL: [(&str, &str); 6] = [
            ("bos_token", "tokenizer.ggml.bos_token_id"),
            ("eos_token", "tokenizer.ggml.eos_token_id"),
            ("unk_token", "tokenizer.ggml.unknown_token_id"),
            ("sep_token", "tokenizer.ggml.seperator_token_id"),
            ("pad_token", "tokenizer.ggml.padding_token_id"),
            ("mask_token", "tokenizer.ggml.mask_token_id"),
        ];
        let special = SPECIAL.into_iter().filter_map(|(name, key)| match metadata.get(key) {
            Some(Entry::U32(id)) if (*id as usize) < tokenizer.len() => {
                Some((name, tokenizer.label(*id)))
            }
            _ => None,
        });
        let source = match metadata.get("tokenizer.chat_template") {
            None => Err(TemplateError::Missing),
            Some(Entry::String(source)) => Ok(source.as_str()),
            Some(_) => Err(TemplateError::Broken("it is no text".to_owned())),
        };
        Self::new(source, special.collect())
    }

    fn new(source: Result<&str, TemplateError>, special: Vec<(&'static str, String)>) -> Self {
        Self { parsed: source.and_then(parse), special }
    }

    /// What is wrong with the template itself, if anything is.
    pub fn problem(&self) -> Option<&TemplateError> {
        self.parsed.as_ref().err()
    }

    /// Renders a conversation; with `add_generation_prompt` up to where the answer begins. `now` is for templates
    /// that name the date.
    ///
    /// # Errors
    /// There is no sound template, or it refused the conversation.
    pub fn render(
        &self,
        messages: &[Message<'_>],
        add_generation_prompt: bool,
        now: LocalTime,
    ) -> Result<String, EngineError> {
        let turns = messages.iter().map(|message| (message.role, message.content));
        self.render_turns(turns, add_generation_prompt, now)
    }

    /// Renders roles and contents.
    fn render_turns<'a>(
        &self,
        turns: impl Iterator<Item = (&'a str, &'a str)>,
        add_generation_prompt: bool,
        now: LocalTime,
    ) -> Result<String, EngineError> {
        let mut bytes = 0;
        let messages: Vec<Value> = turns
            .map(|(role, content)| {
                bytes += content.len() as u64;
                Value::from_pairs([("role", role), ("content", content)])
            })
            .collect();
        let count = messages.len() as u64;
        let none = || Value::from(());
        let mut context = vec![
            ("messages", Value::from(messages)),
            ("tools", none()),
            ("documents", none()),
            ("add_generation_prompt", Value::from(add_generation_prompt)),
            ("strftime_now", globals::strftime_now(now)),
        ];
        context.extend(self.special.iter().map(|(name, text)| (*name, Value::from(text.as_str()))));
        let mut environment = self.parsed.as_ref().map_err(Clone::clone)?.clone();
        environment.set_fuel(Some(STEPS + STEPS_PER_BYTE * bytes + STEPS_PER_PAIR * count * count));
        let rendered =
            environment.get_template(NAME).and_then(|chat| chat.render(Value::from_pairs(context)));
        rendered.map_err(|error| TemplateError::of_rendering(&error).into())
    }

    /// Renders and tokenizes a conversation.
    ///
    /// The text's tokens are those of the text, with two exceptions: names of control tokens that people or the
    /// model wrote are plain text, and an earlier answer that the template passes on as it was said keeps the ids
    /// that the model gave it, so that a cache of it can be used again.
    ///
    /// # Errors
    /// As of [`Self::render`].
    pub fn prompt(
        &self,
        tokenizer: &Tokenizer,
        messages: &[Message<'_>],
        add_generation_prompt: bool,
        now: LocalTime,
    ) -> Result<Prompt, EngineError> {
        prompt::of(tokenizer, messages, |turns| {
            let turns = turns.iter().map(|(role, content)| (role.as_str(), content.as_str()));
            self.render_turns(turns, add_generation_prompt, now)
        })
    }
}

/// Name of the one template in an environment.
const NAME: &str = "chat";

fn parse(source: &str) -> Result<Environment<'static>, TemplateError> {
    let mut environment = environment::new();
    let translated = jinja::translate(source)?;
    environment
        .add_template_owned(NAME, translated)
        .map_err(|error| TemplateError::of_source(&error))?;
    Ok(environment)
}

#[cfg(test)]
mod tests;
