//! The application of somebody who wants to sell or to drive: `draft → submitted → approved | refused`.
//!
//! Its person takes it back (`withdrawn`) as long as it is not approved; what was refused or taken back is a draft
//! again as soon as its person changes it. Approved is the only end, and nothing is open before it.
//!
//! [`decide`] says what a command does, [`Application::apply`] does it. A repeated command gives no event and is no
//! error. The laws are property tests in `tests/application_laws`.

use serde::{Deserialize, Serialize};

use crate::access::Permission;
use crate::actor::Actor;
use crate::id::UserId;
use crate::time::Timestamp;

/// Where an application stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "sqlx",
    derive(sqlx::Type),
    sqlx(type_name = "text", rename_all = "snake_case")
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ApplicationStatus {
    /// Being written.
    Draft,
    /// Waiting for an answer.
    Submitted,
    /// Yes.
    Approved,
    /// No, for a reason.
    Refused,
    /// Taken back.
    Withdrawn,
}

impl ApplicationStatus {
    /// Every status.
    pub const ALL: [Self; 5] = [
        Self::Draft,
        Self::Submitted,
        Self::Approved,
        Self::Refused,
        Self::Withdrawn,
    ];
}

/// What is applied for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "sqlx",
    derive(sqlx::Type),
    sqlx(type_name = "text", rename_all = "snake_case")
)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationKind {
    /// To sell.
    Restaurant,
    /// To drive.
    Driver,
}

/// A document an application asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(
    feature = "sqlx",
    derive(sqlx::Type),
    sqlx(type_name = "text", rename_all = "snake_case")
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// A restaurant's commercial registration.
    BusinessLicense,
    /// A restaurant's VAT certificate.
    VatCertificate,
    /// The bank's letter with the IBAN.
    IbanLetter,
    /// A driver's licence.
    DrivingLicense,
    /// The vehicle's registration.
    VehicleRegistration,
    /// National id or iqama.
    Identity,
}

impl DocumentKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::BusinessLicense,
        Self::VatCertificate,
        Self::IbanLetter,
        Self::DrivingLicense,
        Self::VehicleRegistration,
        Self::Identity,
    ];

    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BusinessLicense => "business_license",
            Self::VatCertificate => "vat_certificate",
            Self::IbanLetter => "iban_letter",
            Self::DrivingLicense => "driving_license",
            Self::VehicleRegistration => "vehicle_registration",
            Self::Identity => "identity",
        }
    }
}

impl ApplicationKind {
    /// The documents it needs, and takes no others.
    pub const fn documents(self) -> &'static [DocumentKind] {
        match self {
            Self::Restaurant => &[
                DocumentKind::BusinessLicense,
                DocumentKind::VatCertificate,
                DocumentKind::IbanLetter,
            ],
            Self::Driver => &[
                DocumentKind::Identity,
                DocumentKind::DrivingLicense,
                DocumentKind::VehicleRegistration,
                DocumentKind::IbanLetter,
            ],
        }
    }
}

/// An application, as far as its course goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Application {
    /// Who wants it.
    pub applicant: UserId,
    /// Where it stands.
    pub status: ApplicationStatus,
    /// When it was last submitted.
    pub submitted_at: Option<Timestamp>,
    /// When it was last decided, and by whom.
    pub decided: Option<(Timestamp, UserId)>,
    /// Grows with every event.
    pub rev: i64,
}

/// What somebody wants to do with an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Its person changes what it says or what was handed in with it.
    Save,
    /// Its person hands it in.
    Submit {
        /// Whether nothing is missing or wrong, as whoever asks has found.
        complete: bool,
    },
    /// Its person takes it back.
    Withdraw,
    /// Yes.
    Approve {
        /// Which submission was looked at: what was taken back, changed and handed in again meanwhile was not.
        submitted_at: Timestamp,
    },
    /// No.
    Refuse,
}

/// What happened to an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Changed by its person: a draft.
    Saved,
    /// Handed in.
    Submitted {
        /// When.
        at: Timestamp,
    },
    /// Taken back.
    Withdrawn,
    /// Yes.
    Approved {
        /// When.
        at: Timestamp,
        /// Who said so.
        by: UserId,
    },
    /// No.
    Refused {
        /// When.
        at: Timestamp,
        /// Who said so.
        by: UserId,
    },
}

/// Why a command does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// It is another person's, or has not been handed in: to the actor there is none.
    #[error("not found")]
    NotFound,
    /// Not the actor's to say.
    #[error("not allowed")]
    Forbidden,
    /// Not where it stands.
    #[error("not while it is {0:?}")]
    WrongState(ApplicationStatus),
    /// Something is missing.
    #[error("something is missing")]
    Incomplete,
}

/// What somebody is to an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// Wants it.
    Applicant(UserId),
    /// Decides on it.
    Decider(UserId),
}

/// What `actor` is to `application`; `None` when they may not know that it exists. What was not handed in is its
/// person's alone. Nobody decides on their own.
pub fn party(application: &Application, actor: &Actor) -> Option<Party> {
    let user = actor.user?;
    if user == application.applicant && actor.role.may(Permission::Apply) {
        return Some(Party::Applicant(user));
    }
    let handed_in = application.status != ApplicationStatus::Draft;
    (handed_in && actor.role.may(Permission::DecideApplications)).then_some(Party::Decider(user))
}

/// What `command` does when `actor` gives it `now`: the event to apply, none when it is repeated.
pub fn decide(
    application: &Application,
    command: &Command,
    actor: &Actor,
    now: Timestamp,
) -> Result<Option<Event>, Rejection> {
    use ApplicationStatus::{Approved, Draft, Refused, Submitted, Withdrawn};
    let wrong = Err(Rejection::WrongState(application.status));
    match (party(application, actor).ok_or(Rejection::NotFound)?, command) {
        (Party::Applicant(_), Command::Save) => match application.status {
            Draft | Refused | Withdrawn => Ok(Some(Event::Saved)),
            Submitted | Approved => wrong,
        },
        (Party::Applicant(_), Command::Submit { complete }) => match application.status {
            Draft if *complete => Ok(Some(Event::Submitted { at: now })),
            Draft => Err(Rejection::Incomplete),
            Submitted => Ok(None),
            Approved | Refused | Withdrawn => wrong,
        },
        (Party::Applicant(_), Command::Withdraw) => match application.status {
            Draft | Submitted | Refused => Ok(Some(Event::Withdrawn)),
            Withdrawn => Ok(None),
            Approved => wrong,
        },
        (Party::Decider(by), Command::Approve { .. } | Command::Refuse) if by == application.applicant => {
            Err(Rejection::Forbidden)
        }
        (Party::Decider(by), Command::Approve { submitted_at }) => match application.status {
            Submitted if application.submitted_at == Some(*submitted_at) => {
                Ok(Some(Event::Approved { at: now, by }))
            }
            Approved => Ok(None),
            Submitted | Draft | Refused | Withdrawn => wrong,
        },
        (Party::Decider(by), Command::Refuse) => match application.status {
            Submitted => Ok(Some(Event::Refused { at: now, by })),
            Refused => Ok(None),
            Draft | Approved | Withdrawn => wrong,
        },
        (Party::Applicant(_), Command::Approve { .. } | Command::Refuse)
        | (Party::Decider(_), Command::Save | Command::Submit { .. } | Command::Withdraw) => {
            Err(Rejection::Forbidden)
        }
    }
}

impl Application {
    /// A new draft.
    pub const fn begun(applicant: UserId) -> Self {
        Self {
            applicant,
            status: ApplicationStatus::Draft,
            submitted_at: None,
            decided: None,
            rev: 1,
        }
    }

    /// The application after `event`.
    #[must_use]
    pub const fn apply(mut self, event: Event) -> Self {
        self.rev += 1;
        match event {
            Event::Saved => self.status = ApplicationStatus::Draft,
            Event::Submitted { at } => {
                self.status = ApplicationStatus::Submitted;
                self.submitted_at = Some(at);
            }
            Event::Withdrawn => self.status = ApplicationStatus::Withdrawn,
            Event::Approved { at, by } => {
                self.status = ApplicationStatus::Approved;
                self.decided = Some((at, by));
            }
            Event::Refused { at, by } => {
                self.status = ApplicationStatus::Refused;
                self.decided = Some((at, by));
            }
        }
        self
    }
}
