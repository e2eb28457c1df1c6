//! The second factor: whether a person has one, and what they may show.

use momfood_domain::id::UserId;
use momfood_protocol::account::FactorMethod;

use crate::store::{StoreError, Tx, sql};

/// What `person` may show as a second factor; `None` when they have no confirmed authenticator app, and none is asked
/// for.
pub async fn asked_of(tx: &mut Tx, person: UserId) -> Result<Option<Vec<FactorMethod>>, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (i64, bool),
        "select (select count(*) from recovery_codes r where r.person = t.person and r.used_at is null), \
         u.phone_verified and u.phone is not null \
         from totp t join users u on u.id = t.person where t.person = $1 and t.confirmed_at is not null",
        person
    )?;
    Ok(row.map(|(codes, phone)| {
        let mut methods = vec![FactorMethod::Totp];
        if codes > 0 {
            methods.push(FactorMethod::Recovery);
        }
        if phone {
            methods.push(FactorMethod::Sms);
        }
        methods
    }))
}
