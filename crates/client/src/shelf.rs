//! Which models are in this browser, in whole or in part, and which one loads by itself.

use entropix_protocol::{Phase, Problem, ProblemKind, Storage, Verdict};

use crate::client::{Client, Effects};
use crate::manifest::Model;
use crate::msg::{Effect, key};
use crate::start;
use crate::state::{Load, Loaded};
use crate::status::ModelStatus;
use crate::words;

impl<B: Clone> Client<B> {
    /// Loads the model that was used last, if its bytes are here; nothing is downloaded for it. `wanted` is its SHA-256.
    pub(crate) fn load_by_itself(&mut self, wanted: &str, now: f64, out: &mut Effects<B>) {
        let found = self.stored.iter().find(|model| model.sha256 == wanted).cloned();
        if let Some(model) = found.filter(|_| self.can_run()) {
            self.by_itself = Some(model.sha256.clone());
            let source = model.source(self.absolute);
            let load = Load { source, bytes: None, entry: Some(model), only_stored: true };
            self.start_load(load, now, out);
        }
    }

    /// Loads a model of elsewhere, which is one of the offered from then on.
    pub(crate) fn load_entry(&mut self, text: String, now: f64, out: &mut Effects<B>) {
        let Some(model) = start::entries(Some(text)).pop() else { return };
        let known = self.offered.iter().position(|it| it.sha256 == model.sha256);
        let number = known.unwrap_or(self.offered.len());
        if known.is_none() {
            self.offered.push(model);
        }
        self.load_offered(number, now, out);
    }

    /// A load has begun: until it has ended well, no model loads by itself. It may be what breaks the page.
    pub(crate) fn nothing_by_itself(&mut self, out: &mut Effects<B>) {
        self.set_by_itself(None, out);
    }

    /// The page goes or is hidden while a model loads by itself: that says nothing against the model.
    pub(crate) fn leaving_load(&mut self, out: &mut Effects<B>) {
        let attempt = self.attempt.as_ref().filter(|attempt| !attempt.cancelled);
        let load = attempt.map(|attempt| &attempt.load);
        let entry = load.filter(|load| load.only_stored).and_then(|load| load.entry.as_ref());
        if let Some(sha256) = entry.map(|entry| entry.sha256.clone()) {
            self.set_by_itself(Some(sha256), out);
        }
    }

    /// No load is under way any more.
    pub(crate) fn rest(&mut self, out: &mut Effects<B>) {
        self.status = self.resting();
        let held = |loaded: &&Loaded<B>| loaded.held && loaded.storage == Storage::Stored;
        let entry = self.loaded.as_ref().filter(held).and_then(|loaded| loaded.entry.as_ref());
        let sha256 = entry.map(|entry| entry.sha256.clone());
        let sha256 = sha256.filter(|own| self.stored.iter().any(|model| model.sha256 == *own));
        self.set_by_itself(sha256, out);
        self.look_at_shelf();
    }

    fn set_by_itself(&mut self, sha256: Option<String>, out: &mut Effects<B>) {
        if self.by_itself != sha256 {
            self.by_itself.clone_from(&sha256);
            out.push(Effect::Keep(key::BY_ITSELF, sha256));
        }
    }

    /// Brings the offered models in line with what is here.
    pub(crate) fn look_at_shelf(&mut self) {
        for model in self.stored.iter().chain(&self.partial) {
            if !self.offered.iter().any(|offered| offered.sha256 == model.sha256) {
                self.offered.push(model.clone());
            }
        }
        for model in &mut self.offered {
            let same = |other: &&Model| other.sha256 == model.sha256;
            let part = self.partial.iter().find(same).map_or(0.0, |part| part.here);
            model.here = if self.stored.iter().any(|it| same(&it)) { model.bytes } else { part };
        }
    }

    /// A model is loaded, and its bytes are stored or not.
    pub(crate) fn put_on_shelf(&mut self, entry: &Model, storage: &Storage, out: &mut Effects<B>) {
        self.verified.take_if(|(of, _)| *of == entry.sha256);
        self.stored.retain(|model| model.sha256 != entry.sha256);
        if *storage == Storage::Stored {
            self.stored.insert(0, Model { here: 0.0, ..entry.clone() });
        }
        keep_list(key::MODEL, &self.stored, out);
        self.part_is(&entry.sha256, None, out);
    }

    /// The bytes of a model are here no longer, nor a part of them.
    pub(crate) fn forgotten(&mut self, sha256: &str, out: &mut Effects<B>) {
        self.gone(sha256, out);
        "The stored model was removed from this browser.".clone_into(&mut self.announcement);
    }

    /// A stored model was hashed again; of a damaged one it was said before that it is gone.
    pub(crate) fn was_verified(&mut self, sha256: String, verdict: Verdict) {
        self.announcement = ["The stored model: ", words::verdict(verdict), "."].concat();
        self.verified = Some((sha256, Some(verdict)));
    }

    /// The browser has cleared its storage.
    pub(crate) fn gone(&mut self, sha256: &str, out: &mut Effects<B>) {
        self.verified.take_if(|(of, _)| of == sha256);
        self.stored.retain(|model| model.sha256 != sha256);
        keep_list(key::MODEL, &self.stored, out);
        self.part_is(sha256, None, out);
        if self.by_itself.as_deref() == Some(sha256) {
            self.set_by_itself(None, out);
        }
        self.look_at_shelf();
    }

    /// So much of a download is stored.
    pub(crate) fn part_came(&mut self, sha256: &str, bytes: f64, out: &mut Effects<B>) {
        let entry = self.attempt.as_ref().and_then(|attempt| attempt.load.entry.as_ref());
        let known = entry.into_iter().chain(&self.partial).find(|model| model.sha256 == sha256);
        let part = known.filter(|_| bytes > 0.0).map(|it| Model { here: bytes, ..it.clone() });
        self.part_is(sha256, part, out);
    }

    fn part_is(&mut self, sha256: &str, part: Option<Model>, out: &mut Effects<B>) {
        if part.is_none() && !self.partial.iter().any(|model| model.sha256 == sha256) {
            return;
        }
        self.partial.retain(|model| model.sha256 != sha256);
        if let Some(part) = part {
            self.partial.insert(0, part);
        }
        keep_list(key::PARTIAL, &self.partial, out);
    }

    /// Ends the running download for now.
    pub(crate) fn pause(&mut self, now: f64, out: &mut Effects<B>) {
        if self.can_pause() {
            self.cancel_load(true, now, out);
        }
    }

    /// What is to be said of a load that its person ended.
    pub(crate) fn say_paused(&mut self, entry: Option<&Model>) {
        let sha256 = entry.map_or("", |entry| &entry.sha256);
        if let Some(part) = self.partial.iter().find(|model| model.sha256 == sha256) {
            self.announcement = format!("Paused. {}", crate::words::here(part));
        }
    }

    /// That a model that was to load by itself is not here is no news; all else is.
    pub(crate) fn is_no_news(
        &mut self,
        problem: &Problem,
        load: &Load<B>,
        out: &mut Effects<B>,
    ) -> bool {
        let Some(entry) = load.entry.as_ref().filter(|_| problem.kind == ProblemKind::NotStored)
        else {
            return false;
        };
        self.gone(&entry.sha256, out);
        true
    }
}

fn keep_list<B>(name: &'static str, list: &[Model], out: &mut Effects<B>) {
    let text = (!list.is_empty()).then(|| serde_json::to_string(list).ok()).flatten();
    out.push(Effect::Keep(name, text));
}

impl<B> Client<B> {
    /// The models of the list and others that are in this browser, each with how much of it is.
    pub fn offered(&self) -> &[Model] {
        &self.offered
    }

    /// The model that is offered first, by its number: one whose download was broken off, else the one that was loaded
    /// last and is still here, else the first of the list.
    pub fn first(&self) -> Option<usize> {
        let mut here = self.partial.iter().chain(&self.stored);
        let at = |model: &Model| self.offered.iter().position(|it| it.sha256 == model.sha256);
        here.find_map(at).or_else(|| (!self.offered.is_empty()).then_some(0))
    }

    /// Whether a download is under way of which something would be kept.
    pub fn can_pause(&self) -> bool {
        let downloads = matches!(self.status, ModelStatus::Loading { phase: Phase::Download, .. });
        let entry = self.attempt.as_ref().and_then(|attempt| attempt.load.entry.as_ref());
        let kept = entry.is_some_and(|it| self.partial.iter().any(|own| own.sha256 == it.sha256));
        downloads && kept
    }
}
