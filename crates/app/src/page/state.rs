//! The signals that views read, in groups; each group is a context of its own.

use entropix_client::manifest::Model;
use entropix_client::replay::Offer;
use entropix_client::settings::Settings;
use entropix_client::{Alert, Keeping, Listed, Meter, ModelStatus};
use entropix_conversation::{Progress, TurnId};
use entropix_protocol::{ModelInfo, Role, Stats};
use leptos::prelude::*;

use crate::page::stop::Stop;

/// One token on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// Turn of the answer.
    pub(super) turn: TurnId,
    /// Number of the token in it.
    pub(super) index: u32,
}

/// One turn on the page; what changes while it streams are signals of their own, so that a token
/// costs the same however long the answer is.
#[derive(Clone)]
pub(super) struct Row {
    /// Of the chat that is shown; ids of turns repeat in others.
    pub(super) sitting: u32,
    pub(super) turn: TurnId,
    /// Whether it is one of several answers that stand side by side.
    pub(super) beside: bool,
    pub(super) body: RowBody,
}

impl Row {
    /// What no other row has.
    pub(super) fn key(&self) -> (u32, TurnId) {
        (self.sitting, self.turn)
    }
}

#[derive(Clone)]
pub(super) enum RowBody {
    Said(Role, String),
    Answer { tokens: ArcRwSignal<usize>, progress: ArcRwSignal<Progress> },
}

/// Getting a model.
#[derive(Clone, Copy)]
pub(super) struct Loading {
    pub(super) status: RwSignal<ModelStatus>,
    /// The models of the list and others that are in this browser.
    pub(super) offered: RwSignal<Vec<Model>>,
    /// Number of the one that is offered first.
    pub(super) first: RwSignal<Option<usize>>,
    /// Whether the running download can be broken off and gone on with.
    pub(super) can_pause: RwSignal<bool>,
    /// What came of hashing each of the offered models again, in words.
    pub(super) verified: RwSignal<Vec<Option<&'static str>>>,
}

impl Loading {
    /// Facts about the loaded model.
    pub(super) fn model(&self) -> Option<ModelInfo> {
        self.status.with(|status| status.model().cloned())
    }

    /// Whether one is loaded.
    pub(super) fn is_ready(&self) -> bool {
        self.status.with(|status| status.model().is_some())
    }
}

/// The conversation.
#[derive(Clone, Copy)]
pub(super) struct Talk {
    pub(super) rows: RwSignal<Vec<Row>>,
    pub(super) running: RwSignal<bool>,
    /// Whether the person has said nothing yet.
    pub(super) fresh: RwSignal<bool>,
    pub(super) recorded: RwSignal<bool>,
    /// What made each recorded answer, and the number of the one that is shown.
    pub(super) recordings: RwSignal<(Vec<String>, usize)>,
    /// Told when continuations from other words went on, or are others.
    pub(super) what_if: Trigger,
}

impl Talk {
    /// Whether a turn is the last one, with no other beside it.
    pub(super) fn is_last(&self, turn: TurnId) -> bool {
        self.rows.with(|rows| rows.last().is_some_and(|row| row.turn == turn && !row.beside))
    }
}

/// All chats.
#[derive(Clone, Copy)]
pub(super) struct Chats {
    /// Those that fit what is looked for, newest first.
    pub(super) list: RwSignal<Vec<Listed>>,
    /// How many there are.
    pub(super) count: RwSignal<usize>,
    /// Id of the one that is shown; "" of a new one.
    pub(super) open: RwSignal<String>,
    /// What is looked for.
    pub(super) sought: RwSignal<String>,
    /// Title of the one that was deleted last and can be brought back.
    pub(super) deleted: RwSignal<Option<String>>,
    /// What became of files that were opened.
    pub(super) notice: RwSignal<String>,
    pub(super) keeping: RwSignal<Keeping>,
}

/// The token that is looked at.
#[derive(Clone, Copy)]
pub(super) struct Choice {
    /// The chosen token.
    pub(super) selected: RwSignal<Option<Spot>>,
    /// The token that a strip said it shows, last of all.
    pub(super) told: RwSignal<Option<Spot>>,
    /// The sampler whose lines are where a person has put them, as JSON.
    pub(super) trial: RwSignal<Option<String>>,
    /// How far the inspector is up on a narrow page.
    pub(super) sheet: RwSignal<Stop>,
}

impl Choice {
    /// The token that is shown: the one that a strip told of, else the one chosen. While an answer comes that is
    /// none: what changes with every token can't be read.
    pub(super) fn shown(&self) -> Option<Spot> {
        self.told.get().or_else(|| self.selected.get())
    }

    /// The answer whose token is shown.
    pub(super) fn shown_turn(&self, talk: Talk) -> Option<TurnId> {
        let last = move || talk.rows.with(|rows| rows.last().map(|row| row.turn));
        self.shown().map(|spot| spot.turn).or_else(last)
    }

    /// Notes what the strip of `turn` shows now. That it shows nothing matters only if it did before.
    pub(super) fn tell(&self, turn: TurnId, index: Option<u32>) {
        let told = self.told.get_untracked();
        let now = index.map(|index| Spot { turn, index });
        if told != now && (now.is_some() || told.is_some_and(|told| told.turn == turn)) {
            self.told.set(now);
        }
    }

    /// Lets go of tokens whose turn is gone.
    pub(super) fn keep_only(&self, is_there: impl Fn(TurnId) -> bool) {
        for signal in [self.selected, self.told] {
            if signal.get_untracked().is_some_and(|spot| !is_there(spot.turn)) {
                signal.set(None);
            }
        }
    }

    /// Nothing is chosen.
    pub(super) fn clear(&self) {
        self.selected.set(None);
        self.told.set(None);
        self.trial.set(None);
        self.sheet.set(Stop::Closed);
    }
}

/// What is being written.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    pub(super) text: RwSignal<String>,
    pub(super) system: RwSignal<String>,
    /// How full the context would be.
    pub(super) meter: RwSignal<Option<Meter>>,
}

/// How answers are made. The fields write `settings`; the client hears of it.
#[derive(Clone, Copy)]
pub(super) struct Setup {
    pub(super) settings: RwSignal<Settings>,
    /// Told when settings came from elsewhere than their fields, which are then written anew.
    pub(super) reset: Trigger,
}

/// Whether the sampler's numbers are in view.
#[derive(Clone, Copy)]
pub(super) struct NumbersInView(pub(super) RwSignal<bool>);

/// What is said to the person beside the conversation.
#[derive(Clone, Copy)]
pub(super) struct Notices {
    pub(super) alert: RwSignal<Option<Alert>>,
    /// What the address asks to be repeated.
    pub(super) offer: RwSignal<Option<Offer>>,
    pub(super) announcement: RwSignal<String>,
    pub(super) stats: RwSignal<Option<Stats>>,
    /// Whether a file is being dragged over the page.
    pub(super) dropping: RwSignal<bool>,
}

/// All groups, for whoever fills them.
#[derive(Clone, Copy)]
pub(super) struct Groups {
    pub(super) loading: Loading,
    pub(super) talk: Talk,
    pub(super) chats: Chats,
    pub(super) choice: Choice,
    pub(super) draft: Draft,
    pub(super) setup: Setup,
    pub(super) notices: Notices,
}

impl Groups {
    /// Makes the groups and offers each to the views below.
    pub(super) fn provide() -> Self {
        let groups = Self {
            loading: Loading {
                status: RwSignal::default(),
                offered: RwSignal::default(),
                first: RwSignal::default(),
                can_pause: RwSignal::default(),
                verified: RwSignal::default(),
            },
            talk: Talk {
                rows: RwSignal::default(),
                running: RwSignal::default(),
                fresh: RwSignal::default(),
                recorded: RwSignal::default(),
                recordings: RwSignal::default(),
                what_if: Trigger::new(),
            },
            chats: Chats {
                list: RwSignal::default(),
                count: RwSignal::default(),
                open: RwSignal::default(),
                sought: RwSignal::default(),
                deleted: RwSignal::default(),
                notice: RwSignal::default(),
                keeping: RwSignal::default(),
            },
            choice: Choice {
                selected: RwSignal::default(),
                told: RwSignal::default(),
                trial: RwSignal::default(),
                sheet: RwSignal::default(),
            },
            draft: Draft {
                text: RwSignal::default(),
                system: RwSignal::default(),
                meter: RwSignal::default(),
            },
            setup: Setup { settings: RwSignal::default(), reset: Trigger::new() },
            notices: Notices {
                alert: RwSignal::default(),
                offer: RwSignal::default(),
                announcement: RwSignal::default(),
                stats: RwSignal::default(),
                dropping: RwSignal::default(),
            },
        };
        provide_context(groups.loading);
        provide_context(groups.talk);
        provide_context(groups.chats);
        provide_context(groups.choice);
        provide_context(groups.draft);
        provide_context(groups.setup);
        provide_context(groups.notices);
        provide_context(NumbersInView(RwSignal::new(false)));
        groups
    }
}

/// How answers are made.
pub(super) fn setup() -> Setup {
    expect_context()
}
