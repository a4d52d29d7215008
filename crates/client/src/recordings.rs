//! Recorded answers to one question, for those who have no model yet.

use entropix_conversation::Conversation;
use entropix_protocol::{Trace, json};

use crate::client::{Client, Effects};
use crate::manifest::Recording;
use crate::msg::{Effect, Page};
use crate::start::telling;
use crate::state::Recordings;

impl<B: Clone> Client<B> {
    /// Takes in the list of recordings. A page without any is fine.
    pub(crate) fn list_of_recordings(&mut self, text: &str) {
        let mut list: Vec<Recording> = json::read(text).unwrap_or_default();
        // Those of other questions are for others.
        let question = list.first().map(|first| first.prompt.clone());
        list.retain(|each| Some(&each.prompt) == question.as_ref());
        self.recordings.list = list;
    }

    /// Asks for the first one.
    pub(crate) fn begin_recordings(&mut self, out: &mut Effects<B>) {
        self.recordings.awaited = !self.recordings.list.is_empty();
        self.ask_recording(self.recordings.shown, out);
    }

    /// Asks for a recording, by its number.
    pub(crate) fn ask_recording(&mut self, number: usize, out: &mut Effects<B>) {
        let Some(recording) = self.recordings.list.get(number) else { return };
        self.recordings.shown = number;
        let url = format!("traces/{}", recording.file);
        out.push(Effect::Fetch(Page::Recording(number), url));
    }

    /// Shows a recording that is still wanted: nobody has said anything, or asked for another one.
    pub(crate) fn show_recording(&mut self, number: usize, text: &str, out: &mut Effects<B>) {
        self.recordings.awaited = false;
        let Ok(trace) = json::read::<Trace>(text) else { return };
        let free = self.conversation.is_empty() || self.shows_recording();
        if trace.check().is_err() || !free || number != self.recordings.shown {
            return;
        }
        let index = telling(&trace.tokens);
        self.conversation = Conversation::recorded(trace);
        self.recordings.on = true;
        self.sitting += 1;
        self.what_if = None;
        out.extend([Effect::Turns, Effect::WhatIf]);
        let turn = self.conversation.path().last().map(|turn| turn.id);
        if let (Some(turn), Some(index)) = (turn, index) {
            out.push(Effect::Choose { turn, index });
        }
    }
}

impl<B> Client<B> {
    /// What made each recorded answer, and the number of the one that is shown or will be in a moment; none once
    /// something else is.
    pub fn recordings(&self) -> (Vec<String>, usize) {
        let Recordings { list, shown, awaited, .. } = &self.recordings;
        let coming = *awaited && self.conversation.is_empty();
        let all = list.iter().filter(|_| coming || self.shows_recording());
        (all.map(|each| each.by.clone()).collect(), *shown)
    }

    /// Number and address of the continuations of the recording that is shown, if they are recorded.
    pub(crate) fn continuations(&self) -> Option<(usize, String)> {
        let Recordings { list, shown, .. } = &self.recordings;
        let file = list.get(*shown)?.what_if.as_ref().filter(|_| self.shows_recording())?;
        Some((*shown, format!("traces/{file}")))
    }

    /// Whether the person has said nothing yet in the chat that is shown; not while it is open which one that is.
    pub fn is_fresh(&self) -> bool {
        !self.chats.starting && (self.conversation.is_empty() || self.conversation.is_recorded())
    }

    /// Whether one of them is shown, and nobody has said anything.
    fn shows_recording(&self) -> bool {
        self.recordings.on && self.conversation.is_recorded()
    }
}
