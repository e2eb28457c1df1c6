//! Files: the built web apps and pictures. Reads only below its folder; never lists one.
//!
//! `/` is the customer's app, `/kitchen/`, `/driver/` and `/admin/` the others. A path without a file extension that
//! names no file is a screen of the app and gets its `index.html`. Names that carry a hash never change and are kept
//! by browsers for a year; everything else is asked for again, with an `ETag`.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use sha2::{Digest, Sha256};

/// Files larger than this are not kept in memory.
const KEPT: u64 = 8 << 20;
/// All kept files together.
const KEPT_TOGETHER: usize = 64 << 20;

/// A folder of files served to browsers.
pub struct Files {
    root: PathBuf,
    kept: Mutex<HashMap<PathBuf, Arc<Kept>>>,
}

struct Kept {
    changed: SystemTime,
    bytes: Bytes,
    etag: HeaderValue,
}

/// The folder of the app whose screens are below `path`, and the rest of the path.
fn app_of(path: &str) -> (&'static str, &str) {
    for app in ["kitchen", "driver", "admin"] {
        if let Some(rest) = path.strip_prefix(app) {
            match rest.strip_prefix('/') {
                Some(rest) => return (app, rest),
                None if rest.is_empty() => return (app, ""),
                None => {}
            }
        }
    }
    ("customer", path)
}

impl Files {
    /// Serves what is below `root`.
    pub fn below(root: PathBuf) -> Self {
        Self {
            root,
            kept: Mutex::new(HashMap::new()),
        }
    }

    /// Answers for a web app's path (without its leading `/`).
    pub async fn web(&self, method: &Method, path: &str, headers: &HeaderMap) -> Option<Response> {
        if matches!(path, "kitchen" | "driver" | "admin") {
            let to = HeaderValue::from_str(&format!("/{path}/")).ok()?;
            return Some((StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, to)]).into_response());
        }
        let (app, rest) = app_of(path);
        let names = segments(rest)?;
        if !names.is_empty() {
            let file: PathBuf = [app]
                .into_iter()
                .chain(names.iter().map(String::as_str))
                .collect();
            if let Some(response) = self.send(method, &file, headers).await {
                return Some(response);
            }
            if names.last().is_some_and(|name| name.contains('.')) {
                return None;
            }
        }
        self.send(method, &Path::new(app).join("index.html"), headers)
            .await
    }

    /// Answers for exactly one file (`path` without a leading `/`).
    pub async fn file(&self, method: &Method, path: &str, headers: &HeaderMap) -> Option<Response> {
        let names = segments(path)?;
        if names.is_empty() {
            return None;
        }
        self.send(method, &names.iter().collect::<PathBuf>(), headers)
            .await
    }

    async fn send(&self, method: &Method, file: &Path, asked: &HeaderMap) -> Option<Response> {
        if !matches!(*method, Method::GET | Method::HEAD) {
            return None;
        }
        let name = file.file_name()?.to_str()?;
        let mut found = None;
        for (encoding, suffix) in accepted(asked) {
            let candidate = self.root.join(file.with_file_name(format!("{name}{suffix}")));
            if let Ok(kept) = self.load(candidate).await {
                found = Some((encoding, kept));
                break;
            }
        }
        let (encoding, kept) = found?;
        let mut response = if asked
            .get(header::IF_NONE_MATCH)
            .is_some_and(|tags| names_tag(tags, &kept.etag))
        {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let length = kept.bytes.len();
            let body = if *method == Method::HEAD {
                Body::empty()
            } else {
                Body::from(kept.bytes.clone())
            };
            ([(header::CONTENT_LENGTH, length)], body).into_response()
        };
        let headers = response.headers_mut();
        let fixed = |text: &'static str| HeaderValue::from_static(text);
        headers.insert(header::CONTENT_TYPE, fixed(content_type(name)));
        headers.insert(header::ETAG, kept.etag.clone());
        headers.insert(header::VARY, fixed("accept-encoding"));
        let keep = if has_hash(name) {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        headers.insert(header::CACHE_CONTROL, fixed(keep));
        if !encoding.is_empty() {
            headers.insert(header::CONTENT_ENCODING, fixed(encoding));
        }
        Some(response)
    }

    async fn load(&self, path: PathBuf) -> io::Result<Arc<Kept>> {
        let about = tokio::fs::metadata(&path).await?;
        if !about.is_file() {
            return Err(io::ErrorKind::NotFound.into());
        }
        let changed = about.modified()?;
        if let Some(kept) = self.kept().get(&path).filter(|kept| kept.changed == changed) {
            return Ok(Arc::clone(kept));
        }
        let bytes = Bytes::from(tokio::fs::read(&path).await?);
        let tag = BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(&bytes)[..12]);
        let etag = HeaderValue::from_str(&format!("\"{tag}\"")).map_err(io::Error::other)?;
        let kept = Arc::new(Kept { changed, bytes, etag });
        if about.len() <= KEPT {
            let mut all = self.kept();
            if all.values().map(|kept| kept.bytes.len()).sum::<usize>() > KEPT_TOGETHER {
                all.clear();
            }
            all.insert(path, Arc::clone(&kept));
        }
        Ok(kept)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<PathBuf, Arc<Kept>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The parts of a path, decoded. `None` for anything that could leave the folder or reach a hidden file.
fn segments(path: &str) -> Option<Vec<String>> {
    path.split('/')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let part = decode_percent(part)?;
            let odd = part.starts_with('.') || part.contains(['/', '\\', '\0', ':']);
            (!odd).then_some(part)
        })
        .collect()
}

fn decode_percent(part: &str) -> Option<String> {
    let mut bytes = part.bytes();
    let mut out = Vec::with_capacity(part.len());
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digits = [bytes.next()?, bytes.next()?];
            out.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

/// Encodings to try, best first, as (name, file suffix); plain last.
fn accepted(headers: &HeaderMap) -> Vec<(&'static str, &'static str)> {
    let asked = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|v| v.to_str().ok())
        .unwrap_or("");
    let takes = |encoding: &str| {
        asked.split(',').any(|item| {
            let (name, weight) = item.trim().split_once(';').unwrap_or((item.trim(), ""));
            name.eq_ignore_ascii_case(encoding)
                && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
    };
    let mut list = Vec::with_capacity(3);
    if takes("br") {
        list.push(("br", ".br"));
    }
    if takes("gzip") {
        list.push(("gzip", ".gz"));
    }
    list.push(("", ""));
    list
}

fn names_tag(asked: &HeaderValue, etag: &HeaderValue) -> bool {
    let (Ok(asked), Ok(etag)) = (asked.to_str(), etag.to_str()) else {
        return false;
    };
    asked
        .split(',')
        .any(|tag| tag.trim().trim_start_matches("W/") == etag || tag.trim() == "*")
}

/// Whether the name carries a hash of the contents: `app-3f9a1c2b.js`, `engine.3f9a1c2b_bg.wasm`.
fn has_hash(name: &str) -> bool {
    name.split(['-', '.', '_']).any(|part| {
        (8..=64).contains(&part.len())
            && part.bytes().all(|b| b.is_ascii_hexdigit())
            && part.bytes().any(|b| b.is_ascii_digit())
    })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "ogg" => "audio/ogg",
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        "txt" | "ftl" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
