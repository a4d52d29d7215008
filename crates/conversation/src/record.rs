//! Traces: recorded answers, out and in.

use entropix_protocol::{ChatMessage, Finish, Recipe, Role, SCHEMA, Trace};

use crate::answer::TurnId;
use crate::answer::{Answer, Made, Progress};
use crate::tree::{Body, Conversation};

impl Conversation {
    /// A recorded answer and what came before it.
    pub fn recorded(trace: Trace) -> Self {
        let mut conversation = Self { recorded: true, ..Self::default() };
        let mut system = String::new();
        for message in trace.messages {
            if message.role == Role::System {
                system = message.content;
            } else {
                conversation.push(conversation.head, Body::Said(message));
            }
        }
        let answer = Answer {
            entries: trace.tokens,
            retracted: trace.retracted,
            progress: Progress::Finished(trace.finish),
            made: Made {
                recipe: Recipe {
                    sampler: trace.sampler,
                    seed: trace.seed,
                    max_tokens: 0,
                    attention: true,
                    one_line: false,
                },
                system,
                model: trace.model,
                vocabulary: String::new(),
                fork: None,
            },
            prompt_tokens: trace.prompt_tokens,
            stats: None,
        };
        conversation.push(conversation.head, Body::Answer(Box::new(answer)));
        conversation
    }

    /// The record of one answer. `generator`: the program that writes it.
    pub fn trace(&self, id: TurnId, generator: &str) -> Option<Trace> {
        let answer = self.answer(id)?;
        let messages: Vec<ChatMessage> = self.messages(id);
        Some(Trace {
            schema: SCHEMA,
            generator: generator.to_owned(),
            model: answer.made.model.clone(),
            messages,
            sampler: answer.made.recipe.sampler.clone(),
            seed: answer.made.recipe.seed,
            prompt_tokens: answer.prompt_tokens,
            tokens: answer.entries.clone(),
            retracted: answer.retracted.clone(),
            finish: match answer.progress {
                Progress::Finished(finish) => finish,
                _ => Finish::Stopped,
            },
        })
    }
}
