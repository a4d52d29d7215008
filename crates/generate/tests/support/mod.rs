//! A model whose logits follow from a script, with counters and a switch that makes it fail.
#![allow(dead_code, clippy::unwrap_used, clippy::panic, missing_docs, unreachable_pub)]

#[path = "../../../engine/tests/support/mod.rs"]
pub mod tiny;

use std::cell::Cell;
use std::io::Cursor;
use std::rc::Rc;

use entropix::{PromisedConfig, SamplerConfig};
use entropix_engine::{
    AttentionSignals, Backend, EngineError, EngineOptions, Loaded, ModelShape, Sequence,
};
use entropix_generate::{Chat, Generation, PoolLimits};
use entropix_protocol::{Recipe, Seed, Step};

/// What the logits after some tokens are like; H and V are those over 261 tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mood {
    /// H 0, V 0: the most probable token.
    Sure,
    /// H 8.0, V 0: a phrase.
    Flat,
    /// H 1.0, V 9.8: branches.
    Torn,
    /// The same, and the most probable token ends the answer.
    Leaving,
    /// H 6.1, V 12: draws, and takes back.
    Wild,
    /// The end of the answer, for sure.
    End,
}

/// A sampler whose rules tell the moods apart.
pub fn promised() -> SamplerConfig {
    SamplerConfig::Promised(PromisedConfig {
        entropy_cut: 3.0,
        varentropy_cut: 5.0,
        phrases: vec![" hell".to_owned()],
        branch_tokens: 3,
        ..PromisedConfig::default()
    })
}

pub fn recipe(sampler: SamplerConfig, seed: u64, max_tokens: u32) -> Recipe {
    Recipe { sampler, seed: Seed(seed), max_tokens, ..Recipe::default() }
}

pub type Script = Rc<dyn Fn(&[u32]) -> Mood>;

/// What a test sees of the model, and how it breaks it.
#[derive(Clone)]
pub struct Handle(Rc<Inner>);

struct Inner {
    script: Script,
    read: Cell<usize>,
    passes: Cell<usize>,
    failure: Cell<Option<Failure>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Failure {
    /// Every call.
    Always,
    /// Calls about a sequence that begins with this token.
    Begins(u32),
    /// The next call, for want of memory.
    MemoryOnce,
}

impl Handle {
    /// Tokens read since the last call of this.
    pub fn read(&self) -> usize {
        self.0.read.take()
    }

    /// Passes over the weights since the last call of this.
    pub fn passes(&self) -> usize {
        self.0.passes.take()
    }

    pub fn fail(&self, failure: Option<Failure>) {
        self.0.failure.set(failure);
    }
}

struct Scripted {
    shape: ModelShape,
    inner: Rc<Inner>,
}

#[derive(Clone)]
struct ScriptedSequence {
    shape: ModelShape,
    inner: Rc<Inner>,
    ids: Vec<u32>,
}

/// The tokenizer and template of the tiny model, with these logits.
pub fn scripted(script: impl Fn(&[u32]) -> Mood + 'static) -> (Chat, Handle) {
    let (loaded, handle) = scripted_model(script);
    (Chat::new(loaded), handle)
}

pub fn scripted_with(
    limits: PoolLimits,
    script: impl Fn(&[u32]) -> Mood + 'static,
) -> (Chat, Handle) {
    let (loaded, handle) = scripted_model(script);
    (Chat::with_limits(loaded, limits), handle)
}

fn scripted_model(script: impl Fn(&[u32]) -> Mood + 'static) -> (Loaded, Handle) {
    let loaded = tiny_loaded();
    let inner = Rc::new(Inner {
        script: Rc::new(script),
        read: Cell::default(),
        passes: Cell::default(),
        failure: Cell::default(),
    });
    let shape = loaded.model.shape().clone();
    let model = Box::new(Scripted { shape, inner: Rc::clone(&inner) });
    (Loaded { model, ..loaded }, Handle(inner))
}

pub fn tiny_loaded() -> Loaded {
    entropix_engine::load(&mut Cursor::new(tiny::tiny_model()), EngineOptions::default()).unwrap()
}

/// Moods one after the other from position `from` on; the last one stays.
pub fn moods(from: usize, moods: &[Mood]) -> impl Fn(&[u32]) -> Mood + use<> {
    let moods = moods.to_vec();
    move |ids| moods[ids.len().saturating_sub(from).min(moods.len() - 1)]
}

/// Mixes the tokens: a pseudo-random number that follows from them.
pub fn mix(ids: &[u32]) -> u64 {
    ids.iter().fold(0x9e37_79b9_7f4a_7c15, |mixed: u64, &id| {
        (mixed ^ u64::from(id)).wrapping_mul(0xff51_afd7_ed55_8ccd).rotate_left(29)
    })
}

impl Inner {
    fn logits(&self, ids: &[u32], vocabulary: usize) -> Vec<f32> {
        let mood = (self.script)(ids);
        let mut logits = vec![0.0; vocabulary];
        // Letters: no control token, and no byte that begins a longer character.
        let top = 67 + mix(ids) as usize % 26;
        match mood {
            Mood::Sure => logits[top] = 30.0,
            Mood::Flat => {}
            Mood::Torn => logits[top] = 8.0,
            Mood::Leaving => logits[1] = 8.0,
            Mood::Wild => logits[top] = 5.0,
            Mood::End => logits[1] = 30.0,
        }
        logits
    }

    /// Fails if it is to.
    fn check(&self, ids: &[u32]) -> Result<(), EngineError> {
        match self.failure.get() {
            Some(Failure::MemoryOnce) => {
                self.failure.set(None);
                Err(EngineError::OutOfMemory { bytes: 1 })
            }
            Some(Failure::Begins(id)) if ids.first() != Some(&id) => Ok(()),
            Some(_) => Err(EngineError::Ids("the test said so".to_owned())),
            None => Ok(()),
        }
    }
}

impl Backend for Scripted {
    type Sequence = ScriptedSequence;

    fn shape(&self) -> &ModelShape {
        &self.shape
    }

    fn sequence(&self) -> ScriptedSequence {
        let (shape, inner) = (self.shape.clone(), Rc::clone(&self.inner));
        ScriptedSequence { shape, inner, ids: Vec::new() }
    }

    fn owns(&self, sequence: &ScriptedSequence) -> bool {
        Rc::ptr_eq(&self.inner, &sequence.inner)
    }

    fn step(
        &self,
        batch: &mut [(&mut ScriptedSequence, u32)],
        logits: &mut Vec<f32>,
    ) -> Result<(), EngineError> {
        assert!(batch.len() > 1, "a batch of one needs no copy of its logits");
        self.inner.passes.set(self.inner.passes.get() + 1);
        logits.clear();
        // Those before the one that fails have their token then.
        for (sequence, id) in batch {
            logits.extend(sequence.push(&[*id])?);
        }
        Ok(())
    }
}

impl ScriptedSequence {
    fn push(&mut self, ids: &[u32]) -> Result<Vec<f32>, EngineError> {
        self.shape.check_append(self.ids.len(), ids)?;
        self.inner.check(&[&self.ids, ids].concat())?;
        self.inner.read.set(self.inner.read.get() + ids.len());
        self.ids.extend_from_slice(ids);
        Ok(self.inner.logits(&self.ids, self.shape.vocabulary))
    }
}

impl Sequence for ScriptedSequence {
    fn len(&self) -> usize {
        self.ids.len()
    }

    fn append(&mut self, ids: &[u32], logits: &mut Vec<f32>) -> Result<(), EngineError> {
        self.inner.passes.set(self.inner.passes.get() + 1);
        *logits = self.push(ids)?;
        Ok(())
    }

    fn append_all(&mut self, _: &[u32], _: &mut Vec<f32>) -> Result<(), EngineError> {
        panic!("answers need the last position only")
    }

    fn fork(&self) -> Box<dyn Sequence> {
        Box::new(self.clone())
    }

    fn truncate(&mut self, len: usize) -> Result<(), EngineError> {
        self.ids.truncate(len);
        Ok(())
    }

    fn observe(&mut self, _: bool) -> bool {
        false
    }

    fn attention(&self) -> Option<&AttentionSignals> {
        None
    }
}

/// A prompt of `len` tokens that no other `which` begins like.
pub fn prompt(which: u32, len: usize) -> Vec<u32> {
    (0..len as u32).map(|at| 2 + (which + at) % 250).collect()
}

/// All steps of an answer, the last one included.
pub fn run(chat: &mut Chat, mut generation: Generation) -> Vec<Step> {
    let mut steps = Vec::new();
    loop {
        let step = generation.advance(chat).unwrap();
        steps.push(step.clone());
        if let Step::Done { .. } = step {
            return steps;
        }
    }
}

pub fn answer(chat: &mut Chat, prompt: Vec<u32>, recipe: Recipe) -> Vec<Step> {
    let generation = chat.generate(prompt, recipe).unwrap();
    run(chat, generation)
}

/// What does not depend on how fast the machine is, or on what was read before.
pub fn decided(steps: &[Step]) -> Vec<Step> {
    let told = |step: &Step| match step {
        Step::Prefill { .. } => None,
        Step::Done { finish, .. } => {
            Some(Step::Done { finish: *finish, stats: entropix_protocol::Stats::default() })
        }
        step => Some(step.clone()),
    };
    steps.iter().filter_map(told).collect()
}

pub fn stats(steps: &[Step]) -> entropix_protocol::Stats {
    match steps.last() {
        Some(Step::Done { stats, .. }) => *stats,
        other => panic!("{other:?}"),
    }
}
