//! The lens: what the model saw and what the sampler did, for the token that is shown; while an answer comes, the
//! answer. Each part has a place of one size.

use entropix_protocol::ModelInfo;
use leptos::prelude::*;

use crate::page::elements::GROUP;
use crate::page::live::live;
use crate::page::presets::Presets;
use crate::page::sheet::{self, Handle};
use crate::page::show::Show;
use crate::page::state::{Choice, Loading, NumbersInView, Talk};
use crate::page::stop::Stop;
use crate::page::trial::{Drawn, Tried, Whose};
use crate::page::{browser, dial, steer};

/// One chart at a time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Plane,
    Triangle,
    Draw,
    Presets,
}

impl Tab {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Plane, "Plane"),
        (Self::Triangle, "Triangle"),
        (Self::Draw, "Draw"),
        (Self::Presets, "Presets"),
    ];
}

#[component]
pub(super) fn Inspector() -> impl IntoView {
    let choice: Choice = expect_context();
    let loading: Loading = expect_context();
    let escape = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "Escape" {
            sheet::close(choice);
        }
    });
    on_cleanup(move || escape.remove());
    let vocabulary =
        Memo::new(move |_| loading.model().map_or(49_152, |m: ModelInfo| m.vocabulary));
    let steerable = steer::listen();
    dial::listen();
    // In a sheet that only peeks the word comes first.
    let parts = move || {
        if choice.sheet.get() != Stop::Closed && browser::is_narrow() {
            "token timeline key"
        } else {
            "key timeline token"
        }
    };
    view! {
        <aside class="lens" aria-label="One token">
            <Handle/>
            <div class="places">
                <entropix-inspector
                    group=GROUP
                    vocabulary=vocabulary
                    parts=live(parts)
                    steerable=steerable
                    turnable=true
                ></entropix-inspector>
                <Charts vocabulary/>
            </div>
        </aside>
    }
}

/// The tabs, and the chart that is chosen.
#[component]
fn Charts(vocabulary: Memo<u32>) -> impl IntoView {
    let talk: Talk = expect_context();
    let NumbersInView(in_view) = expect_context();
    let drawn = Drawn::follow(in_view);
    let rules = move || drawn.rules();
    let has_rules = move || drawn.has_rules();
    let (folded, by_rule) = (RwSignal::new(false), RwSignal::new(false));
    let tab = RwSignal::new(Tab::Plane);
    let is = move |which: Tab| tab.get() == which;
    let button = move |(which, name): (Tab, &'static str)| {
        view! {
            <label>
                <input
                    type="radio"
                    name="chart"
                    prop:checked=live(move || is(which))
                    on:change=move |_| tab.set(which)
                />
                <span>{name}</span>
            </label>
        }
    };
    view! {
        <div class="head">
            <Tried drawn/>
            <fieldset class="tabs segments" data-testid="charts">
                <legend class="unseen">"What is shown of the token"</legend>
                {Tab::ALL.map(button).collect_view()}
            </fieldset>
        </div>
        // What scrolls is reached by keys.
        <div class="view" data-testid="view" role="region" aria-label="Chart" tabindex="0">
            <div hidden=live(move || !is(Tab::Plane))>
                <varentropy-plane
                    group=GROUP
                    controls="none"
                    key="none"
                    n=vocabulary
                    locked=live(move || !drawn.can_move(talk))
                    prop:rules=live(rules)
                ></varentropy-plane>
            </div>
            <div hidden=live(move || !is(Tab::Triangle))>
                <varentropy-triangle
                    group=GROUP
                    controls="none"
                    locked=true
                    fold=live(move || folded.get().then_some("rest"))
                    mode=live(move || (by_rule.get() && has_rules()).then_some("rules"))
                    prop:rules=live(rules)
                ></varentropy-triangle>
                <fieldset class="fold segments">
                    <legend class="unseen">"Corners of the triangle"</legend>
                    <Segment name="fold" chosen=folded value=false>"top three"</Segment>
                    <Segment name="fold" chosen=folded value=true>"top two and the rest"</Segment>
                </fieldset>
                <Show when=has_rules>
                    <fieldset class="fold segments">
                        <legend class="unseen">"Colours of the triangle"</legend>
                        <Segment name="colours" chosen=by_rule value=false>"H and V"</Segment>
                        <Segment name="colours" chosen=by_rule value=true>"rules"</Segment>
                    </fieldset>
                </Show>
            </div>
            <Show when=move || has_rules() && (is(Tab::Plane) || is(Tab::Triangle))>
                <Whose drawn/>
            </Show>
            <div hidden=live(move || !is(Tab::Draw))>
                <entropix-inspector group=GROUP parts="more"></entropix-inspector>
                <p class="quiet units">
                    <b>"H"</b>
                    " entropy: the average surprise of the next token, in bits; 1 bit is a fair coin. "
                    <b>"V"</b>
                    " varentropy: how much that surprise varies, in bits²; it is 0 when all live options are equally likely."
                </p>
            </div>
            <Show when=move || is(Tab::Presets)>
                <Presets/>
            </Show>
        </div>
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
                prop:checked=live(move || chosen.get() == value)
                on:change=move |_| chosen.set(value)
            />
            <span>{children()}</span>
        </label>
    }
}
