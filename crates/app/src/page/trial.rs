//! Whose rules the lines of plane and triangle are, and what they would decide once a person has moved them.

use entropix::SamplerConfig;
use leptos::prelude::*;

use crate::page::elements;
use crate::page::live::{live, press};
use crate::page::run;
use crate::page::show::Show;
use crate::page::state::{Choice, Setup, Spot, Talk};
use entropix_client::settings::Settings;
use entropix_client::trial::{First, Trial, Verdict};
use wasm_bindgen::JsValue;

/// The sampler whose rules are drawn.
#[derive(Clone, Copy)]
pub(super) struct Drawn {
    /// That of the answer; none where the one that is being set is drawn.
    of_answer: Memo<Option<SamplerConfig>>,
    /// The one that is drawn while no line has been moved.
    sampler: Memo<SamplerConfig>,
    /// It, with the lines where a person has put them.
    trial: Memo<Option<Trial>>,
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
        let trial = Memo::new(move |_| {
            let made = of_answer.get()?;
            choice.trial.get().filter(|trial| trial.is_of(&made))
        });
        Self { of_answer, sampler, trial }
    }

    /// As the charts' property `rules` has them.
    pub(super) fn rules(self) -> JsValue {
        self.trial.with(|trial| match trial {
            Some(trial) => elements::rules(trial.sampler()),
            None => self.sampler.with(elements::rules),
        })
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
    pub(super) fn moved(self, choice: Choice, rules: Option<String>) {
        let trial = self.of_answer.with_untracked(|made| Trial::read(made.as_ref()?, &rules?));
        if choice.trial.with_untracked(|old| *old != trial) {
            choice.trial.set(trial);
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
            <Show when=move || drawn.can_move(talk)>
                <span class="hint">"Move a dashed line to see what it would change."</span>
            </Show>
        </p>
    }
}

/// What moved lines would decide, in the place of the tabs.
#[component]
pub(super) fn Tried(drawn: Drawn) -> impl IntoView {
    let run = run();
    let (choice, talk): (Choice, Talk) = (expect_context(), expect_context());
    let setup: Setup = expect_context();
    let Drawn { trial, .. } = drawn;
    let turn = Memo::new(move |_| choice.shown_turn(talk));
    let verdict = Memo::new(move |_| {
        let trial = trial.get()?;
        run.answer(turn.get()?, |answer| trial.verdict(answer))
    });
    let adopt = move || {
        if let Some(trial) = trial.get_untracked() {
            setup.settings.update(|settings| settings.adopt(trial.sampler()));
            setup.reset.notify();
        }
    };
    let is_set = move || {
        let set = setup.settings.with(Settings::sampler);
        trial.with(|trial| trial.as_ref().is_some_and(|trial| *trial.sampler() == set))
    };
    let words = move || if is_set() { "Set for the next answer" } else { "Use these numbers" };
    let say = move |verdict: Verdict| {
        let Verdict { first, headline, .. } = verdict;
        let first = first.zip(turn.get_untracked()).map(|(First { index, label, rules }, turn)| {
            let choose = press(move || choice.selected.set(Some(Spot { turn, index })));
            view! {
                <span class="first">
                    "From "
                    <button class="link" on:click=choose>
                        {label}
                    </button>
                    {format!(" ({rules}) the text may differ.")}
                </span>
            }
        });
        view! {
            <b>{headline}</b>
            {first}
        }
    };
    view! {
        <div class="tried units" hidden=live(move || verdict.with(Option::is_none))>
            <p role="status" data-testid="verdict">
                {live(move || verdict.get().map(say))}
            </p>
            <p>
                <button on:click=press(move || choice.trial.set(None))>"Reset"</button>
                <button on:click=press(adopt)>{live(words)}</button>
                <small>{live(move || verdict.get().map(|verdict| verdict.note))}</small>
            </p>
        </div>
    }
}
