//! What was tapped, in its order: taking it, handing it out, and numbering it.

use momfood_domain::id::OrderId;
use momfood_domain::time::Timestamp;
use momfood_protocol::mutation::{MAX_ARGS, Mutation, Proof, Unreadable};
use momfood_protocol::sync::{Envelope, Gap};
use rusqlite::{Connection, OptionalExtension as _, Row, ToSql, Transaction, params};
use serde_json::Value;
use uuid::Uuid;

use super::results::{Settled, read_result};
use super::{Vault, identity};
use crate::store::error::StoreError;

/// A tap, before it is queued.
#[derive(Clone, Debug, PartialEq)]
pub struct NewMutation {
    /// What makes it happen once: queued twice under the same uid, it is one.
    pub uid: Uuid,
    /// Name, see [`Mutation::NAMES`].
    pub name: String,
    /// Version of the arguments.
    pub ver: u32,
    /// Arguments, at most [`MAX_ARGS`] bytes of JSON.
    pub args: Value,
    /// When it was made, by the device's clock.
    pub occurred_at: Timestamp,
    /// Up to when it is worth doing.
    pub valid_until: Option<Timestamp>,
    /// The order it is about.
    pub order: Option<OrderId>,
    /// Cash it says was taken, minor units: kept in the same transaction.
    pub cash: Option<i64>,
    /// SHA-256 of the bytes it names. They must be in the vault already, and go out because it names them.
    pub blobs: Vec<String>,
}

impl NewMutation {
    /// `mutation`, tapped `at`.
    pub fn of(uid: Uuid, mutation: &Mutation, at: Timestamp) -> Self {
        let blob = mutation.proof().and_then(Proof::sha256);
        Self {
            uid,
            name: mutation.name().to_owned(),
            ver: mutation.ver(),
            args: mutation.args(),
            occurred_at: at,
            valid_until: mutation.valid_until(at),
            order: mutation.order_id(),
            cash: mutation.cash(),
            blobs: blob.map(str::to_owned).into_iter().collect(),
        }
    }
}

/// What became of a tap that was queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queued {
    /// Its place in the device's order.
    pub mid: i64,
    /// Whether it was queued under this uid before; nothing was added then.
    pub again: bool,
}

/// How far a mutation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not known to be done: to be sent, and sent again.
    Waiting,
    /// The server has said how it ended.
    Settled,
}

/// A mutation in the vault.
#[derive(Clone, Debug, PartialEq)]
pub struct Tapped {
    /// Under which identity it counts.
    pub device: Uuid,
    /// Its place in that identity's order.
    pub mid: i64,
    /// What makes it happen once.
    pub uid: Uuid,
    /// Name.
    pub name: String,
    /// Version of the arguments.
    pub ver: u32,
    /// Arguments.
    pub args: Value,
    /// When it was made.
    pub occurred_at: Timestamp,
    /// Up to when it is worth doing.
    pub valid_until: Option<Timestamp>,
    /// When it was taken into the vault.
    pub enqueued_at: Timestamp,
    /// How far it is.
    pub state: State,
    /// How it ended; of a waiting one, how it had ended on a server that has lost it.
    pub result: Option<Settled>,
}

impl Tapped {
    /// As it is sent.
    pub fn envelope(&self) -> Envelope {
        Envelope {
            mid: self.mid,
            uid: self.uid,
            name: self.name.clone(),
            ver: self.ver,
            args: self.args.clone(),
            occurred_at: self.occurred_at,
            valid_until: self.valid_until,
        }
    }

    /// As the program reads it. What an older program could not be taught to read, or a newer one wrote, is unreadable,
    /// and is sent all the same.
    pub fn mutation(&self) -> Result<Mutation, Unreadable> {
        Mutation::read(&self.name, self.ver, self.args.clone())
    }
}

/// How much waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// How many mutations.
    pub count: u32,
    /// When the oldest of them was made.
    pub oldest: Option<Timestamp>,
}

/// How the numbers here stand to the number the server expects next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Send what waits, from the beginning. The server may have done some of it already, and says so.
    InStep,
    /// The server has lost what it had acknowledged: [`Vault::reopen`] from this number on, then send.
    Lost {
        /// The first it misses.
        from: i64,
    },
    /// The server misses what is not here any more: declare it, then ask again.
    Missing(Gap),
    /// The server has spent numbers that were never given here: [`Vault::re_identify`].
    Forked,
}

impl Vault {
    /// Takes a tap, with its cash and the bytes it names, as one. The answer is a promise. When it fails, nothing was
    /// taken, and the person must hear of it.
    pub fn enqueue(&self, new: &NewMutation) -> Result<Queued, StoreError> {
        self.enqueue_at(new, new.occurred_at)
    }

    /// As [`Vault::enqueue`], where the clock says another time than when the tap was made.
    pub fn enqueue_at(&self, new: &NewMutation, now: Timestamp) -> Result<Queued, StoreError> {
        let args = new.args.to_string();
        if args.len() > MAX_ARGS {
            return Err(StoreError::TooLarge {
                size: args.len() as u64,
                limit: MAX_ARGS as u64,
            });
        }
        self.write(|writing| {
            if let Some(mid) = queued_before(writing, new, &args)? {
                return Ok(Queued { mid, again: true });
            }
            let (identity, mid) = identity(writing)?;
            writing.execute("UPDATE identity SET next_mid = next_mid + 1", [])?;
            let no = writing
                .prepare_cached(
                    "INSERT INTO tap (device, mid, uid, name, ver, args, occurred_at, valid_until, enqueued_at, state)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'waiting')",
                )?
                .insert(params![
                    identity.device.as_bytes(),
                    mid,
                    new.uid.as_bytes(),
                    new.name,
                    new.ver,
                    args,
                    new.occurred_at.0,
                    new.valid_until.map(|until| until.0),
                    now.0,
                ])?;
            if let Some(amount) = new.cash {
                writing.execute(
                    "INSERT INTO cash (uid, order_id, amount, at) VALUES (?1, ?2, ?3, ?4)",
                    params![new.uid.as_bytes(), new.order.map(|id| id.0.into_bytes()), amount, new.occurred_at.0],
                )?;
            }
            for sha256 in &new.blobs {
                name_blob(writing, no, sha256)?;
            }
            Ok(Queued { mid, again: false })
        })
    }

    /// What is to be sent, oldest first, at most `limit`.
    pub fn waiting(&self, limit: usize) -> Result<Vec<Tapped>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.taps("t.state = 'waiting' ORDER BY t.mid LIMIT ?1", &[&limit])
    }

    /// How much waits.
    pub fn waiting_count(&self) -> Result<Waiting, StoreError> {
        let connection = self.connection.borrow();
        let mut statement = connection
            .prepare_cached("SELECT count(*), min(occurred_at) FROM tap WHERE state = 'waiting'")?;
        let waiting = statement.query_row([], |row| {
            Ok(Waiting {
                count: row.get(0)?,
                oldest: row.get::<_, Option<i64>>(1)?.map(Timestamp),
            })
        })?;
        Ok(waiting)
    }

    /// Everything this identity has queued above `mid`, done or not, oldest first: with `mid` from
    /// [`crate::store::Cache::last_mid`], what the cached rows do not hold. Leave out what was refused when replaying it.
    pub fn above(&self, mid: i64) -> Result<Vec<Tapped>, StoreError> {
        let of = "t.device = (SELECT device FROM identity) AND t.mid > ?1 ORDER BY t.mid";
        self.taps(of, &[&mid])
    }

    /// As [`Vault::above`], of what still counts under the name `device`, this identity's or a former one's.
    pub fn above_as(&self, device: Uuid, mid: i64) -> Result<Vec<Tapped>, StoreError> {
        let of = "t.device = ?1 AND t.mid > ?2 ORDER BY t.mid";
        self.taps(of, &[device.as_bytes(), &mid])
    }

    /// What is done above `mid` and still here, oldest first.
    pub fn journal_above(&self, mid: i64) -> Result<Vec<Tapped>, StoreError> {
        let of =
            "t.device = (SELECT device FROM identity) AND t.mid > ?1 AND t.state = 'settled' ORDER BY t.mid";
        self.taps(of, &[&mid])
    }

    /// The mutation with that uid.
    pub fn find(&self, uid: Uuid) -> Result<Option<Tapped>, StoreError> {
        Ok(self.taps("t.uid = ?1", &[uid.as_bytes()])?.pop())
    }

    /// How the numbers here stand to `expected`, the number the server expects next.
    pub fn compare(&self, expected: i64) -> Result<Standing, StoreError> {
        let connection = self.connection.borrow();
        let (identity, next) = identity(&connection)?;
        let first = |of: &str, from: i64| -> Result<Option<i64>, StoreError> {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT min(mid) FROM tap WHERE device = ?1 AND mid >= ?2 AND {of}"
            ))?;
            Ok(statement.query_row(params![identity.device.as_bytes(), from], |row| row.get(0))?)
        };
        if expected > next {
            return Ok(Standing::Forked);
        }
        let unsettled = first("state = 'waiting'", 0)?.unwrap_or(next);
        if expected >= unsettled {
            return Ok(Standing::InStep);
        }
        let held = first("1", expected)?.unwrap_or(next);
        Ok(if held > expected {
            Standing::Missing(Gap {
                from: expected,
                to: held - 1,
            })
        } else {
            Standing::Lost { from: expected }
        })
    }

    /// The server has lost what this identity handed in from `from` on, and perhaps what former identities did: all that
    /// is still here waits again, with the bytes it names; what former identities did is numbered anew, behind the rest.
    /// Results and what was seen of them stay until there are others. Says how many wait again.
    pub fn reopen(&self, from: i64) -> Result<usize, StoreError> {
        self.write(|writing| {
            let (identity, _) = identity(writing)?;
            let again = writing.execute(
                "UPDATE tap SET state = 'waiting' WHERE state = 'settled' AND (device <> ?1 OR mid >= ?2)",
                params![identity.device.as_bytes(), from],
            )?;
            writing.execute(
                "UPDATE blob SET state = 'waiting', sent = 0 WHERE sha256 IN
                    (SELECT b.sha256 FROM blob_of b JOIN tap t ON t.no = b.no WHERE t.state = 'waiting')",
                [],
            )?;
            writing.execute(
                "UPDATE cash SET settled_at = NULL WHERE uid IN (SELECT uid FROM tap WHERE state = 'waiting')",
                [],
            )?;
            renumber(
                writing,
                identity.device,
                "state = 'waiting' AND device <> (SELECT device FROM identity)",
            )?;
            Ok(again)
        })
    }

    pub(super) fn taps(&self, of: &str, values: &[&dyn ToSql]) -> Result<Vec<Tapped>, StoreError> {
        let connection = self.connection.borrow();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT t.device, t.mid, t.uid, t.name, t.ver, t.args, t.occurred_at, t.valid_until, t.enqueued_at,
                t.state, r.status, r.review, r.code, r.details, r.at, r.seen
             FROM tap t LEFT JOIN result r ON r.no = t.no WHERE {of}"
        ))?;
        let taps = statement.query_map(values, read_tap)?;
        Ok(taps.collect::<Result<_, _>>()?)
    }
}

/// Gives what `of` selects the next numbers of `device`, in the order in which it was tapped.
pub(super) fn renumber(writing: &Transaction<'_>, device: Uuid, of: &str) -> Result<(), StoreError> {
    let taps: Vec<i64> = {
        let mut statement = writing.prepare(&format!("SELECT no FROM tap WHERE {of} ORDER BY no"))?;
        let taps = statement.query_map([], |row| row.get(0))?;
        taps.collect::<Result<_, _>>()?
    };
    for no in taps {
        writing.execute(
            "UPDATE tap SET device = ?2, mid = (SELECT next_mid FROM identity) WHERE no = ?1",
            params![no, device.as_bytes()],
        )?;
        writing.execute("UPDATE identity SET next_mid = next_mid + 1", [])?;
    }
    Ok(())
}

/// The number under which `new` was queued already. Another mutation under its uid is an error.
fn queued_before(
    writing: &Transaction<'_>,
    new: &NewMutation,
    args: &str,
) -> Result<Option<i64>, StoreError> {
    let mut statement = writing.prepare_cached("SELECT mid, name, ver, args FROM tap WHERE uid = ?1")?;
    let known = statement.query_row([new.uid.as_bytes()], |row| {
        let same = row.get_ref(1)?.as_str()? == new.name && row.get::<_, u32>(2)? == new.ver;
        Ok((row.get::<_, i64>(0)?, same && row.get_ref(3)?.as_str()? == args))
    });
    match known.optional()? {
        Some((mid, true)) => Ok(Some(mid)),
        Some((_, false)) => Err(StoreError::UidTaken),
        None => Ok(None),
    }
}

/// The mutation numbered `no` in the vault names these bytes.
fn name_blob(writing: &Connection, no: i64, sha256: &str) -> Result<(), StoreError> {
    let here = writing
        .prepare_cached("SELECT 1 FROM blob WHERE sha256 = ?1")?
        .exists([sha256])?;
    if !here {
        return Err(StoreError::NoSuchBlob);
    }
    writing.execute(
        "INSERT OR IGNORE INTO blob_of (no, sha256) VALUES (?1, ?2)",
        params![no, sha256],
    )?;
    Ok(())
}

fn read_tap(row: &Row<'_>) -> rusqlite::Result<Tapped> {
    Ok(Tapped {
        device: Uuid::from_bytes(row.get(0)?),
        mid: row.get(1)?,
        uid: Uuid::from_bytes(row.get(2)?),
        name: row.get(3)?,
        ver: row.get(4)?,
        // Only JSON was written.
        args: serde_json::from_str(row.get_ref(5)?.as_str()?).unwrap_or_default(),
        occurred_at: Timestamp(row.get(6)?),
        valid_until: row.get::<_, Option<i64>>(7)?.map(Timestamp),
        enqueued_at: Timestamp(row.get(8)?),
        state: if row.get_ref(9)?.as_str()? == "waiting" {
            State::Waiting
        } else {
            State::Settled
        },
        result: read_result(row, 10)?,
    })
}
