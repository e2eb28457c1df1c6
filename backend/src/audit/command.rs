//! `momfood audit …`: the log's chain, for who runs the server.

use std::io::{self, Write};
use std::str::FromStr;

use momfood_domain::time::Timestamp;

use super::chain::{self, Hash};
use super::{seal, verify};
use crate::store::{Db, StoreError};

/// A number of the chain and its hash, as `momfood audit seal` printed them: `4821:e3b0…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Which.
    pub number: i64,
    /// Its hash.
    pub hash: Hash,
}

/// Not a number and a hash.
#[derive(Debug, thiserror::Error)]
#[error("not NUMBER:HASH as `momfood audit seal` prints it")]
pub struct NoMark;

impl FromStr for Mark {
    type Err = NoMark;

    fn from_str(text: &str) -> Result<Self, NoMark> {
        let (number, digits) = text.trim().split_once(':').ok_or(NoMark)?;
        if digits.len() != 64 || !digits.is_ascii() {
            return Err(NoMark);
        }
        let mut hash = [0; 32];
        for (byte, at) in hash.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| NoMark)?;
        }
        let number = number.parse().map_err(|_| NoMark)?;
        Ok(Self { number, hash })
    }
}

/// Seals what waits, and prints where the chain stands: to be written down elsewhere.
pub async fn seal_all(db: &Db, now: Timestamp, out: &mut dyn Write) -> anyhow::Result<()> {
    while seal::seal(db, now).await? > 0 {}
    let mut tx = db.read().await?;
    let standing = super::read::standing(&mut tx, None).await?;
    writeln!(out, "{}:{}", standing.number, standing.hash)?;
    Ok(())
}

/// Reads the whole chain, and says what was changed. `true` when nothing was.
pub async fn verify_all(db: &Db, against: Option<Mark>, out: &mut dyn Write) -> anyhow::Result<bool> {
    let found = verify::verify(db, against.map(|mark| (mark.number, mark.hash))).await?;
    tell(&found, out)?;
    Ok(found.is_whole())
}

fn tell(found: &verify::Found, out: &mut dyn Write) -> io::Result<()> {
    let check = &found.check;
    if let Some(number) = check.first() {
        writeln!(out, "broken at {number}")?;
    }
    for fault in &check.faults {
        writeln!(out, "  {fault}")?;
    }
    if check.late > 0 {
        writeln!(
            out,
            "{} entries are dated over an hour before one that was sealed before them",
            check.late
        )?;
    }
    let (number, hash) = (check.number, chain::shown(&check.hash));
    writeln!(out, "{number} entries sealed, {} waiting", found.waiting)?;
    writeln!(out, "{number}:{hash}")
}

/// The chain in one line, for `doctor`.
pub async fn summary(db: &Db) -> Result<(bool, String), StoreError> {
    let found = verify::verify(db, None).await?;
    let check = &found.check;
    Ok(match check.faults.first() {
        None => (
            true,
            format!("{} entries sealed, {} waiting", check.number, found.waiting),
        ),
        Some(fault) => (false, format!("{fault}; `momfood audit verify` tells more")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_as_it_is_printed() {
        let hash = [0xa7; 32];
        let text = format!("4821:{}", chain::shown(&hash));
        assert_eq!(text.parse::<Mark>().unwrap(), Mark { number: 4821, hash });
        for wrong in [
            "",
            "4821",
            "x:00",
            &text[..text.len() - 2],
            &text.replace('a', "g"),
        ] {
            assert!(wrong.parse::<Mark>().is_err(), "{wrong}");
        }
    }
}
