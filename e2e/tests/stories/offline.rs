//! Hours without a network: everything tapped is kept, arrives once, and nobody is told what is not so.

use std::path::Path;

use momfood_backend::testing::Folder;
use momfood_domain::actor::Role;
use momfood_domain::order::OrderStatus;
use momfood_domain::payment::PaymentStatus;
use momfood_e2e::browser::Kind;
use momfood_e2e::driver::{Driver, Proving};
use momfood_e2e::kitchen::Kitchen;
use momfood_e2e::picture::{BLUE, RED, picture};
use momfood_e2e::screen::{Screen, Size, id};
use momfood_e2e::stage::{Stage, tell};
use momfood_protocol::view::{OrderView, ProofKind, StepKind};
use serde_json::{Value, json};

told_in_both!(
    two_deliveries_made_offline_survive_a_killed_browser_and_arrive_once_each_with_its_own_proof: Sqlite,
    a_kitchen_killed_while_offline_has_its_board_and_its_bumps_and_each_arrives_once: Sqlite,
    two_screens_of_a_kitchen_work_an_hour_offline_and_agree_with_everyone_afterwards: Sqlite,
    what_was_tapped_offline_goes_out_after_its_person_has_signed_out: Sqlite,
);

/// Waits until the app could start again without a network.
async fn is_installed(screen: &Screen) {
    // A native app brings its screens along.
    if screen.kind() == Kind::Apps {
        return;
    }
    let script = "return navigator.serviceWorker.ready.then(r => r.active?.state === 'activated')";
    let ready = async || (screen.run(script, vec![]).await == true).then_some(());
    screen.until("the app to be there for offline", ready).await;
}

async fn waiting(screen: &Screen) -> u64 {
    let count = screen.attribute(&id("connection"), "data-waiting").await;
    count.parse().expect("a number")
}

async fn waits_for(screen: &Screen, count: u64) {
    let there = async || (waiting(screen).await == count).then_some(());
    screen.until(&format!("{count} waiting taps"), there).await;
}

/// An order in cash that the kitchen has said yes to and made ready.
async fn ready_order(stage: &Stage) -> OrderView {
    let order = stage
        .api(Role::Customer)
        .await
        .place(stage.city.restaurant())
        .await;
    let owner = stage.api(Role::Restaurant).await;
    let _: Value = owner
        .post(
            &format!("orders/{}/accept", order.id),
            &json!({ "prepMinutes": 15 }),
        )
        .await;
    let _: Value = owner
        .post(&format!("orders/{}/ready", order.id), &json!({}))
        .await;
    order
}

async fn deliver_offline(driver: &Driver, order: &OrderView, photo: &Path) {
    let order_id = order.id.to_string();
    if driver.screen.shows(&id("stops")).await {
        driver.turn_to(&order_id).await;
    }
    driver.arrive_at_customer().await;
    driver.sees_job("at_customer").await;
    driver.hand_over().await;
    driver.prove(Proving::Photo(photo)).await;
    driver.deliver().await;
    driver.screen.see_no(&id("hand-over-sheet")).await;
    driver
        .screen
        .see_no(&format!("{}[data-order=\"{order_id}\"]", id("job")))
        .await;
}

async fn two_deliveries_made_offline_survive_a_killed_browser_and_arrive_once_each_with_its_own_proof(
    stage: &mut Stage,
) {
    let pictures = Folder::new("momfood-e2e-pictures");
    let red = picture(pictures.path(), "red.png", RED);
    let blue = picture(pictures.path(), "blue.png", BLUE);
    let mut car = stage.elsewhere().await;
    let driver = stage.driver_in(&car.browser).await;
    is_installed(&driver.screen).await;
    driver.start_shift().await;
    let mut orders = Vec::new();
    for _ in 0..2 {
        let order = ready_order(stage).await;
        driver.screen.see(&id("accept-offer")).await;
        driver.accept().await;
        driver.screen.see_no(&id("accept-offer")).await;
        orders.push(order);
    }
    for order in &orders {
        driver.turn_to(&order.id.to_string()).await;
        driver.arrive_at_restaurant().await;
        driver.sees_job("at_restaurant").await;
        driver.pick_up().await;
        driver.sees_job("picked_up").await;
    }
    let api = stage.api(Role::Customer).await;
    for order in &orders {
        let id = order.id.to_string();
        let carried = async || (api.order(&id).await.status == OrderStatus::PickedUp).then_some(());
        driver.screen.until("the pick-up to arrive", carried).await;
    }
    waits_for(&driver.screen, 0).await;

    car.wire.cut();
    deliver_offline(&driver, &orders[0], &red).await;
    deliver_offline(&driver, &orders[1], &blue).await;
    waits_for(&driver.screen, 4).await;

    car.kill_and_reopen().await;
    let screen = car.browser.open("driver", Size::PHONE, "/driver/").await;
    waits_for(&screen, 4).await;
    screen.see_no(&id("job")).await;
    assert_eq!(
        screen.attribute(&id("connection"), "data-storage").await,
        "durable"
    );

    for order in &orders {
        let seen = api.order(&order.id.to_string()).await;
        assert_eq!(
            seen.status,
            OrderStatus::PickedUp,
            "nothing has reached the server"
        );
    }
    car.wire.mend();
    // Whether or not the browser still has its cookie: a killed one writes it down only now and then.
    for order in &orders {
        let id = order.id.to_string();
        let arrived = async || (api.order(&id).await.status == OrderStatus::Delivered).then_some(());
        screen.until("the delivery to arrive", arrived).await;
    }
    let mut proofs = Vec::new();
    for order in &orders {
        let seen = api.order(&order.id.to_string()).await;
        assert_eq!(seen.status, OrderStatus::Delivered);
        assert_eq!(seen.payment.status, PaymentStatus::Collected);
        let proof = seen
            .delivery
            .and_then(|delivery| delivery.proof)
            .expect("a proof");
        assert_eq!(proof.kind, ProofKind::Photo);
        proofs.push(proof.sha256.expect("a picture"));
    }
    assert_ne!(proofs[0], proofs[1], "each has its own");
    // The pictures themselves go up beside the taps.
    let mine = stage.api(Role::Driver).await;
    for sha256 in &proofs {
        let there = async || mine.has_blob(sha256).await.then_some(());
        screen.until("the picture to arrive", there).await;
    }
    let day: Value = mine.get("driver/day").await;
    let due: i64 = orders.iter().map(|order| order.bill.total_amount).sum();
    assert_eq!(day["cashInHand"], due, "the cash of both, once");
    assert_eq!(day["trips"], 2);
}

async fn a_kitchen_killed_while_offline_has_its_board_and_its_bumps_and_each_arrives_once(stage: &mut Stage) {
    let mut counter = stage.elsewhere().await;
    let kitchen = stage.kitchen_in(&counter.browser).await;
    is_installed(&kitchen.screen).await;
    let api = stage.api(Role::Customer).await;
    let owner = stage.api(Role::Restaurant).await;
    let mut orders = Vec::new();
    for _ in 0..2 {
        let order = api.place(stage.city.restaurant()).await.id.to_string();
        let _: Value = owner
            .post(&format!("orders/{order}/accept"), &json!({ "prepMinutes": 20 }))
            .await;
        kitchen.sees_ticket(&order, "accepted").await;
        orders.push(order);
    }

    counter.wire.cut();
    kitchen.start(&orders[0]).await;
    kitchen.sees_ticket(&orders[0], "preparing").await;
    kitchen.ready(&orders[0]).await;
    kitchen.sees_ticket(&orders[0], "ready").await;
    kitchen.start(&orders[1]).await;
    kitchen.sees_ticket(&orders[1], "preparing").await;
    waits_for(&kitchen.screen, 3).await;

    counter.kill_and_reopen().await;
    let screen = counter.browser.open("kitchen", Size::DESK, "/kitchen/").await;
    let kitchen = Kitchen { screen };
    kitchen.sees_ticket(&orders[0], "ready").await;
    kitchen.sees_ticket(&orders[1], "preparing").await;
    waits_for(&kitchen.screen, 3).await;
    for order in &orders {
        assert_eq!(
            api.order(order).await.status,
            OrderStatus::Accepted,
            "nothing has reached the server"
        );
    }

    counter.wire.mend();
    // A killed browser may have lost its cookie, and its person is asked to sign in while the bumps go out. A native app
    // has lost nothing.
    if stage.kind == Kind::Apps {
        waits_for(&kitchen.screen, 0).await;
        assert_eq!(refused(&kitchen.screen).await, 0);
    }
    for (order, status, steps) in [
        (&orders[0], OrderStatus::Ready, 2),
        (&orders[1], OrderStatus::Preparing, 1),
    ] {
        let arrived = async || (api.order(order).await.status == status).then_some(());
        kitchen.screen.until("the bumps to arrive", arrived).await;
        let seen = api.order(order).await;
        let bumps = [StepKind::Preparing, StepKind::Ready];
        let bumped = seen.timeline.iter().filter(|step| bumps.contains(&step.kind));
        assert_eq!(bumped.count(), steps, "each bump arrived once");
    }
}

async fn two_screens_of_a_kitchen_work_an_hour_offline_and_agree_with_everyone_afterwards(stage: &mut Stage) {
    let (one, two) = (stage.elsewhere().await, stage.elsewhere().await);
    let grill = stage.kitchen_in(&one.browser).await;
    let pass = stage.kitchen_in(&two.browser).await;
    is_installed(&grill.screen).await;
    is_installed(&pass.screen).await;
    let api = stage.api(Role::Customer).await;
    let owner = stage.api(Role::Restaurant).await;
    let restaurant = stage.city.restaurant();
    let mut accepted = Vec::new();
    for _ in 0..3 {
        let order = api.place(restaurant).await.id.to_string();
        let _: Value = owner
            .post(&format!("orders/{order}/accept"), &json!({ "prepMinutes": 20 }))
            .await;
        grill.sees_ticket(&order, "accepted").await;
        pass.sees_ticket(&order, "accepted").await;
        accepted.push(order);
    }
    let unanswered = api.place(restaurant).await.id.to_string();
    grill.sees_new_order().await;
    pass.sees_new_order().await;

    one.wire.cut();
    two.wire.cut();
    // Both screens work on, each on its own, and on the same order too.
    grill.accept().await;
    grill.start(&accepted[0]).await;
    grill.sees_ticket(&accepted[0], "preparing").await;
    grill.ready(&accepted[0]).await;
    grill.sees_ticket(&accepted[0], "ready").await;
    pass.screen.keys("\u{e00c}").await;
    set_aside(&pass).await;
    pass.start(&accepted[0]).await;
    pass.sees_ticket(&accepted[0], "preparing").await;
    pass.start(&accepted[1]).await;
    pass.sees_ticket(&accepted[1], "preparing").await;
    // Meanwhile the customer changes their mind about the third, and nobody here can know.
    let _: Value = api
        .post(
            &format!("orders/{}/cancel", accepted[2]),
            &json!({ "reason": "changed_mind" }),
        )
        .await;
    pass.start(&accepted[2]).await;
    pass.sees_ticket(&accepted[2], "preparing").await;
    let tapped = [waiting(&grill.screen).await, waiting(&pass.screen).await];
    assert_eq!(tapped, [3, 3], "every tap is kept");

    // An hour goes by. Somebody even reloads a page.
    stage.city.let_pass(3600).await;
    grill.screen.reload().await;
    grill.sees_ticket(&accepted[0], "ready").await;
    // A reload loses nothing.
    waits_for(&grill.screen, 3).await;

    one.wire.mend();
    two.wire.mend();
    // The token of an hour ago is over.
    let api = stage.api(Role::Customer).await;
    waits_for(&grill.screen, 0).await;
    waits_for(&pass.screen, 0).await;
    for (order, status) in [
        (&accepted[0], OrderStatus::Ready),
        (&accepted[1], OrderStatus::Preparing),
        (&accepted[2], OrderStatus::Cancelled),
        (&unanswered, OrderStatus::Expired),
    ] {
        assert_eq!(api.order(order).await.status, status);
    }
    // What is to be cooked no more stops the screen until somebody has read it: on both the order that was called
    // off, on the one that said yes too late that order too.
    reads_alert(&grill, &accepted[2]).await;
    reads_alert(&grill, &unanswered).await;
    reads_alert(&pass, &accepted[2]).await;
    for kitchen in [&grill, &pass] {
        kitchen.screen.see_no(&id("cancelled-alert")).await;
        kitchen.sees_ticket(&accepted[0], "ready").await;
        kitchen.sees_ticket(&accepted[1], "preparing").await;
    }
    // The yes that came too late, and the start of what was no more: each is said, nothing is silent.
    assert_eq!(refused(&grill.screen).await, 1);
    assert_eq!(refused(&pass.screen).await, 1);
    grill.screen.press(&id("connection")).await;
    grill.screen.see(&id("refusal")).await;
    grill.screen.press(&id("refusal-dismiss")).await;
    let read = async || (refused(&grill.screen).await == 0).then_some(());
    grill.screen.until("the inbox to be empty", read).await;
}

async fn reads_alert(kitchen: &Kitchen, order: &str) {
    let alert = format!("{}[data-id=\"{order}\"]", id("cancelled-alert"));
    kitchen.screen.see(&alert).await;
    kitchen
        .screen
        .press(&format!("{alert} {}", id("cancelled-read")))
        .await;
    kitchen.screen.see_no(&alert).await;
}

async fn refused(screen: &Screen) -> u64 {
    let count = screen.attribute(&id("connection"), "data-refused").await;
    count.parse().expect("a number")
}

/// Puts aside the new order that takes the screen.
async fn set_aside(kitchen: &Kitchen) {
    if kitchen.screen.shows(&id("set-aside")).await {
        kitchen.screen.press(&id("set-aside")).await;
        kitchen.screen.see_no(&id("new-order")).await;
    }
}

#[test]
fn all_three_apps_start_again_without_a_network() {
    tell(async |stage| {
        let customer = stage.customer().await;
        let restaurant = stage.city.restaurant();
        customer.visit(restaurant).await;
        is_installed(&customer.screen).await;
        let kitchen = stage.kitchen().await;
        is_installed(&kitchen.screen).await;
        let driver = stage.driver().await;
        is_installed(&driver.screen).await;
        let order = stage.api(Role::Customer).await.place(restaurant).await;
        customer.screen.goto(&format!("/orders/{}", order.id)).await;
        customer.sees_order("pending").await;
        kitchen.sees_new_order().await;
        stage.wire.cut();
        customer.screen.reload().await;
        customer.sees_order("pending").await;
        // A menu looked at before is there, and says how old it is.
        customer.visit(restaurant).await;
        customer.screen.see(&id("stale")).await;
        kitchen.screen.reload().await;
        kitchen.screen.see(&id("new-order")).await;
        driver.screen.reload().await;
        driver.screen.see(&id("start-shift")).await;
    });
}

async fn what_was_tapped_offline_goes_out_after_its_person_has_signed_out(stage: &mut Stage) {
    let kitchen = stage.kitchen().await;
    let api = stage.api(Role::Customer).await;
    let order = api.place(stage.city.restaurant()).await.id.to_string();
    kitchen.sees_new_order().await;
    kitchen.accept().await;
    kitchen.sees_ticket(&order, "accepted").await;
    waits_for(&kitchen.screen, 0).await;
    stage.wire.cut();
    kitchen.start(&order).await;
    kitchen.ready(&order).await;
    kitchen.sees_ticket(&order, "ready").await;
    waits_for(&kitchen.screen, 2).await;
    kitchen.screen.goto("/kitchen/account").await;
    kitchen.screen.press(&id("sign-out")).await;
    if kitchen.screen.shows(&id("sign-out-yes")).await {
        kitchen.screen.press(&id("sign-out-yes")).await;
    }
    kitchen.screen.see(&id("email")).await;
    assert_eq!(api.order(&order).await.status, OrderStatus::Accepted);
    stage.wire.mend();
    let ready = async || (api.order(&order).await.status == OrderStatus::Ready).then_some(());
    kitchen.screen.until("the taps to arrive", ready).await;
}

#[test]
fn two_tabs_share_what_is_kept_and_the_second_takes_over_when_the_first_goes() {
    tell(async |stage| {
        let first = stage.kitchen().await;
        let screen = stage.browser.open("second tab", Size::DESK, "/kitchen/").await;
        let second = Kitchen { screen };
        second.screen.see(&id("board")).await;
        let api = stage.api(Role::Customer).await;
        let order = api.place(stage.city.restaurant()).await.id.to_string();
        second.sees_new_order().await;
        second.accept().await;
        second.sees_ticket(&order, "accepted").await;
        first.sees_ticket(&order, "accepted").await;
        waits_for(&second.screen, 0).await;
        stage.wire.cut();
        second.start(&order).await;
        second.sees_ticket(&order, "preparing").await;
        first.sees_ticket(&order, "preparing").await;
        first.screen.close().await;
        // What was tapped is still there, in the hands of the tab that is left.
        second.ready(&order).await;
        second.sees_ticket(&order, "ready").await;
        waits_for(&second.screen, 2).await;
        stage.wire.mend();
        waits_for(&second.screen, 0).await;
        assert_eq!(api.order(&order).await.status, OrderStatus::Ready);
    });
}
