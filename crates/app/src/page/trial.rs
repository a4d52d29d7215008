//! Whose rules the lines of plane and triangle are, and what they would decide once a person has moved them.

use entropix::SamplerConfig;
use leptos::prelude::*;

use crate::page::elements;
use crate::page::live::{live, press};
use crate::page::run;
use crate::page::state::{Choice, Setup, Spot, Talk};
use entropix_client::settings::Settings;
use entropix_client::trial::{First, Trial, Verdict};
use wasm_bindgen::{JsCast, JsValue};

/// The sampler whose rules are drawn.
#[derive(Clone, Copy)]
pub(super) struct Drawn {
    choice: Choice,
    /// That of the answer; none where the one that is being set is drawn.
    of_answer: Memo<Option<SamplerConfig>>,
    /// The one that is drawn while no line has been moved.
    sampler: Memo<SamplerConfig>,
}

impl Drawn {
    /// Follows what is shown: the answer, or the sampler that is being set while its numbers are `in_view`.
    pub(super) fn follow(in_view: RwSignal<bool>) -> Self {
        let run = run();
        let (choice, talk): (Choice, Talk) = (expect_context(), expect_context());
        let Setup { settings, .. } = expect_context();
        let of_answer = Memo::new(move |_| {
            let turn = choice.shown_turn(talk).filter(|_| !in_view.get())?;
            run.answer(turn, |answer| answer.made.recipe.sampler.clone())
        });
        let sampler =
            Memo::new(move |_| of_answer.get().unwrap_or_else(|| settings.with(Settings::sampler)));
        let drawn = Self { choice, of_answer, sampler };
        // On the window, in one closure for both: a handler of its own is code of its own.
        let moved = move |event: web_sys::Event| {
            let target: Option<web_sys::Element> = event.target().and_then(|it| it.dyn_into().ok());
            if let Some(plane) = target.filter(|it| it.local_name() == "varentropy-plane") {
                drawn.moved(plane.get_attribute("rules"));
            }
        };
        let listeners = ["input", "change"].map(|name| window_event_listener_untyped(name, moved));
        on_cleanup(move || {
            for each in listeners {
                each.remove();
            }
        });
        drawn
    }

    /// It, with the lines where a person has put them.
    fn trial(self) -> Option<Trial> {
        self.choice
            .trial
            .with(|text| self.of_answer.with(|made| Trial::read(made.as_ref()?, text.as_ref()?)))
    }

    /// As the charts' property `rules` has them.
    pub(super) fn rules(self) -> JsValue {
        match self.trial() {
            Some(trial) => elements::rules(trial.sampler()),
            None => self.sampler.with(elements::rules),
        }
    }

    /// Whether there are any.
    pub(super) fn has_rules(self) -> bool {
        self.sampler.with(|sampler| sampler.regions().is_some())
    }

    /// Whether the lines are those of an answer that is there: others can be tried on it.
    pub(super) fn can_move(self, talk: Talk) -> bool {
        self.of_answer.with(Option::is_some) && !talk.running.get()
    }

    /// A chart's lines are where its attribute `rules` says.
    fn moved(self, rules: Option<String>) {
        let Self { choice: Choice { trial, .. }, of_answer, .. } = self;
        let text = rules.filter(|text| {
            let read = of_answer.with_untracked(|made| Trial::read(made.as_ref()?, text));
            read.is_some()
        });
        if trial.with_untracked(|old| *old != text) {
            trial.set(text);
        }
    }

    fn whose(self) -> String {
        let of_answer = self.of_answer.with(Option::is_some);
        let whose = if of_answer { "of this answer" } else { "as set" };
        self.sampler.with(|sampler| format!("Rules: {} {whose}.", sampler.name()))
    }
}

/// Whose rules are drawn.
#[component]
pub(super) fn Whose(drawn: Drawn) -> impl IntoView {
    let talk: Talk = expect_context();
    view! {
        <p class="quiet units" data-testid="whose-rules">
            {live(move || drawn.whose())}
            <span class="hint" hidden=live(move || !drawn.can_move(talk))>
                "Move a dashed line to see what it would change."
            </span>
        </p>
    }
}

/// What moved lines would decide, in the place of the tabs.
#[component]
pub(super) fn Tried(drawn: Drawn) -> impl IntoView {
    let run = run();
    let (choice, talk): (Choice, Talk) = (expect_context(), expect_context());
    let setup: Setup = expect_context();
    let verdict = move || {
        let trial = drawn.trial()?;
        run.answer(choice.shown_turn(talk)?, |answer| trial.verdict(answer))
    };
    let say =
        move |part: fn(Verdict) -> String| live(move || verdict().map(part).unwrap_or_default());
    let choose = move || {
        let first = untrack(verdict).and_then(|verdict| verdict.first);
        let turn = untrack(|| choice.shown_turn(talk));
        if let Some((First { index, .. }, turn)) = first.zip(turn) {
            choice.selected.set(Some(Spot { turn, index }));
        }
    };
    let adopt = move || {
        if let Some(trial) = untrack(|| drawn.trial()) {
            setup.settings.update(|settings| settings.adopt(trial.sampler()));
            setup.reset.notify();
        }
    };
    let words = move || {
        let set = setup.settings.with(Settings::sampler);
        let is_set = drawn.trial().is_some_and(|trial| *trial.sampler() == set);
        if is_set { "Set for the next answer" } else { "Use these numbers" }
    };
    let label = |verdict: Verdict| verdict.first.map(|first| first.label).unwrap_or_default();
    let rules = |verdict: Verdict| {
        let rules = verdict.first.map(|first| first.rules).unwrap_or_default();
        format!(" ({rules}) the text may differ.")
    };
    view! {
        <div class="tried units" hidden=live(move || drawn.trial().is_none())>
            <p role="status" data-testid="verdict">
                <b>{say(|verdict| verdict.headline)}</b>
                <span
                    class="first"
                    hidden=live(move || verdict().is_none_or(|verdict| verdict.first.is_none()))
                >
                    "From "
                    <button class="link" on:click=press(choose)>
                        {say(label)}
                    </button>
                    {say(rules)}
                </span>
            </p>
            <p>
                <button on:click=press(move || choice.trial.set(None))>"Reset"</button>
                <button on:click=press(adopt)>{live(words)}</button>
                <small>{say(|verdict| verdict.note.to_owned())}</small>
            </p>
        </div>
    }
}
