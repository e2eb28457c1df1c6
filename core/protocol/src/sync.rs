//! `POST /sync` and its neighbours: how a device hands in what was tapped, in order and exactly once, and reads what
//! changed, page by page.
//!
//! - `uid` makes a mutation happen once, whichever device or door it comes by. `mid` only orders: dense per device.
//! - A page applies only where its `from` is the reader's cursor. A cursor belongs to (epoch, scope, view).
//! - A snapshot of the server (an answer, a frame of the stream) names the device's `lastMid` in it. It counts for the
//!   reader once every cursor has reached that snapshot's heads: only then are the effects of those mutations there.

use std::collections::BTreeMap;

use momfood_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::error::ErrorCode;
use crate::feed::Change;

/// Version of the shape in which rows are kept on a device: another one fills its cache anew.
pub const SCHEMA: u32 = 1;
/// Most mutations in a request.
pub const MOST_MUTATIONS: usize = 100;
/// Most changes on a page, of all scopes together.
pub const MOST_CHANGES: u32 = 1_000;
/// Largest blob, bytes.
pub const MAX_BLOB: u64 = 4 * 1024 * 1024;
/// Largest part of a blob in one request, bytes.
pub const MAX_PART: usize = 256 * 1024;
/// Header that says from which byte on a part goes, and up to where a blob is there.
pub const OFFSET_HEADER: &str = "upload-offset";
/// Header that says how long the whole blob is.
pub const LENGTH_HEADER: &str = "upload-length";
/// A kitchen not heard for so long takes no new orders, microseconds.
pub const PRESENCE: i64 = 60 * momfood_domain::time::SECOND;
/// How often a device says that it is there, microseconds.
pub const PRESENCE_EVERY: i64 = 20 * momfood_domain::time::SECOND;

/// Body of `POST /sync`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SyncRequest {
    /// [`crate::PROTO`] of the device.
    pub proto: u32,
    /// [`SCHEMA`] of the device.
    pub schema: u32,
    /// The device: one installation of one person.
    pub device: Uuid,
    /// The secret with which this device may hand in what waits after its person has signed out. Said each time by who
    /// is signed in; the first one said counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub push_key: Option<String>,
    /// The history the device knows, if any. Of another than the server's, nothing is taken in: `results` is empty, and the
    /// device begins again at `expectedMid`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<Uuid>,
    /// What waits, in order of `mid`, at most [`MOST_MUTATIONS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mutations: Vec<Envelope>,
    /// Mutations the device no longer has: it was told to begin at `expectedMid` and cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<Gap>,
    /// Cursors of the scopes to be read, by their text form. None: hand in only.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub scopes: BTreeMap<String, Cursor>,
    /// Most changes wanted, at most [`MOST_CHANGES`].
    #[serde(default = "most_changes")]
    pub limit: u32,
}

const fn most_changes() -> u32 {
    MOST_CHANGES
}

/// A mutation on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Envelope {
    /// Its place in the device's order, from 1, without gaps.
    pub mid: i64,
    /// What makes it happen once.
    pub uid: Uuid,
    /// Name, see [`crate::mutation::Mutation::NAMES`].
    pub name: String,
    /// Version of the arguments.
    pub ver: u32,
    /// Arguments.
    pub args: Value,
    /// When it was made, by the device's clock.
    pub occurred_at: Timestamp,
    /// An intent that comes later than this is refused as `too_late`; by the server's clock as the device knew it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
}

/// Mutations that no longer exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Gap {
    /// The first of them: the `expectedMid` that was answered.
    pub from: i64,
    /// The last of them.
    pub to: i64,
}

/// How far a device has read a scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cursor {
    /// Through whose eyes, as the answer named it.
    pub view: String,
    /// Up to which number.
    pub seq: i64,
}

/// Answer of `POST /sync`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SyncAnswer {
    /// Names one unbroken history of the server's data; another than before: forget every cursor, keep the vault, and
    /// hand in again what was acknowledged above `lastMid`.
    pub epoch: Uuid,
    /// The server's time.
    pub time: Timestamp,
    /// The `mid` the server expects next of this device.
    pub expected_mid: i64,
    /// What became of the mutations, in their order. Fewer than were sent: the rest waits for a later request.
    pub results: Vec<MutationResult>,
    /// The pages asked for.
    pub scopes: BTreeMap<String, Page>,
    /// Of the snapshot the pages were read in: the last mutation of this device whose effects it holds, by device.
    pub last_mids: BTreeMap<Uuid, i64>,
    /// The scopes this session may read, with the view to name.
    pub grants: Vec<Grant>,
}

/// What became of a mutation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct MutationResult {
    /// Which.
    pub mid: i64,
    /// How it ended.
    pub status: MutationStatus,
    /// Whether it had been answered before.
    #[serde(default)]
    pub replayed: bool,
    /// Set when a fact was stored that no longer fits: people look at it.
    #[serde(default)]
    pub review: bool,
    /// Why, if not simply applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<ErrorCode>,
    /// What the code says it holds.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub details: Value,
    /// When to try a deferred one again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_at: Option<Timestamp>,
}

/// How a mutation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MutationStatus {
    /// Done, or nothing was left to do.
    Applied,
    /// Refused for good; its number is spent.
    Rejected,
    /// Not now: its number is not spent, and those behind it wait too.
    Deferred,
    /// It breaks the server, or nobody can read it: set aside for people to look at; its number is spent.
    Quarantined,
}

impl MutationStatus {
    /// Whether its number is spent.
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Deferred)
    }
}

/// A page of a scope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Page {
    /// Through whose eyes.
    pub view: String,
    /// Applies only to this cursor.
    pub from: i64,
    /// The cursor afterwards.
    pub to: i64,
    /// Where the scope stood in this snapshot.
    pub head: i64,
    /// Whether there is more before `head`.
    pub more: bool,
    /// The cursor means nothing here (another epoch or view, or older than the tombstones): fill the scope anew.
    #[serde(default)]
    pub reset: bool,
    /// Not granted (any more): forget what is known of it.
    #[serde(default)]
    pub revoked: bool,
    /// In order of `seq`.
    pub changes: Vec<Change>,
}

/// A scope a session may read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    /// Its text form.
    pub scope: String,
    /// Through whose eyes.
    pub view: String,
}

/// Body of `POST /presence`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Presence {
    /// Which device.
    pub device: Uuid,
    /// Whether somebody looks at it now.
    pub foreground: bool,
}

/// Answer of `HEAD`, `PUT` and a finished `PUT /blobs/{sha256}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct BlobState {
    /// Bytes that are there.
    pub offset: u64,
    /// Bytes of the whole.
    pub length: u64,
    /// Whether it is whole, and its bytes have the name it bears.
    pub complete: bool,
}
