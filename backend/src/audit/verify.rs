//! Finds what was changed behind the server's back: reads the chain from its beginning and computes it anew. Changes
//! nothing. Who can write to the database can compute a whole new chain: that is found by a number and its hash that
//! were written down elsewhere.

use std::fmt;

use momfood_domain::time::{MINUTE, Timestamp};
use uuid::Uuid;

use super::chain::{self, Hash, Line, START};
use crate::store::{Db, StoreError, Tx, sql};

/// Faults told at most.
const MOST: usize = 20;
/// Entries read at once.
const PAGE: i64 = 1_000;
/// An entry that is so much older than one sealed before it did not merely commit late.
const LATE: i64 = 60 * MINUTE;

/// Something that is not as it was sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The chain has no such number.
    Gap(i64),
    /// The entry sealed under the number is not there.
    Missing(i64, Uuid),
    /// What is sealed under the number is not what was sealed, or not in that place.
    Altered(i64, Uuid),
    /// An entry that was never sealed and does not wait to be.
    Extra(Uuid),
    /// An entry that waited to be sealed is not there.
    Lost(Uuid),
    /// The chain ends before or after this number, where it should.
    End(i64),
    /// What was written down elsewhere is not the hash of that number.
    Against(i64),
}

impl Fault {
    /// The number it is about.
    pub const fn number(&self) -> Option<i64> {
        match self {
            Self::Gap(number)
            | Self::Missing(number, _)
            | Self::Altered(number, _)
            | Self::End(number)
            | Self::Against(number) => Some(*number),
            Self::Extra(_) | Self::Lost(_) => None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gap(number) => write!(f, "number {number} is not there"),
            Self::Missing(number, entry) => write!(f, "number {number}: entry {entry} was removed"),
            Self::Altered(number, entry) => {
                write!(
                    f,
                    "number {number}: entry {entry} was changed, or put there later"
                )
            }
            Self::Extra(entry) => write!(f, "entry {entry} came in around the server"),
            Self::Lost(entry) => write!(f, "entry {entry} was removed before it was sealed"),
            Self::End(number) => write!(f, "the chain should end with number {number}"),
            Self::Against(number) => write!(f, "number {number} has another hash than was written down"),
        }
    }
}

/// A reading of the chain, as far as it has come.
#[derive(Clone, Debug)]
pub struct Check {
    /// The last number read.
    pub number: i64,
    /// The hash it has.
    pub hash: Hash,
    /// What is wrong, first found first.
    pub faults: Vec<Fault>,
    /// When the last was sealed.
    pub at: Option<Timestamp>,
    /// Entries dated long before one that was sealed before them.
    pub late: i64,
    newest: Timestamp,
}

impl Default for Check {
    fn default() -> Self {
        Self {
            number: 0,
            hash: START,
            faults: Vec::new(),
            at: None,
            late: 0,
            newest: Timestamp(i64::MIN),
        }
    }
}

impl Check {
    /// The first number that does not follow from the one before it.
    pub fn first(&self) -> Option<i64> {
        self.faults.iter().find_map(Fault::number)
    }

    fn fault(&mut self, fault: Fault) {
        if self.faults.len() < MOST {
            self.faults.push(fault);
        }
    }

    /// Goes on with the next link of the chain.
    fn follow(&mut self, link: &Link) {
        let number = self.number + 1;
        let kept = chain::read(&link.hash);
        self.number = link.number;
        self.at = Some(link.sealed_at);
        if link.number == number {
            match link.line() {
                None => self.fault(Fault::Missing(number, link.entry)),
                Some(line) => {
                    if kept != Some(chain::next(&self.hash, number, &line)) {
                        self.fault(Fault::Altered(number, link.entry));
                    }
                    if line.at.plus(LATE) < self.newest {
                        self.late += 1;
                    }
                    self.newest = self.newest.max(line.at);
                }
            }
        } else {
            self.fault(Fault::Gap(number));
        }
        // What follows is compared with what is kept, so that one change is told as one.
        self.hash = kept.unwrap_or(START);
    }
}

#[derive(sqlx::FromRow)]
struct Link {
    number: i64,
    entry: Uuid,
    hash: Vec<u8>,
    sealed_at: Timestamp,
    id: Option<Uuid>,
    at: Option<Timestamp>,
    actor: Option<Uuid>,
    role: Option<String>,
    action: Option<String>,
    subject: Option<String>,
    subject_id: Option<Uuid>,
    detail: Option<String>,
}

impl Link {
    fn line(&self) -> Option<Line> {
        Some(Line {
            id: self.id?,
            at: self.at?,
            actor: self.actor,
            role: self.role.clone()?,
            action: self.action.clone()?,
            subject: self.subject.clone()?,
            subject_id: self.subject_id,
            detail: self.detail.clone()?,
        })
    }
}

/// Reads on, at most `most` entries. Whether there is more.
pub(super) async fn piece(tx: &mut Tx, check: &mut Check, most: i64) -> Result<bool, StoreError> {
    let links = sql!(
        tx,
        fetch_all as Link,
        "select s.number, s.entry, s.hash, s.at as sealed_at, a.id, a.at, a.actor, a.role, a.action, a.subject,
            a.subject_id, cast(a.detail as text) as detail
         from audit_seal s left join audit_log a on a.id = s.entry where s.number > $1 order by s.number limit $2",
        check.number,
        most
    )?;
    for link in &links {
        check.follow(link);
    }
    if i64::try_from(links.len()).is_ok_and(|read| read == most) {
        return Ok(true);
    }
    let end = sql!(
        tx,
        fetch_optional as (i64, Vec<u8>),
        "select number, hash from audit_chain where id = 1"
    )?;
    let (number, hash) = end.unwrap_or_default();
    if number != check.number || chain::read(&hash) != Some(check.hash) {
        check.fault(Fault::End(number));
    }
    Ok(false)
}

/// What a whole reading found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The chain.
    pub check: Check,
    /// Entries that wait to be sealed.
    pub waiting: i64,
}

impl Found {
    /// Whether everything is as it was sealed.
    pub fn is_whole(&self) -> bool {
        self.check.faults.is_empty()
    }
}

/// Reads the whole chain and everything beside it. `against` is a number and its hash, from elsewhere.
pub async fn verify(db: &Db, against: Option<(i64, Hash)>) -> Result<Found, StoreError> {
    let mut tx = db.read().await?;
    let mut check = Check::default();
    while piece(&mut tx, &mut check, PAGE).await? {}
    if let Some((number, hash)) = against {
        let row = sql!(
            &mut tx,
            fetch_optional as (Vec<u8>,),
            "select hash from audit_seal where number = $1",
            number
        )?;
        let kept = row.and_then(|(kept,)| chain::read(&kept));
        if kept != Some(hash) {
            check.fault(Fault::Against(number));
        }
    }
    let extra = sql!(
        &mut tx,
        fetch_all as (Uuid,),
        "select a.id from audit_log a left join audit_seal s on s.entry = a.id
            left join audit_waiting w on w.entry = a.id
         where s.entry is null and w.entry is null order by a.at, a.id limit 20"
    )?;
    for (entry,) in extra {
        check.fault(Fault::Extra(entry));
    }
    let lost = sql!(
        &mut tx,
        fetch_all as (Uuid,),
        "select w.entry from audit_waiting w left join audit_log a on a.id = w.entry where a.id is null limit 20"
    )?;
    for (entry,) in lost {
        check.fault(Fault::Lost(entry));
    }
    let (waiting,) = sql!(&mut tx, fetch_one as (i64,), "select count(*) from audit_waiting")?;
    Ok(Found { check, waiting })
}
