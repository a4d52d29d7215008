//! From a rendered conversation to its tokens.
//!
//! Text and tokens say the same. So what stands where is not guessed: the conversation is rendered once more with
//! [marks](super::marks) in it, and that counts only if it is the same text without them. A template that cuts or
//! trims a message leaves marks in other places, or looks for a name that they hide; then less is marked.

use super::marks::{Mark, Marks, Place, Plan};
use super::{Message, Prompt};
use crate::{EngineError, Tokenizer};

/// Renderings that may be tried to find out which answers the template passes on.
const TRIES: usize = 4;
/// Names of control tokens, by who wrote them, that are tried one by one.
const MOST_NAMES: usize = 16;

/// The prompt of `messages`, which `render` makes a text of roles and contents.
pub(super) fn of<R>(
    tokenizer: &Tokenizer,
    messages: &[Message<'_>],
    render: R,
) -> Result<Prompt, EngineError>
where
    R: Fn(&[(String, String)]) -> Result<String, EngineError>,
{
    let said: Vec<_> = messages
        .iter()
        .map(|message| (message.role.to_owned(), message.content.to_owned()))
        .collect();
    let text = render(&said)?;
    let answers: Vec<bool> = messages.iter().map(|message| is_said(tokenizer, message)).collect();
    let marks = Marks::new(tokenizer, messages, &text, &answers);
    let search = Search { marks: &marks, messages, text: &text, render };
    let marked = search.marked(answers).unwrap_or_else(|| text.clone());
    let mut ids = Encoder { tokenizer, messages, marks: &marks }.encode(&marked)?;
    if let Some(bos) = tokenizer.bos_to_add().filter(|bos| ids.first() != Some(bos)) {
        ids.insert(0, bos);
    }
    Ok(Prompt { text, ids })
}

/// Whether a message's ids say what its content says. Control tokens have no text, so none may be among them.
fn is_said(tokenizer: &Tokenizer, message: &Message<'_>) -> bool {
    let Some(ids) = message.ids.filter(|ids| !ids.is_empty()) else { return false };
    let own = own_text(tokenizer, ids);
    !ids.iter().any(|&id| tokenizer.is_control(id))
        && (own == message.content || own.strip_prefix(' ') == Some(message.content))
}

/// Text of ids, with the blank that SentencePiece begins with.
fn own_text(tokenizer: &Tokenizer, ids: &[u32]) -> String {
    let bytes: Vec<u8> = ids.iter().flat_map(|&id| tokenizer.token_bytes(id)).copied().collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Looks for the most marks with which the text stays what it is.
struct Search<'a, R> {
    marks: &'a Marks<'a>,
    messages: &'a [Message<'a>],
    text: &'a str,
    render: R,
}

impl<R: Fn(&[(String, String)]) -> Result<String, EngineError>> Search<'_, R> {
    /// The marked text; none if there is nothing to mark.
    fn marked(&self, answers: Vec<bool>) -> Option<String> {
        let names = self.marks.names.len();
        if names == 0 {
            return self.settle(&mut Plan { whole: answers, places: Vec::new() });
        }
        for place in [Place::First, Place::Before, Place::Behind] {
            let mut plan = Plan { whole: answers.clone(), places: vec![Some(place); names] };
            if let Some(marked) = self.settle(&mut plan) {
                return Some(marked);
            }
        }
        let mut plan = Plan { whole: answers, places: vec![None; names] };
        let mut best = self.settle(&mut plan);
        for name in 0..names.min(MOST_NAMES) {
            for place in [Place::First, Place::Before, Place::Behind] {
                let mut more = plan.clone();
                if let Some(of) = more.places.get_mut(name) {
                    *of = Some(place);
                }
                if let Ok(marked) = self.try_plan(&more) {
                    (best, plan) = (Some(marked), more);
                    break;
                }
            }
        }
        best
    }

    /// The text marked by `plan`, from which answers are taken that the template does not pass on.
    fn settle(&self, plan: &mut Plan) -> Option<String> {
        for _ in 0..TRIES {
            match self.try_plan(plan) {
                Ok(marked) => return Some(marked),
                Err(Some(marked)) if plan.whole.contains(&true) => self.drop_changed(plan, &marked),
                Err(_) => break,
            }
        }
        if plan.whole.contains(&true) {
            plan.whole.fill(false);
            return self.try_plan(plan).ok();
        }
        None
    }

    /// The marked text, if it is the text without its marks; else what was rendered, if anything.
    fn try_plan(&self, plan: &Plan) -> Result<String, Option<String>> {
        let marked = (self.render)(&self.marks.apply(plan)).map_err(|_| None)?;
        if self.marks.remove(&marked) == self.text { Ok(marked) } else { Err(Some(marked)) }
    }

    /// Takes those answers from the plan that are not in the text between what is around their marks.
    fn drop_changed(&self, plan: &mut Plan, marked: &str) {
        let mut rest = self.text;
        let mut before: Option<usize> = None;
        let mut changed = false;
        let mut segment = String::new();
        let ends = marked.chars().map(Some).chain([None]);
        for character in ends {
            let mark = character.map(|character| self.marks.of(character));
            match (mark, character) {
                (Some(Mark::None), Some(character)) => {
                    segment.push(character);
                    continue;
                }
                (Some(Mark::Letter(letter)), _) => {
                    segment.push(letter);
                    continue;
                }
                (Some(Mark::Name), _) => continue,
                _ => {}
            }
            let content = before
                .and_then(|index| self.messages.get(index))
                .map_or("", |message| message.content);
            let passed_on =
                rest.strip_prefix(content).and_then(|rest| rest.strip_prefix(segment.as_str()));
            rest = match (passed_on, before) {
                (Some(rest), _) => rest,
                (None, Some(index)) => {
                    changed = true;
                    if let Some(whole) = plan.whole.get_mut(index) {
                        *whole = false;
                    }
                    match rest.find(segment.as_str()) {
                        Some(at) => &rest[at + segment.len()..],
                        None => break,
                    }
                }
                (None, None) => break,
            };
            segment.clear();
            before = match mark {
                Some(Mark::Content(index)) => Some(index),
                _ => None,
            };
        }
        if !changed {
            plan.whole.fill(false);
        }
    }
}

/// From marked text to ids.
struct Encoder<'a> {
    tokenizer: &'a Tokenizer,
    messages: &'a [Message<'a>],
    marks: &'a Marks<'a>,
}

impl Encoder<'_> {
    fn encode(&self, marked: &str) -> Result<Vec<u32>, EngineError> {
        let mut ids = Vec::new();
        let mut from = 0;
        for (range, id) in self.marks.controls(marked) {
            self.encode_part(&marked[from..range.start], &mut ids)?;
            ids.push(id);
            from = range.end;
        }
        self.encode_part(&marked[from..], &mut ids)?;
        Ok(ids)
    }

    /// Tokens of what stands between two control tokens.
    fn encode_part(&self, marked: &str, ids: &mut Vec<u32>) -> Result<(), EngineError> {
        let mut text = String::with_capacity(marked.len());
        let mut begins = true;
        for character in marked.chars() {
            let index = match self.marks.of(character) {
                Mark::None => {
                    text.push(character);
                    continue;
                }
                Mark::Letter(letter) => {
                    text.push(letter);
                    continue;
                }
                Mark::Name => continue,
                Mark::Content(index) => index,
            };
            let Some(message) = self.messages.get(index) else { continue };
            let said = message.ids.unwrap_or(&[]);
            // Many SentencePiece answers begin with a blank of their own, which must be in the text then.
            let has_blank = own_text(self.tokenizer, said) != message.content;
            let is_first = begins && text.is_empty() && self.tokenizer.adds_space();
            if has_blank && !is_first {
                if !text.ends_with(' ') {
                    text.push_str(message.content);
                    continue;
                }
                text.pop();
            }
            self.flush(&mut text, begins, ids)?;
            ids.extend_from_slice(said);
            begins = false;
        }
        self.flush(&mut text, begins, ids)
    }

    fn flush(
        &self,
        text: &mut String,
        begins: bool,
        ids: &mut Vec<u32>,
    ) -> Result<(), EngineError> {
        if !text.is_empty() {
            self.tokenizer.encode_part(text, begins, ids)?;
            text.clear();
        }
        Ok(())
    }
}
