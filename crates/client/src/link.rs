//! Settings as the fragment of the page's address, so that a link repeats them.

use entropix::knob::{Kind, Needs};
use entropix::{Knob, SamplerKind};
use entropix_protocol::Recipe;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::knobs;
use crate::settings::Settings;

/// `sampler=B&seed=7&tokens=256`, then the numbers and quirks that differ from the sampler's own. What
/// belongs to the model is left out.
pub fn write(settings: &Settings) -> String {
    let mut parts = vec![format!("sampler={}", settings.choice.name())];
    for knob in Recipe::KNOBS {
        parts.push(format!("{}={}", knob.link_name(), settings.text(knob.name)));
    }
    for (name, value) in settings.changes() {
        let text = knobs::text(value);
        let is_text = settings.choice.knob(name).is_some_and(|knob| knob.kind == Kind::Lines);
        let text =
            if is_text { utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string() } else { text };
        parts.push(format!("{name}={text}"));
    }
    parts.join("&")
}

/// The settings a link asks for; everything it does not speak of stays as in `settings`. Numbers
/// and quirks that the sampler does not take are ignored. `None` if the link names no sampler.
pub fn read(settings: &Settings, link: &str) -> Option<Settings> {
    let parts = || link.trim_start_matches('#').split('&').filter_map(|part| part.split_once('='));
    let sampler = parts().find(|(name, _)| *name == "sampler")?.1;
    let choice = SamplerKind::named(sampler)?;
    let mut settings = Settings { choice, ..settings.clone() };
    settings.reset();
    for (name, value) in parts() {
        let text = percent_decode_str(value).decode_utf8_lossy();
        let shown = |knob: &&Knob| !knob.of_model && knob.needs != Needs::Tests;
        // What is refused stays the sampler's own.
        if let Some(knob) = Recipe::KNOBS.iter().find(|knob| knob.link_name() == name) {
            drop(settings.set(knob.name, &text));
        } else if let Some(knob) = choice.knob(name).filter(shown) {
            drop(knobs::read(knob, &text).and_then(|value| settings.put(choice, knob, value)));
        }
    }
    Some(settings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use entropix::Preset;

    #[test]
    fn a_link_repeats_the_settings() {
        for choice in SamplerKind::ALL {
            let mut settings = Settings { choice, ..Settings::default() };
            settings.set("seed", "18446744073709551615").unwrap();
            settings.set("max_tokens", "64").unwrap();
            for knob in settings.knobs() {
                let now = settings.text(knob.name);
                let other = match knob.kind {
                    Kind::Whole => (now.parse::<u32>().unwrap() + 1).to_string(),
                    Kind::Real => (now.parse::<f64>().unwrap() * 0.5 + 0.1).to_string(),
                    Kind::Switch => (now != "true").to_string(),
                    Kind::Options(all) => all.iter().find(|o| o.0 != now).unwrap().0.to_owned(),
                    Kind::Lines => " Hm & so=what #1?\n … 100 %, 😀".to_owned(),
                };
                if !knob.of_model {
                    drop(settings.set(knob.name, &other));
                }
            }
            let link = write(&settings);
            assert!(link.is_ascii() && !link.contains([' ', '#']), "{link}");
            assert_eq!(read(&Settings::default(), &link), Some(settings), "{link}");
        }
    }

    /// As earlier pages wrote them.
    #[test]
    fn old_links_are_read() {
        let read = |link| read(&Settings::default(), link).unwrap();
        let a = read(
            "#sampler=A&seed=7&tokens=32&high_logits_entropy_threshold=4.5&nucleus=descending",
        );
        assert_eq!(a.choice, SamplerKind::Entropix(Preset::A));
        assert_eq!((a.text("seed"), a.text("max_tokens")), ("7".to_owned(), "32".to_owned()));
        assert_eq!(
            (a.text("nucleus").as_str(), a.text("high_logits_entropy_threshold").as_str()),
            ("descending", "4.5")
        );
        let promised = read(
            "sampler=PROMISED&seed=0&tokens=48&entropy_cut=3.5&phrases=%20Hm%2C%0A%20so&branch_score=entropy",
        );
        assert_eq!(
            (promised.text("phrases").as_str(), promised.text("branch_score").as_str()),
            (" Hm,\n so", "entropy")
        );
        let gates = read(
            "sampler=B&seed=1&tokens=256&low_attention_entropy_threshold=3&attention_gates=true",
        );
        assert_eq!(gates.text("low_attention_entropy_threshold"), "3");
        let plain = read("sampler=plain&seed=1&tokens=256&repetition_penalty=1.1&top_k=0");
        assert_eq!(
            (plain.text("repetition_penalty").as_str(), plain.text("top_k").as_str()),
            ("1.1", "0")
        );
    }

    fn of_b() -> Settings {
        Settings { choice: SamplerKind::Entropix(Preset::B), ..Settings::default() }
    }

    #[test]
    fn only_what_differs_is_written() {
        let mut settings = of_b();
        assert_eq!(write(&settings), "sampler=B&seed=1337&tokens=256");
        settings.set("high_logits_entropy_threshold", "4.5").unwrap();
        settings.set("pause_token", "9").unwrap();
        assert_eq!(
            write(&settings),
            "sampler=B&seed=1337&tokens=256&high_logits_entropy_threshold=4.5"
        );
    }

    #[test]
    fn numbers_of_the_reader_give_way() {
        let mut mine = of_b();
        mine.set("high_logits_entropy_threshold", "4").unwrap();
        mine.set_model(Some(9), None);
        let theirs = read(&mine, "#sampler=B&seed=2&pause_token=3").unwrap();
        assert_eq!((theirs.text("seed"), theirs.text("max_tokens")), ("2".into(), "256".into()));
        let b = theirs.preset(Preset::B);
        assert_eq!(b.pause_token, 9);
        assert!((b.high_logits_entropy_threshold - 5.0).abs() < 1e-12);
    }

    #[test]
    fn nonsense_is_ignored() {
        let mine = of_b();
        for link in ["", "#", "#top", "seed=3", "sampler=C&seed=3"] {
            assert_eq!(read(&mine, link), None, "{link}");
        }
        let link = "sampler=B&seed=-1&tokens=many&temperature=-2&top_k=1.5&evil=1&&=&x\
            &preset=A&faithful_nan=true&nucleus=sideways&swapped_thresholds=3&insert=true";
        assert_eq!(read(&mine, link), Some(mine));
    }
}
