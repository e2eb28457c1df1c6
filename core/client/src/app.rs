//! Which app an engine serves, and with it which Calls it answers. An app is a value that names its own functions,
//! so that the linker leaves out of each app what only the others use.

use std::rc::Rc;

use momfood_protocol::engine::{
    AcknowledgeAlert, AnyCall, AskToNotify, Call, CancelOrder, ExportVault, GetConnection, GetDevice,
    GetOrder, GetOutbox, GetSession, SetDevice, SetLanguage, SettleRefusal, SignOut,
};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::reading;
use serde_json::Value;
use uuid::Uuid;

use crate::core::Core;
use crate::port::LocalBoxFuture;
use crate::{device, online, orders, session, taps};

/// One of the apps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppKind {
    /// Orders food.
    Customer,
    /// Cooks it.
    Kitchen,
    /// Carries it.
    Driver,
    /// Runs the platform, or helps people.
    Admin,
}

impl AppKind {
    /// Its name in cookies and headers.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Kitchen => "kitchen",
            Self::Driver => "driver",
            Self::Admin => "admin",
        }
    }
}

type Reply = Result<Value, Failure>;

/// An app, as an engine needs to know it; made by [`customer`], [`kitchen`], [`driver`] or [`admin`].
#[derive(Clone, Copy)]
pub struct App {
    kind: AppKind,
    /// Answers the Call of that name.
    pub(crate) call: fn(Rc<Core>, &str, Value) -> LocalBoxFuture<'static, Reply>,
    /// Takes up what was kept.
    pub(crate) resume: fn(&Rc<Core>),
    /// Takes up what was kept of who is signed in since the last time.
    pub(crate) followed: fn(&Rc<Core>),
    /// The line is live again.
    pub(crate) live: fn(&Rc<Core>),
    /// What became of a mutation nobody waits for is known now.
    pub(crate) settled: fn(&Rc<Core>, Uuid),
    /// Forgets what was kept of somebody who signed out.
    pub(crate) forget: fn(&Rc<Core>),
}

impl App {
    /// Which one.
    pub const fn kind(&self) -> AppKind {
        self.kind
    }
}

/// The customer's app.
#[cfg(feature = "customer")]
pub fn customer() -> App {
    App {
        kind: AppKind::Customer,
        call: customer_call,
        resume: |core| {
            crate::catalog::resume(core);
            crate::cart::resume(core);
            crate::notify::resume(core);
        },
        followed: |core| {
            crate::history::resume(core);
            crate::placing::resume(core);
        },
        live: crate::notify::hand_in,
        settled: crate::placing::settled,
        forget: |core| {
            crate::cart::forget(core);
            crate::catalog::forget_addresses(core);
            crate::history::forget(core);
        },
    }
}

/// The kitchen's app.
#[cfg(feature = "kitchen")]
pub fn kitchen() -> App {
    App {
        kind: AppKind::Kitchen,
        call: kitchen_call,
        resume: |_| {},
        followed: |_| {},
        live: |_| {},
        settled: |_, _| {},
        forget: |_| {},
    }
}

/// The driver's app.
#[cfg(feature = "driver")]
pub fn driver() -> App {
    App {
        kind: AppKind::Driver,
        call: driver_call,
        resume: |_| {},
        followed: crate::track::look,
        live: |_| {},
        settled: |_, _| {},
        forget: crate::track::look,
    }
}

/// The app of those who run the platform: all it asks, it asks of the server.
#[cfg(feature = "admin")]
pub fn admin() -> App {
    App {
        kind: AppKind::Admin,
        call: common,
        resume: |_| {},
        followed: |_| {},
        live: |_| {},
        settled: |_, _| {},
        forget: |_| {},
    }
}

/// Reads the Call's arguments, lets `f` answer, and writes the Reply. Everything crosses as [`Value`], in both
/// directions and at every boundary: each shape is then read and written by one piece of code, not by one per format.
fn run<C: Call + 'static, F: Future<Output = Result<C::Reply, Failure>> + 'static>(
    core: Rc<Core>,
    args: Value,
    f: impl FnOnce(Rc<Core>, C) -> F + 'static,
) -> LocalBoxFuture<'static, Reply> {
    Box::pin(async move {
        let protocol = core.failure(ErrorCode::Protocol);
        let Ok(call) = reading::read::<C>(args) else {
            return Err(protocol);
        };
        let reply = f(core, call).await?;
        serde_json::to_value(&reply).map_err(|_| protocol)
    })
}

/// Calls that every app answers.
fn common(core: Rc<Core>, name: &str, args: Value) -> LocalBoxFuture<'static, Reply> {
    match name {
        GetSession::NAME => run(core, args, |core, _: GetSession| async move {
            Ok(session::get(&core).await)
        }),
        SignOut::NAME => run(core, args, |core, _: SignOut| async move {
            Ok(session::sign_out(&core).await)
        }),
        SetLanguage::NAME => run(core, args, |core, call| async move {
            Ok(session::set_language(&core, &call))
        }),
        GetConnection::NAME => run(core, args, |core, _: GetConnection| async move {
            Ok(core.connection())
        }),
        GetOutbox::NAME => run(
            core,
            args,
            |core, _: GetOutbox| async move { taps::outbox(&core) },
        ),
        SettleRefusal::NAME => run(core, args, |core, call| async move {
            taps::settle_refusal(&core, call).await
        }),
        AcknowledgeAlert::NAME => run(
            core,
            args,
            |core, call| async move { taps::acknowledge(&core, &call) },
        ),
        ExportVault::NAME => run(
            core,
            args,
            |core, _: ExportVault| async move { taps::export(&core) },
        ),
        GetDevice::NAME => run(core, args, |core, _: GetDevice| async move {
            Ok(device::state(&core))
        }),
        SetDevice::NAME => run(core, args, |core, call| async move { device::set(&core, &call) }),
        AskToNotify::NAME => run(core, args, |core, _: AskToNotify| async move {
            device::ask_to_notify(&core).await
        }),
        GetOrder::NAME => run(
            core,
            args,
            |core, call| async move { orders::get(&core, call).await },
        ),
        CancelOrder::NAME => run(core, args, |core, call| async move {
            orders::cancel(&core, call).await
        }),
        _ => {
            if let Some(door) = momfood_protocol::online::door(name) {
                return Box::pin(online::pass(core, door, args));
            }
            // A Call of another app, or of a newer version.
            let code = if AnyCall::NAMES.contains(&name) {
                ErrorCode::Forbidden
            } else {
                ErrorCode::Protocol
            };
            Box::pin(std::future::ready(Err(core.failure(code))))
        }
    }
}

#[cfg(feature = "customer")]
fn customer_call(core: Rc<Core>, name: &str, args: Value) -> LocalBoxFuture<'static, Reply> {
    use crate::{cart, catalog, history, notify, placing};
    use momfood_protocol::engine::{
        AddToCart, ChooseAddress, ClearCart, DeleteAddress, GetAddresses, GetCart, GetProof, GetQuote,
        GetRestaurant, GetShared, GetSharing, ListOrders, ListRestaurants, NewOrderId, PlaceOrder, RateOrder,
        RegisterPush, Reorder, SaveAddress, SetCart, SetCartLine, SetFulfilment, SetTip, ShareOrder,
        StopSharing,
    };
    match name {
        GetAddresses::NAME => run(core, args, |core, _: GetAddresses| async move {
            catalog::get_addresses(&core).await
        }),
        SaveAddress::NAME => run(core, args, |core, call| async move {
            catalog::save_address(&core, call).await
        }),
        DeleteAddress::NAME => run(core, args, |core, call| async move {
            catalog::delete_address(&core, call).await
        }),
        ChooseAddress::NAME => run(core, args, |core, call| async move {
            catalog::choose_address(&core, &call)
        }),
        ListRestaurants::NAME => run(core, args, |core, call| async move {
            catalog::list(&core, call).await
        }),
        GetRestaurant::NAME => run(
            core,
            args,
            |core, call| async move { catalog::get(&core, call).await },
        ),
        GetCart::NAME => run(core, args, |core, _: GetCart| async move { Ok(cart::get(&core)) }),
        AddToCart::NAME => run(
            core,
            args,
            |core, call| async move { cart::add(&core, call).await },
        ),
        SetCartLine::NAME => run(
            core,
            args,
            |core, call| async move { cart::set_line(&core, call) },
        ),
        SetCart::NAME => run(core, args, |core, call| async move { cart::set(&core, call) }),
        SetTip::NAME => run(
            core,
            args,
            |core, call| async move { cart::set_tip(&core, &call) },
        ),
        SetFulfilment::NAME => run(core, args, |core, call| async move {
            Ok(cart::set_fulfilment(&core, &call))
        }),
        ClearCart::NAME => run(
            core,
            args,
            |core, _: ClearCart| async move { Ok(cart::clear(&core)) },
        ),
        GetQuote::NAME => run(
            core,
            args,
            |core, _: GetQuote| async move { cart::quote(&core).await },
        ),
        PlaceOrder::NAME => run(core, args, |core, call| async move {
            placing::place(&core, call).await
        }),
        NewOrderId::NAME => run(core, args, |core, _: NewOrderId| async move {
            Ok(placing::new_id(&core))
        }),
        ListOrders::NAME => run(core, args, |core, call| async move {
            history::list(&core, call).await
        }),
        RateOrder::NAME => run(
            core,
            args,
            |core, call| async move { orders::rate(&core, call).await },
        ),
        Reorder::NAME => run(core, args, |core, call| async move {
            cart::reorder(&core, call).await
        }),
        RegisterPush::NAME => run(core, args, |core, call| async move {
            Ok(notify::register(&core, call))
        }),
        ShareOrder::NAME => run(core, args, |core, call| async move {
            notify::share(&core, call).await
        }),
        GetSharing::NAME => run(core, args, |core, call| async move {
            notify::sharing(&core, call).await
        }),
        StopSharing::NAME => run(
            core,
            args,
            |core, call| async move { notify::stop(&core, call).await },
        ),
        GetShared::NAME => run(core, args, |core, call| async move {
            notify::shared(&core, call).await
        }),
        GetProof::NAME => run(core, args, |core, call| async move {
            notify::proof(&core, call).await
        }),
        _ => common(core, name, args),
    }
}

#[cfg(feature = "kitchen")]
fn kitchen_call(core: Rc<Core>, name: &str, args: Value) -> LocalBoxFuture<'static, Reply> {
    use crate::kitchen;
    use momfood_protocol::engine::{
        AcceptOrder, BumpTicket, GetBoard, GetMenu, GetPrinting, HandOver, MarkReady, OpenStation,
        PauseRestaurant, PrintOrder, RecallTicket, RejectOrder, RemovePrinter, SaveMenu, SavePrinter,
        SetAvailability, SettlePrint, StartPreparing, TestPrinter,
    };
    match name {
        GetBoard::NAME => run(core, args, |core, _: GetBoard| async move {
            kitchen::board(&core).await
        }),
        AcceptOrder::NAME => run(core, args, |core, call| async move {
            kitchen::accept(&core, call).await
        }),
        RejectOrder::NAME => run(core, args, |core, call| async move {
            kitchen::reject(&core, call).await
        }),
        StartPreparing::NAME => run(core, args, |core, call| async move {
            kitchen::prepare(&core, call).await
        }),
        MarkReady::NAME => run(core, args, |core, call| async move {
            kitchen::ready(&core, call).await
        }),
        HandOver::NAME => run(core, args, |core, call| async move {
            kitchen::hand_over(&core, call).await
        }),
        BumpTicket::NAME => run(core, args, |core, call| async move {
            kitchen::bump(&core, call).await
        }),
        RecallTicket::NAME => run(core, args, |core, call| async move {
            kitchen::recall(&core, call).await
        }),
        GetMenu::NAME => run(core, args, |core, _: GetMenu| async move {
            kitchen::menu(&core).await
        }),
        SaveMenu::NAME => run(core, args, |core, call| async move {
            kitchen::save_menu(&core, call).await
        }),
        SetAvailability::NAME => run(core, args, |core, call| async move {
            kitchen::set_availability(&core, call).await
        }),
        PauseRestaurant::NAME => run(core, args, |core, call| async move {
            kitchen::pause(&core, call).await
        }),
        OpenStation::NAME => run(core, args, |core, call| async move {
            device::open_station(&core, &call)
        }),
        GetPrinting::NAME
        | SavePrinter::NAME
        | RemovePrinter::NAME
        | TestPrinter::NAME
        | PrintOrder::NAME
        | SettlePrint::NAME => printing_call(&core, name, args),
        _ => common(core, name, args),
    }
}

#[cfg(feature = "printing")]
fn printing_call(core: &Rc<Core>, name: &str, args: Value) -> LocalBoxFuture<'static, Reply> {
    use crate::printing;
    use momfood_protocol::engine::{
        GetPrinting, PrintOrder, RemovePrinter, SavePrinter, SettlePrint, TestPrinter,
    };
    let core = Rc::clone(core);
    match name {
        SavePrinter::NAME => run(
            core,
            args,
            |core, call| async move { printing::save(&core, call) },
        ),
        RemovePrinter::NAME => run(
            core,
            args,
            |core, call| async move { printing::remove(&core, &call) },
        ),
        TestPrinter::NAME => run(
            core,
            args,
            |core, call| async move { printing::test(&core, &call) },
        ),
        PrintOrder::NAME => run(core, args, |core, call| async move {
            printing::print_order(&core, call).await
        }),
        SettlePrint::NAME => run(
            core,
            args,
            |core, call| async move { printing::settle(&core, &call) },
        ),
        _ => run(
            core,
            args,
            |core, _: GetPrinting| async move { printing::get(&core) },
        ),
    }
}

/// An engine without printers.
#[cfg(all(feature = "kitchen", not(feature = "printing")))]
fn printing_call(core: &Rc<Core>, _: &str, _: Value) -> LocalBoxFuture<'static, Reply> {
    Box::pin(std::future::ready(Err(core.failure(ErrorCode::NotOnThisDevice))))
}

#[cfg(feature = "driver")]
fn driver_call(core: Rc<Core>, name: &str, args: Value) -> LocalBoxFuture<'static, Reply> {
    use crate::{driver, track};
    use momfood_protocol::engine::{
        AcceptOffer, DeclineOffer, GetDriverHome, GetPace, Locate, ReportPosition, SetShift, TakeStep,
    };
    match name {
        GetDriverHome::NAME => run(core, args, |core, _: GetDriverHome| async move {
            driver::home(&core).await
        }),
        SetShift::NAME => run(core, args, |core, call| async move {
            driver::set_shift(&core, call).await
        }),
        AcceptOffer::NAME => run(core, args, |core, call| async move {
            driver::accept_offer(&core, call).await
        }),
        DeclineOffer::NAME => run(core, args, |core, call| async move {
            driver::decline_offer(&core, call).await
        }),
        TakeStep::NAME => run(core, args, |core, call| async move {
            driver::take_step(&core, call).await
        }),
        ReportPosition::NAME => run(
            core,
            args,
            |core, call| async move { track::report(&core, &call) },
        ),
        GetPace::NAME => run(core, args, |core, _: GetPace| async move {
            Ok(track::pace_now(&core))
        }),
        Locate::NAME => run(
            core,
            args,
            |core, _: Locate| async move { track::locate(&core).await },
        ),
        _ => common(core, name, args),
    }
}
