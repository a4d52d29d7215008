//! An answer: a strip of tokens that can be pointed at and chosen, and how it stands.

use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

use crate::page::elements::{Elements, GROUP, Slot, Strip};
use crate::page::foot::Foot;
use crate::page::live::live;
use crate::page::run::Run;
use crate::page::show::Show;
use crate::page::state::{Choice, Spot};
use crate::page::stop::Stop;
use crate::page::{browser, place, run};
use entropix_client::{copies, versions};
use entropix_conversation::{Answer, Progress, Shown, Stroke, TurnId};

#[component]
pub(super) fn AnswerView(
    turn: TurnId,
    tokens: ArcRwSignal<usize>,
    progress: ArcRwSignal<Progress>,
    /// Which one it is of several that stand side by side; "" of one by itself.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    let run = run();
    let choice: Choice = expect_context();
    let Elements(ready) = expect_context();
    let slot = Slot::new();
    let (tokens, progress) = (RwSignal::from(tokens), RwSignal::from(progress));
    let formatted = RwSignal::new(false);
    let is_text = run.client(|client| client.is_text(turn));
    let beside = !name.is_empty();
    let title = if beside { name } else { copies::speaker(is_text).to_owned() };
    // What stands below words that are there already waits for them: it would be pushed down.
    let standing = RwSignal::new(tokens.get_untracked() == 0);
    // The element, once its script has run.
    let strip = move || {
        let element = slot.get().filter(|_| ready.get())?;
        Some(element.unchecked_into::<Strip>())
    };

    Effect::new(move |drawn: Option<Shown>| {
        tokens.track();
        let drawn = drawn.unwrap_or_default();
        let Some(strip) = strip() else { return drawn };
        let drawn = draw(run, turn, &strip, drawn);
        choice.tell(turn, strip.shown());
        if !standing.get_untracked() {
            stand_below(strip, standing);
        }
        drawn
    });
    Effect::new(move |_| {
        let running = progress.get().is_running();
        if let Some(strip) = strip() {
            strip.set_busy(running);
            let end = run.answer(turn, Answer::end).flatten();
            strip.set_end(end.map(|index| index as u32));
        }
    });
    Effect::new(move |_| {
        let chosen = choice.selected.get().filter(|spot| spot.turn == turn).map(|spot| spot.index);
        if let Some(strip) = strip()
            && strip.selected() != chosen
        {
            strip.set_selected(chosen);
            choice.tell(turn, strip.shown());
        }
    });

    let pointed = move |_: web_sys::Event| {
        if let Some(strip) = slot.get_untracked() {
            choice.tell(turn, strip.unchecked_ref::<Strip>().shown());
        }
    };
    let chosen = move |_: web_sys::Event| {
        let Some(strip) = slot.get_untracked() else { return };
        let strip = strip.unchecked_into::<Strip>();
        choice.selected.set(strip.selected().map(|index| Spot { turn, index }));
        choice.tell(turn, strip.shown());
        clear_of_sheet(strip);
    };
    let clicked = move |event: web_sys::MouseEvent| {
        // By that the strip says that a word was chosen: a finger may miss it a little.
        if event.default_prevented() {
            open_sheet(choice, slot);
        }
    };
    let pressed = move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | " ") {
            open_sheet(choice, slot);
        }
    };
    view! {
        <article class="turn model" id=place::id(turn) data-turn=turn>
            <h2>{title}</h2>
            <entropix-tokens
                node_ref=slot
                group=GROUP
                inspector="none"
                hidden=live(move || formatted.get())
                on:input=pointed
                on:change=chosen
                on:click=clicked
                on:keydown=pressed
            ></entropix-tokens>
            <Show when=move || formatted.get()>
                <Formatted turn tokens/>
            </Show>
            <Show when=move || standing.get()>
                <Foot turn progress formatted beside/>
            </Show>
        </article>
    }
}

/// Lets stand what belongs below a strip, once its words are there.
fn stand_below(strip: Strip, standing: RwSignal<bool>) {
    request_animation_frame(move || {
        if strip.started() {
            // It draws in the next frame, before this.
            request_animation_frame(move || {
                standing.try_set(true);
            });
        } else if strip.is_connected() {
            stand_below(strip, standing);
        }
    });
}

/// Brings a strip up to what there is of the answer. Returns what is on it then.
fn draw(run: Run, turn: TurnId, strip: &Strip, drawn: Shown) -> Shown {
    let now = run.answer(turn, |answer| {
        for stroke in answer.catch_up(drawn) {
            match stroke {
                Stroke::Append(index) => {
                    if let Some(entry) = answer.entries.get(index) {
                        strip.append(run.arrival(turn, index), entry);
                    }
                }
                Stroke::Retract { to, unseen } => strip.retract(to as u32, &unseen),
                Stroke::Strike { at, text } => strip.strike(at as u32, &text),
            }
        }
        Shown { tokens: answer.entries.len(), retractions: answer.retracted.len() }
    });
    let now = now.unwrap_or(drawn);
    if let Some((at, text)) = run.conversation(|conversation| versions::was(conversation, turn))
        && (drawn.tokens..now.tokens).contains(&(at as usize))
    {
        strip.strike(at, &text);
    }
    now
}

/// The answer's text as Markdown means it.
#[component]
fn Formatted(turn: TurnId, tokens: RwSignal<usize>) -> impl IntoView {
    let run = run();
    let text = move || {
        tokens.track();
        run.answer(turn, Answer::text)
    };
    view! { <entropix-markdown data-testid="markdown" text=text></entropix-markdown> }
}

fn open_sheet(choice: Choice, slot: Slot) {
    choice.sheet.update(|stop| *stop = (*stop).max(Stop::Peek));
    if let Some(strip) = slot.get_untracked() {
        clear_of_sheet(strip.unchecked_into());
    }
}

/// On a narrow page the inspector covers the lower half: keeps the chosen token above it.
fn clear_of_sheet(strip: Strip) {
    if browser::is_narrow() {
        // After the sheet has been laid out.
        Timeout::new(30, move || strip.reveal()).forget();
    }
}
