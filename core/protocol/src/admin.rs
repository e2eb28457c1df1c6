//! Bodies of running the platform: approvals, people, their sessions, the audit log. Every change names its reason, and
//! every look at a person is itself in the audit log.

use momfood_domain::actor::Role;
use momfood_domain::id::{RestaurantId, UserId};
use momfood_domain::text::{Lang, LocalizedText};
use momfood_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::account::SignIn;
use crate::onboarding::{Application, ApplicationStatus};

/// Query of `GET /admin/applications`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams, utoipa::ToSchema), into_params(parameter_in = Query))]
#[serde(rename_all = "camelCase")]
pub struct ApplicationQuery {
    /// Only those that stand there; those that wait when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ApplicationStatus>,
}

/// An application with who made it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ApplicationCase {
    /// The application.
    pub application: Application,
    /// Who made it.
    pub person: PersonLine,
}

/// `POST /admin/applications/{id}/approve`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Approve {
    /// When what was looked at was submitted: what was taken back, changed and submitted again meanwhile is not meant.
    pub submitted_at: Timestamp,
}

/// Why something is done: `POST /admin/applications/{id}/refuse`, `POST /admin/people/{id}/suspend`, and the like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WithReason {
    /// 3 to 500 characters. The person it concerns may be told.
    pub reason: String,
}

/// Query of `GET /admin/people`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams, utoipa::ToSchema), into_params(parameter_in = Query))]
#[serde(rename_all = "camelCase")]
pub struct PeopleQuery {
    /// An email, a phone, an id, or the beginning of a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Only who holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The next page, as the last answer named it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<UserId>,
}

/// How an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Can be used.
    Active,
    /// Closed by an admin.
    Suspended,
    /// Deleted by its person.
    Erased,
}

/// A person in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PersonLine {
    /// Their id.
    pub id: UserId,
    /// First name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Sign-in name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Mobile, its middle hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Roles held.
    pub roles: Vec<Role>,
    /// How the account stands.
    pub standing: Standing,
    /// Since when.
    pub created_at: Timestamp,
}

/// Answer of `GET /admin/people`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct People {
    /// Newest first.
    pub people: Vec<PersonLine>,
    /// Names the next page, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<UserId>,
}

/// A restaurant a person works for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Workplace {
    /// Which.
    pub id: RestaurantId,
    /// What it is called.
    pub name: LocalizedText,
    /// An owner rather than staff.
    pub owner: bool,
}

/// A person in full: `GET /admin/people/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PersonPage {
    /// As in lists.
    pub person: PersonLine,
    /// Preferred language.
    pub language: Lang,
    /// Whether the email was shown to be theirs.
    pub email_verified: bool,
    /// Whether the phone was shown to be theirs.
    pub phone_verified: bool,
    /// Whether an authenticator app is asked for.
    pub totp: bool,
    /// How many passkeys there are.
    pub passkeys: i64,
    /// Restaurants worked for.
    pub workplaces: Vec<Workplace>,
    /// Sign-ins that live, newest first.
    pub sessions: Vec<SignIn>,
    /// How many orders were placed.
    pub orders: i64,
}

/// `POST /admin/people/{id}/roles`: gives a role, or takes it. `restaurant` and `driver` are given by approving an
/// application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeRole {
    /// Which.
    pub role: Role,
    /// Given, or taken.
    pub held: bool,
    /// Why: 3 to 500 characters.
    pub reason: String,
}

/// Query of `GET /admin/audit`. Newest first; what is absent does not narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::IntoParams, utoipa::ToSchema),
    into_params(parameter_in = Query)
)]
#[serde(rename_all = "camelCase")]
pub struct AuditQuery {
    /// Who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<UserId>,
    /// What was done; `identity.` finds all that begin so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// To which thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Uuid>,
    /// Not before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
    /// The next page, as the last answer named it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Uuid>,
}

/// One line of the audit log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AuditLine {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// Who; absent when the platform itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<UserId>,
    /// In which role; `system` is the platform.
    pub role: Role,
    /// What: `identity.signed_in`.
    pub action: String,
    /// To what kind of thing.
    pub subject: String,
    /// To which one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_id: Option<Uuid>,
    /// What else is worth knowing.
    pub detail: Value,
    /// Its number in the chain, once sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<i64>,
}

/// Answer of `GET /admin/audit`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AuditPage {
    /// Newest first.
    pub lines: Vec<AuditLine>,
    /// Names the next page, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Uuid>,
}

/// `GET /admin/audit/seal`: the chain over the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AuditSeal {
    /// Entries in the chain.
    pub number: i64,
    /// The hash over all of them, hex: write it down elsewhere, and nobody can rewrite the past unseen.
    pub hash: String,
    /// When the last was sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Entries not sealed yet.
    pub waiting: i64,
    /// The first number that does not follow from the one before it, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken_at: Option<i64>,
}
