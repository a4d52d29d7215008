//! The plane and the timeline of one answer. Dots and bars are appended, each once.

use entropix::SamplerConfig;
use entropix_simplex::scene::{custom_properties, number};
use entropix_simplex::{Mode, Plane, saturate};
use leptos::prelude::*;
use web_sys::Element;

use crate::page::state::{App, Spot};
use crate::page::{answer, app, browser};
use crate::words::Rule;

const SVG: &str = "http://www.w3.org/2000/svg";
/// Width of one token on the timeline, and height of the timeline.
const STEP: f64 = 6.0;
const TALL: f64 = 44.0;

/// What is drawn so far, for which answer.
type Drawn = (Option<u32>, usize);

/// The (H, V) plane with a dot per token.
#[component]
pub(super) fn PlaneFigure(spot: Memo<Option<Spot>>) -> impl IntoView {
    let app = app();
    let plane = Plane::default();
    let turn = Memo::new(move |_| spot.get().map(|spot| spot.turn));
    // The sampler of the answer, or the one that would be used.
    let sampler = Memo::new(move |_| {
        let of_answer =
            turn.get().and_then(|turn| app.with_answer(turn, |answer| answer.ask.sampler.clone()));
        of_answer.unwrap_or_else(|| app.settings.with(crate::settings::Settings::sampler))
    });
    let vocabulary =
        Memo::new(move |_| app.engine.with(|e| e.model().map_or(49_152, |m| m.vocabulary)));
    let base = move || {
        let scene = match sampler.get() {
            SamplerConfig::Entropix(config) => {
                let classify = |h: f64, v: f64| entropix::classify(h, v, &config);
                plane.base(vocabulary.get(), Some(&classify))
            }
            SamplerConfig::Greedy | SamplerConfig::Plain(_) => plane.base(vocabulary.get(), None),
        };
        scene.elements(Mode::Page)
    };
    let dots = NodeRef::<leptos::svg::G>::new();
    let count = answer_length(turn);
    Effect::new(move |drawn: Option<Drawn>| {
        let (turn, count) = (turn.get(), count.get());
        let Some(group) = dots.get() else { return (None, 0) };
        let from = continued(&group, drawn, turn, count);
        let Some(turn) = turn else { return (None, 0) };
        app.with_answer(turn, |answer| {
            for (index, entry) in answer.entries.iter().enumerate().take(count).skip(from) {
                let u = entry.decision.uncertainty;
                let (x, y) = plane.at(u.entropy_bits, u.varentropy_bits2);
                let dot = element(
                    "circle",
                    &[
                        ("class", "dot"),
                        ("cx", &number(x)),
                        ("cy", &number(y)),
                        ("r", "3.2"),
                        ("data-index", &index.to_string()),
                        ("data-rule", Rule::of(&entry.decision).class()),
                        ("style", &custom_properties(u.entropy_bits, u.varentropy_bits2)),
                    ],
                );
                if let Some(dot) = dot {
                    let _ = group.append_child(&dot);
                }
            }
        });
        (Some(turn), count)
    });
    let here = move || {
        let spot = spot.get()?;
        let (x, y) = app.session.with_value(|session| {
            let u = session.entry(spot.turn, spot.index)?.decision.uncertainty;
            Some(plane.at(u.entropy_bits, u.varentropy_bits2))
        })?;
        let (left, floor) = (number(plane.left), number(plane.height - plane.bottom));
        let (x, y) = (number(x), number(y));
        Some(view! {
            <g class="here">
                <line x1=left y1=y.clone() x2=x.clone() y2=y.clone()></line>
                <line x1=x.clone() y1=floor x2=x.clone() y2=y.clone()></line>
                <circle cx=x cy=y r="6"></circle>
            </g>
        })
    };
    let choose = move |event: web_sys::MouseEvent| choose(app, spot, event.target());
    let view_box = format!("0 0 {} {}", number(plane.width), number(plane.height));
    let words = move || {
        let spot = spot.get()?;
        app.session.with_value(|session| {
            let u = session.entry(spot.turn, spot.index)?.decision.uncertainty;
            Some(format!(
                "The plane of entropy and varentropy. This token lies at {:.2} bits and {:.2} bits².",
                u.entropy_bits, u.varentropy_bits2
            ))
        })
    };
    view! {
        <figure class="plane" data-testid="plane">
            <svg
                viewBox=view_box
                role="img"
                aria-label=move || {
                    words().unwrap_or_else(|| "The plane of entropy and varentropy.".to_owned())
                }
                on:click=choose
            >
                <g inner_html=base></g>
                <g node_ref=dots></g>
                {here}
            </svg>
            <figcaption class="quiet">
                "Every token of this answer. Blank is out of reach for any distribution; dashed lines are the sampler’s thresholds."
            </figcaption>
        </figure>
    }
}

/// H of every token, in order.
#[component]
pub(super) fn Timeline(spot: Memo<Option<Spot>>) -> impl IntoView {
    let app = app();
    let turn = Memo::new(move |_| spot.get().map(|spot| spot.turn));
    let bars = NodeRef::<leptos::svg::G>::new();
    let count = answer_length(turn);
    Effect::new(move |drawn: Option<Drawn>| {
        let (turn, count) = (turn.get(), count.get());
        let Some(group) = bars.get() else { return (None, 0) };
        let from = continued(&group, drawn, turn, count);
        let Some(turn) = turn else { return (None, 0) };
        app.with_answer(turn, |answer| {
            for (index, entry) in answer.entries.iter().enumerate().take(count).skip(from) {
                let u = entry.decision.uncertainty;
                let height = 1.5 + saturate(u.entropy_bits, 0.0).0 / 0.9 * (TALL - 1.5);
                let bar = element(
                    "rect",
                    &[
                        ("class", "bar"),
                        ("x", &number(index as f64 * STEP)),
                        ("y", &number(TALL - height)),
                        ("width", &number(STEP - 1.0)),
                        ("height", &number(height)),
                        ("data-index", &index.to_string()),
                        ("style", &custom_properties(u.entropy_bits, u.varentropy_bits2)),
                    ],
                );
                if let Some(bar) = bar {
                    let _ = group.append_child(&bar);
                }
            }
        });
        (Some(turn), count)
    });
    let width = move || STEP * (count.get().max(48) as f64);
    let pointer = move || {
        let x = spot.get()?.index as f64 * STEP;
        Some(view! {
            <rect class="now" x=number(x - 0.5) y="0" width=number(STEP) height=number(TALL)></rect>
        })
    };
    let choose = move |event: web_sys::MouseEvent| choose(app, spot, event.target());
    view! {
        <Show when=move || turn.get().is_some()>
            <figure class="timeline">
                <svg
                    viewBox=move || format!("0 0 {} {}", number(width()), number(TALL))
                    preserveAspectRatio="none"
                    role="img"
                    aria-label="Entropy of every token of this answer, in order"
                    on:click=choose
                >
                    {pointer}
                    <g node_ref=bars></g>
                </svg>
                <figcaption class="quiet">"Entropy H, token by token."</figcaption>
            </figure>
        </Show>
    }
}

/// Number of tokens of an answer, as a signal.
fn answer_length(turn: Memo<Option<u32>>) -> Memo<usize> {
    let app = app();
    Memo::new(move |_| {
        let turn = turn.get();
        app.rows.with(|rows| {
            rows.iter().find(|row| Some(row.turn) == turn).map_or(0, |row| match &row.body {
                crate::page::state::RowBody::Answer { tokens, .. } => tokens.get(),
                crate::page::state::RowBody::Said(..) => 0,
            })
        })
    })
}

/// Where to go on drawing; empties the group if it shows another answer.
fn continued(group: &Element, drawn: Option<Drawn>, turn: Option<u32>, count: usize) -> usize {
    match drawn {
        Some((before, from)) if before == turn && from <= count => from,
        _ => {
            group.set_inner_html("");
            0
        }
    }
}

fn element(name: &str, attributes: &[(&str, &str)]) -> Option<Element> {
    let element = browser::document().create_element_ns(Some(SVG), name).ok()?;
    for (name, value) in attributes {
        let _ = element.set_attribute(name, value);
    }
    Some(element)
}

/// Chooses the token whose dot or bar was clicked.
fn choose(app: App, spot: Memo<Option<Spot>>, target: Option<web_sys::EventTarget>) {
    let Some(now) = spot.get_untracked() else { return };
    let index = browser::closest(target, "[data-index]")
        .and_then(|mark| mark.get_attribute("data-index")?.parse().ok());
    if let Some(index) = index {
        app.select(Spot { turn: now.turn, index });
        let selector = ".token[aria-selected=\"true\"]";
        if let Ok(Some(token)) = browser::document().query_selector(selector) {
            answer::clear_of_sheet(token);
        }
    }
}
