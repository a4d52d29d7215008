//! An answer: a strip of tokens that can be pointed at and chosen, and how it stands.

use crate::page::live::{live, press};
use crate::page::show::Show;
use entropix::SamplerConfig;
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

use crate::page::elements::{Elements, GROUP, Slot, Strip};
use crate::page::state::{Choice, Loading, Spot, Talk};
use crate::page::stop::Stop;
use crate::page::{browser, run};
use entropix_client::msg::Msg;
use entropix_client::rules::{self, Counts};
use entropix_client::words;
use entropix_conversation::{Answer, Progress, TurnId};

#[component]
pub(super) fn AnswerView(
    turn: TurnId,
    tokens: ArcRwSignal<usize>,
    progress: ArcRwSignal<Progress>,
) -> impl IntoView {
    let run = run();
    let choice: Choice = expect_context();
    let Elements(ready) = expect_context();
    let slot = Slot::new();
    let tokens = RwSignal::from(tokens);
    let progress = RwSignal::from(progress);
    let formatted = RwSignal::new(false);
    // The element, once its script has run.
    let strip = move || {
        let element = slot.get().filter(|_| ready.get())?;
        Some(element.unchecked_into::<Strip>())
    };

    // Tokens and retractions that are on the strip.
    Effect::new(move |drawn: Option<(usize, usize)>| {
        let (mut drawn, count) = (drawn.unwrap_or_default(), tokens.get());
        let Some(strip) = strip() else { return drawn };
        run.answer(turn, |answer| {
            let mut struck = Vec::new();
            for retracted in answer.retracted.iter().skip(drawn.1) {
                if (retracted.to as usize) < drawn.0 {
                    strip.retract(retracted.to);
                    drawn.0 = retracted.to as usize;
                } else {
                    // It went before this strip was there.
                    struck.push(retracted);
                }
            }
            for (index, entry) in answer.entries.iter().enumerate().take(count).skip(drawn.0) {
                strip.append(run.arrival(turn, index), entry);
            }
            for retracted in struck {
                let text: String = retracted.tokens.iter().map(|entry| &*entry.text).collect();
                strip.strike(retracted.to, &text);
            }
            drawn = (count, answer.retracted.len());
        });
        choice.tell(turn, strip.shown());
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
        <article class="turn model" data-turn=turn>
            <h2>"Model"</h2>
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
                <entropix-markdown
                    data-testid="markdown"
                    text=live(move || {
                        tokens.track();
                        run.answer(turn, Answer::text)
                    })
                ></entropix-markdown>
            </Show>
            <Foot turn progress formatted/>
        </article>
    }
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

/// How the answer stands, and what can be done with it.
#[component]
fn Foot(turn: TurnId, progress: RwSignal<Progress>, formatted: RwSignal<bool>) -> impl IntoView {
    let run = run();
    let (talk, loading): (Talk, Loading) = (expect_context(), expect_context());
    let note = move || match progress.get() {
        Progress::Reading(_, 0) => Some("Reading the prompt …".to_owned()),
        Progress::Reading(done, total) => {
            Some(format!("Reading the prompt: {done} of {total} tokens"))
        }
        Progress::Writing => None,
        Progress::Branching(branches, tokens) => {
            Some(format!("Trying {branches} branches, token {tokens} …"))
        }
        Progress::Finished(finish) => words::ending(finish).map(str::to_owned),
        Progress::Interrupted => Some("Interrupted: the engine stopped here.".to_owned()),
        Progress::Failed => Some("No answer.".to_owned()),
    };
    let can_regenerate = move || {
        talk.is_last(turn)
            && !progress.get().is_running()
            && !talk.recorded.get()
            && loading.is_ready()
    };
    let facts = move || {
        if progress.get().is_running() {
            return None;
        }
        run.answer(turn, |answer| {
            let count = answer.end().unwrap_or(answer.entries.len());
            format!(
                "{count} tokens · sampler {} · seed {}",
                answer.made.recipe.sampler.name(),
                answer.made.recipe.seed
            )
        })
    };
    let rules = move || {
        if progress.get().is_running() {
            return None;
        }
        run.answer(turn, |answer| {
            let count = answer.end().unwrap_or(answer.entries.len());
            let entries = answer.entries.get(..count).filter(|entries| !entries.is_empty())?;
            match answer.made.recipe.sampler {
                SamplerConfig::Entropix(_) => Some(Counts::of(entries).lines()),
                SamplerConfig::Promised(_) => Some(rules::done(entries, answer.retracted.len())),
                SamplerConfig::Greedy | SamplerConfig::Plain(_) | SamplerConfig::Dslider(_) => None,
            }
        })?
    };
    view! {
        {live(move || rules().map(|lines| view! { <Rules lines/> }))}
        <p class="after">
            {live(move || note().map(|note| view! { <span class="note">{note}</span> }))}
            {live(move || facts().map(|facts| view! { <span class="facts">{facts}</span> }))}
            <Show when=can_regenerate>
                <button
                    class="link"
                    data-testid="regenerate"
                    on:click=press(move || run.tell(Msg::Regenerate))
                >
                    "Regenerate"
                </button>
            </Show>
            <button
                class="link"
                data-testid="formatted"
                aria-pressed=live(move || formatted.get().to_string())
                title="Headings, lists and code as Markdown means them, without the colours of words"
                on:click=press(move || formatted.update(|on| *on = !*on))
            >
                "Formatted"
            </button>
            <Versions turn/>
            <Show when=move || !progress.get().is_running()>
                <button class="link" data-testid="export" on:click=press(move || run.tell(Msg::Export(turn)))>
                    "Download trace (JSON)"
                </button>
            </Show>
        </p>
    }
}

/// The other answers to the same question, or the other questions in the same place.
#[component]
pub(super) fn Versions(turn: TurnId) -> impl IntoView {
    let run = run();
    let Talk { rows, running, .. } = expect_context();
    let versions = move || {
        rows.track();
        let all = run.conversation(|conversation| conversation.versions(turn));
        let at = all.iter().position(|version| *version == turn)?;
        (all.len() > 1 && !running.get()).then_some((all, at))
    };
    let button = move |label: &'static str, sign: &'static str, to: Option<TurnId>| {
        view! {
            <button
                class="link"
                aria-label=label
                disabled=to.is_none()
                on:click=press(move || run.tell(Msg::Choose(to.unwrap_or(turn))))
            >
                {sign}
            </button>
        }
    };
    move || {
        versions().map(|(all, at)| {
            let earlier = at.checked_sub(1).and_then(|at| all.get(at)).copied();
            let later = all.get(at + 1).copied();
            view! {
                <span data-testid="versions">
                    {button("Earlier version", "‹", earlier)}
                    {format!(" version {} of {} ", at + 1, all.len())}
                    {button("Later version", "›", later)}
                </span>
            }
        })
    }
}

/// How many tokens each rule decided.
#[component]
fn Rules(lines: Vec<(&'static str, usize, String)>) -> impl IntoView {
    let line = |(name, count, words): (&'static str, usize, String)| {
        let hint = words.clone();
        view! {
            <li title=hint>
                {name} " " <b>{count}</b> <span class="unseen">" – " {words}</span>
            </li>
        }
    };
    view! {
        <ul class="rules" data-testid="rules" aria-label="Tokens by rule">
            {lines.into_iter().map(line).collect_view()}
        </ul>
    }
}
