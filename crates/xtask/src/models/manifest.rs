//! models/manifest.toml: which model files there are.

use std::collections::HashSet;
use std::fs;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::json;

use crate::project::Project;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    #[serde(rename = "model")]
    pub(crate) models: Vec<Model>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Model {
    pub(crate) name: String,
    pub(crate) file: String,
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
    pub(crate) licence: String,
    /// For people who read the manifest.
    #[serde(default, rename = "notes")]
    _notes: String,
    #[serde(default)]
    pub(crate) urls: Vec<String>,
    /// Python packages that hold the file, or its parts in their order.
    #[serde(default)]
    pub(crate) pip: Vec<Pip>,
    pub(crate) requantize: Option<Requantize>,
    /// Numbers of the promised sampler, for the page and the command line.
    #[serde(default)]
    pub(crate) promised: toml::Table,
    /// Bytes that keys and values of one token take.
    #[serde(default)]
    pub(crate) cache: u64,
    /// Whether somebody ran this file here.
    #[serde(default = "yes")]
    pub(crate) tried: bool,
    /// Needed by tests only: never offered to the page.
    #[serde(default)]
    pub(crate) test: bool,
    /// Needed by `cargo xtask test --models` only: never offered to the page.
    #[serde(default)]
    pub(crate) optional_test: bool,
}

/// A file inside a Python package, or a part of one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pip {
    pub(crate) package: String,
    pub(crate) member: String,
}

/// A file made from another one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Requantize {
    pub(crate) from: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) embedding: String,
}

fn yes() -> bool {
    true
}

impl Manifest {
    pub(crate) fn read(project: &Project) -> Result<Self> {
        let path = project.models().join("manifest.toml");
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(&text).context("models/manifest.toml")
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        let manifest: Self = toml::from_str(text)?;
        manifest.validate()?;
        Ok(manifest)
    }

    fn validate(&self) -> Result<()> {
        let Some(first) = self.models.first() else { bail!("there is no model") };
        ensure!(
            first.is_offered(),
            "the first model is the page's default and can't be a test model"
        );
        let mut seen = HashSet::new();
        for model in &self.models {
            model.validate().with_context(|| format!("model {:?}", model.name))?;
            ensure!(seen.insert(&model.name), "model {:?} is there twice", model.name);
            ensure!(seen.insert(&model.file), "file {:?} is there twice", model.file);
            if let Some(make) = &model.requantize {
                let from = self.named(&make.from)?;
                ensure!(
                    from.requantize.is_none(),
                    "model {:?} is made from a made one",
                    model.name
                );
            }
        }
        Ok(())
    }

    pub(crate) fn default_model(&self) -> &Model {
        // validate() has seen that there is one
        &self.models[0]
    }

    /// What tests and builds may need: the default, and the files for tests.
    pub(crate) fn needed(&self) -> impl Iterator<Item = &Model> {
        self.models.iter().enumerate().filter(|(at, model)| *at == 0 || model.test).map(|it| it.1)
    }

    /// What the page may offer.
    pub(crate) fn offered(&self) -> impl Iterator<Item = &Model> {
        self.models.iter().filter(|model| model.is_offered())
    }

    /// What `cargo xtask test --models` compares with a reference.
    pub(crate) fn optional(&self) -> impl Iterator<Item = &Model> {
        self.models.iter().filter(|model| model.optional_test)
    }

    pub(crate) fn named(&self, name: &str) -> Result<&Model> {
        self.models.iter().find(|model| model.name == name || model.file == name).with_context(
            || {
                let names: Vec<_> = self.models.iter().map(|m| m.name.as_str()).collect();
                format!("there is no model {name:?}; there are: {}", names.join(", "))
            },
        )
    }

    /// The list that the page fetches, `first` at its head. Models for which `local` holds come from
    /// `models/FILE` beside the page; the web addresses follow.
    pub(crate) fn page_json(&self, first: &Model, local: impl Fn(&Model) -> bool) -> String {
        let mut models: Vec<_> = self.offered().collect();
        models.sort_by_key(|model| model.name != first.name);
        let list: Vec<_> = models
            .into_iter()
            .map(|model| {
                let mut urls = model.urls.clone();
                if local(model) {
                    urls.insert(0, format!("models/{}", model.file));
                }
                json!({
                    "name": model.name,
                    "file": model.file,
                    "bytes": model.bytes,
                    "sha256": model.sha256,
                    "licence": model.licence,
                    "cache": model.cache,
                    "tried": model.tried,
                    "promised": model.promised,
                    "urls": urls,
                })
            })
            .collect();
        format!("{:#}\n", json!(list))
    }
}

impl Model {
    /// Whether the page may offer it.
    pub(crate) fn is_offered(&self) -> bool {
        !self.test && !self.optional_test
    }

    fn validate(&self) -> Result<()> {
        ensure!(!self.name.is_empty(), "the name is empty");
        // The name becomes a path in models/ and a part of a URL.
        let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        ensure!(
            self.file.strip_suffix(".gguf").is_some()
                && self.file.chars().all(plain)
                && !self.file.starts_with('.'),
            "{:?} is no plain name of a .gguf file",
            self.file
        );
        ensure!(self.bytes > 0, "bytes is 0");
        ensure!(
            self.sha256.len() == 64
                && self.sha256.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')),
            "sha256 must be 64 digits in lower-case hex"
        );
        ensure!(!self.licence.is_empty(), "the licence is empty");
        ensure!(
            !self.is_offered() || self.cache > 0,
            "a model for the page says with cache how many bytes a token takes"
        );
        ensure!(
            self.urls.iter().all(|url| url.starts_with("https://")),
            "every address must begin with https://"
        );
        ensure!(
            !self.is_offered() || !self.urls.is_empty(),
            "a model for the page needs an address that the browser can fetch"
        );
        ensure!(
            !self.urls.is_empty() || !self.pip.is_empty() || self.requantize.is_some(),
            "there is no source"
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, more: &str) -> String {
        format!(
            "[[model]]\nname = {name:?}\nfile = \"{name}.gguf\"\nbytes = 3\nsha256 = \"{}\"\n\
             licence = \"MIT\"\ncache = 1\n{more}\n",
            "0".repeat(64)
        )
    }

    const URL: &str = "urls = [\"https://host/a\"]";
    const MADE: &str =
        "test = true\nrequantize = { from = \"a\", type = \"Q8_0\", embedding = \"Q8_0\" }";

    fn error(text: &str) -> String {
        format!("{:#}", Manifest::parse(text).unwrap_err())
    }

    #[test]
    fn the_real_manifest_is_valid() {
        let manifest = Manifest::parse(include_str!("../../../../models/manifest.toml")).unwrap();
        assert_eq!(manifest.default_model().name, "SmolLM2-135M-Instruct");
        assert_eq!(manifest.models.iter().filter(|model| model.test).count(), 2);
        assert_eq!(manifest.needed().count(), 3);
        let untried = |model: &&Model| !model.tried;
        assert_eq!(manifest.offered().filter(untried).count(), manifest.offered().count() - 1);
    }

    #[test]
    fn mistakes_are_named() {
        assert!(error("").contains("model"));
        assert!(error("model = []").contains("no model"));
        assert!(error(&entry("a", "test = true")).contains("default"));
        assert!(error(&entry("a", "")).contains("needs an address"));
        assert!(error(&entry("a", "urls = [\"http://host/a\"]")).contains("https"));
        assert!(error(&entry("a", "colour = 1")).contains("colour"));
        assert!(error(&entry("a", URL).replace("cache = 1", "")).contains("cache"));
        assert!(error(&entry("../a", URL)).contains("plain name"));
        assert!(error(&entry("a", URL).replace("000\"", "00G\"")).contains("sha256"));
        assert!(error(&entry("a", URL).replace("000\"", "0\"")).contains("sha256"));
        assert!(error(&(entry("a", URL) + &entry("a", URL))).contains("twice"));
        assert!(error(&(entry("a", URL) + &entry("b", "test = true"))).contains("no source"));
        assert!(error(&(entry("b", URL) + &entry("c", MADE))).contains("no model \"a\""));
        let chain = MADE.replace("\"a\"", "\"b\"");
        let chain = entry("a", URL) + &entry("b", MADE) + &entry("c", &chain);
        assert!(error(&chain).contains("made one"));
    }

    #[test]
    fn the_page_sees_no_test_models_and_local_files_first() {
        let text = entry("a", URL) + &entry("b", URL) + &entry("c", MADE);
        let manifest = Manifest::parse(&text).unwrap();
        let second = manifest.named("b").unwrap();
        let json = manifest.page_json(second, |model| model.name == "b");
        let list: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(list.as_array().unwrap().len(), 2);
        assert_eq!(list[0]["urls"], json!(["models/b.gguf", "https://host/a"]));
        assert_eq!(list[1]["name"], "a");
        assert_eq!(list[1]["urls"], json!(["https://host/a"]));
        assert_eq!(list[0]["bytes"], 3);
        assert_eq!((&list[0]["cache"], &list[0]["tried"]), (&json!(1), &json!(true)));
    }
}
