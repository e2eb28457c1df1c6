//! What an application says: bounded and tidied as it is kept, and what of it is missing or wrong. A draft may say
//! anything that is not too long; only what is right throughout can be submitted.

use momfood_domain::application::ApplicationKind;
use momfood_domain::geo::GeoPoint;
use momfood_domain::papers;
use momfood_domain::text::{Lang, LocalizedText};
use momfood_domain::time::Timestamp;
use momfood_protocol::onboarding::{ApplicationForm, DriverForm, RestaurantForm};
use momfood_protocol::rest::CUISINES;

use super::error::OnboardingError;
use crate::identity::{self, Vehicle};

/// Most characters of a name or a district; of a number as it was typed.
const LONGEST_NAME: usize = 80;
const LONGEST_NUMBER: usize = 60;

/// What is applied for.
pub fn kind(form: &ApplicationForm) -> ApplicationKind {
    match form {
        ApplicationForm::Restaurant(_) => ApplicationKind::Restaurant,
        ApplicationForm::Driver(_) => ApplicationKind::Driver,
    }
}

/// The form as it is kept: trimmed, bounded, numbers that are right in their plain form.
pub fn tidied(form: ApplicationForm) -> Result<ApplicationForm, OnboardingError> {
    Ok(match form {
        ApplicationForm::Restaurant(form) => ApplicationForm::Restaurant(RestaurantForm {
            name: words(&form.name, "name")?,
            cuisine: text(&form.cuisine, LONGEST_NUMBER, "cuisine")?,
            district: words(&form.district, "district")?,
            point: place(form.point, "point")?,
            phone: form.phone,
            email: text(&form.email, 254, "email")?,
            business_license: number(
                &form.business_license,
                papers::business_license,
                "businessLicense",
            )?,
            vat_number: number(&form.vat_number, papers::vat_number, "vatNumber")?,
            iban: number(&form.iban, papers::iban, "iban")?,
        }),
        ApplicationForm::Driver(form) => ApplicationForm::Driver(DriverForm {
            national_id: number(&form.national_id, papers::national_id, "nationalId")?,
            license_number: number(&form.license_number, papers::license_number, "licenseNumber")?,
            license_expires: text(&form.license_expires, LONGEST_NUMBER, "licenseExpires")?,
            vehicle_kind: words(&form.vehicle_kind, "vehicleKind")?,
            plate: words(&form.plate, "plate")?,
            color: words(&form.color, "color")?,
            home: place(form.home, "home")?,
            iban: number(&form.iban, papers::iban, "iban")?,
        }),
    })
}

fn text(text: &str, longest: usize, field: &'static str) -> Result<String, OnboardingError> {
    let text = text.trim();
    if text.chars().count() > longest || text.contains(char::is_control) {
        return Err(OnboardingError::Invalid(field));
    }
    Ok(text.to_owned())
}

fn words(words: &LocalizedText, field: &'static str) -> Result<LocalizedText, OnboardingError> {
    // A language that is not set reads as the other one: kept as set.
    let tidy = |lang| text(words.get(lang), LONGEST_NAME, field);
    Ok(LocalizedText::both(tidy(Lang::Ar)?, tidy(Lang::En)?))
}

fn number(
    typed: &str,
    check: fn(&str) -> Option<String>,
    field: &'static str,
) -> Result<String, OnboardingError> {
    let typed = text(typed, LONGEST_NUMBER, field)?;
    Ok(check(&typed).unwrap_or(typed))
}

fn place(point: GeoPoint, field: &'static str) -> Result<GeoPoint, OnboardingError> {
    if point.is_valid() {
        Ok(point)
    } else {
        Err(OnboardingError::Invalid(field))
    }
}

/// The fields that are missing or wrong at `now`, by their names on the wire.
pub fn faults(form: &ApplicationForm, now: Timestamp) -> Vec<&'static str> {
    let checks: Vec<(&'static str, bool)> = match form {
        ApplicationForm::Restaurant(form) => vec![
            ("cuisine", CUISINES.contains(&form.cuisine.as_str())),
            ("point", is_somewhere(form.point)),
            ("email", identity::email(&form.email).is_some()),
            (
                "businessLicense",
                papers::business_license(&form.business_license).is_some(),
            ),
            ("vatNumber", papers::vat_number(&form.vat_number).is_some()),
            ("iban", papers::iban(&form.iban).is_some()),
        ],
        ApplicationForm::Driver(form) => vec![
            ("nationalId", papers::national_id(&form.national_id).is_some()),
            (
                "licenseNumber",
                papers::license_number(&form.license_number).is_some(),
            ),
            (
                "licenseExpires",
                papers::is_good_until(&form.license_expires, now),
            ),
            ("vehicleKind", vehicle_kind(&form.vehicle_kind).is_some()),
            (
                "plate",
                [Lang::Ar, Lang::En]
                    .iter()
                    .all(|lang| papers::is_plate(form.plate.get(*lang))),
            ),
            ("home", is_somewhere(form.home)),
            ("iban", papers::iban(&form.iban).is_some()),
        ],
    };
    checks
        .into_iter()
        .filter_map(|(field, right)| (!right).then_some(field))
        .collect()
}

/// Nobody sells or lives where both degrees are zero: that is a form nobody filled in.
fn is_somewhere(point: GeoPoint) -> bool {
    point.is_valid() && (point.lat.abs() > 0.001 || point.lng.abs() > 0.001)
}

/// What is driven, in both languages, whichever it was said in.
fn vehicle_kind(said: &LocalizedText) -> Option<LocalizedText> {
    let known = [("دراجة نارية", "motorbike"), ("سيارة", "car")];
    let known = known
        .into_iter()
        .find(|(ar, en)| said.get(Lang::En).eq_ignore_ascii_case(en) || said.get(Lang::Ar) == *ar);
    known.map(|(ar, en)| LocalizedText::both(ar, en))
}

/// What a driver drives, as their form says; `None` when it does not say it rightly.
pub fn vehicle(form: &DriverForm) -> Option<Vehicle> {
    Some(Vehicle {
        kind: vehicle_kind(&form.vehicle_kind)?,
        plate: form.plate.clone(),
        color: form.color.clone(),
    })
}

#[cfg(test)]
mod tests {
    use momfood_domain::phone::Phone;

    use super::*;
    use crate::testing::NOON;

    fn driver() -> DriverForm {
        DriverForm {
            national_id: "1000000008".into(),
            license_number: "1000000008".into(),
            license_expires: "2027-03-31".into(),
            vehicle_kind: LocalizedText::both("دراجة نارية", "motorbike"),
            plate: LocalizedText::both("أ ب ح 1234", "ABJ 1234"),
            color: LocalizedText::both("أحمر", "Red"),
            home: GeoPoint { lat: 24.7, lng: 46.7 },
            iban: "SA0380000000608010167519".into(),
        }
    }

    fn restaurant() -> RestaurantForm {
        RestaurantForm {
            name: LocalizedText::both("بيت الكبسة", "Kabsa House"),
            cuisine: "saudi".into(),
            district: LocalizedText::both("العليا", "Olaya"),
            point: GeoPoint { lat: 24.7, lng: 46.7 },
            phone: Phone::parse("0512345678").unwrap(),
            email: "kabsa@example.sa".into(),
            business_license: "1010123456".into(),
            vat_number: "310122393500003".into(),
            iban: "SA0380000000608010167519".into(),
        }
    }

    #[test]
    fn what_is_right_has_no_faults_and_each_wrong_field_is_named() {
        let of_driver = |change: fn(&mut DriverForm)| {
            let mut form = driver();
            change(&mut form);
            faults(&ApplicationForm::Driver(form), NOON)
        };
        assert!(of_driver(|_| {}).is_empty());
        assert_eq!(of_driver(|f| f.national_id = "3".into()), ["nationalId"]);
        assert_eq!(of_driver(|f| f.license_number.clear()), ["licenseNumber"]);
        assert_eq!(
            of_driver(|f| f.license_expires = "2026-02-28".into()),
            ["licenseExpires"]
        );
        assert_eq!(
            of_driver(|f| f.vehicle_kind = LocalizedText::both("طائرة", "plane")),
            ["vehicleKind"]
        );
        assert_eq!(
            of_driver(|f| f.plate = LocalizedText::both("أ ب ح 1234", "1")),
            ["plate"]
        );
        assert_eq!(of_driver(|f| f.home = GeoPoint { lat: 0.0, lng: 0.0 }), ["home"]);
        assert_eq!(of_driver(|f| f.iban.pop().map_or((), drop)), ["iban"]);
        let of_restaurant = |change: fn(&mut RestaurantForm)| {
            let mut form = restaurant();
            change(&mut form);
            faults(&ApplicationForm::Restaurant(form), NOON)
        };
        assert!(of_restaurant(|_| {}).is_empty());
        assert_eq!(of_restaurant(|f| f.cuisine = "plastic".into()), ["cuisine"]);
        assert_eq!(
            of_restaurant(|f| f.point = GeoPoint { lat: 0.0, lng: 0.0 }),
            ["point"]
        );
        assert_eq!(of_restaurant(|f| f.email = "kabsa".into()), ["email"]);
        assert_eq!(of_restaurant(|f| f.business_license.clear()), ["businessLicense"]);
        assert_eq!(of_restaurant(|f| f.vat_number = "1".into()), ["vatNumber"]);
        assert_eq!(of_restaurant(|f| f.iban.clear()), ["iban"]);
    }

    #[test]
    fn what_is_kept_is_tidy_and_what_is_too_long_is_refused() {
        let mut form = driver();
        form.iban = " sa03 8000 0000 6080 1016 7519 ".into();
        form.national_id = "١٠٠٠٠٠٠٠٠٨".into();
        let Ok(ApplicationForm::Driver(kept)) = tidied(ApplicationForm::Driver(form)) else {
            panic!("a form that can be kept");
        };
        assert_eq!(kept, driver());
        let mut form = driver();
        form.color = LocalizedText::both("أحمر", "r".repeat(81));
        assert!(matches!(
            tidied(ApplicationForm::Driver(form)),
            Err(OnboardingError::Invalid("color"))
        ));
        let mut form = restaurant();
        form.point.lat = 91.0;
        assert!(matches!(
            tidied(ApplicationForm::Restaurant(form)),
            Err(OnboardingError::Invalid("point"))
        ));
    }

    #[test]
    fn a_vehicle_is_known_in_either_language() {
        for said in [
            LocalizedText::both("دراجة نارية", "Motorbike"),
            LocalizedText::new(None, Some("motorbike".into())).unwrap(),
            LocalizedText::new(Some("دراجة نارية".into()), None).unwrap(),
        ] {
            assert_eq!(vehicle_kind(&said).unwrap().get(Lang::En), "motorbike");
        }
    }
}
