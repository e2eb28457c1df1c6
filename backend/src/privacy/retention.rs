//! What is forgotten, when and why: the table below, and one statement for each of its rows. Looked for every ten minutes,
//! a few rows to a transaction, from what is there now: a round that was missed is made up for by the next. Orders,
//! payments, cash and who did what stay: the law wants the books. What orders say of the sync protocol is forgotten in
//! [`sync`](crate::sync).

use momfood_domain::time::{DAY, MINUTE, Timestamp};

use crate::store::{Db, StoreError, Tx, sql};

/// Rows dealt with in one transaction.
const ROUND: i64 = 200;
/// Pictures dealt with in one transaction: each has megabytes.
const PICTURES: i64 = 10;

/// Something that is not kept for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What.
    pub what: What,
    /// For how long after it was last of use, microseconds.
    pub kept: i64,
    /// What it is kept for, and why no longer.
    pub why: &'static str,
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Sign-ins that ended or ran out, with device and network address.
    SignIns,
    /// One-time codes that ran out.
    Codes,
    /// When a code may be sent again, of targets that have long been free again.
    CodeBudgets,
    /// What was begun and not finished: second factors, passkeys, accounts elsewhere.
    Challenges,
    /// Messages that were neither sent nor given up.
    Messages,
    /// Where the app of a sign-in that ran out is found.
    PushTokens,
    /// When a device was last heard of.
    Presence,
    /// Where drivers last were.
    Positions,
    /// Invitations that nobody accepted, and addresses of those that were.
    Invitations,
    /// Documents of applications that were refused or taken back.
    Documents,
    /// Applications that were refused, taken back, or never sent.
    Applications,
    /// Pictures that prove a handing over.
    Pictures,
    /// Addresses and notes of orders.
    Addresses,
    /// Links by which others followed an order.
    Shares,
    /// What devices handed in and nobody could read.
    Quarantine,
}

const fn rule(what: What, days: i64, why: &'static str) -> Rule {
    Rule {
        what,
        kept: days * DAY,
        why,
    }
}

/// Everything that is forgotten here. Quotes (a day) and news that was not told are forgotten by who writes them.
pub const RULES: [Rule; 15] = [
    rule(What::SignIns, 90, "to see afterwards who came in from where"),
    rule(What::Codes, 1, "so that one cannot be tried twice"),
    Rule {
        what: What::CodeBudgets,
        kept: 60 * MINUTE,
        why: "so that nobody is flooded",
    },
    rule(What::Challenges, 1, "so that one cannot be finished twice"),
    rule(What::Messages, 1, "to send them"),
    rule(What::PushTokens, 7, "to tell of an order"),
    rule(What::Presence, 30, "to know whether a kitchen listens"),
    rule(What::Positions, 1, "to show where an order is"),
    rule(What::Invitations, 90, "to see who was asked in"),
    rule(What::Documents, 180, "to look again when somebody objects"),
    rule(
        What::Applications,
        365,
        "to look again when somebody applies again",
    ),
    rule(What::Pictures, 180, "to settle who got what"),
    rule(What::Addresses, 730, "to bring it, and to settle disputes"),
    rule(What::Shares, 30, "to lead to an order for a day"),
    rule(What::Quarantine, 365, "to repair what was handed in"),
];

/// Forgets what is old enough at `now`.
pub async fn purge(db: &Db, now: Timestamp) -> Result<(), StoreError> {
    for rule in RULES {
        let before = now.plus(-rule.kept);
        while db
            .write(async move |mut tx| forget(&mut tx, rule.what, before).await)
            .await?
        {}
    }
    Ok(())
}

/// Forgets some of what was of use until `before`. Whether there may be more.
async fn forget(tx: &mut Tx, what: What, before: Timestamp) -> Result<bool, StoreError> {
    if let What::Pictures = what {
        return pictures(tx, before).await;
    }
    let rows = match what {
        What::SignIns => sign_ins(tx, before).await?,
        What::Codes => sql!(
            tx,
            execute,
            "delete from one_time_codes where id in (select id from one_time_codes where expires_at <= $1 limit $2)",
            before,
            ROUND
        )?,
        What::CodeBudgets => sql!(
            tx,
            execute,
            "delete from code_budgets where target_index in
                (select target_index from code_budgets where last_at <= $1 and full_at <= $1 limit $2)",
            before,
            ROUND
        )?,
        What::Challenges => sql!(
            tx,
            execute,
            "delete from challenges where id in (select id from challenges where expires_at <= $1 limit $2)",
            before,
            ROUND
        )?,
        What::Messages => sql!(
            tx,
            execute,
            "delete from messages where id in (select id from messages where expires_at <= $1 limit $2)",
            before,
            ROUND
        )?,
        What::PushTokens => sql!(
            tx,
            execute,
            "delete from push_token where session in (select p.session from push_token p
                join sessions s on s.id = p.session where s.expires_at <= $1 limit $2)",
            before,
            ROUND
        )?,
        What::Presence => sql!(
            tx,
            execute,
            "delete from presence where device in (select device from presence where heard_at <= $1 limit $2)",
            before,
            ROUND
        )?,
        What::Positions => sql!(
            tx,
            execute,
            "delete from driver_positions where driver_id in
                (select driver_id from driver_positions where at <= $1 limit $2)",
            before,
            ROUND
        )?,
        What::Invitations => invitations(tx, before).await?,
        What::Documents => sql!(
            tx,
            execute,
            "delete from documents where id in (select d.id from documents d
                join applications a on a.id = d.application_id
                where a.status in ('refused', 'withdrawn') and a.updated_at <= $1 limit $2)",
            before,
            ROUND
        )?,
        What::Applications => applications(tx, before).await?,
        What::Pictures => 0,
        What::Addresses => addresses(tx, before).await?,
        What::Shares => sql!(
            tx,
            execute,
            "delete from order_share where order_id in
                (select order_id from order_share where made_at <= $1 limit $2)",
            before,
            ROUND
        )?,
        What::Quarantine => sql!(
            tx,
            execute,
            "delete from sync_quarantine where (device, mid) in
                (select device, mid from sync_quarantine where quarantined_at <= $1 limit $2)",
            before,
            ROUND
        )?,
    };
    Ok(is_full(rows, ROUND))
}

fn is_full(rows: u64, most: i64) -> bool {
    rows >= u64::try_from(most).unwrap_or(u64::MAX)
}

async fn sign_ins(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    let ended = sql!(
        tx,
        execute,
        "delete from sessions where id in (select id from sessions where ended_at <= $1 limit $2)",
        before,
        ROUND
    )?;
    let ran_out = sql!(
        tx,
        execute,
        "delete from sessions where id in (select id from sessions where expires_at <= $1 limit $2)",
        before,
        ROUND
    )?;
    Ok(ended.max(ran_out))
}

async fn invitations(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    let nothing: &[u8] = &[];
    // Who came that way stays in the row; their address does not.
    let emptied = sql!(
        tx,
        execute,
        "update invitations set email = '', email_index = $1 where id in
            (select id from invitations where accepted_at is not null and expires_at <= $2 and email <> '' limit $3)",
        nothing,
        before,
        ROUND
    )?;
    let gone = sql!(
        tx,
        execute,
        "delete from invitations where id in
            (select id from invitations where accepted_at is null and expires_at <= $1 limit $2)",
        before,
        ROUND
    )?;
    Ok(emptied.max(gone))
}

async fn applications(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    sql!(
        tx,
        execute,
        "delete from documents where application_id in (select id from applications
            where status in ('draft', 'refused', 'withdrawn') and updated_at <= $1 order by id limit $2)",
        before,
        ROUND
    )?;
    sql!(
        tx,
        execute,
        "delete from applications where id in (select id from applications
            where status in ('draft', 'refused', 'withdrawn') and updated_at <= $1 order by id limit $2)",
        before,
        ROUND
    )
}

async fn addresses(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    sql!(
        tx,
        execute,
        "update order_lines set note = null where note is not null and order_id in
            (select id from orders where created_at <= $1 and (delivery_address is not null
                or special_instructions is not null or handover_code is not null) order by created_at, id limit $2)",
        before,
        ROUND
    )?;
    sql!(
        tx,
        execute,
        "update orders set delivery_address = null, special_instructions = null, handover_code = null where id in
            (select id from orders where created_at <= $1 and (delivery_address is not null
                or special_instructions is not null or handover_code is not null) order by created_at, id limit $2)",
        before,
        ROUND
    )
}

/// Forgets the bytes of old pictures. That there was one, and what it was called, stays with its order.
async fn pictures(tx: &mut Tx, before: Timestamp) -> Result<bool, StoreError> {
    let old = sql!(
        tx,
        fetch_all as (Vec<u8>,),
        "select sha256 from blob where at <= $1 order by at limit $2",
        before,
        PICTURES
    )?;
    for (name,) in &old {
        drop_picture(tx, name).await?;
    }
    Ok(is_full(u64::try_from(old.len()).unwrap_or(0), PICTURES))
}

/// Forgets the bytes of one picture, whoever sent it.
pub(super) async fn drop_picture(tx: &mut Tx, name: &[u8]) -> Result<(), StoreError> {
    sql!(tx, execute, "delete from blob_part where sha256 = $1", name)?;
    sql!(tx, execute, "delete from blob_upload where sha256 = $1", name)?;
    sql!(tx, execute, "delete from blob where sha256 = $1", name)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_time_and_a_reason_of_its_own() {
        for (at, rule) in RULES.iter().enumerate() {
            assert!(rule.kept >= 60 * MINUTE, "{rule:?}");
            assert!(!rule.why.is_empty(), "{rule:?}");
            assert!(
                RULES[..at].iter().all(|other| other.what != rule.what),
                "{rule:?}"
            );
        }
    }
}
