//! What is kept sealed in the database: phones, addresses, documents, tokens, secrets. A stolen copy of the database, or
//! somebody who may only read it, learns none of them; who may write it cannot move one to another row.
//!
//! Each person has a key of their own (`person_keys`), made when first needed and wrapped by a master key that is not
//! in the database. Erasing the person drops their key, and with it everything sealed under it, everywhere, at once, which
//! is why no key is kept in memory beyond a read. What is nobody's own is sealed under the server's key, the row of id 0.
//!
//! ```ignore
//! const PHONE: Field = Field::new("users", "phone");
//! let text = sealed::seal(tx, user, PHONE, user.0.as_bytes(), phone.as_bytes()).await?; // goes into the column
//! let plain: Option<String> = sealed::open(tx, user, PHONE, user.0.as_bytes(), &text).await?.text();
//! ```
//! A list is opened with one [`Opener`] for all its persons. What is to be found by its value has a [`blind`] index beside
//! it. Nothing of what is opened may be logged, nor put into an error.

mod adopt;
mod envelope;
pub mod master;
mod opener;
mod persons;
mod sealer;
pub mod sources;
mod start;
mod vault;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use momfood_domain::id::UserId;
use serde::Serialize;
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

pub use adopt::adopt;
pub use opener::{Opened, Opener};
pub use persons::{begin, forget, is_forgotten, left_to_rewrap, rewrap_some, unknown_master, wrapped_by};
pub use sealer::{Sealer, Wrapped};
pub use start::{check, start};
pub use vault::VaultKeys;

use crate::store::{StoreError, Tx};

/// What a sealed text begins with: the form of what follows.
const FORM: &str = "s1.";
/// The server's own key.
const SERVER: Uuid = Uuid::nil();
/// The key of blind indexes. It never changes: rotating a master key wraps it anew.
const INDEX: Uuid = Uuid::from_u128(1);

/// Under whose key something is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// A person's: gone when they are erased.
    Person(UserId),
    /// The server's own.
    Server,
}

impl Owner {
    const fn row(self) -> Uuid {
        match self {
            Self::Person(person) => person.0,
            Self::Server => SERVER,
        }
    }
}

impl From<UserId> for Owner {
    fn from(person: UserId) -> Self {
        Self::Person(person)
    }
}

/// A sealed column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    table: &'static str,
    column: &'static str,
}

impl Field {
    /// The column of a table. Both names are part of what is sealed: they never change for what is sealed already.
    pub const fn new(table: &'static str, column: &'static str) -> Self {
        Self { table, column }
    }

    /// What is authenticated with a value in the row `row`.
    fn said(self, row: &[u8]) -> Vec<u8> {
        let (table, column) = (self.table.as_bytes(), self.column.as_bytes());
        [table, b"\0", column, b"\0", row].concat()
    }
}

/// Why something could not be sealed or opened. Holds no value and no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// This database was given no sealer, or one without keys.
    #[error("there is no master key")]
    NoKeys,
    /// Wrapped by a master key this server does not have (yet).
    #[error("a key is wrapped by the master key {0}, which is not among ours")]
    UnknownMaster(std::sync::Arc<str>),
    /// Changed since, moved from another row, or sealed under another key.
    #[error("what is sealed in {0} does not open")]
    Broken(&'static str),
    /// Nothing is sealed any more for somebody who was erased.
    #[error("somebody was erased: nothing is sealed for them")]
    Erased,
}

impl Fault {
    /// Whether the same may go well a little later: a key that was just made is read by every server within seconds.
    pub const fn is_temporary(&self) -> bool {
        matches!(self, Self::UnknownMaster(_))
    }
}

/// Seals `plain` as the text that the column of `row` holds: `s1.` and what is Base64 of nonce, ciphertext and tag.
/// `row` is the row's primary key as bytes.
pub async fn seal(
    tx: &mut Tx,
    owner: impl Into<Owner>,
    field: Field,
    row: &[u8],
    plain: &[u8],
) -> Result<String, StoreError> {
    let sealed = seal_bytes(tx, owner, field, row, plain).await?;
    Ok(format!("{FORM}{}", BASE64_URL_SAFE_NO_PAD.encode(sealed)))
}

/// Seals the JSON of `value` as a text.
pub async fn seal_json<T: Serialize + Sync>(
    tx: &mut Tx,
    owner: impl Into<Owner>,
    field: Field,
    row: &[u8],
    value: &T,
) -> Result<String, StoreError> {
    let plain =
        serde_json::to_vec(value).map_err(|error| StoreError::from(sqlx::Error::Encode(error.into())))?;
    seal(tx, owner, field, row, &Zeroizing::new(plain)).await
}

/// Seals `plain` for a column of bytes: nonce, ciphertext and tag.
pub async fn seal_bytes(
    tx: &mut Tx,
    owner: impl Into<Owner>,
    field: Field,
    row: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>, StoreError> {
    let sealer = tx.sealer().ok_or(Fault::NoKeys)?;
    let key = persons::key_for(tx, &sealer, owner.into().row()).await?;
    let sealed = Sealer::cipher(&key).seal(sealer.nonce(), &field.said(row), plain);
    Ok(sealed.map_err(|_| Fault::Broken(field.table))?)
}

/// Opens what [`seal`] made. One statement: for lists there is [`Opener::of`].
pub async fn open(
    tx: &mut Tx,
    owner: impl Into<Owner>,
    field: Field,
    row: &[u8],
    text: &str,
) -> Result<Opened, StoreError> {
    let owner = owner.into();
    let opener = Opener::of(tx, [owner]).await?;
    Ok(opener.open(owner, field, row, text)?)
}

/// Opens what [`seal_bytes`] made.
pub async fn open_bytes(
    tx: &mut Tx,
    owner: impl Into<Owner>,
    field: Field,
    row: &[u8],
    sealed: &[u8],
) -> Result<Opened, StoreError> {
    let owner = owner.into();
    let opener = Opener::of(tx, [owner]).await?;
    Ok(opener.open_bytes(owner, field, row, sealed)?)
}

/// What stands for `text` where it must be found again: the same for the same text and purpose, and nothing can be
/// guessed from it without the server's index key. That key is one for the life of the database: rotating a master key
/// only wraps it anew, so indexes stay as they are; changing it would mean to compute every index again.
pub async fn blind(tx: &mut Tx, purpose: &str, text: &str) -> Result<[u8; 32], StoreError> {
    let sealer = tx.sealer().ok_or(Fault::NoKeys)?;
    let key = persons::key_for(tx, &sealer, INDEX).await?;
    Ok(keyed(key.as_slice(), purpose, text.as_bytes()))
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn keyed(key: &[u8], purpose: &str, text: &[u8]) -> [u8; 32] {
    let mut code = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    code.update(purpose.as_bytes());
    code.update(&[0]);
    code.update(text);
    code.finalize().into_bytes().into()
}
