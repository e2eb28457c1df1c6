//! Which app an engine serves, and with it which Calls it answers. An app is a value that names its own functions,
//! so that the linker leaves out of each app what only the others use.

use std::rc::Rc;

use momfood_protocol::engine::{AnyCall, Done};
use momfood_protocol::error::{ErrorCode, Failure};
use serde::Serialize;
use serde_json::Value;

use crate::core::Core;
use crate::port::LocalBoxFuture;
use crate::{orders, session};

/// One of the apps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppKind {
    /// Orders food.
    Customer,
    /// Cooks it.
    Kitchen,
    /// Carries it.
    Driver,
}

impl AppKind {
    /// Its name in cookies and headers.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Kitchen => "kitchen",
            Self::Driver => "driver",
        }
    }
}

type Reply = Result<Value, Failure>;

/// An app, as an engine needs to know it; made by [`customer`], [`kitchen`] or [`driver`].
#[derive(Clone, Copy)]
pub struct App {
    kind: AppKind,
    pub(crate) call: fn(Rc<Core>, AnyCall) -> LocalBoxFuture<'static, Reply>,
    /// Takes up what was kept.
    pub(crate) resume: fn(&Rc<Core>),
    /// The line is live again.
    pub(crate) live: fn(&Rc<Core>),
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
            crate::placing::resume(core);
        },
        live: crate::placing::settle,
        forget: |core| {
            crate::cart::forget(core);
            crate::catalog::forget_addresses(core);
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
        live: |_| {},
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
        live: |_| {},
        forget: |_| {},
    }
}

fn reply<T: Serialize>(core: &Core, value: &T) -> Reply {
    serde_json::to_value(value).map_err(|_| core.failure(ErrorCode::Protocol))
}

/// Calls that every app answers.
async fn common(core: &Rc<Core>, call: AnyCall) -> Reply {
    match call {
        AnyCall::GetSession(_) => reply(core, &session::get(core).await),
        AnyCall::SignIn(call) => reply(core, &session::sign_in(core, call).await?),
        AnyCall::SignOut(_) => reply(core, &session::sign_out(core).await),
        AnyCall::SetLanguage(call) => reply::<Done>(core, &session::set_language(core, &call)),
        AnyCall::GetConnection(_) => reply(core, &core.connection()),
        AnyCall::GetOrder(call) => reply(core, &orders::get(core, call).await?),
        AnyCall::CancelOrder(call) => reply(core, &orders::cancel(core, call).await?),
        // A Call of another app.
        _ => Err(core.failure(ErrorCode::Forbidden)),
    }
}

#[cfg(feature = "customer")]
fn customer_call(core: Rc<Core>, call: AnyCall) -> LocalBoxFuture<'static, Reply> {
    use crate::{cart, catalog, history, placing};
    Box::pin(async move {
        let core = &core;
        match call {
            AnyCall::SignUp(call) => reply(core, &session::sign_up(core, call).await?),
            AnyCall::GetAddresses(_) => reply(core, &catalog::get_addresses(core).await?),
            AnyCall::SaveAddress(call) => reply(core, &catalog::save_address(core, call).await?),
            AnyCall::DeleteAddress(call) => reply(core, &catalog::delete_address(core, call).await?),
            AnyCall::ChooseAddress(call) => reply(core, &catalog::choose_address(core, &call)?),
            AnyCall::ListRestaurants(call) => reply(core, &catalog::list(core, call).await?),
            AnyCall::GetRestaurant(call) => reply(core, &catalog::get(core, call).await?),
            AnyCall::GetCart(_) => reply(core, &cart::get(core)),
            AnyCall::AddToCart(call) => reply(core, &cart::add(core, call).await?),
            AnyCall::SetCartLine(call) => reply(core, &cart::set_line(core, call)?),
            AnyCall::SetCart(call) => reply(core, &cart::set(core, call)?),
            AnyCall::SetTip(call) => reply(core, &cart::set_tip(core, &call)?),
            AnyCall::SetFulfilment(call) => reply(core, &cart::set_fulfilment(core, &call)),
            AnyCall::ClearCart(_) => reply(core, &cart::clear(core)),
            AnyCall::GetQuote(_) => reply(core, &cart::quote(core).await?),
            AnyCall::PlaceOrder(call) => reply(core, &placing::place(core, call).await?),
            AnyCall::NewOrderId(_) => reply(core, &placing::new_id(core)),
            AnyCall::ListOrders(call) => reply(core, &history::list(core, call).await?),
            AnyCall::Reorder(call) => reply(core, &cart::reorder(core, call).await?),
            call => common(core, call).await,
        }
    })
}

#[cfg(feature = "kitchen")]
fn kitchen_call(core: Rc<Core>, call: AnyCall) -> LocalBoxFuture<'static, Reply> {
    use crate::kitchen;
    Box::pin(async move {
        let core = &core;
        match call {
            AnyCall::GetBoard(_) => reply(core, &kitchen::board(core).await?),
            AnyCall::AcceptOrder(call) => reply(core, &kitchen::accept(core, call).await?),
            AnyCall::RejectOrder(call) => reply(core, &kitchen::reject(core, call).await?),
            AnyCall::StartPreparing(call) => reply(core, &kitchen::prepare(core, call).await?),
            AnyCall::MarkReady(call) => reply(core, &kitchen::ready(core, call).await?),
            AnyCall::HandOver(call) => reply(core, &kitchen::hand_over(core, call).await?),
            AnyCall::GetMenu(_) => reply(core, &kitchen::menu(core).await?),
            AnyCall::SaveMenu(call) => reply(core, &kitchen::save_menu(core, call).await?),
            AnyCall::SetAvailability(call) => reply(core, &kitchen::set_availability(core, call).await?),
            AnyCall::PauseRestaurant(call) => reply(core, &kitchen::pause(core, call).await?),
            call => common(core, call).await,
        }
    })
}

#[cfg(feature = "driver")]
fn driver_call(core: Rc<Core>, call: AnyCall) -> LocalBoxFuture<'static, Reply> {
    use crate::driver;
    Box::pin(async move {
        let core = &core;
        match call {
            AnyCall::GetDriverHome(_) => reply(core, &driver::home(core).await?),
            AnyCall::SetShift(call) => reply(core, &driver::set_shift(core, call).await?),
            AnyCall::AcceptOffer(call) => reply(core, &driver::accept_offer(core, call).await?),
            AnyCall::DeclineOffer(call) => reply(core, &driver::decline_offer(core, call).await?),
            AnyCall::TakeStep(call) => reply(core, &driver::take_step(core, call).await?),
            AnyCall::ReportPosition(call) => reply(core, &driver::report(core, &call)?),
            call => common(core, call).await,
        }
    })
}
