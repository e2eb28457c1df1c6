//! An account about to be opened: something was shown to be somebody's (an email, a phone, an account elsewhere) and is
//! nobody's here yet. It is kept behind a ticket until they say their name (`POST /auth/register`).

use momfood_domain::time::Timestamp;
use momfood_protocol::account::Unregistered;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::challenge::{self, Kind};
use super::elsewhere::linked::Subject;
use super::error::Refusal;
use crate::keys::Keys;
use crate::store::Tx;

/// What was shown to be somebody's. Sealed with its ticket.
#[derive(Clone, Serialize, Deserialize)]
pub struct Proven {
    /// An email that is theirs, as it is kept.
    pub email: Option<String>,
    /// A mobile that is theirs, E.164.
    pub phone: Option<String>,
    /// First name, as a provider told it: a suggestion.
    pub first_name: Option<String>,
    /// Family name, likewise.
    pub last_name: Option<String>,
    /// An account elsewhere that is theirs: to be linked ([`keep`](super::elsewhere::linked::keep)) when theirs here opens.
    pub account: Option<Subject>,
}

/// Hands out the ticket for `POST /auth/register`.
pub async fn begin(
    tx: &mut Tx,
    keys: &Keys,
    proven: Proven,
    (id, now): (Uuid, Timestamp),
) -> Result<Unregistered, Refusal> {
    let (ticket, _) = challenge::begin(tx, keys, Kind::Registration, None, &proven, (id, now)).await?;
    Ok(Unregistered {
        ticket,
        // A phone's codes and a linked account sign in again; an email's codes only open an account or mend it.
        needs_password: proven.phone.is_none() && proven.account.is_none(),
        email: proven.email,
        phone: proven.phone,
        first_name: proven.first_name,
        last_name: proven.last_name,
    })
}
