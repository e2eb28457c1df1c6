//! Bodies of joining as a restaurant, a driver or a restaurant's staff.
//!
//! An application is a draft until it is submitted, then waits, then is approved or refused with a reason; nothing is
//! open before. What was refused or taken back is a draft again as soon as its person changes it. Its id is minted by
//! the client: the same request again changes nothing.

pub use momfood_domain::application::{ApplicationStatus, DocumentKind};
use momfood_domain::geo::GeoPoint;
use momfood_domain::id::{RestaurantId, UserId};
use momfood_domain::phone::Phone;
use momfood_domain::text::LocalizedText;
use momfood_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is applied for, and all that is said about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ApplicationForm {
    /// To sell.
    Restaurant(RestaurantForm),
    /// To drive.
    Driver(DriverForm),
}

/// A restaurant's application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RestaurantForm {
    /// What it is called.
    pub name: LocalizedText,
    /// One of [`CUISINES`](crate::rest::CUISINES).
    pub cuisine: String,
    /// District.
    pub district: LocalizedText,
    /// Where it is.
    pub point: GeoPoint,
    /// To call it.
    pub phone: Phone,
    /// To write to it.
    pub email: String,
    /// The commercial registration's number: 10 digits.
    pub business_license: String,
    /// The VAT registration's number: 15 digits, first and last 3.
    pub vat_number: String,
    /// Where its money goes.
    pub iban: String,
}

/// A driver's application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DriverForm {
    /// National id or iqama: 10 digits.
    pub national_id: String,
    /// The driving licence's number.
    pub license_number: String,
    /// Until when the licence is valid: `2027-03-31`.
    pub license_expires: String,
    /// What is driven: `motorbike` or `car`, in both languages.
    pub vehicle_kind: LocalizedText,
    /// The plate's letters and digits.
    pub plate: LocalizedText,
    /// Its colour.
    pub color: LocalizedText,
    /// Where the day begins.
    pub home: GeoPoint,
    /// Where the money goes.
    pub iban: String,
}

/// A document that was handed in: `PUT /applications/{id}/documents/{kind}` with its bytes (JPEG, PNG, WebP or PDF, at
/// most 5 MiB).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// Its id.
    pub id: Uuid,
    /// What it shows.
    pub kind: DocumentKind,
    /// `image/jpeg`, `image/png`, `image/webp` or `application/pdf`.
    pub content_type: String,
    /// Bytes.
    pub length: i64,
    /// When it came.
    pub at: Timestamp,
}

/// `PUT /applications/{id}`: a new draft, or one's own changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveApplication {
    /// What is said so far.
    pub form: ApplicationForm,
}

/// An application, as who made it and those who decide see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Application {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub status: ApplicationStatus,
    /// What it says.
    pub form: ApplicationForm,
    /// What was handed in with it.
    pub documents: Vec<Document>,
    /// What is still missing or wrong before it can be submitted: field or document names.
    pub missing: Vec<String>,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The restaurant it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restaurant_id: Option<RestaurantId>,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was submitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitted_at: Option<Timestamp>,
    /// When it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Timestamp>,
}

/// `POST /kitchen/invitations`: asks somebody to join the restaurant. Owners only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Invite {
    /// Minted by the client.
    pub id: Uuid,
    /// Whom.
    pub email: String,
    /// As an owner rather than as staff.
    #[serde(default)]
    pub owner: bool,
}

/// An invitation that was sent, as the restaurant's owners see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    /// Its id.
    pub id: Uuid,
    /// Whom.
    pub email: String,
    /// As an owner rather than as staff.
    pub owner: bool,
    /// When it was sent.
    pub made_at: Timestamp,
    /// When it no longer works: seven days on.
    pub expires_at: Timestamp,
}

/// `POST /invitations/accept`, by a signed-in person whose verified email it was sent to. They then sign in again to
/// act for the restaurant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AcceptInvitation {
    /// The last part of the link in the message.
    pub token: String,
}

/// What an accepted invitation led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Joined {
    /// The restaurant.
    pub restaurant_id: RestaurantId,
    /// What it is called.
    pub name: LocalizedText,
}

/// One of a restaurant's people: `GET /kitchen/staff`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct StaffMember {
    /// Who.
    pub id: UserId,
    /// First name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// An owner rather than staff.
    pub owner: bool,
}

/// A restaurant's people, and who was asked to join: `GET /kitchen/staff`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Staff {
    /// Owners first.
    pub people: Vec<StaffMember>,
    /// Newest first; only owners see them.
    pub invitations: Vec<Invitation>,
}
