//! The web application, inside the binary, with the headers that keep it alone in its page.

use crate::time::entropy;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    ACCEPT_ENCODING, ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use caliopen_model::Language;
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::RustEmbed;
use std::collections::HashMap;
use std::io::Write;
use std::sync::{Mutex, OnceLock, PoisonError};

/// What the build of `web/` wrote. Empty when it was not built: then the page says so.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Dist;

/// Where what the server adds to the page's head comes to stand.
const HEAD_END: &str = "</head>";
const NONCE_PLACEHOLDER: &str = "__CSP_NONCE__";
/// Keeps the files of the application in the browser (Service Workers §3.4.3): it may stand before the whole origin.
const SERVICE_WORKER: &str = "sw.js";
/// A worker has a policy of its own, that of its script (CSP 3 §4.2): it fetches our files, and runs nothing else.
const WORKER_POLICY: &str = "default-src 'none'; connect-src 'self'; require-trusted-types-for 'script'";
/// What takes PDFs apart, as the build names it: it loads parts of itself, and reaches nobody.
const PDF_WORKER_PREFIX: &str = "assets/pdfworker-";
const PDF_WORKER_POLICY: &str = "default-src 'none'; script-src 'self'";
const NOT_BUILT: &str = "<!doctype html><title>Caliopen</title><p>The web application is not in this build. \
    Run <code>cargo xtask run</code>, which builds it first.";

/// Answers with a file of the application; every other path is a screen of it.
pub(super) async fn serve(request: Request) -> Response<Body> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return plain(StatusCode::METHOD_NOT_ALLOWED, "This path is only read.");
    }
    let path = request.uri().path().trim_start_matches('/');
    match Dist::get(path).filter(|_| path != "index.html") {
        Some(file) => asset(path, file.data.into_owned().into(), request.headers()),
        // A missing script must not be answered with a page.
        None if path.starts_with("assets/") => plain(StatusCode::NOT_FOUND, "There is no such file."),
        None => page(request.headers()),
    }
}

/// The one page, with a nonce that no other answer has.
fn page(asked: &HeaderMap) -> Response<Body> {
    let mut bytes = [0; 18];
    entropy(&mut bytes);
    let nonce = BASE64_STANDARD.encode(bytes);
    let html = match Dist::get("index.html") {
        Some(file) => String::from_utf8_lossy(&file.data)
            .replace(NONCE_PLACEHOLDER, &nonce)
            .replace(HEAD_END, &format!("{}{HEAD_END}", words_link(asked))),
        None => NOT_BUILT.to_owned(),
    };
    let mut response = Response::new(Body::from(html));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Browsers that freeze the version of their system in `User-Agent` say it to whoever asks (User-Agent Client Hints).
    headers
        .insert(HeaderName::from_static("accept-ch"), HeaderValue::from_static("sec-ch-ua-platform-version"));
    if let Ok(policy) = HeaderValue::from_str(&content_security_policy(&nonce)) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    guard(headers);
    response
}

/// Has the browser load the words of the language that it asks for beside the script, and not after it.
fn words_link(asked: &HeaderMap) -> String {
    static WORDS: OnceLock<HashMap<String, String>> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        let manifest = Dist::get("manifest.json").map(|file| file.data).unwrap_or_default();
        words_of(&manifest)
    });
    let file = words.get(preferred(asked).tag());
    file.map(|file| format!("<link rel=\"modulepreload\" href=\"/{file}\" />")).unwrap_or_default()
}

/// The file of each language's words, from what the build says of itself.
fn words_of(manifest: &[u8]) -> HashMap<String, String> {
    let manifest: serde_json::Value = serde_json::from_slice(manifest).unwrap_or_default();
    let file = |language: Language| {
        let chunk = format!("src/lib/i18n/{}.ts", language.tag());
        Some((language.tag().to_owned(), manifest.get(chunk)?.get("file")?.as_str()?.to_owned()))
    };
    Language::ALL.into_iter().filter_map(file).collect()
}

/// The first of our languages that the browser names; English when it names none of them (RFC 9110 §12.5.4: browsers
/// name them in their order).
fn preferred(asked: &HeaderMap) -> Language {
    let named = asked.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let ours = |range: &str| {
        let tag = range.trim().get(..2)?.to_ascii_lowercase();
        Language::ALL.into_iter().find(|language| language.tag() == tag)
    };
    named.split(',').find_map(ours).unwrap_or(Language::English)
}

/// Nothing from elsewhere, no inline script, styles of this page alone, DOM sinks behind named policies. WebAssembly may be
/// compiled (`wasm-unsafe-eval`, CSP 3 §2.3.1), which lets no text become script: it is fetched from here like the rest.
fn content_security_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; \
         media-src blob:; connect-src 'self'; font-src 'self'; frame-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
         trusted-types svelte-trusted-html dompurify caliopen"
    )
}

fn guard(headers: &mut HeaderMap) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    for (name, value) in [
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        (
            "permissions-policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
        ),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
}

fn asset(path: &str, data: Bytes, asked: &HeaderMap) -> Response<Body> {
    let media_type = media_type(path);
    let takes_gzip =
        asked.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).is_some_and(|v| v.contains("gzip"));
    let compressed = (takes_gzip && is_loose(media_type)).then(|| compressed(path, &data));
    let is_compressed = compressed.is_some();
    let mut response = Response::new(Body::from(compressed.unwrap_or(data)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if is_compressed {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    // The name of a built file holds the hash of its content.
    let caching =
        if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    if path == SERVICE_WORKER {
        headers.insert(HeaderName::from_static("service-worker-allowed"), HeaderValue::from_static("/"));
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(WORKER_POLICY));
    }
    if path.starts_with(PDF_WORKER_PREFIX) {
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(PDF_WORKER_POLICY));
    }
    guard(headers);
    response
}

/// Each file is compressed once for the life of the process: there are few.
fn compressed(path: &str, data: &Bytes) -> Bytes {
    static CACHE: OnceLock<Mutex<HashMap<String, Bytes>>> = OnceLock::new();
    let cache = CACHE.get_or_init(Mutex::default);
    if let Some(known) = cache.lock().unwrap_or_else(PoisonError::into_inner).get(path) {
        return known.clone();
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let written = encoder.write_all(data).and_then(|()| encoder.finish());
    let bytes = Bytes::from(written.expect("compressing into memory does not fail"));
    cache.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), bytes.clone());
    bytes
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("wasm") => "application/wasm",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Whether compressing makes it much smaller.
fn is_loose(media_type: &str) -> bool {
    let others = ["image/svg+xml", "application/wasm"];
    media_type.starts_with("text/") || media_type.ends_with("json") || others.contains(&media_type)
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    guard(response.headers_mut());
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_worker_is_asked_for_anew_and_fetches_from_here_alone() {
        let response = asset("sw.js", Bytes::from_static(b"//"), &HeaderMap::new());
        let header =
            |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(header("content-type").as_deref(), Some("text/javascript; charset=utf-8"));
        assert_eq!(header("service-worker-allowed").as_deref(), Some("/"));
        assert_eq!(header("cache-control").as_deref(), Some("no-cache"));
        assert_eq!(header("content-security-policy").as_deref(), Some(WORKER_POLICY));
        let pdf = asset("assets/pdfworker-abc.js", Bytes::from_static(b"//"), &HeaderMap::new());
        assert_eq!(pdf.headers().get("content-security-policy").unwrap(), PDF_WORKER_POLICY);
        let other = asset("assets/index-abc.js", Bytes::from_static(b"//"), &HeaderMap::new());
        assert!(other.headers().get("service-worker-allowed").is_none());
    }

    #[test]
    fn the_page_loads_the_words_that_the_browser_will_ask_for() {
        let of = |languages: &'static str| {
            let mut asked = HeaderMap::new();
            asked.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(languages));
            preferred(&asked)
        };
        assert_eq!(of("fr-CH, fr;q=0.9, en;q=0.8"), Language::French);
        assert_eq!(of("de-DE, it;q=0.7, en;q=0.3"), Language::Italian);
        assert_eq!(of("de, *;q=0.5"), Language::English);
        assert_eq!(preferred(&HeaderMap::new()), Language::English);
        let words =
            words_of(br#"{"src/lib/i18n/it.ts":{"file":"assets/it-abc.js"},"index.html":{"file":"x"}}"#);
        assert_eq!(words.get("it").map(String::as_str), Some("assets/it-abc.js"));
        assert_eq!((words.len(), words_of(b"nothing").len()), (1, 0));
    }

    #[test]
    fn the_page_takes_nothing_from_elsewhere() {
        let policy = content_security_policy("abc");
        let sources: Vec<&str> =
            policy.split("; ").flat_map(|directive| directive.split(' ').skip(1)).collect();
        for source in sources {
            let is_keyword = source.starts_with('\'') && !source.contains("unsafe");
            let is_compiled = source == "'wasm-unsafe-eval'";
            let is_own_memory = matches!(source, "data:" | "blob:");
            let is_policy_name = matches!(source, "svelte-trusted-html" | "dompurify" | "caliopen");
            assert!(is_keyword || is_compiled || is_own_memory || is_policy_name, "{source} in {policy}");
        }
        assert!(
            policy.contains("script-src 'self' 'wasm-unsafe-eval';")
                && policy.contains("default-src 'none';"),
            "{policy}"
        );
        // A sound that came with a message is played from the page's own memory.
        assert!(policy.contains("media-src blob:;"), "{policy}");
    }
}
