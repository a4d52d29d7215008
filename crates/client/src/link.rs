//! Settings as the fragment of the page's address, so that a link repeats them.

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;

use crate::settings::{Choice, PAUSE, Settings};

/// `sampler=B&seed=7&tokens=256`, then the numbers and quirks that differ from the sampler's own. The
/// pause token is left out: it belongs to the model.
pub fn write(settings: &Settings) -> String {
    let mut parts = vec![
        format!("sampler={}", settings.choice.value()),
        format!("seed={}", settings.seed),
        format!("tokens={}", settings.max_tokens),
    ];
    for (name, value) in settings.changes() {
        let text = match &value {
            _ if name == PAUSE => continue,
            Value::String(text) => text.clone(),
            Value::Array(lines) => {
                let lines: Vec<_> = lines.iter().filter_map(Value::as_str).collect();
                utf8_percent_encode(&lines.join("\n"), NON_ALPHANUMERIC).to_string()
            }
            // As short as it can be: 4, not 4.0.
            value => value.as_f64().map_or_else(|| value.to_string(), |number| number.to_string()),
        };
        parts.push(format!("{name}={text}"));
    }
    parts.join("&")
}

/// The settings a link asks for; everything it does not speak of stays as in `settings`. Numbers
/// and quirks that the sampler does not take are ignored. `None` if the link names no sampler.
pub fn read(settings: &Settings, link: &str) -> Option<Settings> {
    let parts = || link.trim_start_matches('#').split('&').filter_map(|part| part.split_once('='));
    let sampler = parts().find(|(name, _)| *name == "sampler")?.1;
    let choice = Choice::named(sampler)?;
    let mut settings = Settings { choice, ..settings.clone() };
    settings.reset();
    for (name, value) in parts() {
        match name {
            "seed" => settings.seed = value.parse().unwrap_or(settings.seed),
            "tokens" => settings.max_tokens = value.parse().unwrap_or(settings.max_tokens),
            "sampler" | PAUSE => {}
            // What is refused stays the sampler's own.
            name => drop(match value.parse() {
                Ok(number) => settings.set(name, number),
                Err(_) => settings.set_quirk(name, value).or_else(|_| {
                    let text = percent_decode_str(value).decode_utf8_lossy();
                    settings.set_text(name, &text)
                }),
            }),
        }
    }
    Some(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_repeats_the_settings() {
        for choice in Choice::ALL {
            let mut settings = Settings { choice, seed: 7, max_tokens: 64, ..Settings::default() };
            for field in settings.fields() {
                if field.name != PAUSE {
                    drop(settings.set(field.name, field.value + 1.0));
                }
            }
            assert_eq!(read(&Settings::default(), &write(&settings)), Some(settings));
        }
    }

    #[test]
    fn a_link_repeats_phrases() {
        let mut settings = Settings { choice: Choice::Promised, ..Settings::default() };
        settings.set_text("phrases", " Hm & so=what #1?\n … 100 %, 😀").unwrap();
        settings.set_text("branch_score", "entropy").unwrap();
        let link = write(&settings);
        assert!(link.is_ascii() && !link.contains([' ', '#']), "{link}");
        assert_eq!(read(&Settings::default(), &link), Some(settings));
    }

    #[test]
    fn a_link_repeats_quirks() {
        for preset in entropix::Preset::ALL {
            let mut settings = Settings { choice: Choice::Entropix(preset), ..Settings::default() };
            for (quirk, value) in settings.quirks() {
                let other = match &value {
                    Value::Bool(on) => (!on).to_string(),
                    value => {
                        let mut options = quirk.options.iter().map(|(option, _)| *option);
                        options.find(|option| value != option).unwrap().to_owned()
                    }
                };
                settings.set_quirk(quirk.name, &other).unwrap();
                assert!(write(&settings).contains(&format!("&{}={other}", quirk.name)));
            }
            assert_eq!(read(&Settings::default(), &write(&settings)), Some(settings));
        }
    }

    #[test]
    fn only_what_differs_is_written() {
        let mut settings = Settings::default();
        assert_eq!(write(&settings), "sampler=B&seed=1337&tokens=256");
        settings.set("high_logits_entropy_threshold", 4.5).unwrap();
        settings.set_pause_token(9);
        assert_eq!(
            write(&settings),
            "sampler=B&seed=1337&tokens=256&high_logits_entropy_threshold=4.5"
        );
    }

    #[test]
    fn numbers_of_the_reader_give_way() {
        let mut mine = Settings::default();
        mine.set("high_logits_entropy_threshold", 4.0).unwrap();
        mine.set_pause_token(9);
        let theirs = read(&mine, "#sampler=B&seed=2").unwrap();
        assert_eq!(theirs.seed, 2);
        assert_eq!(theirs.max_tokens, mine.max_tokens);
        let b = theirs.preset(entropix::Preset::B);
        assert_eq!(b.pause_token, 9);
        assert!((b.high_logits_entropy_threshold - 5.0).abs() < 1e-12);
    }

    #[test]
    fn nonsense_is_ignored() {
        let mine = Settings::default();
        for link in ["", "#", "#top", "seed=3", "sampler=C&seed=3"] {
            assert_eq!(read(&mine, link), None, "{link}");
        }
        let link = "sampler=B&seed=-1&tokens=many&temperature=-2&top_k=1.5&evil=1&&=&x\
            &preset=A&faithful_nan=true&nucleus=sideways&swapped_thresholds=3&insert=true";
        assert_eq!(read(&mine, link), Some(mine));
    }
}
