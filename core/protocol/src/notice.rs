//! What is told of an order to a customer who is not looking: a title and a line in their language. The server's push and
//! an app's own notifications say the same, from here. Never an address, a phone, a person's name or an amount: it is
//! read on a locked screen.

use momfood_domain::actor::Role;
use momfood_domain::delivery::DeliveryStatus;
use momfood_domain::hours::minute_of_day;
use momfood_domain::order::{OrderStatus, Reason};
use momfood_domain::pricing::Fulfilment;
use momfood_domain::text::{Lang, LocalizedText};
use momfood_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::view::OrderView;

/// Riyadh's offset from UTC, in minutes. The Gulf keeps no summer time.
const LOCAL: i16 = 180;

/// Something worth telling of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "news", rename_all = "snake_case")]
pub enum News {
    /// The kitchen said yes.
    Accepted {
        /// When the customer can expect it.
        expected_at: Option<Timestamp>,
        /// Whether they fetch it.
        fetched: bool,
    },
    /// It can be fetched.
    Ready,
    /// With the driver.
    PickedUp {
        /// When the customer can expect it.
        expected_at: Option<Timestamp>,
    },
    /// The driver is there.
    AtTheDoor,
    /// Brought.
    Delivered,
    /// Called off, not by the customer.
    Cancelled {
        /// Why.
        reason: Option<Reason>,
    },
    /// The kitchen said no.
    Rejected {
        /// Why.
        reason: Option<Reason>,
    },
    /// The kitchen said nothing in time.
    Expired,
    /// Could not be handed over.
    Failed {
        /// Why.
        reason: Option<Reason>,
    },
}

/// Where an order stands, as far as there is something to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its status.
    pub status: OrderStatus,
    /// Brought or fetched.
    pub fulfilment: Fulfilment,
    /// Its delivery's.
    pub delivery: Option<DeliveryStatus>,
    /// When the customer can expect it.
    pub expected_at: Option<Timestamp>,
    /// Why it ended, if it ended badly.
    pub reason: Option<Reason>,
    /// Who called it off, if somebody did.
    pub cancelled_by: Option<Role>,
}

impl From<&OrderView> for Standing {
    fn from(view: &OrderView) -> Self {
        Self {
            status: view.status,
            fulfilment: view.fulfilment,
            delivery: view.delivery.as_ref().map(|delivery| delivery.status),
            expected_at: view.estimated_at.or(view.ready_by),
            reason: view.reason,
            cancelled_by: view.cancelled_by,
        }
    }
}

impl News {
    /// What there is to tell of an order that stands so; nothing where its customer knows, or did it.
    pub fn of(standing: &Standing) -> Option<Self> {
        let Standing {
            expected_at, reason, ..
        } = *standing;
        let fetched = standing.fulfilment == Fulfilment::Pickup;
        match standing.status {
            OrderStatus::AwaitingPayment | OrderStatus::Pending => None,
            OrderStatus::Ready if fetched => Some(Self::Ready),
            OrderStatus::Accepted | OrderStatus::Preparing | OrderStatus::Ready => {
                Some(Self::Accepted { expected_at, fetched })
            }
            OrderStatus::PickedUp if standing.delivery == Some(DeliveryStatus::AtCustomer) => {
                Some(Self::AtTheDoor)
            }
            OrderStatus::PickedUp => Some(Self::PickedUp { expected_at }),
            // Who fetches it stands at the counter.
            OrderStatus::Delivered => (!fetched).then_some(Self::Delivered),
            OrderStatus::Cancelled => {
                (standing.cancelled_by != Some(Role::Customer)).then_some(Self::Cancelled { reason })
            }
            OrderStatus::Rejected => Some(Self::Rejected { reason }),
            OrderStatus::Expired => Some(Self::Expired),
            OrderStatus::Failed => Some(Self::Failed { reason }),
        }
    }

    /// Whether it says the same as `other`, if with another time.
    pub fn is_same_as(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// The words of a piece of news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// A few words.
    pub title: String,
    /// One line.
    pub body: String,
}

/// `news` of an order of `restaurant`, in the words of `lang`.
pub fn notice(news: &News, restaurant: &LocalizedText, lang: Lang) -> Notice {
    // A name in the other script must not turn the sentence around it.
    let name = ["\u{2068}", restaurant.get(lang), "\u{2069}"].concat();
    let about = |at: Option<Timestamp>, ar: &str, en: &str| {
        at.map(|at| match lang {
            Lang::Ar => format!("{ar} {}.", clock(at, lang)),
            Lang::En => format!("{en} {}.", clock(at, lang)),
        })
    };
    let (title, body) = match (news, lang) {
        (News::Accepted { expected_at, fetched }, _) => {
            let time = if *fetched {
                about(*expected_at, "يجهز حوالي", "Ready around")
            } else {
                about(*expected_at, "يصلك حوالي", "Arrives around")
            };
            let title = said(lang, "قُبل طلبك", "Your order is accepted");
            (title, two(said(lang, "يحضّره", "Being prepared by"), &name, time))
        }
        (News::Ready, Lang::Ar) => ("طلبك جاهز", format!("تفضّل باستلامه من {name}.")),
        (News::Ready, Lang::En) => ("Your order is ready", format!("Come and get it at {name}.")),
        (News::PickedUp { expected_at }, _) => {
            let time = about(*expected_at, "يصلك حوالي", "Arrives around");
            let title = said(lang, "طلبك في الطريق", "Your order is on its way");
            (title, two(said(lang, "من", "From"), &name, time))
        }
        (News::AtTheDoor, Lang::Ar) => ("السائق عند بابك", format!("معه طلبك من {name}.")),
        (News::AtTheDoor, Lang::En) => (
            "Your driver is at the door",
            format!("With your order from {name}."),
        ),
        (News::Delivered, Lang::Ar) => ("وصل طلبك", format!("بالعافية! كيف كان {name}؟")),
        (News::Delivered, Lang::En) => ("Delivered", format!("Enjoy! How was {name}?")),
        (News::Cancelled { reason }, _) => {
            let title = said(lang, "أُلغي طلبك", "Your order was cancelled");
            (title, two("", &name, why(*reason, lang)))
        }
        (News::Rejected { reason }, _) => {
            let title = said(
                lang,
                "اعتذر المطعم عن طلبك",
                "The restaurant could not take your order",
            );
            (title, two("", &name, why(*reason, lang)))
        }
        (News::Expired, Lang::Ar) => (
            "انتهى طلبك دون ردّ",
            format!("لم يردّ {name} في الوقت المحدد، ولم تدفع شيئًا."),
        ),
        (News::Expired, Lang::En) => (
            "Your order was not answered",
            format!("{name} did not answer in time. You paid nothing."),
        ),
        (News::Failed { reason }, _) => {
            let title = said(lang, "تعذّر تسليم طلبك", "Your order could not be handed over");
            (title, two("", &name, why(*reason, lang)))
        }
    };
    Notice {
        title: title.to_owned(),
        body,
    }
}

const fn said(lang: Lang, ar: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Ar => ar,
        Lang::En => en,
    }
}

/// "Being prepared by Kabsa House. Arrives around 8:15 pm."
fn two(lead: &str, name: &str, rest: Option<String>) -> String {
    let first = format!("{lead} {name}.");
    let first = first.trim_start();
    match rest {
        Some(rest) => format!("{first} {rest}"),
        None => first.to_owned(),
    }
}

/// A reason, where it is one that a customer can use.
fn why(reason: Option<Reason>, lang: Lang) -> Option<String> {
    let (ar, en) = match reason? {
        Reason::TooBusy => (
            "الطلبات عنده أكثر من طاقته الآن.",
            "It has more orders than hands right now.",
        ),
        Reason::OutOfStock => ("نفد صنف طلبته.", "It has run out of something you ordered."),
        Reason::Closing => ("المطعم على وشك الإغلاق.", "It is closing."),
        Reason::PaymentDeclined => ("رفض البنك البطاقة.", "Your bank declined the card."),
        Reason::PaymentTimedOut => (
            "لم يردّ البنك في الوقت المحدد.",
            "Your bank did not answer in time.",
        ),
        Reason::CustomerUnreachable => (
            "لم يتمكن السائق من الوصول إليك.",
            "The driver could not reach you.",
        ),
        Reason::WrongAddress => ("لم يجد السائق العنوان.", "The driver could not find the address."),
        Reason::VehicleProblem => ("تعطّلت مركبة السائق.", "The driver’s vehicle broke down."),
        Reason::ChangedMind | Reason::TakesTooLong | Reason::OrderedByMistake | Reason::Other => return None,
    };
    Some(said(lang, ar, en).to_owned())
}

/// The time of day as the apps write it: `8:15 pm`, `8:15 م`.
fn clock(at: Timestamp, lang: Lang) -> String {
    let minute = minute_of_day(at, LOCAL);
    let (hour, minute) = (minute / 60, minute % 60);
    let half = match (hour < 12, lang) {
        (true, Lang::Ar) => "ص",
        (false, Lang::Ar) => "م",
        (true, Lang::En) => "am",
        (false, Lang::En) => "pm",
    };
    format!("{}:{minute:02} {half}", (hour + 11) % 12 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noon in Riyadh.
    const NOON: Timestamp = Timestamp(1_772_355_600_000_000);

    fn standing(status: OrderStatus, fulfilment: Fulfilment) -> Standing {
        Standing {
            status,
            fulfilment,
            delivery: None,
            expected_at: Some(NOON.plus_minutes(75)),
            reason: None,
            cancelled_by: None,
        }
    }

    fn names() -> LocalizedText {
        LocalizedText::both("بيت الكبسة", "Kabsa House")
    }

    fn told(news: &News, lang: Lang) -> String {
        let Notice { title, body } = notice(news, &names(), lang);
        [title, body].join(" | ").replace(['\u{2068}', '\u{2069}'], "")
    }

    #[test]
    fn an_accepted_order_says_when_to_expect_it_in_the_persons_language() {
        let news = News::of(&standing(OrderStatus::Accepted, Fulfilment::Delivery)).unwrap();
        assert_eq!(
            told(&news, Lang::En),
            "Your order is accepted | Being prepared by Kabsa House. Arrives around 1:15 pm."
        );
        assert_eq!(
            told(&news, Lang::Ar),
            "قُبل طلبك | يحضّره بيت الكبسة. يصلك حوالي 1:15 م."
        );
        let fetched = News::of(&standing(OrderStatus::Accepted, Fulfilment::Pickup)).unwrap();
        assert!(told(&fetched, Lang::En).ends_with("Ready around 1:15 pm."));
    }

    #[test]
    fn only_who_fetches_it_is_told_that_it_is_ready() {
        let brought = News::of(&standing(OrderStatus::Ready, Fulfilment::Delivery)).unwrap();
        let accepted = News::of(&standing(OrderStatus::Accepted, Fulfilment::Delivery)).unwrap();
        assert!(brought.is_same_as(&accepted), "nothing new for who waits at home");
        let fetched = News::of(&standing(OrderStatus::Ready, Fulfilment::Pickup)).unwrap();
        assert_eq!(fetched, News::Ready);
        assert_eq!(
            News::of(&standing(OrderStatus::Delivered, Fulfilment::Pickup)),
            None
        );
    }

    #[test]
    fn nobody_is_told_what_they_did_themselves() {
        let mut own = standing(OrderStatus::Cancelled, Fulfilment::Delivery);
        own.cancelled_by = Some(Role::Customer);
        assert_eq!(News::of(&own), None);
        own.cancelled_by = Some(Role::Restaurant);
        own.reason = Some(Reason::OutOfStock);
        let news = News::of(&own).unwrap();
        assert_eq!(
            told(&news, Lang::En),
            "Your order was cancelled | Kabsa House. It has run out of something you ordered."
        );
    }

    #[test]
    fn the_door_comes_after_the_way() {
        let mut way = standing(OrderStatus::PickedUp, Fulfilment::Delivery);
        way.delivery = Some(DeliveryStatus::PickedUp);
        let on_the_way = News::of(&way).unwrap();
        way.delivery = Some(DeliveryStatus::AtCustomer);
        assert_eq!(News::of(&way), Some(News::AtTheDoor));
        assert!(!on_the_way.is_same_as(&News::AtTheDoor));
        assert_eq!(
            told(&News::AtTheDoor, Lang::Ar),
            "السائق عند بابك | معه طلبك من بيت الكبسة."
        );
    }

    #[test]
    fn midnight_and_noon_are_written_as_people_write_them() {
        assert_eq!(clock(NOON, Lang::En), "12:00 pm");
        assert_eq!(clock(NOON.plus_minutes(12 * 60 + 5), Lang::En), "12:05 am");
        assert_eq!(clock(NOON.plus_minutes(-61), Lang::Ar), "10:59 ص");
    }
}
