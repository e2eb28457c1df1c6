//! What is written into an application, as it is typed, and what its fields are called.

use momfood_domain::application::ApplicationKind;
use momfood_domain::geo::GeoPoint;
use momfood_domain::papers;
use momfood_domain::phone::Phone;
use momfood_domain::text::{Lang, LocalizedText};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::onboarding::{ApplicationForm, DocumentKind, DriverForm, RestaurantForm};
use momfood_protocol::rest::CUISINES;
use serde_json::json;

use crate::t;

/// The middle of Riyadh: where the pin stands until it is moved.
const CENTRE: GeoPoint = GeoPoint {
    lat: 24.7136,
    lng: 46.6753,
};

/// As it is typed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Draft {
    is_driver: bool,
    pub name: [String; 2],
    pub cuisine: String,
    pub district: [String; 2],
    pub point: GeoPoint,
    pub phone: String,
    pub email: String,
    pub business_license: String,
    pub vat_number: String,
    pub iban: String,
    pub national_id: String,
    pub license_number: String,
    pub license_expires: String,
    pub is_car: bool,
    pub plate: String,
    pub color: String,
}

fn both(text: &LocalizedText) -> [String; 2] {
    [text.get(Lang::Ar).to_owned(), text.get(Lang::En).to_owned()]
}

impl Draft {
    pub fn of(form: Option<&ApplicationForm>) -> Self {
        let empty = Self {
            is_driver: super::is_driver(),
            name: Default::default(),
            cuisine: CUISINES[0].to_owned(),
            district: Default::default(),
            point: CENTRE,
            phone: String::new(),
            email: String::new(),
            business_license: String::new(),
            vat_number: String::new(),
            iban: String::new(),
            national_id: String::new(),
            license_number: String::new(),
            license_expires: String::new(),
            is_car: false,
            plate: String::new(),
            color: String::new(),
        };
        match form.cloned() {
            None => empty,
            Some(ApplicationForm::Restaurant(form)) => Self {
                is_driver: false,
                name: both(&form.name),
                cuisine: form.cuisine,
                district: both(&form.district),
                point: form.point,
                phone: national(form.phone.as_str()),
                email: form.email,
                business_license: form.business_license,
                vat_number: form.vat_number,
                iban: form.iban,
                ..empty
            },
            Some(ApplicationForm::Driver(form)) => Self {
                is_driver: true,
                national_id: form.national_id,
                license_number: form.license_number,
                license_expires: form.license_expires,
                is_car: form.vehicle_kind.get(Lang::En) == "car",
                plate: form.plate.get(Lang::Ar).to_owned(),
                color: form.color.get(Lang::Ar).to_owned(),
                point: form.home,
                iban: form.iban,
                ..empty
            },
        }
    }

    pub const fn kind(&self) -> ApplicationKind {
        if self.is_driver {
            ApplicationKind::Driver
        } else {
            ApplicationKind::Restaurant
        }
    }

    /// As it crosses the wire, or the field that cannot.
    pub fn form(&self) -> Result<ApplicationForm, &'static str> {
        let words = |[ar, en]: &[String; 2], field| {
            LocalizedText::new(Some(ar.trim().to_owned()), Some(en.trim().to_owned())).map_err(|_| field)
        };
        let same = |text: &String, field| words(&[text.clone(), text.clone()], field);
        if self.is_driver {
            let (ar, en) = if self.is_car {
                ("سيارة", "car")
            } else {
                ("دراجة نارية", "motorbike")
            };
            return Ok(ApplicationForm::Driver(DriverForm {
                national_id: self.national_id.trim().to_owned(),
                license_number: self.license_number.trim().to_owned(),
                license_expires: self.license_expires.trim().to_owned(),
                vehicle_kind: LocalizedText::both(ar, en),
                plate: same(&self.plate, "plate")?,
                color: same(&self.color, "color")?,
                home: self.point,
                iban: self.iban.trim().to_owned(),
            }));
        }
        Ok(ApplicationForm::Restaurant(RestaurantForm {
            name: words(&self.name, "name")?,
            cuisine: self.cuisine.clone(),
            district: words(&self.district, "district")?,
            point: self.point,
            phone: Phone::parse(&self.phone).map_err(|_| "phone")?,
            email: self.email.trim().to_owned(),
            business_license: self.business_license.trim().to_owned(),
            vat_number: self.vat_number.trim().to_owned(),
            iban: self.iban.trim().to_owned(),
        }))
    }

    /// What is wrong with a number, once something is typed.
    pub fn wrong(&self, field: &str, missing: &[String]) -> Option<String> {
        let (typed, fits) = match field {
            "businessLicense" => (
                &self.business_license,
                papers::business_license(&self.business_license).is_some(),
            ),
            "vatNumber" => (&self.vat_number, papers::vat_number(&self.vat_number).is_some()),
            "iban" => (&self.iban, papers::iban(&self.iban).is_some()),
            "nationalId" => (
                &self.national_id,
                papers::national_id(&self.national_id).is_some(),
            ),
            "licenseNumber" => (
                &self.license_number,
                papers::license_number(&self.license_number).is_some(),
            ),
            "plate" => (&self.plate, papers::is_plate(&self.plate)),
            _ => return None,
        };
        let asked = missing.iter().any(|name| name == field);
        // Nothing is wrong while it is typed: only once it is as long as it can be, or the server said so.
        let long_enough = typed.chars().count() >= full_length(field);
        (!fits && !typed.trim().is_empty() && (long_enough || asked)).then(|| match field {
            "iban" if is_iban_shaped(typed) => t!("join-wrong-iban"),
            _ => hint(field),
        })
    }
}

/// Whether it has all of its digits: what is wrong is then one of them.
fn is_iban_shaped(typed: &str) -> bool {
    let digits = typed.strip_prefix("SA").unwrap_or_default();
    digits.len() == 22 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// How long a number is when it is whole.
fn full_length(field: &str) -> usize {
    match field {
        "businessLicense" | "nationalId" => 10,
        "vatNumber" => 15,
        "iban" => 24,
        _ => usize::MAX,
    }
}

/// A number after `+966`.
fn national(e164: &str) -> String {
    e164.strip_prefix("+966").unwrap_or(e164).to_owned()
}

/// A field that cannot cross the wire.
pub(super) fn unfit(field: &str) -> Failure {
    Failure::new(ErrorCode::InvalidInput, crate::lang::lang()).with(json!({ "field": field }))
}

/// How a number is written.
pub(super) fn hint(field: &str) -> String {
    match field {
        "businessLicense" => t!("join-hint-registration"),
        "vatNumber" => t!("join-hint-vat"),
        "iban" => t!("join-hint-iban"),
        "nationalId" => t!("join-hint-identity"),
        "licenseNumber" => t!("join-hint-license"),
        "plate" => t!("join-hint-plate"),
        _ => String::new(),
    }
}

/// What a document is called.
pub(super) fn document(kind: DocumentKind) -> String {
    name(kind.name())
}

/// What a field or document is called, by its name on the wire.
pub(super) fn name(name: &str) -> String {
    match name {
        "name" => t!("join-field-name"),
        "cuisine" => t!("join-field-cuisine"),
        "district" => t!("join-field-district"),
        "point" | "home" => t!("join-field-place"),
        "phone" => t!("entry-phone"),
        "email" => t!("kit-email"),
        "businessLicense" => t!("join-field-registration"),
        "vatNumber" => t!("join-field-vat"),
        "iban" => t!("join-field-iban"),
        "nationalId" => t!("join-field-identity"),
        "licenseNumber" => t!("join-field-license"),
        "licenseExpires" => t!("join-field-expires"),
        "vehicleKind" => t!("join-field-vehicle"),
        "plate" => t!("join-field-plate"),
        "color" => t!("join-field-color"),
        "business_license" => t!("join-paper-registration"),
        "vat_certificate" => t!("join-paper-vat"),
        "iban_letter" => t!("join-paper-iban"),
        "driving_license" => t!("join-paper-license"),
        "vehicle_registration" => t!("join-paper-vehicle"),
        "identity" => t!("join-paper-identity"),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::on_screen;

    #[test]
    fn what_was_kept_is_written_on() {
        let form = ApplicationForm::Driver(DriverForm {
            national_id: "1000000008".into(),
            license_number: "1000000008".into(),
            license_expires: "2027-03-31".into(),
            vehicle_kind: LocalizedText::both("سيارة", "car"),
            plate: LocalizedText::both("أ ب ح 1234", "أ ب ح 1234"),
            color: LocalizedText::both("أحمر", "أحمر"),
            home: CENTRE,
            iban: "SA0380000000608010167519".into(),
        });
        assert_eq!(Draft::of(Some(&form)).form(), Ok(form));
    }

    #[test]
    fn what_cannot_be_kept_yet_names_its_field() {
        let mut draft = Draft {
            is_driver: false,
            ..Draft::of(None)
        };
        assert_eq!(draft.form(), Err("name"));
        draft.name[0] = "مطبخ نورة".into();
        draft.district[1] = " ".into();
        assert_eq!(draft.form(), Err("district"));
        draft.district[1] = "Al Olaya".into();
        assert_eq!(draft.form(), Err("phone"));
        let driver = Draft {
            is_driver: true,
            plate: "أ ب ح 1234".into(),
            ..Draft::of(None)
        };
        assert_eq!(driver.form(), Err("color"));
    }

    #[test]
    fn a_number_is_wrong_when_it_is_whole_and_not_before() {
        let draft = |iban: &str| Draft {
            iban: iban.into(),
            ..Draft::of(None)
        };
        let wrong = |iban: &str, missing: &[String]| on_screen(|| draft(iban).wrong("iban", missing));
        assert_eq!(wrong("SA03", &[]), None);
        assert!(wrong("SA0380000000608010167518", &[]).is_some());
        assert_eq!(wrong("SA0380000000608010167519", &[]), None);
        assert!(wrong("SA03", &["iban".to_owned()]).is_some());
    }
}
