//! The web server of `cargo xtask serve`: files with Range, `ETag` and Last-Modified from tower-http,
//! and the headers that the page wants.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use tower_http::services::ServeDir;

/// What is served.
pub(crate) struct Site {
    pub(crate) dist: PathBuf,
    /// Served at /models/, so that 98 MB need not be copied into dist/.
    pub(crate) models: PathBuf,
    /// /models/manifest.json: it names the files of this server first.
    pub(crate) manifest: String,
    /// Send the headers that make the page cross-origin isolated.
    pub(crate) isolated: bool,
    /// What pages and their scripts may load.
    pub(crate) policy: HeaderValue,
}

/// The headers that files differ in.
#[derive(Clone)]
struct Headers {
    isolated: bool,
    policy: HeaderValue,
}

/// Takes the port, or says how to take another one.
pub(crate) fn bind(port: u16) -> Result<TcpListener> {
    match TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))) {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => bail!(
            "port {port} is in use by another program: stop that one, or take another port, \
             for example --port {}",
            port.checked_add(1).unwrap_or(8080)
        ),
        Err(error) => Err(error).with_context(|| format!("cannot use port {port}")),
    }
}

/// Serves until the process ends.
pub(crate) fn serve(listener: TcpListener, site: Site) -> Result<()> {
    listener.set_nonblocking(true)?;
    tokio::runtime::Builder::new_current_thread().enable_io().build()?.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        axum::serve(listener, router(site)).await.context("the server stopped")
    })
}

fn router(site: Site) -> Router {
    let files = |folder| ServeDir::new(folder).ignore_multi_range_requests(true);
    let manifest = site.manifest;
    let own = Headers { isolated: site.isolated, policy: site.policy };
    let list = async move || ([(header::CONTENT_TYPE, "application/json")], manifest);
    Router::new()
        .route("/models/manifest.json", get(list))
        .nest_service("/models", files(site.models))
        .fallback_service(files(site.dist).precompressed_br().precompressed_gzip())
        .layer(from_fn_with_state(own, add_headers))
}

async fn add_headers(State(own): State<Headers>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let ok = response.status().is_success() || response.status().as_u16() == 304;
    headers(response.headers_mut(), &path, &own, ok);
    response
}

fn headers(headers: &mut HeaderMap, path: &str, own: &Headers, ok: bool) {
    if is_ours(path) {
        headers.insert(header::CONTENT_SECURITY_POLICY, own.policy.clone());
    }
    let mut set = |name: HeaderName, value| headers.insert(name, HeaderValue::from_static(value));
    if own.isolated {
        set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
        set(HeaderName::from_static("cross-origin-embedder-policy"), "require-corp");
    }
    // Other people's pages may show the embeds, isolated or not.
    set(HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");
    if is_of_embeds(path) {
        set(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        // An isolated host takes an iframe only if that is isolated, too.
        set(HeaderName::from_static("cross-origin-embedder-policy"), "require-corp");
    }
    let for_ever = ok && is_hashed(path);
    set(
        header::CACHE_CONTROL,
        if for_ever { "public, max-age=31536000, immutable" } else { "no-cache" },
    );
}

/// Whether the embeds need it, in frames without an origin of their own, too.
fn is_of_embeds(path: &str) -> bool {
    let folders = ["/embed/", "/traces/", "/results/", "/mini/", "/hub/", "/engine", "/models/"];
    folders.iter().any(|start| path.starts_with(start))
        || ["/embed.html", "/make.js"].contains(&path)
}

/// Whether this is a page or a script of the chat or the essay, not of what other people's pages show.
fn is_ours(path: &str) -> bool {
    let code = [".html", ".js", "/"].iter().any(|end| path.ends_with(end));
    code && path != "/embed.html" && !path.starts_with("/embed/")
}

/// Whether the contents of this file can't change, because its name, or its folder's, is their hash:
/// `/engine/0123456789abcdef/engine.js`, `/app-0123456789abcdef_bg.wasm`.
fn is_hashed(path: &str) -> bool {
    let is_hash = |text: &str| {
        text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    if path.starts_with("/engine") {
        return path.split('/').nth(2).is_some_and(is_hash);
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split_once('.')
        .and_then(|(stem, _)| stem.strip_suffix("_bg").unwrap_or(stem).rsplit_once('-'))
        .is_some_and(|(_, hash)| is_hash(hash))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::thread;

    use super::*;

    const POLICY: &str = "default-src 'none'";

    struct Running {
        address: SocketAddr,
        _folder: tempfile::TempDir,
    }

    struct Answer {
        status: u16,
        head: String,
        body: String,
    }

    impl Running {
        fn start(isolated: bool) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let write = |name: &str, text: &str| {
                let path = folder.path().join(name);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            };
            write("dist/index.html", "<p>");
            write("dist/app-0123456789abcdef_bg.wasm", "w");
            write("dist/engine/0123456789abcdef/worker.js", "j");
            write("dist/models/manifest.json", "dist's");
            write("dist/embed/a.js", "e");
            write("dist/embed/a.js.br", "brotli");
            write("dist/embed/a.js.gz", "gzip");
            write("dist/traces/a.json", "{}");
            write("dist/results/a.json", "{}");
            write("models/m.gguf", "0123456789");
            write("secret", "s");
            let site = Site {
                dist: folder.path().join("dist"),
                models: folder.path().join("models"),
                manifest: "[1]".to_owned(),
                isolated,
                policy: HeaderValue::from_static(POLICY),
            };
            let listener = bind(0).unwrap();
            let address = listener.local_addr().unwrap();
            thread::spawn(|| serve(listener, site));
            Self { address, _folder: folder }
        }

        fn get(&self, path: &str, more: &str) -> Answer {
            self.ask("GET", path, more)
        }

        fn ask(&self, method: &str, path: &str, more: &str) -> Answer {
            let mut stream = TcpStream::connect(self.address).unwrap();
            write!(
                stream,
                "{method} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{more}\r\n"
            )
            .unwrap();
            let mut text = String::new();
            stream.read_to_string(&mut text).unwrap();
            let (head, body) = text.split_once("\r\n\r\n").unwrap();
            let status = head.split(' ').nth(1).unwrap().parse().unwrap();
            Answer { status, head: head.to_owned(), body: body.to_owned() }
        }
    }

    impl Answer {
        fn header(&self, name: &str) -> Option<&str> {
            self.head.lines().find_map(|line| {
                let (key, value) = line.split_once(": ")?;
                key.eq_ignore_ascii_case(name).then_some(value)
            })
        }
    }

    #[test]
    fn types_and_headers() {
        let server = Running::start(true);
        let page = server.get("/", "");
        assert_eq!((page.status, page.body.as_str()), (200, "<p>"));
        assert_eq!(page.header("content-type"), Some("text/html"));
        assert_eq!(page.header("cross-origin-opener-policy"), Some("same-origin"));
        assert_eq!(page.header("cross-origin-embedder-policy"), Some("require-corp"));
        assert_eq!(page.header("cross-origin-resource-policy"), Some("cross-origin"));
        assert_eq!(page.header("cache-control"), Some("no-cache"));
        assert_eq!(page.header("access-control-allow-origin"), None);
        assert_eq!(page.header("content-security-policy"), Some(POLICY));

        let wasm = server.get("/app-0123456789abcdef_bg.wasm", "");
        assert_eq!(wasm.header("content-type"), Some("application/wasm"));
        assert!(wasm.header("cache-control").unwrap().contains("immutable"));
        let script = server.get("/engine/0123456789abcdef/worker.js", "");
        assert_eq!(script.header("content-type"), Some("text/javascript"));
        assert!(script.header("cache-control").unwrap().contains("immutable"));
        assert_eq!(script.header("content-security-policy"), Some(POLICY));
        // A frame without an origin of its own starts it, too.
        assert_eq!(script.header("access-control-allow-origin"), Some("*"));
        let missing = server.get("/engine/0123456789abcdef/nothing.js", "");
        assert_eq!((missing.status, missing.header("cache-control")), (404, Some("no-cache")));
        for path in ["/embed/a.js", "/traces/a.json", "/results/a.json"] {
            let shared = server.get(path, "");
            assert_eq!(shared.header("access-control-allow-origin"), Some("*"));
            assert_eq!(shared.header("content-security-policy"), None);
        }
    }

    #[test]
    fn without_isolation() {
        let page = Running::start(false).get("/", "");
        assert_eq!(page.header("cross-origin-opener-policy"), None);
        assert_eq!(page.header("cross-origin-embedder-policy"), None);
        let embed = Running::start(false).get("/embed/a.js", "");
        assert_eq!(embed.header("cross-origin-embedder-policy"), Some("require-corp"));
    }

    #[test]
    fn models_come_whole_and_in_parts() {
        let server = Running::start(true);
        let list = server.get("/models/manifest.json", "");
        assert_eq!(
            (list.body.as_str(), list.header("content-type")),
            ("[1]", Some("application/json"))
        );

        let whole = server.get("/models/m.gguf", "");
        assert_eq!((whole.status, whole.body.as_str()), (200, "0123456789"));
        assert_eq!(whole.header("content-type"), Some("application/octet-stream"));
        assert_eq!(whole.header("accept-ranges"), Some("bytes"));
        assert_eq!(whole.header("content-length"), Some("10"));
        assert!(whole.header("last-modified").is_some());
        let etag = whole.header("etag").unwrap();
        let again = server.get("/models/m.gguf", &format!("If-None-Match: {etag}\r\n"));
        assert_eq!((again.status, again.body.as_str()), (304, ""));

        let rest = server.get("/models/m.gguf", "Range: bytes=7-\r\n");
        assert_eq!((rest.status, rest.body.as_str()), (206, "789"));
        assert_eq!(rest.header("content-range"), Some("bytes 7-9/10"));
        let middle = server.get("/models/m.gguf", "Range: bytes=2-4\r\n");
        assert_eq!((middle.status, middle.body.as_str()), (206, "234"));
        assert_eq!(server.get("/models/m.gguf", "Range: bytes=10-\r\n").status, 416);
        let head = server.ask("HEAD", "/models/m.gguf", "");
        assert_eq!((head.status, head.header("content-length")), (200, Some("10")));
    }

    #[test]
    fn compressed_for_those_who_take_it() {
        let server = Running::start(true);
        for (accepted, way, body) in [
            ("gzip, deflate, br, zstd", Some("br"), "brotli"),
            ("gzip", Some("gzip"), "gzip"),
            ("br;q=0", None, "e"),
            ("zstd", None, "e"),
        ] {
            let script = server.get("/embed/a.js", &format!("Accept-Encoding: {accepted}\r\n"));
            assert_eq!(
                (script.header("content-encoding"), script.body.as_str()),
                (way, body),
                "{accepted}"
            );
            assert_eq!(script.header("content-type"), Some("text/javascript"));
            assert_eq!(script.header("vary"), Some("accept-encoding"));
        }
        // What has no such file comes as it is, and so do models.
        for path in ["/", "/models/m.gguf"] {
            let plain = server.get(path, "Accept-Encoding: br, gzip\r\n");
            assert_eq!((plain.status, plain.header("content-encoding")), (200, None));
        }
    }

    #[test]
    fn nothing_outside_is_served() {
        let server = Running::start(true);
        for path in
            ["/../secret", "/%2e%2e/secret", "/models/../../secret", "/models/%2e%2e/secret"]
        {
            assert_ne!(server.get(path, "").status, 200, "{path}");
        }
        assert_eq!(server.ask("POST", "/", "").status, 405);
    }

    #[test]
    fn a_port_in_use_is_explained() {
        let first = bind(0).unwrap();
        let port = first.local_addr().unwrap().port();
        let message = bind(port).unwrap_err().to_string();
        assert!(message.contains("in use") && message.contains("--port"), "{message}");
    }

    #[test]
    fn knows_hashed_names() {
        assert!(is_hashed("/app-0123456789abcdef.js"));
        assert!(is_hashed("/engine/0123456789abcdef/snippets/a/b.js"));
        assert!(is_hashed("/engine-generic/0123456789abcdef/engine.js"));
        for path in ["/", "/index.html", "/app-x.js", "/engine/x/a.js", "/traces/a-0123.json"] {
            assert!(!is_hashed(path), "{path}");
        }
    }
}
