//! Reading on: pages of the scopes a device follows, all in one snapshot, with the `lastMid` that belongs to it. Never
//! shows a scope that is not granted, and never trusts a cursor further than its epoch, view and horizon reach.

use std::collections::BTreeMap;

use momfood_domain::actor::Actor;
use momfood_domain::time::Timestamp;
use momfood_protocol::feed::Scope;
use momfood_protocol::sync::{Cursor, Grant, MOST_CHANGES, Page};
use uuid::Uuid;

use super::bodies::page;
use super::device::last_mid;
use super::grants::{grants_of, is_granted, view_of};
use super::heads::{epoch, standing_of};
use crate::store::{StoreError, Tx};

/// Who reads, and how far they are.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    /// As whom; nobody when their session has ended: then nothing is granted.
    pub actor: Option<Actor>,
    /// With which device.
    pub device: Uuid,
    /// The history they know.
    pub epoch: Option<Uuid>,
    /// Their cursors, by the scopes' text forms.
    pub cursors: &'a BTreeMap<String, Cursor>,
    /// Most changes, of all scopes together.
    pub limit: u32,
}

/// What a snapshot holds for a reader.
#[derive(Clone, Debug)]
pub struct Pulled {
    /// The history it is of.
    pub epoch: Uuid,
    /// The last mutation of the device whose effects are in it.
    pub last_mid: i64,
    /// The pages asked for.
    pub scopes: BTreeMap<String, Page>,
    /// What may be followed.
    pub grants: Vec<Grant>,
    /// A scope of which the reader knows more than there is: the server has lost data.
    pub lost: Option<Scope>,
}

/// Reads on for `reader`. `tx` must be one snapshot.
pub async fn pull(tx: &mut Tx, reader: &Reader<'_>, now: Timestamp) -> Result<Pulled, StoreError> {
    let epoch = epoch(tx).await?;
    let last_mid = last_mid(tx, reader.device).await?;
    let mut left = usize::try_from(reader.limit.clamp(1, MOST_CHANGES)).unwrap_or(1);
    let (mut scopes, mut lost) = (BTreeMap::new(), None);
    for (name, cursor) in reader.cursors {
        let granted = name.parse().ok().filter(|scope| {
            // Its text form, and no other way to write it.
            let own = reader.actor.is_some_and(|actor| is_granted(&actor, *scope));
            own && scope.to_string() == *name
        });
        let Some(scope) = granted else {
            scopes.insert(name.clone(), revoked(cursor));
            continue;
        };
        let (head, horizon) = standing_of(tx, scope).await?;
        let of_here = reader.epoch == Some(epoch) && cursor.view == view_of(scope);
        #[cfg(feature = "faults")]
        let of_here = of_here
            || (crate::faults::is(crate::faults::Fault::CursorOutlivesView) && reader.epoch == Some(epoch));
        if of_here && cursor.seq > head {
            lost = Some(scope);
        }
        if !of_here || !(horizon..=head).contains(&cursor.seq) {
            scopes.insert(name.clone(), reset(scope, head));
            continue;
        }
        let (changes, to, more) = page(tx, scope, (cursor.seq, head), left, now).await?;
        left = left.saturating_sub(changes.len());
        let page = Page {
            view: view_of(scope).to_owned(),
            from: cursor.seq,
            to,
            head,
            more,
            reset: false,
            revoked: false,
            changes,
        };
        scopes.insert(name.clone(), page);
    }
    Ok(Pulled {
        epoch,
        last_mid,
        scopes,
        grants: reader.actor.map(|actor| grants_of(&actor)).unwrap_or_default(),
        lost,
    })
}

/// The cursor means nothing here: a snapshot is to be taken.
fn reset(scope: Scope, head: i64) -> Page {
    Page {
        view: view_of(scope).to_owned(),
        from: 0,
        to: 0,
        head,
        more: head > 0,
        reset: true,
        revoked: false,
        changes: Vec::new(),
    }
}

/// Not the reader's, whether or not it exists.
fn revoked(cursor: &Cursor) -> Page {
    Page {
        view: String::new(),
        from: cursor.seq,
        to: cursor.seq,
        head: 0,
        more: false,
        reset: false,
        revoked: true,
        changes: Vec::new(),
    }
}
