//! Below an answer: how it stands, how it was made, and what can be done with it.

use entropix::SamplerConfig;
use leptos::prelude::*;

use crate::page::copy::Copy;
use crate::page::live::{live, press};
use crate::page::run;
use crate::page::show::Show;
use crate::page::state::{Loading, Talk};
use crate::page::versions::{Differs, Versions};
use crate::page::what_if::WhatIfView;
use entropix_client::msg::Msg;
use entropix_client::rules::{self, Counts};
use entropix_client::{copies, versions, words};
use entropix_conversation::{Answer, Progress, TurnId};
use entropix_protocol::Finish;

#[component]
pub(super) fn Foot(
    turn: TurnId,
    progress: RwSignal<Progress>,
    formatted: RwSignal<bool>,
    /// Whether it is one of several that stand side by side.
    beside: bool,
) -> impl IntoView {
    let run = run();
    let talk: Talk = expect_context();
    let is_text = run.client(|client| client.is_text(turn));
    let note = move || match progress.get() {
        Progress::Reading(_, 0) | Progress::Finished(Finish::MaxTokens) if is_text => None,
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
    let facts = move || {
        talk.rows.track();
        if progress.get().is_running() {
            return None;
        }
        run.conversation(|conversation| {
            let answer = conversation.answer(turn)?;
            let mut facts = vec![format!("{} tokens", said(answer))];
            // Beside others the heading says it, but not where one parted.
            let says = !beside || answer.made.fork.is_some();
            facts.extend(versions::made(conversation, turn).filter(|_| says));
            facts.extend(versions::means(answer));
            Some(facts.join(" · "))
        })
    };
    let rules = move || {
        if progress.get().is_running() {
            return None;
        }
        run.answer(turn, |answer| {
            let entries = answer.entries.get(..said(answer)).filter(|it| !it.is_empty())?;
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
        </p>
        {if beside {
            view! { <Differs turn/> }.into_any()
        } else {
            view! { <Versions turn/> }.into_any()
        }}
        <Actions turn progress formatted beside/>
        <WhatIfView turn/>
    }
}

/// What can be done with an answer.
#[component]
fn Actions(
    turn: TurnId,
    progress: RwSignal<Progress>,
    formatted: RwSignal<bool>,
    beside: bool,
) -> impl IntoView {
    let run = run();
    let (talk, loading): (Talk, Loading) = (expect_context(), expect_context());
    let button = move |name: &'static str,
                       words: &'static str,
                       title: &'static str,
                       msg: Msg<_>| {
        view! {
            <button class="link" data-testid=name title=title on:click=press(move || run.tell(msg.clone()))>
                {words}
            </button>
        }
    };
    let is_text = run.client(|client| client.is_text(turn));
    let ended = move || {
        talk.rows.track();
        !progress.get().is_running()
    };
    let can_ask_again = move || {
        ended()
            && !is_text
            && talk.is_last(turn)
            && !talk.running.get()
            && !talk.recorded.get()
            && loading.is_ready()
    };
    let can_part = move || {
        loading.status.track();
        ended() && !talk.running.get() && run.client(|client| client.can_part(turn))
    };
    let can_ask = move || {
        loading.status.track();
        ended()
            && !beside
            && !talk.running.get()
            && run.client(|client| client.can_ask_what_if(turn))
    };
    let can_choose = move || beside && ended() && !talk.running.get();
    let can_stand_beside = move || {
        ended()
            && talk.is_last(turn)
            && !talk.running.get()
            && run.client(|client| client.count_beside() > 1)
    };
    let link = move || run.client(|client| client.link(turn));
    let can_share = move || can_part() && link().is_some();
    let posting = RwSignal::new(false);
    let can_continue = move || {
        loading.status.track();
        ended() && !talk.running.get() && run.client(|client| client.can_continue(turn))
    };
    view! {
        <p class="actions">
            <Show when=can_choose>
                {button(
                    "choose",
                    "Go on from this one",
                    "The others stay as versions of it",
                    Msg::Choose(turn),
                )}
            </Show>
            <Show when=can_stand_beside>
                {button(
                    "side-by-side",
                    "Side by side",
                    "All answers to this question beside each other",
                    Msg::Beside(true),
                )}
            </Show>
            <Show when=can_continue>
                {button("continue", "Continue", "Go on where the answer was cut short", Msg::Continue(turn))}
            </Show>
            <Show when=can_ask_again>
                {button(
                    "regenerate",
                    "Retry",
                    "Another answer, with the next seed",
                    Msg::Regenerate { same_seed: false },
                )}
                {button(
                    "same-seed",
                    "Retry, same seed",
                    "The same sampler and seed say the same again",
                    Msg::Regenerate { same_seed: true },
                )}
            </Show>
            <Show when=can_ask>
                {button(
                    "ask-what-if",
                    "What if?",
                    "What the answer would have come to, had it said other words",
                    Msg::WhatIf(turn),
                )}
            </Show>
            <Show when=can_share>
                {button(
                    "share",
                    "Copy link",
                    "A link that repeats this answer on another machine: question, sampler, seed, and where it parted",
                    Msg::Share(turn),
                )}
            </Show>
            <Show when=ended>
                <Copy
                    name="copy"
                    words="Copy"
                    title="The answer as plain text, without marks"
                    text=move || {
                        run.conversation(|it| copies::answer(it, turn)).unwrap_or_default()
                    }
                />
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
            <Show when=ended>
                {button("export", "Download trace (JSON)", "The answer with all decisions", Msg::Export(turn))}
                <button
                    class="link"
                    data-testid="post"
                    aria-expanded=live(move || posting.get().to_string())
                    title="What brings this answer, or a small chat that asks the same, into a page of your own"
                    on:click=press(move || posting.update(|on| *on = !*on))
                >
                    "For a post"
                </button>
            </Show>
        </p>
        <Show when=move || posting.get()>
            <script type="module" src="post/post.js"></script>
            <for-a-post data-link=link()></for-a-post>
        </Show>
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

/// Tokens without the one that ends the answer.
fn said(answer: &Answer) -> usize {
    answer.end().unwrap_or(answer.entries.len())
}
