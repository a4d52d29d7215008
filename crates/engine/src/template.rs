//! A conversation as the model was trained to see it.

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, ErrorKind, context};

use crate::gguf::Metadata;
use crate::metadata::Keys;
use crate::tokenizer::Part;
use crate::{EngineError, Tokenizer};

/// Instructions a template may run; real ones need some hundreds per message.
const FUEL: u64 = 10_000_000;
/// Unused by text: Unicode's supplementary private-use plane A.
const PRIVATE_USE: std::ops::RangeInclusive<u32> = 0xF_0000..=0xF_FFFD;

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
    /// Its tokens. Text inside a message never becomes a control token.
    pub ids: Vec<u32>,
}

/// The file's own chat template (Jinja).
pub struct ChatTemplate {
    environment: Environment<'static>,
    bos: String,
    eos: String,
}

impl ChatTemplate {
    pub(crate) fn from_gguf(
        metadata: &Metadata,
        tokenizer: &Tokenizer,
    ) -> Result<Self, EngineError> {
        const ENTRY: &str = "chat_template";
        let keys = Keys::new(metadata, "tokenizer");
        let missing = || keys.error(ENTRY, "missing: this is not a chat model");
        Self::new(keys.optional_text(ENTRY)?.ok_or_else(missing)?.to_owned(), tokenizer)
    }

    fn new(source: String, tokenizer: &Tokenizer) -> Result<Self, EngineError> {
        let mut environment = Environment::new();
        // As transformers renders them.
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.map_err(failure)?);
        environment.set_fuel(Some(FUEL));
        environment
            .set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.add_function("raise_exception", |message: String| {
            Err::<(), _>(minijinja::Error::new(ErrorKind::InvalidOperation, message))
        });
        environment.add_template_owned("chat", source).map_err(failure)?;
        Ok(Self { environment, bos: tokenizer.bos_text(), eos: tokenizer.eos_text() })
    }

    /// Renders a conversation; with `add_generation_prompt` up to where the answer begins.
    ///
    /// # Errors
    /// The template refused the conversation.
    pub fn render(
        &self,
        messages: &[Message<'_>],
        add_generation_prompt: bool,
    ) -> Result<String, EngineError> {
        let messages: Vec<_> = messages
            .iter()
            .map(|message| context! { role => message.role, content => message.content })
            .collect();
        let context = context! {
            messages => messages,
            add_generation_prompt => add_generation_prompt,
            bos_token => self.bos.as_str(),
            eos_token => self.eos.as_str(),
        };
        self.environment.get_template("chat").and_then(|chat| chat.render(context)).map_err(failure)
    }

    /// Renders and tokenizes a conversation.
    ///
    /// Only what the template itself wrote becomes control tokens. To know it from what people
    /// wrote, control tokens' names in messages are masked by a character of a private-use plane
    /// before rendering. A message with `ids` is replaced by one such character as a whole, and
    /// the ids are put in its place.
    ///
    /// # Errors
    /// The template refused the conversation.
    pub fn prompt(
        &self,
        tokenizer: &Tokenizer,
        messages: &[Message<'_>],
        add_generation_prompt: bool,
    ) -> Result<Prompt, EngineError> {
        let text = self.render(messages, add_generation_prompt)?;
        let mut masks = Masks::new(&text);
        let masked: Vec<_> =
            messages.iter().map(|message| masks.mask(tokenizer, message)).collect();
        let masked: Vec<_> =
            masked.iter().map(|(role, content)| Message { role, content, ids: None }).collect();
        let rendered = self.render(&masked, add_generation_prompt)?;
        let mut ids: Vec<u32> = Vec::new();
        for part in tokenizer.split_controls(&rendered) {
            match part {
                Part::Text { text, .. } => masks.encode(tokenizer, text, &mut ids)?,
                Part::Name(control) => ids.push(control),
            }
        }
        if let Some(bos) = tokenizer.bos_to_add().filter(|bos| ids.first() != Some(bos)) {
            ids.insert(0, bos);
        }
        Ok(Prompt { text, ids })
    }
}

/// Characters that occur nowhere in the conversation, and what they stand for.
struct Masks<'a> {
    free: Box<dyn Iterator<Item = char> + 'a>,
    /// Stands before a control token's name inside a message.
    name: Option<char>,
    /// Stands for whole messages.
    messages: Vec<(char, &'a [u32])>,
}

impl<'a> Masks<'a> {
    fn new(text: &str) -> Self {
        let used: std::collections::HashSet<char> =
            text.chars().filter(|&c| PRIVATE_USE.contains(&(c as u32))).collect();
        let mut free = PRIVATE_USE.filter_map(char::from_u32).filter(move |c| !used.contains(c));
        Self { name: free.next(), free: Box::new(free), messages: Vec::new() }
    }

    /// Role and content as the template shall see them.
    fn mask(&mut self, tokenizer: &Tokenizer, message: &Message<'a>) -> (String, String) {
        let role = self.mask_names(tokenizer, message.role);
        if let Some(ids) = message.ids
            && let Some(mark) = self.free.next()
        {
            self.messages.push((mark, ids));
            return (role, mark.to_string());
        }
        (role, self.mask_names(tokenizer, message.content))
    }

    /// Breaks up control tokens' names: the mask goes behind their first character.
    fn mask_names(&self, tokenizer: &Tokenizer, text: &str) -> String {
        let mut masked = String::with_capacity(text.len());
        let mut from = 0;
        for (range, _) in tokenizer.find_controls(text) {
            let first = text[range.clone()].chars().next().map_or(0, char::len_utf8);
            let cut = range.start + first;
            masked.push_str(&text[from..cut]);
            masked.extend(self.name);
            from = cut;
        }
        masked.push_str(&text[from..]);
        masked
    }

    /// Tokens of rendered text that holds no control token.
    fn encode(
        &self,
        tokenizer: &Tokenizer,
        text: &str,
        ids: &mut Vec<u32>,
    ) -> Result<(), EngineError> {
        let mut plain = String::with_capacity(text.len());
        for character in text.chars() {
            if Some(character) == self.name {
                continue;
            }
            match self.messages.iter().find(|(mark, _)| *mark == character) {
                None => plain.push(character),
                Some((_, message)) => {
                    ids.extend(tokenizer.encode(&std::mem::take(&mut plain), false)?);
                    ids.extend_from_slice(message);
                }
            }
        }
        ids.extend(tokenizer.encode(&plain, false)?);
        Ok(())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn failure(error: minijinja::Error) -> EngineError {
    // The detail is what `raise_exception` said.
    EngineError::Template(error.detail().map_or_else(|| error.to_string(), str::to_owned))
}
