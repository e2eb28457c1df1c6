//! What an older program wrote in the clear is sealed at the start, a few rows in each transaction. A start that is cut off
//! goes on at the next one; a column that is done is written down and not looked at again.

use uuid::Uuid;

use crate::store::{Db, StoreError, Tx, sql};
use crate::{identity, notify, ordering};

/// Rows sealed in one transaction.
const AT_ONCE: i64 = 200;

/// The columns that were once in the clear.
#[derive(Clone, Copy)]
enum Column {
    Phones,
    Addresses,
    OrderAddresses,
    PushTokens,
}

impl Column {
    const ALL: [Self; 4] = [
        Self::Phones,
        Self::Addresses,
        Self::OrderAddresses,
        Self::PushTokens,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Phones => "users.phone",
            Self::Addresses => "addresses.address",
            Self::OrderAddresses => "orders.delivery_address",
            Self::PushTokens => "push_token.token",
        }
    }

    async fn some(self, tx: &mut Tx, last: Uuid) -> Result<Option<Uuid>, StoreError> {
        match self {
            Self::Phones => identity::adopt_phones(tx, last, AT_ONCE).await,
            Self::Addresses => identity::addresses::adopt_some(tx, last, AT_ONCE).await,
            Self::OrderAddresses => ordering::adopt_addresses(tx, last, AT_ONCE).await,
            Self::PushTokens => notify::adopt_tokens(tx, last, AT_ONCE).await,
        }
    }
}

/// Seals what is not yet. Afterwards nothing of these columns is in the clear.
pub async fn adopt(db: &Db) -> Result<(), StoreError> {
    for column in Column::ALL {
        let name = column.name();
        let done = sql!(
            &mut db.read().await?,
            fetch_optional as (String,),
            "select name from sealed_columns where name = $1",
            name
        )?;
        if done.is_some() {
            continue;
        }
        let mut last = Some(Uuid::nil());
        while let Some(from) = last {
            last = db
                .write(async move |mut tx| column.some(&mut tx, from).await)
                .await?;
        }
        db.write(async move |mut tx| {
            sql!(
                &mut tx,
                execute,
                "insert into sealed_columns (name) values ($1) on conflict do nothing",
                name
            )
        })
        .await?;
        tracing::info!(column = name, "nothing is in the clear any more");
    }
    Ok(())
}
