//! What the model saw and what the sampler did, for the token that is shown.

use entropix_protocol::ModelInfo;
use leptos::prelude::*;

use crate::page::elements::{self, GROUP, Strip};
use crate::page::presets::Presets;
use crate::page::state::{Choice, Loading, NumbersInView, Setup, Talk};
use crate::page::{browser, run};
use entropix_client::settings::Settings;

#[component]
pub(super) fn Inspector() -> impl IntoView {
    let run = run();
    let (choice, talk): (Choice, Talk) = (expect_context(), expect_context());
    let (loading, Setup { settings, .. }): (Loading, Setup) = (expect_context(), expect_context());
    let escape = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "Escape" {
            close(choice);
        }
    });
    on_cleanup(move || escape.remove());
    let vocabulary =
        Memo::new(move |_| loading.model().map_or(49_152, |m: ModelInfo| m.vocabulary));
    let NumbersInView(in_view) = expect_context();
    // The sampler of the answer; the one that is being set while its numbers are in view.
    let of_answer = Memo::new(move |_| {
        let turn = choice.shown_turn(talk).filter(|_| !in_view.get())?;
        run.answer(turn, |answer| answer.made.recipe.sampler.clone())
    });
    let sampler =
        Memo::new(move |_| of_answer.get().unwrap_or_else(|| settings.with(Settings::sampler)));
    let whose = move || {
        let whose = if of_answer.with(Option::is_some) { "of this answer" } else { "as set" };
        sampler.with(|sampler| format!("Rules: {} {whose}.", sampler.name()))
    };
    let rules = move || sampler.with(elements::rules);
    let has_rules = move || sampler.with(|sampler| sampler.regions().is_some());
    let (folded, by_rule) = (RwSignal::new(false), RwSignal::new(false));
    view! {
        <aside class="lens" aria-label="One token">
            <button class="close" aria-label="Close" on:click=move |_| close(choice)>"×"</button>
            <entropix-inspector group=GROUP vocabulary=vocabulary></entropix-inspector>
            <Presets/>
            <varentropy-plane
                group=GROUP
                controls="none"
                n=vocabulary
                prop:rules=rules
            ></varentropy-plane>
            <Show when=move || has_rules()>
                <p class="quiet units" data-testid="whose-rules">
                    {whose}
                </p>
            </Show>
            <Show when=move || talk.rows.with(|rows| !rows.is_empty())>
                <varentropy-triangle
                    group=GROUP
                    controls="none"
                    locked=true
                    fold=move || folded.get().then_some("rest")
                    mode=move || (by_rule.get() && has_rules()).then_some("rules")
                    prop:rules=rules
                ></varentropy-triangle>
                <fieldset class="fold segments">
                    <legend class="unseen">"Corners of the triangle"</legend>
                    <Segment name="fold" chosen=folded value=false>"top three"</Segment>
                    <Segment name="fold" chosen=folded value=true>"top two and the rest"</Segment>
                </fieldset>
                <Show when=move || has_rules()>
                    <fieldset class="fold segments">
                        <legend class="unseen">"Colours of the triangle"</legend>
                        <Segment name="colours" chosen=by_rule value=false>"H and V"</Segment>
                        <Segment name="colours" chosen=by_rule value=true>"rules"</Segment>
                    </fieldset>
                </Show>
            </Show>
            <p class="quiet units">
                <b>"H"</b>
                " entropy: the average surprise of the next token, in bits; 1 bit is a fair coin. "
                <b>"V"</b>
                " varentropy: how much that surprise varies, in bits²; it is 0 when all live options are equally likely."
            </p>
        </aside>
    }
}

/// One of two ways to draw the triangle.
#[component]
fn Segment(
    name: &'static str,
    chosen: RwSignal<bool>,
    value: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <label>
            <input
                type="radio"
                name=name
                prop:checked=move || chosen.get() == value
                on:change=move |_| chosen.set(value)
            />
            <span>{children()}</span>
        </label>
    }
}

/// Closes the sheet and gives the focus back to the token.
fn close(choice: Choice) {
    if !choice.sheet.get_untracked() {
        return;
    }
    choice.sheet.set(false);
    if browser::is_narrow()
        && let Some(strip) = Strip::chosen()
    {
        strip.focus();
    }
}
