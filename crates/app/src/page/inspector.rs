//! What the model saw and what the sampler did, for the token that is shown.

use entropix_protocol::ModelInfo;
use leptos::prelude::*;

use crate::page::elements::{GROUP, Strip, preset, threshold};
use crate::page::presets::Presets;
use crate::page::state::App;
use crate::page::{app, browser};
use crate::settings::Settings;

#[component]
pub(super) fn Inspector() -> impl IntoView {
    let app = app();
    let escape = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "Escape" {
            close(app);
        }
    });
    on_cleanup(move || escape.remove());
    let vocabulary = Memo::new(move |_| app.model().map_or(49_152, |m: ModelInfo| m.vocabulary));
    // The sampler of the answer, or the one that would be used.
    let sampler = Memo::new(move |_| {
        let turn = app.shown_turn();
        let of_answer =
            turn.and_then(|turn| app.with_answer(turn, |answer| answer.ask.sampler.clone()));
        of_answer.unwrap_or_else(|| app.settings.with(Settings::sampler))
    });
    let preset = move || sampler.with(preset);
    let at = move |attribute: &'static str| {
        move || sampler.with(|sampler| threshold(sampler, attribute))
    };
    let folded = RwSignal::new(false);
    view! {
        <aside class="lens" aria-label="One token">
            <button class="close" aria-label="Close" on:click=move |_| close(app)>"×"</button>
            <entropix-inspector group=GROUP vocabulary=vocabulary></entropix-inspector>
            <Presets/>
            <varentropy-plane
                group=GROUP
                controls="none"
                n=vocabulary
                preset=preset
                low-entropy=at("low-entropy")
                low-varentropy=at("low-varentropy")
                medium-entropy=at("medium-entropy")
                high-entropy=at("high-entropy")
                high-varentropy=at("high-varentropy")
            ></varentropy-plane>
            <Show when=move || app.rows.with(|rows| !rows.is_empty())>
                <varentropy-triangle
                    group=GROUP
                    controls="none"
                    locked=true
                    fold=move || folded.get().then_some("rest")
                ></varentropy-triangle>
                <fieldset class="fold segments">
                    <legend class="unseen">"Corners of the triangle"</legend>
                    <Fold folded value=false>"top three"</Fold>
                    <Fold folded value=true>"top two and the rest"</Fold>
                </fieldset>
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

/// One way to make three outcomes of a whole vocabulary.
#[component]
fn Fold(folded: RwSignal<bool>, value: bool, children: Children) -> impl IntoView {
    view! {
        <label>
            <input
                type="radio"
                name="fold"
                prop:checked=move || folded.get() == value
                on:change=move |_| folded.set(value)
            />
            <span>{children()}</span>
        </label>
    }
}

/// Closes the sheet and gives the focus back to the token.
fn close(app: App) {
    if !app.sheet.get_untracked() {
        return;
    }
    app.sheet.set(false);
    if browser::is_narrow()
        && let Some(strip) = Strip::chosen()
    {
        strip.focus();
    }
}
