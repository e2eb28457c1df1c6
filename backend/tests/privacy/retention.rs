//! What is old is forgotten, and nothing before its time.

use std::time::Duration;

use momfood_backend::both;
use momfood_backend::privacy::{RULES, purge};
use momfood_backend::testing::TestApp;
use momfood_domain::time::{DAY, MINUTE};

use crate::everything::{Everything, holders, rows};

const A_DAY: Duration = Duration::from_hours(24);

async fn days(app: &TestApp, days: u32) {
    app.clock.advance(A_DAY * days);
    purge(&app.db, app.clock.now()).await.unwrap();
}

both! {
    async fn everything_goes_when_its_time_has_come_and_not_before(app: TestApp) {
        let all = Everything::of_zubaida(&app).await;
        let (now, id, person, index) = (app.clock.now(), app.clock.uuid(), all.zubaida.id, vec![7_u8; 32]);
        let (restaurant, code_index, day) = (all.town.restaurant, index.clone(), now.plus(DAY));
        change!(&app, "insert into one_time_codes (id, purpose, channel, target, target_index, code_hash, tries, made_at,
            expires_at) values ($1, 'sign_in', 'sms', 'x', $2, $3, 0, $4, $5)", id, code_index.clone(), code_index, now, now);
        change!(&app, "insert into challenges (id, kind, state, tries, made_at, expires_at)
            values ($1, 'registration', 'x', 0, $2, $3)", id, now, now);
        change!(&app, "insert into invitations (id, restaurant_id, email, email_index, is_owner, token_hash, invited_by,
            made_at, expires_at) values ($1, $2, 'x', $3, false, $4, $5, $6, $7)",
            id, restaurant, index.clone(), index.clone(), person, now, day);
        change!(&app, "update applications set status = 'refused' where person = $1", person);
        let driver = all.fahad.id;
        change!(&app, "insert into driver_positions (driver_id, session, n, lat, lng, at) values ($1, $2, 1, 24.7, 46.7, $3)",
            driver, id, now);
        change!(&app, "insert into sync_quarantine (device, mid, uid, actor, name, ver, args, occurred_at, attempts, error,
            at, quarantined_at) values ($1, 1, $2, $3, 'x', 1, 'null', $4, 5, 'x', $5, $6)", id, id, person, now, now, now);
        purge(&app.db, now).await.unwrap();
        let counts = async |table: &str| rows(&app, table).await;
        for table in ["one_time_codes", "challenges", "invitations", "driver_positions", "order_share", "blob"] {
            assert_eq!(counts(table).await, 1, "{table} is new");
        }
        days(&app, 1).await;
        assert_eq!((counts("one_time_codes").await, counts("challenges").await, counts("driver_positions").await), (0, 0, 0));
        assert_eq!((counts("push_token").await, counts("presence").await, counts("order_share").await), (1, 1, 1));
        days(&app, 29).await;
        assert_eq!((counts("push_token").await, counts("presence").await, counts("order_share").await), (0, 0, 0));
        assert!(counts("sessions").await > 0 && counts("invitations").await == 1);
        days(&app, 68).await;
        assert_eq!((counts("sessions").await, counts("invitations").await), (0, 0));
        assert_eq!((counts("documents").await, counts("blob").await), (1, 1));
        days(&app, 82).await;
        assert_eq!((counts("documents").await, counts("blob").await, counts("blob_part").await), (0, 0, 0));
        assert_eq!(counts("proofs").await, 1, "that it was proven stays");
        assert_eq!((counts("applications").await, counts("sync_quarantine").await), (1, 1));
        days(&app, 185).await;
        assert_eq!((counts("applications").await, counts("sync_quarantine").await), (0, 0));
        assert!(!holders(&app, "ring twice for zubaida").await.is_empty(), "orders keep what was asked for two years");
        let orders = counts("orders").await;
        days(&app, 365).await;
        assert!(holders(&app, "ring twice for zubaida").await.is_empty());
        assert!(holders(&app, "no onions for zubaida").await.is_empty());
        assert_eq!(count!(&app, "select count(*) from orders where delivery_address is not null"), 0);
        assert_eq!(counts("orders").await, orders, "the books stay");
        assert_eq!((counts("cash_entries").await, counts("payments").await > 0), (count!(&app, "select count(*) from cash_entries"), true));
    }

    async fn the_worker_forgets_by_itself(app: TestApp) {
        let all = Everything::of_zubaida(&app).await;
        assert!(!holders(&app, "zubaidas-phone").await.is_empty());
        app.clock.advance(A_DAY * 98);
        app.tick().await;
        assert!(holders(&app, "zubaidas-phone").await.is_empty());
        assert_eq!(count!(&app, "select count(*) from users where id = $1", all.zubaida.id), 1);
    }
}

#[test]
fn what_is_shown_for_long_is_kept_for_long() {
    assert!(
        RULES
            .iter()
            .all(|rule| rule.kept % (60 * MINUTE) == 0 && rule.kept >= 60 * MINUTE)
    );
}
