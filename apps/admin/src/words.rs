//! Words for what the protocol names: statuses, roles, documents.

use momfood_domain::actor::Role;
use momfood_kit::prelude::*;
pub use momfood_kit::words::role;
use momfood_protocol::admin::{PersonLine, Standing};
use momfood_protocol::onboarding::{ApplicationForm, ApplicationStatus, DocumentKind};

pub fn status(status: ApplicationStatus) -> (Tone, Icon, String) {
    match status {
        ApplicationStatus::Draft => (Tone::Quiet, Icon::Note, t!("admin-status-draft")),
        ApplicationStatus::Submitted => (Tone::Warn, Icon::Clock, t!("admin-status-submitted")),
        ApplicationStatus::Approved => (Tone::Good, Icon::Check, t!("admin-status-approved")),
        ApplicationStatus::Refused => (Tone::Bad, Icon::Close, t!("admin-status-refused")),
        ApplicationStatus::Withdrawn => (Tone::Quiet, Icon::Undo, t!("admin-status-withdrawn")),
    }
}

pub fn standing(standing: Standing) -> (Tone, Icon, String) {
    match standing {
        Standing::Active => (Tone::Good, Icon::Check, t!("admin-standing-active")),
        Standing::Suspended => (Tone::Bad, Icon::Lock, t!("admin-standing-suspended")),
        Standing::Erased => (Tone::Quiet, Icon::Trash, t!("admin-standing-erased")),
    }
}

/// All roles held, in words.
pub fn roles(roles: &[Role]) -> String {
    let comma = t!("admin-comma");
    roles
        .iter()
        .map(|held| role(*held))
        .collect::<Vec<_>>()
        .join(&comma)
}

pub fn document(kind: DocumentKind) -> String {
    match kind {
        DocumentKind::BusinessLicense => t!("admin-doc-business-license"),
        DocumentKind::VatCertificate => t!("admin-doc-vat-certificate"),
        DocumentKind::IbanLetter => t!("admin-doc-iban-letter"),
        DocumentKind::DrivingLicense => t!("admin-doc-driving-license"),
        DocumentKind::VehicleRegistration => t!("admin-doc-vehicle-registration"),
        DocumentKind::Identity => t!("admin-doc-identity"),
    }
}

/// What an application is for: the restaurant's name, or the vehicle.
pub fn subject(form: &ApplicationForm) -> (Icon, String) {
    match form {
        ApplicationForm::Restaurant(form) => (Icon::Chef, form.name.here()),
        ApplicationForm::Driver(form) => (
            Icon::Scooter,
            format!("{} · {}", form.vehicle_kind.here(), form.plate.here()),
        ),
    }
}

/// A person's name; who deleted their account has none.
pub fn name(person: &PersonLine) -> String {
    let name = format!("{} {}", person.first_name, person.last_name);
    let name = name.trim();
    if name.is_empty() {
        t!("admin-nobody")
    } else {
        name.to_owned()
    }
}
