//! `cargo xtask serve`.

pub(crate) mod server;

use std::os::unix::process::CommandExt;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use self::server::Site;
use crate::build;
use crate::build::policy;
use crate::build::stage::WITH_MODEL;
use crate::models;
use crate::models::manifest::Manifest;
use crate::project::Project;
use crate::tools::Tools;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The port on 127.0.0.1; 0 takes any free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Rebuild and reload the page when a source file changes (`trunk serve`)
    #[arg(long)]
    dev: bool,
    /// The model that the page offers first
    #[arg(long, value_name = "NAME", conflicts_with = "dev")]
    model: Option<String>,
    /// Serve without the headers for cross-origin isolation, as most static hosts do
    #[arg(long, hide = true, conflicts_with = "dev")]
    no_isolation: bool,
    /// Serve dist/ as it is
    #[arg(long, hide = true, conflicts_with = "dev")]
    no_build: bool,
    /// Serve this folder instead of dist/
    #[arg(long, hide = true, requires = "no_build", value_name = "FOLDER")]
    dist: Option<PathBuf>,
}

pub(crate) fn run(project: &Project, options: &Options) -> Result<()> {
    // A port in use is better found now than after minutes of building.
    drop(server::bind(options.port)?);
    let manifest = Manifest::read(project)?;
    let model = match &options.model {
        Some(name) => manifest.named(name)?,
        None => manifest.default_model(),
    };
    ensure!(model.is_offered(), "the model {} is for tests only", model.name);

    if options.dev {
        models::ensure(project, &manifest, model)?;
        let mut command = build::trunk(project, &Tools::ensure(project)?)?;
        command.env(WITH_MODEL, "1").args(["serve", "--address", "127.0.0.1", "--port"]);
        command.arg(options.port.to_string());
        println!("Trunk builds the page, then serves http://127.0.0.1:{}/", options.port);
        // Trunk takes this process over, so that whoever stops it stops Trunk.
        return Err(command.exec()).context("cannot start trunk");
    }

    let dist = options.dist.clone().unwrap_or_else(|| project.dist());
    if options.no_build {
        ensure!(dist.join("index.html").exists(), "{} is empty: build it first", dist.display());
    } else {
        // The page can fetch the model from the web: a missing one stops nothing.
        if let Err(error) = models::ensure(project, &manifest, model) {
            println!("The page will have to get the model itself: {error:#}.");
        }
        build::page(project, false)?;
    }
    let site = Site {
        models: project.models(),
        manifest: manifest.page_json(model, |model| models::is_here(project, model)),
        isolated: !options.no_isolation,
        policy: policy::header(&dist)?,
        dist,
    };
    let listener = server::bind(options.port)?;
    let address = listener.local_addr().context("the server has no address")?;
    println!("http://{address}/");
    server::serve(listener, site)
}
