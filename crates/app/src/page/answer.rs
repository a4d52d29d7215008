//! An answer as text whose tokens can be pointed at and chosen.
//!
//! Tokens are appended to the DOM directly, each once; the rest of the answer is not touched.

use entropix_protocol::{Finish, TokenEntry};
use entropix_simplex::scene::custom_properties;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use crate::page::state::{App, Spot};
use crate::page::{actions, app, browser};
use crate::session::Progress;
use crate::words::{self, Rule};

#[component]
pub(super) fn AnswerView(
    turn: u32,
    tokens: ArcRwSignal<usize>,
    progress: ArcRwSignal<Progress>,
) -> impl IntoView {
    let app = app();
    let list = NodeRef::<leptos::html::Div>::new();
    let tokens = RwSignal::from(tokens);
    let progress = RwSignal::from(progress);

    Effect::new(move |drawn: Option<usize>| {
        let count = tokens.get();
        let Some(list) = list.get() else { return drawn.unwrap_or(0) };
        let drawn = drawn.unwrap_or(0);
        for index in drawn..count {
            append(app, &list, turn, index);
        }
        count
    });
    // The end-of-generation token is known as such once the answer is over.
    Effect::new(move |_| {
        progress.track();
        let end = app.with_answer(turn, crate::session::Answer::end).flatten();
        if let (Some(list), Some(end)) = (list.get(), end)
            && let Some(token) = child(&list, end)
        {
            let _ = token.class_list().add_1("end");
            let _ = token.set_attribute("aria-label", "end of the answer");
        }
    });
    // One tab stop, and a ring around the chosen token.
    Effect::new(move |before: Option<Option<usize>>| {
        let chosen = app.selected.get().filter(|spot| spot.turn == turn).map(|spot| spot.index);
        tokens.with(|_| ());
        if let Some(list) = list.get_untracked() {
            if let Some(old) = before.flatten().filter(|old| Some(*old) != chosen) {
                mark(&list, old, "aria-selected", None);
                mark(&list, old, "tabindex", Some("-1"));
            }
            match chosen {
                Some(index) => {
                    mark(&list, 0, "tabindex", Some("-1"));
                    mark(&list, index, "aria-selected", Some("true"));
                    mark(&list, index, "tabindex", Some("0"));
                }
                None => mark(&list, 0, "tabindex", Some("0")),
            }
        }
        chosen
    });
    Effect::new(move |before: Option<Option<usize>>| {
        let shown = app.focus().filter(|spot| spot.turn == turn).map(|spot| spot.index);
        if let Some(list) = list.get_untracked() {
            if let Some(old) = before.flatten().filter(|old| Some(*old) != shown) {
                mark(&list, old, "data-shown", None);
            }
            if let Some(index) = shown {
                mark(&list, index, "data-shown", Some(""));
            }
        }
        shown
    });

    let over = move |event: web_sys::PointerEvent| {
        if event.pointer_type() == "mouse" {
            app.hovered.set(spot_of(turn, event.target()));
        }
    };
    let choose = move |event: web_sys::MouseEvent| {
        if let Some(spot) = spot_of(turn, event.target()) {
            app.select(spot);
            app.sheet.set(true);
            if let Some(token) = browser::closest(event.target(), ".token") {
                browser::focus(&token);
                clear_of_sheet(token);
            }
        }
    };
    let focused = move |event: web_sys::FocusEvent| {
        if let Some(spot) = spot_of(turn, event.target()) {
            app.select(spot);
        }
    };
    view! {
        <article class="turn model">
            <h2>"Model"</h2>
            <div
                class="answer"
                data-testid="answer"
                role="listbox"
                aria-orientation="horizontal"
                aria-label="Answer, token by token"
                aria-busy=move || progress.get().is_running().to_string()
                node_ref=list
                on:pointerover=over
                on:pointerleave=move |_| app.hovered.set(None)
                on:click=choose
                on:focusin=focused
                on:keydown=move |event| keys(app, turn, &event)
            ></div>
            <Foot turn progress/>
        </article>
    }
}

/// How the answer stands, and what can be done with it.
#[component]
fn Foot(turn: u32, progress: RwSignal<Progress>) -> impl IntoView {
    let app = app();
    let note = move || match progress.get() {
        Progress::Reading(_, 0) => Some("Reading the prompt …".to_owned()),
        Progress::Reading(done, total) => {
            Some(format!("Reading the prompt: {done} of {total} tokens"))
        }
        Progress::Writing => None,
        Progress::Finished(finish) => words::ending(finish).map(str::to_owned),
        Progress::Interrupted => Some("Interrupted: the engine stopped here.".to_owned()),
        Progress::Failed => Some("No answer.".to_owned()),
    };
    let is_last = move || app.rows.with(|rows| rows.last().is_some_and(|row| row.turn == turn));
    let can_regenerate = move || {
        is_last()
            && !progress.get().is_running()
            && !app.recorded.get()
            && app.engine.with(|engine| engine.model().is_some())
    };
    let facts = move || {
        if progress.get().is_running() {
            return None;
        }
        app.with_answer(turn, |answer| {
            let count = answer.entries.len();
            let ended = matches!(answer.progress, Progress::Finished(Finish::EndOfTurn));
            let count = count - usize::from(ended && count > 0);
            format!(
                "{count} tokens · sampler {} · seed {}",
                answer.ask.sampler.name(),
                answer.ask.seed
            )
        })
    };
    view! {
        <p class="after">
            {move || note().map(|note| view! { <span class="note">{note}</span> })}
            {move || facts().map(|facts| view! { <span class="facts">{facts}</span> })}
            <Show when=can_regenerate>
                <button
                    class="link"
                    data-testid="regenerate"
                    on:click=move |_| actions::regenerate(app)
                >
                    "Regenerate"
                </button>
            </Show>
            <Show when=move || !progress.get().is_running()>
                <button class="link" data-testid="export" on:click=move |_| actions::export(app, turn)>
                    "Download trace (JSON)"
                </button>
            </Show>
        </p>
    }
}

fn append(app: App, list: &Element, turn: u32, index: usize) {
    let token = app
        .session
        .with_value(|session| session.entry(turn, index).and_then(|entry| element(entry, index)));
    if let Some(token) = token {
        if index == 0 {
            let _ = token.set_attribute("tabindex", "0");
        }
        let _ = list.append_child(&token);
    }
}

fn element(entry: &TokenEntry, index: usize) -> Option<Element> {
    let u = entry.decision.uncertainty;
    let token = browser::document().create_element("span").ok()?;
    token.set_class_name("token");
    let colours = custom_properties(u.entropy_bits, u.varentropy_bits2);
    for (name, value) in [
        ("data-testid", "token"),
        ("role", "option"),
        ("tabindex", "-1"),
        ("data-index", &index.to_string()),
        ("data-rule", Rule::of(&entry.decision).class()),
        ("style", &colours),
        ("aria-label", &words::spoken(entry)),
    ] {
        let _ = token.set_attribute(name, value);
    }
    // Colour and mark belong to the word alone, so that a space at the end of a line wears neither.
    let coloured = browser::document().create_element("span").ok()?;
    let (before, word, after) = words::parts(&entry.text);
    if entry.text.is_empty() {
        let _ = coloured.set_attribute("data-label", &entry.label);
    } else if word.is_empty() {
        let _ = coloured.set_attribute("data-break", "");
    }
    coloured.set_class_name("word-of");
    coloured.set_text_content(Some(word));
    let text = |text: &str| browser::document().create_text_node(text);
    for node in [text(before).as_ref(), coloured.as_ref(), text(after).as_ref()] {
        let node: &web_sys::Node = node;
        let _ = token.append_child(node);
    }
    Some(token)
}

fn child(list: &Element, index: usize) -> Option<Element> {
    list.children().item(index as u32)
}

fn mark(list: &Element, index: usize, name: &str, value: Option<&str>) {
    if let Some(token) = child(list, index) {
        let _ = match value {
            Some(value) => token.set_attribute(name, value),
            None => token.remove_attribute(name),
        };
    }
}

fn spot_of(turn: u32, target: Option<web_sys::EventTarget>) -> Option<Spot> {
    let token = browser::closest(target, ".token")?;
    Some(Spot { turn, index: token.get_attribute("data-index")?.parse().ok()? })
}

/// On a narrow page the inspector covers the lower half: keeps the token above it.
pub(super) fn clear_of_sheet(token: Element) {
    if !browser::is_narrow() {
        return;
    }
    // After the sheet has been laid out.
    gloo::timers::callback::Timeout::new(30, move || {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        token.scroll_into_view_with_scroll_into_view_options(&options);
    })
    .forget();
}

fn keys(app: App, turn: u32, event: &KeyboardEvent) {
    let Some(list) = event.current_target().and_then(|t| t.dyn_into::<Element>().ok()) else {
        return;
    };
    let Some(here) = spot_of(turn, event.target()) else { return };
    let last = (list.child_element_count() as usize).saturating_sub(1);
    let next = match event.key().as_str() {
        "ArrowRight" => (here.index + 1).min(last),
        "ArrowLeft" => here.index.saturating_sub(1),
        "ArrowDown" => line(&list, here.index, true),
        "ArrowUp" => line(&list, here.index, false),
        "Home" => 0,
        "End" => last,
        "Enter" | " " => {
            event.prevent_default();
            app.sheet.set(true);
            return;
        }
        _ => return,
    };
    event.prevent_default();
    if let Some(token) = child(&list, next) {
        browser::focus(&token);
        clear_of_sheet(token);
    }
}

/// The token above or below: on the next line, nearest to the left edge of this one.
fn line(list: &Element, from: usize, down: bool) -> usize {
    let count = list.child_element_count() as usize;
    let Some(here) = child(list, from).map(|token| token.get_bounding_client_rect()) else {
        return from;
    };
    let mut best: Option<(usize, f64)> = None;
    let mut row = None;
    let mut index = from;
    loop {
        index = match (down, index) {
            (true, i) if i + 1 < count => i + 1,
            (false, i) if i > 0 => i - 1,
            _ => break,
        };
        let Some(rect) = child(list, index).map(|token| token.get_bounding_client_rect()) else {
            break;
        };
        let apart = (rect.top() - here.top()).abs();
        if apart < here.height() / 2.0 {
            continue;
        }
        let top = *row.get_or_insert(rect.top());
        if (rect.top() - top).abs() > here.height() / 2.0 {
            break;
        }
        let distance = (rect.left() - here.left()).abs();
        if best.is_none_or(|(_, least)| distance < least) {
            best = Some((index, distance));
        }
    }
    best.map_or(from, |(index, _)| index)
}
