//! Recovery codes: ten, for the day the phone with the authenticator app is lost. Shown once; kept is a hash of each,
//! which for 120 bits of chance needs no key and no slowness. Each works once.

use momfood_domain::id::UserId;
use momfood_domain::time::Timestamp;
use sha2::{Digest, Sha256};

use super::digits::{digit, is_between};
use crate::clock::Clock;
use crate::store::{StoreError, Tx, sql};

/// How many there are.
pub const HOW_MANY: usize = 10;
/// Letters and digits that are not mistaken for one another (Crockford's Base32).
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Signs of a code: 120 bits.
const LENGTH: usize = 24;
/// Signs between two dashes.
const GROUP: usize = 4;

/// A new code: `8F3K-Q2ZD-…`.
fn make(clock: &Clock) -> String {
    let chance: [u8; LENGTH] = clock.bytes();
    let mut code = String::with_capacity(LENGTH + LENGTH / GROUP);
    for (at, byte) in chance.into_iter().enumerate() {
        if at > 0 && at % GROUP == 0 {
            code.push('-');
        }
        code.push(char::from(SIGNS[usize::from(byte % 32)]));
    }
    code
}

/// A code as it is hashed, from how it was typed. `None` when it cannot be one.
fn read(text: &str) -> Option<String> {
    let signs = text.chars().take(100).filter(|sign| !is_between(*sign));
    let code: Option<String> = signs
        .map(|sign| match digit(sign).unwrap_or(sign).to_ascii_uppercase() {
            'O' => Some('0'),
            'I' | 'L' => Some('1'),
            sign => u8::try_from(sign)
                .ok()
                .filter(|byte| SIGNS.contains(byte))
                .map(char::from),
        })
        .collect();
    code.filter(|code| code.len() == LENGTH)
}

fn hash(person: UserId, code: &str) -> Vec<u8> {
    Sha256::new()
        .chain_update(b"momfood recovery code\0")
        .chain_update(person.0.as_bytes())
        .chain_update(code)
        .finalize()
        .to_vec()
}

/// Ten new codes of `person`, in place of all they had.
pub async fn renew(tx: &mut Tx, person: UserId, clock: &Clock) -> Result<Vec<String>, StoreError> {
    forget(tx, person).await?;
    let codes: Vec<String> = (0..HOW_MANY).map(|_| make(clock)).collect();
    for code in &codes {
        let plain: String = code.chars().filter(|sign| *sign != '-').collect();
        sql!(
            tx,
            execute,
            "insert into recovery_codes (person, code_hash) values ($1, $2) on conflict do nothing",
            person,
            hash(person, &plain)
        )?;
    }
    Ok(codes)
}

/// Whether `text` is one of `person`'s codes that was not used; now it is.
pub async fn spend(tx: &mut Tx, person: UserId, text: &str, now: Timestamp) -> Result<bool, StoreError> {
    let Some(code) = read(text) else {
        return Ok(false);
    };
    let spent = sql!(
        tx,
        execute,
        "update recovery_codes set used_at = $1 where person = $2 and code_hash = $3 and used_at is null",
        now,
        person,
        hash(person, &code)
    )?;
    Ok(spent == 1)
}

/// How many of `person`'s codes were not used.
pub async fn left(tx: &mut Tx, person: UserId) -> Result<i64, StoreError> {
    let (left,) = sql!(
        tx,
        fetch_one as (i64,),
        "select count(*) from recovery_codes where person = $1 and used_at is null",
        person
    )?;
    Ok(left)
}

/// Takes all codes away from `person`.
pub async fn forget(tx: &mut Tx, person: UserId) -> Result<(), StoreError> {
    sql!(
        tx,
        execute,
        "delete from recovery_codes where person = $1",
        person
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = "0123456789ABCDEFGHJKMNPQ";
        for text in [
            "0123-4567-89AB-CDEF-GHJK-MNPQ",
            "0123 4567 89ab cdef ghjk mnpq",
            "o123-4567-89ab-cdef-ghjk-mnpq",
            "0l23-4567-89ab-cdef-ghjk-mnpq",
            "٠١٢٣-٤٥٦٧-٨٩ab-cdef-ghjk-mnpq",
        ] {
            assert_eq!(read(text).as_deref(), Some(code), "{text}");
        }
        for wrong in [
            "",
            "0123-4567-89AB-CDEF-GHJK-MNP",
            "0123-4567-89AB-CDEF-GHJK-MNPQ-0",
            "0123-4567-89AB-CDEF-GHJK-MNPU",
            "سارة",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn codes_are_not_alike_and_are_read_back() {
        let clock = Clock::manual(Timestamp(0), 1);
        let (one, two) = (make(&clock), make(&clock));
        assert_ne!(one, two);
        assert_eq!(one.len(), 29);
        assert_eq!(read(&one), Some(one.replace('-', "")));
    }
}
