//! What a start does before anything is sealed or opened: reads the master keys, makes the first one of a new database, and
//! refuses to go on with a wrong one.

use anyhow::Context as _;
use momfood_domain::time::Timestamp;

use super::master::{MasterKey, MasterKeys, MasterRing};
use super::{Sealer, adopt, begin, persons};
use crate::clock::Clock;
use crate::store::Db;

/// Gives `db`, whose schema is up to date, the master keys of `place`.
pub async fn start(db: &Db, place: &dyn MasterKeys, clock: &Clock) -> anyhow::Result<()> {
    let mut ring = place.load().await?;
    check(db, &ring, &place.place()).await?;
    if ring.is_empty() {
        let first = MasterKey::new(clock.bytes(), Timestamp(0));
        place.begin(&first).await?;
        ring = place.load().await?;
    }
    db.seal_with(Sealer::new(ring, clock.clone()));
    begin(db).await.context("the server's own keys")?;
    adopt(db)
        .await
        .context("cannot seal what an older program wrote in the clear")?;
    Ok(())
}

/// Refuses keys that are not this database's. Changes nothing.
pub async fn check(db: &Db, ring: &MasterRing, place: &str) -> anyhow::Result<()> {
    let known: Vec<&str> = ring.iter().map(MasterKey::id).collect();
    let unknown = persons::unknown_master(&mut db.read().await?, &known).await?;
    let Some(wanted) = unknown else {
        return Ok(());
    };
    let have = ring.names();
    anyhow::bail!(
        "this database is sealed under the master key {wanted}, which is not in {place} (there: {have}). Put back the \
         keys that belong to the database; without them what is sealed in it cannot be read. See docs/keys.md"
    )
}
