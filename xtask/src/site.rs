//! The site: wasm, package and page, built into `dist/`, and served.
//!
//! Not here: what Vite and esbuild do with their own folders (`www/`, `web/`).

use crate::kit::Kit;
use crate::setup::npm_install;
use crate::shell::{self, say};
use crate::stamp::{Digest, Stamp};
use crate::wasm::{self, Build};
use anyhow::{Context, Result, bail};
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::Duration;

const HOST: &str = "127.0.0.1";

#[derive(clap::Args)]
pub struct ServeArgs {
    /// The port on 127.0.0.1.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Open the page in the default browser.
    #[arg(long)]
    open: bool,
    /// Rebuild when a source file changes, and reload the page.
    #[arg(long)]
    watch: bool,
}

/// Builds what changed, into `dist/`.
pub fn build(kit: &Kit) -> Result<()> {
    wasm::build(kit, Build::Everyday)?;
    packages(kit)?;
    let digest = page_digest(kit)?;
    let stamp = Stamp::of(kit.place, "site");
    if kit.place.dist().join("index.html").is_file() && stamp.matches(&digest) {
        return Ok(());
    }
    build_package(kit)?;
    let out = kit.place.dist();
    shell::run(
        kit.npm(&kit.place.root.join("www")).args(["run", "build", "--", "--emptyOutDir", "--outDir"]).arg(&out),
    )?;
    if !out.join("index.html").is_file() {
        bail!("`npm run build` in www/ ended well, but {} has no index.html", out.display());
    }
    stamp.keep(&digest)
}

/// The npm packages of the library and of the page. The page's depend on the library.
pub fn packages(kit: &Kit) -> Result<()> {
    npm_install(kit, "web")?;
    npm_install(kit, "www")
}

/// The library's own bundle.
pub fn build_package(kit: &Kit) -> Result<()> {
    shell::run(kit.npm(&kit.place.root.join("web")).args(["run", "build"]))
}

fn page_digest(kit: &Kit) -> Result<String> {
    let root = &kit.place.root;
    // The documentation's pages are made of the last ones too.
    let sources = ["web", "www", "tests/page/snippets", "README.md", "CONTRIBUTING.md", "RESULTS.md", "src/methods.md"];
    let digest = sources.iter().try_fold(Digest::default(), |digest, name| digest.path(&root.join(name)))?;
    Ok(digest.finish())
}

/// Builds and serves until stopped.
pub fn serve(kit: &Kit, args: &ServeArgs) -> Result<()> {
    // Before minutes of building, not after: a taken port is the commonest failure.
    std::net::TcpListener::bind((HOST, args.port))
        .with_context(|| format!("port {} on {HOST} is taken; choose another with --port", args.port))?;
    if args.watch {
        return watch(kit, args);
    }
    build(kit)?;
    let out = kit.place.dist();
    let mut server = vite(kit, "preview", args);
    server.arg("--outDir").arg(&out);
    say(&format!("the lab is at http://{HOST}:{} (Ctrl-C stops it)", args.port));
    shell::run(&mut server)
}

/// Vite's own server, in this terminal.
fn vite(kit: &Kit, script: &str, args: &ServeArgs) -> Command {
    let mut command = kit.npm(&kit.place.root.join("www"));
    command.args(["run", script, "--", "--host", HOST, "--strictPort", "--port"]).arg(args.port.to_string());
    if args.open {
        command.arg("--open");
    }
    command
}

/// Vite's development server, and beside it a look at the Rust and library sources twice a second.
fn watch(kit: &Kit, args: &ServeArgs) -> Result<()> {
    wasm::build(kit, Build::Watch)?;
    packages(kit)?;
    build_package(kit)?;
    say(&format!("the lab is at http://{HOST}:{}, rebuilt when a source changes (Ctrl-C stops it)", args.port));
    let mut server = Server(vite(kit, "dev", args).spawn().context("starting Vite in www/")?);
    let (mut rust, mut library) = (rust_digest(kit)?, library_digest(kit)?);
    loop {
        sleep(Duration::from_millis(500));
        if let Some(status) = server.0.try_wait()? {
            bail!("Vite ended ({status})");
        }
        let rust_now = rust_digest(kit)?;
        let library_now = library_digest(kit)?;
        if rust_now == rust && library_now == library {
            continue;
        }
        // A mistake in the middle of an edit is reported and the old page stays.
        let built = if rust_now == rust { Ok(()) } else { wasm::build(kit, Build::Watch).map(drop) };
        if let Err(error) = built.and_then(|()| build_package(kit)) {
            say(&format!("{error:#}"));
        }
        (rust, library) = (rust_now, library_digest(kit)?);
    }
}

/// A server that ends with xtask, also when xtask ends with an error.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn rust_digest(kit: &Kit) -> Result<String> {
    let root = &kit.place.root;
    Ok(Digest::default().path(&root.join("src"))?.path(&root.join("shaders"))?.path(&root.join("Cargo.toml"))?.finish())
}

fn library_digest(kit: &Kit) -> Result<String> {
    let web = kit.place.root.join("web");
    Ok(Digest::default().path(&web.join("src"))?.path(&web.join("package.json"))?.finish())
}
