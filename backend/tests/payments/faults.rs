//! One fault at a time.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use momfood_backend::both;
use momfood_backend::payments::gateway::{
    Authorised, Captured, Charge, ChargeStatus, Fault, Gateway, Refunded, Request, Voided,
};
use momfood_backend::payments::{
    Sandbox, Standing, settle, settle_due, settle_while_waiting, settle_while_waiting_with, settle_with,
};
use momfood_backend::testing::TestApp;
use momfood_domain::actor::{Actor, Role};
use momfood_domain::id::OrderId;
use momfood_domain::money::{Currency, Money};
use momfood_domain::order::{Command, OrderStatus, Reason};
use momfood_domain::payment::PaymentStatus;

use crate::books::{agree, done, ours, theirs};
use crate::support::{City, FEE, TOTAL, command, person, status};
use crate::troubled::{Trouble, Troubled};

pub const GOOD: &str = "sandbox:4242424242424242";
const CANCEL: Command = Command::Cancel {
    reason: Reason::ChangedMind,
};
const ACCEPT: Command = Command::Accept { prep_minutes: 20 };

async fn paid(app: &TestApp, city: &City) -> OrderId {
    let order = city.order(app, Some(GOOD)).await;
    assert_eq!(settle(app, order).await.unwrap(), Standing::Settled);
    assert_eq!(status(app, order).await, OrderStatus::Pending);
    order
}

/// Settles with a gateway that never answers, until it does not, and is killed there.
async fn killed(app: &TestApp, gateway: &Troubled, order: OrderId) {
    tokio::select! {
        standing = settle_with(app, gateway, order) => panic!("it should hang: {standing:?}"),
        () = gateway.hangs.notified() => {}
    }
}

/// Takes the money, but the order is called off while the answer is on its way.
struct CalledOffMeanwhile<'a> {
    app: &'a TestApp,
    inner: Sandbox,
    by: Actor,
}

impl Gateway for CalledOffMeanwhile<'_> {
    fn authorise<'a>(
        &'a self,
        request: &'a Request,
        card: &'a str,
    ) -> BoxFuture<'a, Result<Authorised, Fault>> {
        async move {
            let answer = self.inner.authorise(request, card).await;
            command(self.app, self.by, request.order, CANCEL).await.unwrap();
            answer
        }
        .boxed()
    }

    fn capture<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Captured, Fault>> {
        async move {
            let answer = self.inner.capture(request).await;
            command(self.app, self.by, request.order, CANCEL).await.unwrap();
            answer
        }
        .boxed()
    }

    fn void<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Voided, Fault>> {
        self.inner.void(request)
    }

    fn refund<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Refunded, Fault>> {
        self.inner.refund(request)
    }

    fn fetch(&self, order: OrderId) -> BoxFuture<'_, Result<Option<Charge>, Fault>> {
        self.inner.fetch(order)
    }
}

/// Holds other money than it was asked to.
struct OtherMoney(Money);

impl Gateway for OtherMoney {
    fn authorise<'a>(&'a self, _: &'a Request, _: &'a str) -> BoxFuture<'a, Result<Authorised, Fault>> {
        async move { Ok(Authorised::Held(self.0)) }.boxed()
    }

    fn capture<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<Captured, Fault>> {
        async move { Ok(Captured::NothingHeld) }.boxed()
    }

    fn void<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<Voided, Fault>> {
        async move { Ok(Voided::Released) }.boxed()
    }

    fn refund<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<Refunded, Fault>> {
        async move { Ok(Refunded::Refused) }.boxed()
    }

    fn fetch(&self, _: OrderId) -> BoxFuture<'_, Result<Option<Charge>, Fault>> {
        async move { Ok(None) }.boxed()
    }
}

both! {
    async fn an_approved_card_sends_the_order_to_the_kitchen_and_is_charged_when_it_accepts(app: TestApp) {
        let city = City::build(&app).await;
        let order = paid(&app, &city).await;
        assert_eq!(theirs(&app, order).await.unwrap().status, ChargeStatus::Held);
        assert_eq!(ours(&app, order).await.card_token, None, "a token that was used is not kept");
        command(&app, city.kitchen(), order, ACCEPT).await.unwrap();
        settle_due(&app, app.clock.now()).await.unwrap();
        let books = ours(&app, order).await;
        assert_eq!((books.status, books.captured), (PaymentStatus::Captured, TOTAL));
        agree(&app, order, TOTAL).await;
        assert_eq!(settle_due(&app, app.clock.now()).await.unwrap(), None, "nothing is left to do");
    }

    async fn a_declined_card_calls_the_order_off(app: TestApp) {
        let city = City::build(&app).await;
        for card in ["sandbox:4000000000000002", "sandbox:4000000000009995", "nonsense"] {
            let order = city.order(&app, Some(card)).await;
            assert_eq!(settle(&app, order).await.unwrap(), Standing::Settled);
            assert_eq!(status(&app, order).await, OrderStatus::Cancelled, "{card}");
            assert_eq!(ours(&app, order).await.status, PaymentStatus::Failed);
            agree(&app, order, TOTAL).await;
        }
    }

    async fn an_answer_that_was_lost_is_looked_up_and_the_card_is_charged_once(app: TestApp) {
        let city = City::build(&app).await;
        let order = city.order(&app, Some("sandbox:4000000000000119")).await;
        assert_eq!(settle(&app, order).await.unwrap(), Standing::Settled);
        assert_eq!(status(&app, order).await, OrderStatus::Pending);
        assert_eq!(theirs(&app, order).await.unwrap().held.amount, TOTAL);
        agree(&app, order, TOTAL).await;
    }

    async fn an_answer_lost_while_the_gateway_goes_down_is_heard_later(app: TestApp) {
        let city = City::build(&app).await;
        let order = city.order(&app, Some(GOOD)).await;
        // Asked: done but lost. Looked: down. Later looked: down.
        let gateway = Troubled::new(&app, [Trouble::Lost, Trouble::Down, Trouble::Down]);
        for _ in 0..2 {
            let standing = settle_with(&app, &gateway, order).await.unwrap();
            let Standing::Later(at) = standing else { panic!("{standing:?}") };
            assert_eq!(status(&app, order).await, OrderStatus::AwaitingPayment, "the order waits, it does not fail");
            assert_eq!(settle_with(&app, &gateway, order).await.unwrap(), Standing::Later(at), "not before its time");
            app.clock.advance(Duration::from_secs(5));
        }
        assert_eq!(settle_with(&app, &gateway, order).await.unwrap(), Standing::Settled);
        assert_eq!(status(&app, order).await, OrderStatus::Pending);
        assert_eq!(done(&app, order, "authorize").await, 1);
        agree(&app, order, TOTAL).await;
    }

    async fn a_gateway_that_is_down_is_asked_again_when_it_is_time(app: TestApp) {
        let city = City::build(&app).await;
        let order = city.order(&app, Some(GOOD)).await;
        let gateway = Troubled::new(&app, [Trouble::Down]);
        let Standing::Later(at) = settle_with(&app, &gateway, order).await.unwrap() else { panic!("settled") };
        assert!(at > app.clock.now());
        assert_eq!(settle_due(&app, app.clock.now()).await.unwrap(), Some(at), "the worker knows when");
        assert_eq!(status(&app, order).await, OrderStatus::AwaitingPayment);
        app.clock.advance(Duration::from_secs(5));
        settle_due(&app, app.clock.now()).await.unwrap();
        assert_eq!(status(&app, order).await, OrderStatus::Pending);
    }

    async fn a_gateway_that_does_not_answer_is_not_waited_for_without_end(app: TestApp) {
        let city = City::build(&app).await;
        let order = city.order(&app, Some(GOOD)).await;
        let gateway = Troubled::new(&app, [Trouble::Stuck, Trouble::Stuck]);
        let asking = settle_with(&app, &gateway, order);
        let passing = async {
            gateway.hangs.notified().await;
            app.clock.advance(Duration::from_secs(7));
            gateway.hangs.notified().await;
            app.clock.advance(Duration::from_secs(2));
        };
        let (standing, ()) = tokio::join!(asking, passing);
        assert!(matches!(standing.unwrap(), Standing::Later(_)));
        assert_eq!(done(&app, order, "authorize").await, 0);
        agree(&app, order, TOTAL).await;
    }

    async fn a_customer_waits_for_a_good_card_no_longer_than_its_answer(app: TestApp) {
        let city = City::build(&app).await;
        let order = city.order(&app, Some(GOOD)).await;
        settle_while_waiting(&app, order).await;
        assert_eq!(status(&app, order).await, OrderStatus::Pending);
    }

    async fn a_customer_waits_ten_seconds_for_a_slow_gateway_and_the_order_stays(app: TestApp) {
        let city = City::build(&app).await;
        let order = city.order(&app, Some(GOOD)).await;
        let slow = Arc::new(Troubled::new(&app, [Trouble::Stuck, Trouble::Stuck]));
        let gateway: Arc<dyn Gateway> = slow.clone();
        let began = app.clock.now();
        let passing = async {
            slow.hangs.notified().await;
            app.clock.advance(Duration::from_secs(10));
        };
        tokio::join!(settle_while_waiting_with(&app, &gateway, order), passing);
        assert!(app.clock.now() <= began.plus_seconds(10));
        assert_eq!(status(&app, order).await, OrderStatus::AwaitingPayment);
        // Asking went on without them, and the worker finds what is left.
        for _ in 0..50 {
            app.clock.advance(Duration::from_secs(31));
            settle_due(&app, app.clock.now()).await.unwrap();
            if status(&app, order).await == OrderStatus::Pending {
                break;
            }
        }
        assert_eq!(status(&app, order).await, OrderStatus::Pending);
        assert_eq!(done(&app, order, "authorize").await, 1);
    }

    async fn many_who_settle_one_payment_ask_one_question(app: TestApp) {
        let city = City::build(&app).await;
        let order = city.order(&app, Some(GOOD)).await;
        let all = futures::future::join_all((0..8).map(|_| settle(&app, order))).await;
        assert!(all.iter().any(|standing| *standing.as_ref().unwrap() == Standing::Settled));
        assert_eq!(done(&app, order, "authorize").await, 1);
        agree(&app, order, TOTAL).await;
    }

    async fn a_server_killed_before_or_after_the_gateway_did_it_charges_once(app: TestApp) {
        let city = City::build(&app).await;
        for trouble in [Trouble::Silent, Trouble::Stuck] {
            // Holding the amount.
            let order = city.order(&app, Some(GOOD)).await;
            let gateway = Troubled::new(&app, [trouble]);
            killed(&app, &gateway, order).await;
            assert!(matches!(settle(&app, order).await.unwrap(), Standing::Later(_)), "the lease still stands");
            app.clock.advance(Duration::from_secs(31));
            settle_due(&app, app.clock.now()).await.unwrap();
            assert_eq!(status(&app, order).await, OrderStatus::Pending);
            agree(&app, order, TOTAL).await;
            // Taking it.
            command(&app, city.kitchen(), order, ACCEPT).await.unwrap();
            let gateway = Troubled::new(&app, [trouble]);
            killed(&app, &gateway, order).await;
            app.clock.advance(Duration::from_secs(31));
            settle_due(&app, app.clock.now()).await.unwrap();
            assert_eq!(ours(&app, order).await.status, PaymentStatus::Captured);
            assert_eq!(done(&app, order, "capture").await, 1);
            agree(&app, order, TOTAL).await;
            // Giving some of it back, twice the same amount.
            let support = Actor::person(person(&app, Role::Support).await, Role::Support);
            for refunded in [1_000, 2_000] {
                command(&app, support, order, Command::Refund { amount: 1_000 }).await.unwrap();
                let gateway = Troubled::new(&app, [trouble]);
                killed(&app, &gateway, order).await;
                app.clock.advance(Duration::from_secs(31));
                settle_due(&app, app.clock.now()).await.unwrap();
                assert_eq!(ours(&app, order).await.refunded, refunded);
                agree(&app, order, TOTAL).await;
            }
            assert_eq!(done(&app, order, "refund").await, 2);
        }
    }

    async fn a_server_killed_while_letting_go_lets_go(app: TestApp) {
        let city = City::build(&app).await;
        for trouble in [Trouble::Silent, Trouble::Stuck] {
            let order = paid(&app, &city).await;
            command(&app, city.eater(), order, CANCEL).await.unwrap();
            let gateway = Troubled::new(&app, [trouble]);
            killed(&app, &gateway, order).await;
            app.clock.advance(Duration::from_secs(31));
            settle_due(&app, app.clock.now()).await.unwrap();
            assert_eq!(ours(&app, order).await.status, PaymentStatus::Voided);
            assert_eq!(theirs(&app, order).await.unwrap().status, ChargeStatus::Released);
        }
    }

    async fn money_taken_while_the_order_is_called_off_goes_back(app: TestApp) {
        let city = City::build(&app).await;
        let order = paid(&app, &city).await;
        command(&app, city.kitchen(), order, ACCEPT).await.unwrap();
        let inner = Sandbox::new(app.db.clone(), app.clock.clone());
        let gateway = CalledOffMeanwhile { app: &app, inner, by: city.kitchen() };
        assert_eq!(settle_with(&app, &gateway, order).await.unwrap(), Standing::Settled);
        let books = ours(&app, order).await;
        assert_eq!((books.status, books.captured, books.refunded), (PaymentStatus::Refunded, TOTAL, TOTAL));
        agree(&app, order, TOTAL).await;
    }

    async fn a_late_cancellation_keeps_the_fee_and_no_more(app: TestApp) {
        let city = City::build(&app).await;
        // Called off while the capture is on its way, and called off before it was asked for.
        let order = paid(&app, &city).await;
        command(&app, city.kitchen(), order, ACCEPT).await.unwrap();
        let inner = Sandbox::new(app.db.clone(), app.clock.clone());
        let gateway = CalledOffMeanwhile { app: &app, inner, by: city.eater() };
        assert_eq!(settle_with(&app, &gateway, order).await.unwrap(), Standing::Settled);
        let early = paid(&app, &city).await;
        command(&app, city.kitchen(), early, ACCEPT).await.unwrap();
        command(&app, city.eater(), early, CANCEL).await.unwrap();
        settle_due(&app, app.clock.now()).await.unwrap();
        for order in [order, early] {
            let books = ours(&app, order).await;
            assert_eq!((books.status, books.captured - books.refunded), (PaymentStatus::PartiallyRefunded, FEE));
            assert_eq!(done(&app, order, "capture").await, 1);
            agree(&app, order, TOTAL).await;
        }
    }

    async fn a_card_held_while_the_order_is_called_off_is_let_go_of(app: TestApp) {
        let city = City::build(&app).await;
        let order = city.order(&app, Some(GOOD)).await;
        let inner = Sandbox::new(app.db.clone(), app.clock.clone());
        let gateway = CalledOffMeanwhile { app: &app, inner, by: city.eater() };
        assert_eq!(settle_with(&app, &gateway, order).await.unwrap(), Standing::Settled);
        assert_eq!(status(&app, order).await, OrderStatus::Cancelled);
        assert_eq!(theirs(&app, order).await.unwrap().status, ChargeStatus::Released);
        agree(&app, order, TOTAL).await;
    }

    async fn a_hold_overtaken_by_its_own_release_never_comes_to_be(app: TestApp) {
        let city = City::build(&app).await;
        let order = city.order(&app, Some(GOOD)).await;
        let gateway = Troubled::new(&app, [Trouble::Stuck]);
        killed(&app, &gateway, order).await;
        command(&app, city.eater(), order, CANCEL).await.unwrap();
        app.clock.advance(Duration::from_secs(31));
        settle_due(&app, app.clock.now()).await.unwrap();
        assert_eq!(ours(&app, order).await.status, PaymentStatus::Voided);
        // The first request arrives now, out of the wire it was stuck in.
        let amount = Money::new(TOTAL, Currency::Sar);
        let late = Request { order, number: 1, amount };
        assert!(matches!(app.gateway.authorise(&late, GOOD).await, Ok(Authorised::Declined(_))));
        assert_eq!(theirs(&app, order).await.unwrap().held.amount, 0);
    }

    async fn a_refused_capture_is_asked_again_as_a_new_question(app: TestApp) {
        let city = City::build(&app).await;
        let order = city.order(&app, Some("sandbox:4000000000000341")).await;
        settle(&app, order).await.unwrap();
        command(&app, city.kitchen(), order, ACCEPT).await.unwrap();
        assert!(matches!(settle(&app, order).await.unwrap(), Standing::Later(_)));
        assert_eq!(ours(&app, order).await.status, PaymentStatus::Authorized);
        app.clock.advance(Duration::from_secs(5));
        settle_due(&app, app.clock.now()).await.unwrap();
        assert_eq!(ours(&app, order).await.captured, TOTAL);
        assert_eq!(done(&app, order, "capture").await, 2, "the refusal and the capture");
        agree(&app, order, TOTAL).await;
    }

    async fn other_money_than_was_asked_for_never_enters_the_books(app: TestApp) {
        let city = City::build(&app).await;
        for money in [Money::new(TOTAL, Currency::Kwd), Money::new(TOTAL + 1, Currency::Sar)] {
            let order = city.order(&app, Some(GOOD)).await;
            let standing = settle_with(&app, &OtherMoney(money), order).await.unwrap();
            assert!(matches!(standing, Standing::Later(_)));
            assert_eq!(status(&app, order).await, OrderStatus::AwaitingPayment);
        }
        // Less than the total is held: nobody cooks for it.
        let order = city.order(&app, Some(GOOD)).await;
        let less = OtherMoney(Money::new(TOTAL - 1, Currency::Sar));
        assert_eq!(settle_with(&app, &less, order).await.unwrap(), Standing::Settled);
        assert_eq!(status(&app, order).await, OrderStatus::Cancelled);
    }

    async fn the_gateway_answers_one_key_once_and_keeps_its_books_over_a_restart(app: TestApp) {
        let city = City::build(&app).await;
        let order = city.order(&app, Some(GOOD)).await;
        let amount = Money::new(TOTAL, Currency::Sar);
        let first = Request { order, number: 1, amount };
        for _ in 0..3 {
            // A gateway made anew each time knows only what it has written down.
            let gateway = Sandbox::new(app.db.clone(), app.clock.clone());
            assert_eq!(gateway.authorise(&first, GOOD).await, Ok(Authorised::Held(amount)));
            let capture = Request { number: 2, ..first };
            assert_eq!(gateway.capture(&capture).await, Ok(Captured::Taken(amount)));
            let refund = Request { number: 3, amount: Money::new(1_500, Currency::Sar), ..first };
            assert_eq!(gateway.refund(&refund).await, Ok(Refunded::Given(refund.amount)));
        }
        let charge = theirs(&app, order).await.unwrap();
        assert_eq!((charge.held, charge.refunded.amount), (amount, 1_500));
        let more = Request { number: 4, ..first };
        assert_eq!(app.gateway.refund(&more).await, Ok(Refunded::Refused), "more than is left");
        let void = Request { number: 5, ..first };
        assert_eq!(app.gateway.void(&void).await, Ok(Voided::Taken(amount)));
    }
}
