//! Applications of the demo: a restaurant and a driver that wait for an answer, and a driver who was refused and told why.
//! They go the way of everybody's: saved, with documents, submitted, decided.

use momfood_domain::actor::{Actor, Role};
use momfood_domain::application::DocumentKind;
use momfood_domain::geo::GeoPoint;
use momfood_domain::id::UserId;
use momfood_domain::phone::Phone;
use momfood_domain::text::{Lang, LocalizedText};
use momfood_domain::time::{DAY, Timestamp};
use momfood_protocol::onboarding::{ApplicationForm, DriverForm, RestaurantForm};
use uuid::Uuid;

use super::city::{City, Someone, id};
use super::papers::{letter, scan};
use super::{Fault, SeedError};
use crate::clock::Clock;
use crate::content::Kind;
use crate::onboarding::documents::{self, HandedIn};
use crate::onboarding::{applications, approval, form};
use crate::store::Tx;

/// Why one was refused.
const REASON: &str = "صورة رخصة القيادة غير واضحة، والتاريخ فيها لا يُقرأ. صوّرها من جديد ثم أعد التقديم.";

/// Writes them.
pub async fn write(tx: &mut Tx, clock: &Clock, city: &City) -> Result<(), SeedError> {
    let mut newest = city.people.customers.iter().rev();
    let mut next = || newest.next().ok_or_else(|| Fault("too few customers".to_owned()));
    let (kitchen, rider, refused) = (next()?, next()?, next()?);
    let place = city.addresses.first().map(|place| place.point);
    let place = place.ok_or_else(|| Fault("nobody lives anywhere".to_owned()))?;
    apply(tx, clock, kitchen, restaurant(kitchen, place)).await?;
    apply(
        tx,
        clock,
        rider,
        driver(place, clock.now(), ("1000000008", "ABJ 4821")),
    )
    .await?;
    let form = driver(place, clock.now(), ("2000000006", "DRS 1190"));
    let application = apply(tx, clock, refused, form).await?;
    let admin = city.people.admins.first();
    let admin = admin.ok_or_else(|| Fault("nobody runs the demo".to_owned()))?;
    let admin = Actor::person(id(&admin.email), Role::Admin);
    approval::refuse(tx, clock, &admin, (application, REASON)).await?;
    Ok(())
}

async fn apply(tx: &mut Tx, clock: &Clock, who: &Someone, said: ApplicationForm) -> Result<Uuid, SeedError> {
    let person: UserId = id(&who.email);
    let actor = Actor::person(person, Role::Customer);
    let application: Uuid = id(&[&who.email, "/application"].concat());
    let needed = form::kind(&said).documents();
    applications::save(tx, clock, &actor, (application, said)).await?;
    for kind in needed {
        let document = paper(*kind, who);
        documents::put(tx, clock, &actor, application, document).await?;
    }
    applications::submit(tx, clock, &actor, application).await?;
    Ok(application)
}

/// A document as somebody would hand it in: a bank writes letters, everything else is photographed.
fn paper(kind: DocumentKind, who: &Someone) -> HandedIn {
    let name = format!("{} {}", who.first_name.get(Lang::En), who.last_name.get(Lang::En));
    let (found, bytes) = match kind {
        DocumentKind::IbanLetter | DocumentKind::VatCertificate => {
            let title = kind.name().replace('_', " ").to_uppercase();
            let lines = [
                title.as_str(),
                name.as_str(),
                "IBAN SA03 8000 0000 6080 1016 7519",
                "Demo: not a document",
            ];
            (Kind::Pdf, letter(&lines))
        }
        DocumentKind::BusinessLicense => (Kind::Png, scan([0x1f, 0x6f, 0x54], false)),
        DocumentKind::DrivingLicense => (Kind::Png, scan([0x2b, 0x5c, 0x9e], true)),
        DocumentKind::VehicleRegistration => (Kind::Png, scan([0x8a, 0x5a, 0x2b], false)),
        DocumentKind::Identity => (Kind::Png, scan([0x4b, 0x3f, 0x72], true)),
    };
    HandedIn { kind, found, bytes }
}

fn restaurant(who: &Someone, point: GeoPoint) -> ApplicationForm {
    ApplicationForm::Restaurant(RestaurantForm {
        name: LocalizedText::both("مطبخ الغدير", "Al Ghadeer Kitchen"),
        cuisine: "saudi".to_owned(),
        district: LocalizedText::both("الورود", "Al Wurud"),
        point,
        phone: Phone::clone(&who.phone),
        email: who.email.clone(),
        business_license: "1010482110".to_owned(),
        vat_number: "310482110500003".to_owned(),
        iban: "SA0380000000608010167519".to_owned(),
    })
}

fn driver(home: GeoPoint, now: Timestamp, (national_id, plate): (&str, &str)) -> ApplicationForm {
    ApplicationForm::Driver(DriverForm {
        national_id: national_id.to_owned(),
        license_number: national_id.to_owned(),
        license_expires: last_day_of_year(now.plus(400 * DAY)),
        vehicle_kind: LocalizedText::both("دراجة نارية", "motorbike"),
        plate: LocalizedText::both(plate, plate),
        color: LocalizedText::both("أبيض", "White"),
        home,
        iban: "SA4420000001234567891234".to_owned(),
    })
}

/// The last day of the year of `at`.
fn last_day_of_year(at: Timestamp) -> String {
    let day = at.0.div_euclid(DAY);
    let date = |year: i64| format!("{year:04}-12-31");
    let year = (1970 + day / 366..=9999).find(|year| momfood_domain::papers::day(&date(*year)) >= Some(day));
    date(year.unwrap_or(2099))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOON;

    #[test]
    fn a_year_ends_on_its_last_day() {
        assert_eq!(last_day_of_year(NOON), "2026-12-31");
        assert_eq!(last_day_of_year(Timestamp(0)), "1970-12-31");
        let new_year = momfood_domain::papers::day("2027-12-31").unwrap() + 1;
        assert_eq!(last_day_of_year(Timestamp(new_year * DAY)), "2028-12-31");
    }
}
