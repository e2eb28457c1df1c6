//! Queries, commands and Events over a fake engine.

use super::*;
use crate::transport::{FakeTransport, ok};
use momfood_protocol::engine::{AnyCall, Done, NewId, NewOrderId, SetLanguage as Language, SetTip};
use std::future::Future as _;
use std::pin::pin;
use std::task::{Context, Waker};
use uuid::Uuid;

thread_local! {
    static FAKE: RefCell<Option<FakeTransport>> = const { RefCell::new(None) };
    static SHOWN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    static TAP: Cell<Option<Command<NewOrderId>>> = const { Cell::new(None) };
    static TIP: Cell<Option<Signal<i64>>> = const { Cell::new(None) };
}

fn show(what: impl Into<String>) {
    SHOWN.with_borrow_mut(|shown| shown.push(what.into()));
}

fn shown() -> Vec<String> {
    SHOWN.take()
}

#[component]
fn Root() -> Element {
    use_engine_over(|| Rc::new(FAKE.with_borrow(|fake| fake.clone().unwrap())));
    rsx! { Screen {} }
}

#[component]
fn Screen() -> Element {
    let tip = use_signal(|| 1_i64);
    TIP.set(Some(tip));
    // A stand-in for a question with arguments: the reply is whatever the fake makes of it.
    let query = use_query(move || SetTip { tip: tip() }, &[EventKind::Cart]);
    match &*query.read() {
        Answer::Loading => show("loading"),
        Answer::Ready(cart, refreshing) => show(format!("{} {refreshing}", cart.count)),
        Answer::Failed(failure, last) => show(format!("{:?} {}", failure.code, last.is_some())),
    }
    let tap = use_command(|new: NewId| show(format!("minted {}", new.id)));
    TAP.set(Some(tap));
    rsx! {}
}

fn cart(count: u32) -> AnyReply {
    let view = serde_json::json!({ "cart": null, "restaurant": null, "picture": null, "count": count,
        "fulfilment": "delivery", "bill": null, "problem": null, "conflict": null });
    AnyReply::Ok(view)
}

/// Lets everything that can happen, happen.
fn settle(dom: &mut VirtualDom) {
    for _ in 0..20 {
        let mut context = Context::from_waker(Waker::noop());
        let _ = pin!(dom.wait_for_work()).poll(&mut context);
        dom.render_immediate(&mut dioxus::core::NoOpMutations);
    }
}

fn start(answer: impl Fn(AnyCall) -> Option<AnyReply> + 'static) -> (VirtualDom, FakeTransport) {
    let fake = FakeTransport::new(move |call| match call {
        AnyCall::GetSession(_) => AnyReply::Ok(serde_json::json!({ "user": null })),
        AnyCall::GetConnection(_) => AnyReply::Err(Failure::new(ErrorCode::Offline, lang::Lang::En)),
        AnyCall::SetLanguage(Language { .. }) => ok(&Done {}),
        other => answer(other).unwrap(),
    });
    FAKE.set(Some(fake.clone()));
    let mut dom = VirtualDom::new(Root);
    dom.rebuild_in_place();
    settle(&mut dom);
    (dom, fake)
}

fn asked(fake: &FakeTransport, is: impl Fn(&AnyCall) -> bool) -> usize {
    fake.calls().iter().filter(|call| is(call)).count()
}

#[test]
fn a_query_asks_at_once_and_again_when_told_or_when_its_arguments_change() {
    let (mut dom, fake) = start(|call| match call {
        AnyCall::SetTip(call) => Some(cart(u32::try_from(call.tip).unwrap())),
        _ => None,
    });
    assert_eq!(shown(), ["loading", "1 false"]);
    fake.tell(&EngineEvent::Cart {});
    settle(&mut dom);
    assert_eq!(asked(&fake, |call| matches!(call, AnyCall::SetTip(_))), 2);
    assert_eq!(shown().last().map(String::as_str), Some("1 false"));
    fake.tell(&EngineEvent::Menu {});
    settle(&mut dom);
    assert_eq!(
        asked(&fake, |call| matches!(call, AnyCall::SetTip(_))),
        2,
        "not what it waits for"
    );
    dom.in_runtime(|| TIP.get().unwrap().set(7));
    settle(&mut dom);
    assert_eq!(shown().last().map(String::as_str), Some("7 false"));
}

#[test]
fn a_failure_keeps_what_was_shown() {
    let broken = Rc::new(Cell::new(false));
    let now = Rc::clone(&broken);
    let (mut dom, fake) = start(move |_| {
        let failure = Failure::new(ErrorCode::Offline, lang::Lang::En);
        Some(if now.get() {
            AnyReply::Err(failure)
        } else {
            cart(3)
        })
    });
    broken.set(true);
    fake.tell(&EngineEvent::Cart {});
    settle(&mut dom);
    assert_eq!(shown().last().map(String::as_str), Some("Offline true"));
    broken.set(false);
    fake.tell(&EngineEvent::Cart {});
    settle(&mut dom);
    assert_eq!(shown().last().map(String::as_str), Some("3 false"));
}

#[test]
fn a_command_is_sent_once_and_its_reply_is_given() {
    let id = OrderId(Uuid::from_u128(9));
    let (mut dom, fake) = start(move |call| match call {
        AnyCall::NewOrderId(_) => Some(ok(&NewId { id })),
        _ => Some(cart(0)),
    });
    shown();
    dom.in_runtime(|| {
        let tap = TAP.get().unwrap();
        tap.run(NewOrderId {});
        tap.run(NewOrderId {});
    });
    settle(&mut dom);
    assert_eq!(asked(&fake, |call| matches!(call, AnyCall::NewOrderId(_))), 1);
    assert!(shown().contains(&format!("minted {id}")));
    dom.in_runtime(|| TAP.get().unwrap().run(NewOrderId {}));
    settle(&mut dom);
    assert_eq!(asked(&fake, |call| matches!(call, AnyCall::NewOrderId(_))), 2);
}

#[test]
fn kinds_of_events_are_told_apart() {
    let (mine, other) = (OrderId(Uuid::from_u128(1)), OrderId(Uuid::from_u128(2)));
    let order = EngineEvent::Order { id: mine };
    assert!(EventKind::Order(mine).includes(&order) && EventKind::Orders.includes(&order));
    assert!(!EventKind::Order(other).includes(&order) && !EventKind::NewOrder.includes(&order));
    assert!(EventKind::Orders.includes(&EngineEvent::NewOrder { id: mine }));
}
