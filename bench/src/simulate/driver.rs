//! A driver: waits near the centre, says yes to most offers, rides to the restaurant and to the customer, and reports
//! where they are every two seconds. Faster than a person, so that one need not wait half an hour to see it.

use std::rc::Rc;
use std::time::Duration;

use momfood_client::{Engine, driver};
use momfood_domain::geo::GeoPoint;
use momfood_domain::payment::PaymentMethod;
use momfood_domain::text::Lang;
use momfood_protocol::engine::{
    AcceptOffer, DeclineOffer, DriverHome, DriverStep, GetDriverHome, ReportPosition, SetShift, TakeStep,
};
use momfood_protocol::view::{Action, OrderView};
use rand::Rng as _;
use rand::rngs::StdRng;

use super::road::{heading, way};
use super::{Town, money, pause, why};
use crate::city::Someone;

/// Between two reports of where one is.
const TICK: Duration = Duration::from_secs(2);
/// Of a hundred offers so many are declined.
const DECLINED: u32 = 10;

/// What comes next of a job; `None` while its food is not ready.
fn next(job: &OrderView) -> Option<Action> {
    use Action::{ArriveAtCustomer, ArriveAtRestaurant, Deliver, PickUp, ReturnFood};
    let steps = [ArriveAtRestaurant, PickUp, ArriveAtCustomer, Deliver, ReturnFood];
    steps.into_iter().find(|action| job.may.contains(action))
}

/// Of two jobs the one to go on with: all is fetched before anything is brought, and who stands at a door hands over.
fn foremost(jobs: impl Iterator<Item = OrderView>) -> Option<OrderView> {
    jobs.min_by_key(|job| match next(job) {
        Some(Action::ArriveAtRestaurant) => 0,
        Some(Action::PickUp) => 1,
        None => 2,
        Some(Action::Deliver) => 3,
        Some(_) => 4,
    })
}

struct Rider {
    town: Rc<Town>,
    engine: Engine,
    name: String,
    here: GeoPoint,
    chance: StdRng,
}

pub async fn live(town: Rc<Town>, person: Someone, mut chance: StdRng) {
    let Some(here) = person.point else { return };
    pause(&mut chance, 0.0..5.0).await;
    let Some(engine) = town.engine(driver()) else {
        return;
    };
    if town.sign_in(&engine, &person.email, &mut chance).await.is_none() {
        return;
    }
    let name = person.first_name.get(Lang::En).to_owned();
    let mut closing = town.closing.clone();
    let mut rider = Rider {
        town,
        engine,
        name,
        here,
        chance,
    };
    tokio::select! {
        () = rider.ride() => {}
        _ = closing.wait_for(|closing| *closing) => {}
    }
    // Refused with food on board: then the next run goes on.
    let off = SetShift {
        on: false,
        point: None,
    };
    let _ = rider.engine.ask(off).await;
}

impl Rider {
    async fn ride(&mut self) {
        loop {
            match self.engine.ask(GetDriverHome {}).await {
                Ok(home) if home.day.shift.is_none() => self.begin_shift().await,
                // First the offer: it may be a second order to take along.
                Ok(DriverHome {
                    offer: Some(offer), ..
                }) => self.consider(&offer).await,
                Ok(DriverHome { job, next, .. }) => match foremost(job.into_iter().chain(next)) {
                    Some(job) => self.work(job).await,
                    None => self.wait().await,
                },
                Err(_) => pause(&mut self.chance, 1.0..3.0).await,
            }
        }
    }

    async fn begin_shift(&mut self) {
        let on = SetShift {
            on: true,
            point: Some(self.here),
        };
        match self.engine.ask(on).await {
            Ok(_) => self.town.say(format_args!("{} is on duty", self.name)),
            Err(failure) => {
                self.town
                    .say(format_args!("{} cannot begin: {}", self.name, why(&failure)));
                pause(&mut self.chance, 5.0..10.0).await;
            }
        }
    }

    /// Strolls about.
    async fn wait(&mut self) {
        if self.chance.random_bool(0.1) {
            self.here.lat += self.chance.random_range(-0.0006..0.0006);
            self.here.lng += self.chance.random_range(-0.0006..0.0006);
        }
        self.report(None).await;
        tokio::time::sleep(TICK).await;
    }

    async fn report(&self, heading: Option<u16>) {
        let call = ReportPosition {
            point: self.here,
            heading,
        };
        // Where one was a moment ago: the next report is as good.
        let _ = self.engine.ask(call).await;
    }

    async fn consider(&mut self, offer: &OrderView) {
        let Some(assignment) = offer.delivery.as_ref().and_then(|delivery| delivery.assignment) else {
            return;
        };
        pause(&mut self.chance, 2.0..6.0).await;
        let (id, attempt) = (offer.id, assignment.attempt);
        let from = offer.restaurant.name.get(Lang::En);
        if self.chance.random_ratio(DECLINED, 100) {
            if self.engine.ask(DeclineOffer { id, attempt }).await.is_ok() {
                self.town.say(format_args!(
                    "{} would rather not carry {}",
                    self.name, offer.number
                ));
            }
        } else if self.engine.ask(AcceptOffer { id, attempt }).await.is_ok() {
            let pay = money(assignment.pay, offer.bill.currency);
            self.town.say(format_args!(
                "{} carries {} from {from} for {pay}",
                self.name, offer.number
            ));
        }
    }

    /// The next step of the job.
    async fn work(&mut self, job: OrderView) {
        use Action::{ArriveAtCustomer, ArriveAtRestaurant, Deliver, PickUp, ReturnFood};
        let number = &job.number;
        let name = self.name.clone();
        let (step, said) = match next(&job) {
            Some(ArriveAtRestaurant) => {
                self.go_to(job.restaurant.point).await;
                let at = job.restaurant.name.get(Lang::En);
                (
                    DriverStep::ArriveAtRestaurant,
                    format!("{name} is at {at} for {number}"),
                )
            }
            Some(PickUp) => {
                pause(&mut self.chance, 2.0..6.0).await;
                (DriverStep::PickUp, format!("{name} has {number} in the bag"))
            }
            Some(ArriveAtCustomer) => {
                let to = job.address.as_ref().map(|address| address.point);
                if let Some(to) = to {
                    self.go_to(to).await;
                }
                (
                    DriverStep::ArriveAtCustomer,
                    format!("{name} is at {}'s door with {number}", job.customer.name),
                )
            }
            Some(Deliver) => {
                pause(&mut self.chance, 3.0..9.0).await;
                let due = job.payment.cash_due;
                let cash = (job.payment.method == PaymentMethod::Cash && due > 0).then_some(due);
                let paid = cash.map_or_else(
                    || "paid by card".to_owned(),
                    |cash| format!("{} in cash", money(cash, job.bill.currency)),
                );
                (
                    DriverStep::Deliver { cash, proof: None },
                    format!("{name} delivers {number}, {paid}"),
                )
            }
            Some(ReturnFood) => {
                self.go_to(job.restaurant.point).await;
                (DriverStep::ReturnFood, format!("{name} brings {number} back"))
            }
            // The food is not ready.
            _ => {
                self.report(None).await;
                return tokio::time::sleep(TICK).await;
            }
        };
        match self.engine.ask(TakeStep { id: job.id, step }).await {
            Ok(_) => self.town.say(said),
            Err(failure) => {
                self.town
                    .say(format_args!("{name} and {number}: {}", why(&failure)));
                tokio::time::sleep(TICK).await;
            }
        }
    }

    async fn go_to(&mut self, to: GeoPoint) {
        for point in way(self.here, to, self.chance.random_bool(0.5)) {
            let heading = heading(self.here, point);
            self.here = point;
            self.report(Some(heading)).await;
            tokio::time::sleep(TICK).await;
        }
    }
}
