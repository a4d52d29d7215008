//! What the model saw and what the sampler did, for one token.

use entropix_protocol::TokenEntry;
use leptos::prelude::*;

use crate::page::figures::{PlaneFigure, Timeline};
use crate::page::legend::Marks;
use crate::page::state::{App, Spot};
use crate::page::{app, browser};
use crate::words;

#[component]
pub(super) fn Inspector() -> impl IntoView {
    let app = app();
    let spot = Memo::new(move |_| app.focus());
    let escape = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "Escape" {
            close(app);
        }
    });
    on_cleanup(move || escape.remove());
    view! {
        <aside class="lens" data-testid="inspector" aria-label="What the model saw">
            <button class="close" aria-label="Close" on:click=move |_| close(app)>"×"</button>
            {move || match spot.get() {
                Some(spot) => view! { <Token spot/> }.into_any(),
                None => {
                    view! {
                        <p class="quiet empty">
                            "Choose a word of an answer: here you see what else the model could have said, how uncertain it was, and what the sampler did about it."
                        </p>
                    }
                        .into_any()
                }
            }}
            <PlaneFigure spot/>
            <Timeline spot/>
            <details class="plain units">
                <summary>"What the marks under the words mean"</summary>
                <Marks/>
            </details>
            <p class="quiet units">
                <b>"H"</b>
                " entropy: the average surprise of the next token, in bits; 1 bit is a fair coin. "
                <b>"V"</b>
                " varentropy: how much that surprise varies, in bits²; it is 0 when all live options are equally likely."
            </p>
        </aside>
    }
}

/// Closes the sheet and gives the focus back to the token.
fn close(app: App) {
    app.sheet.set(false);
    app.hovered.set(None);
    if let Ok(Some(token)) = browser::document().query_selector(".token[aria-selected=\"true\"]")
        && browser::is_narrow()
    {
        browser::focus(&token);
    }
}

#[component]
fn Token(spot: Spot) -> impl IntoView {
    let app = app();
    let found = app.session.with_value(|session| {
        let entry = session.entry(spot.turn, spot.index)?.clone();
        let answer = session.answer(spot.turn)?;
        Some((entry, answer.entries.len()))
    });
    found.map(|(entry, count)| {
        let vocabulary = app.engine.with_untracked(|e| e.model().map_or(49_152, |m| m.vocabulary));
        let u = entry.decision.uncertainty;
        view! {
            <header class="which">
                <h2>
                    <span class="unseen">"Token "</span>
                    <span
                        class="tint label"
                        style=entropix_simplex::scene::custom_properties(
                            u.entropy_bits,
                            u.varentropy_bits2,
                        )
                    >
                        {words::visible(&entry.label)}
                    </span>
                </h2>
                <span class="quiet">
                    "token " {spot.index + 1} " of " {count} ", id " {entry.decision.token}
                </span>
            </header>
            <dl class="numbers">
                <div>
                    <dt>"H"</dt>
                    <dd>{words::quantity(u.entropy_bits)} <i>" bits"</i></dd>
                </div>
                <div>
                    <dt>"V"</dt>
                    <dd>{words::quantity(u.varentropy_bits2)} <i>" bits²"</i></dd>
                </div>
                <div>
                    <dt>"p"</dt>
                    <dd>{words::percent(entry.p)}</dd>
                </div>
                <div>
                    <dt>"rank"</dt>
                    <dd>{words::place(entry.rank)}</dd>
                </div>
            </dl>
            <p class="sentence" data-testid="sentence">
                <span
                    class="mark"
                    data-rule=words::Rule::of(&entry.decision).class()
                    aria-hidden="true"
                ></span>
                {entry.decision.sentence.clone()}
            </p>
            <Alternatives entry=entry.clone() vocabulary/>
            <Details entry/>
        }
    })
}

#[component]
fn Alternatives(entry: TokenEntry, vocabulary: u32) -> impl IntoView {
    let chosen = entry.decision.token;
    let most = entry.top.first().map_or(1.0, |first| first.p).max(f64::MIN_POSITIVE);
    let shown: f64 = entry.top.iter().map(|each| each.p).sum();
    let others = vocabulary.saturating_sub(entry.top.len() as u32);
    let outside = !entry.top.iter().any(|each| each.id == chosen);
    let bar = move |label: &str, p: f64, is_chosen: bool, extra: Option<String>| {
        view! {
            <li class:chosen=is_chosen>
                <span class="word">{words::visible(label)}</span>
                <span class="bar" aria-hidden="true">
                    <span style=format!("width:{:.2}%", (p / most * 100.0).clamp(0.0, 100.0))></span>
                </span>
                <span class="p">{words::percent(p)}</span>
                {is_chosen.then(|| view! { <span class="unseen">", chosen"</span> })}
                {extra.map(|text| view! { <span class="unseen">{text}</span> })}
            </li>
        }
    };
    view! {
        <ol class="alternatives" data-testid="alternatives" aria-label="Most probable tokens">
            {entry
                .top
                .iter()
                .map(|each| bar(&each.label, each.p, each.id == chosen, None))
                .collect_view()}
            {outside
                .then(|| {
                    bar(
                        &entry.label,
                        entry.p,
                        true,
                        Some(format!(", {}", words::place(entry.rank))),
                    )
                })}
        </ol>
        <p class="rest quiet">
            {words::thousands(others)} " others: " {words::percent((1.0 - shown).max(0.0))}
        </p>
    }
}

#[component]
fn Details(entry: TokenEntry) -> impl IntoView {
    let decision = entry.decision.clone();
    let parameters = decision.parameters.map(|p| {
        let mut parts = vec![format!("temperature {:.2}", p.temperature)];
        if p.top_k > 0 {
            parts.push(format!("top-k {}", p.top_k));
        }
        parts.push(format!("top-p {:.2}", p.top_p));
        parts.push(format!("min-p {:.3}", p.min_p));
        parts.join(" · ")
    });
    let name = move |token: u32| {
        if token == entry.decision.token {
            return words::visible(&entry.label);
        }
        entry
            .top
            .iter()
            .find(|each| each.id == token)
            .map_or_else(|| format!("id {token}"), |each| words::visible(&each.label))
    };
    let chosen = decision.token;
    let candidates = decision.candidates.clone().map(|candidates| {
        view! {
            <p class="candidates">
                <span class="quiet">{format!("Best of {}, score in nats: ", candidates.len())}</span>
                {candidates
                    .into_iter()
                    .map(|candidate| {
                        view! {
                            <span class="candidate" class:chosen=candidate.token == chosen>
                                <span class="word">{name(candidate.token)}</span>
                                " "
                                {format!("{:.2}", candidate.score).replace('-', "−")}
                            </span>
                            " "
                        }
                    })
                    .collect_view()}
            </p>
        }
    });
    let attention = decision.attention.map(|a| {
        format!(
            "entropy {:.2} bits · varentropy {:.3} bits² · agreement {:.2e} · strength {:.3}",
            a.attn_entropy, a.attn_varentropy, a.agreement, a.interaction_strength
        )
    });
    view! {
        {parameters.map(|text| view! { <p class="parameters">{text}</p> })}
        {candidates}
        {attention
            .map(|text| {
                view! {
                    <details class="plain parameters">
                        <summary>"Attention of the last layer"</summary>
                        <p>{text}</p>
                    </details>
                }
            })}
    }
}
