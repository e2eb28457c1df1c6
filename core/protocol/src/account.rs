//! Bodies of signing in and of what a person decides about their own account: codes, second factors, passkeys, accounts
//! at other providers, sessions, consents.
//!
//! Every door that signs somebody in answers a [`Session`](crate::rest::Session), or one of two codes that say what
//! comes next: `second_factor_required` (details: [`NextFactor`]) and `registration_required` (details:
//! [`Unregistered`]). A *ticket* is opaque, works once, and lives ten minutes.

use momfood_domain::actor::Role;
use momfood_domain::id::{RestaurantId, SessionId};
use momfood_domain::phone::Phone;
use momfood_domain::text::Lang;
use momfood_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// What a one-time code is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CodePurpose {
    /// Sign in by phone, or become a customer by it.
    SignIn,
    /// Become a customer by email.
    SignUp,
    /// Choose a new password.
    Recover,
}

/// `POST /auth/codes`: exactly one of `email` and `phone`. Answered alike whether or not there is such an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AskCode {
    /// What for.
    pub purpose: CodePurpose,
    /// Where to: an email.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Where to: a mobile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// The language to write in.
    #[serde(default)]
    pub language: Lang,
}

/// A code is on its way, if it is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CodeSent {
    /// Names the code when it is shown.
    pub challenge: Uuid,
    /// How many digits it has.
    pub digits: u8,
    /// When it no longer works: ten minutes on.
    pub expires_at: Timestamp,
    /// When another may be asked for.
    pub resend_at: Timestamp,
    /// The server's time now.
    pub now: Timestamp,
}

/// `POST /auth/codes/check`: shows the code of purpose `sign_in` or `sign_up`. Five tries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckCode {
    /// Which.
    pub challenge: Uuid,
    /// The digits, as typed.
    pub code: String,
    /// The role to act in; the person's first when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The restaurant to act for; the person's first when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restaurant_id: Option<RestaurantId>,
}

/// Details of `registration_required`: what was shown is right, and nobody's yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Unregistered {
    /// For `POST /auth/register`.
    pub ticket: String,
    /// The email shown to be theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The phone shown to be theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// First name, as a provider told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Family name, as a provider told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Whether a password must be chosen: there would be no other way in.
    pub needs_password: bool,
}

/// `POST /auth/recovery`: a new password for whom the code of purpose `recover` was sent to. Signs nobody in, ends
/// every session, and leaves the second factor as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Recover {
    /// Which code.
    pub challenge: Uuid,
    /// The digits, as typed.
    pub code: String,
    /// 8 to 200 characters.
    pub password: String,
}

/// A way to show a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FactorMethod {
    /// The authenticator app's six digits.
    Totp,
    /// One of the ten codes kept for the day the phone is lost.
    Recovery,
    /// Digits sent by SMS; only beside an authenticator app.
    Sms,
}

/// Details of `second_factor_required`: the first was right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct NextFactor {
    /// For `POST /auth/second-factor`.
    pub ticket: String,
    /// What may be shown.
    pub methods: Vec<FactorMethod>,
    /// When the ticket no longer works.
    pub expires_at: Timestamp,
}

/// `POST /auth/second-factor`. Five tries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShowFactor {
    /// From `second_factor_required`.
    pub ticket: String,
    /// Which.
    pub method: FactorMethod,
    /// As typed.
    pub code: String,
}

/// `POST /auth/second-factor/sms`: sends digits to the person's verified phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ticket {
    /// The ticket.
    pub ticket: String,
}

/// `POST /auth/confirm`: shows again who one is, for what asks for it (`confirm_identity`). Exactly one field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Confirm {
    /// The password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// The authenticator app's digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totp: Option<String>,
    /// A code sent by `POST /auth/confirm/code` to the verified phone or email, for whoever has neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<ShownCode>,
    /// A passkey, as for `POST /auth/passkeys/finish`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey: Option<PasskeyShown>,
}

/// A code that was sent, shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShownCode {
    /// Which.
    pub challenge: Uuid,
    /// The digits, as typed.
    pub code: String,
}

/// A passkey ceremony begun: `POST /auth/passkeys/begin`, `POST /me/passkeys/begin`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PasskeyAsk {
    /// Names the ceremony when it is finished.
    pub ticket: String,
    /// `PublicKeyCredentialCreationOptions` or `…RequestOptions` in their JSON form (WebAuthn level 3).
    pub options: Value,
}

/// What the authenticator answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PasskeyShown {
    /// Of the ceremony.
    pub ticket: String,
    /// The credential in its JSON form.
    pub credential: Value,
}

/// `POST /auth/passkeys/finish`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EnterByPasskey {
    /// Of the ceremony.
    pub ticket: String,
    /// The credential in its JSON form.
    pub credential: Value,
    /// The role to act in; the person's first when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The restaurant to act for; the person's first when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restaurant_id: Option<RestaurantId>,
}

/// `POST /me/passkeys`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddPasskey {
    /// Of the ceremony.
    pub ticket: String,
    /// The credential in its JSON form.
    pub credential: Value,
    /// What its person calls it.
    pub name: String,
}

/// A passkey, as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Passkey {
    /// The credential's id, base64url.
    pub id: String,
    /// What its person calls it.
    pub name: String,
    /// Since when.
    pub made_at: Timestamp,
    /// When it was last used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_at: Option<Timestamp>,
}

/// Another provider whose account signs in here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// Google, by OpenID Connect.
    Google,
    /// Apple, by OpenID Connect.
    Apple,
    /// Facebook, by OAuth 2.
    Facebook,
}

/// `GET /auth/ways`: how one can sign in to this server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Ways {
    /// Whether codes go out by SMS.
    pub phone: bool,
    /// Whether passkeys work under the server's address.
    pub passkey: bool,
    /// Providers that are set up.
    pub providers: Vec<Provider>,
}

/// `POST /auth/oauth/{provider}/begin`, and `POST /me/linked/{provider}/begin`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BeginOauth {
    /// Which app to come back to: `customer`, `kitchen`, `driver`, `admin`.
    pub app: String,
    /// Whether it is a program rather than a page: comes back to `momfood://signed-in`.
    #[serde(default)]
    pub native: bool,
    /// Base64url of the SHA-256 of a secret that only who begins knows; it is shown when finishing.
    pub challenge: String,
}

/// Where to go next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct GoTo {
    /// The provider's page.
    pub url: String,
}

/// `POST /auth/oauth/finish`: the ticket came back in the app's address (`?ticket=`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FinishOauth {
    /// From the address.
    pub ticket: String,
    /// The secret whose hash began it.
    pub verifier: String,
    /// The role to act in; the person's first when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The restaurant to act for; the person's first when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restaurant_id: Option<RestaurantId>,
}

/// `POST /me/linked`: the ticket came back in the app's address (`?ticket=…&for=link`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LinkAccount {
    /// From the address.
    pub ticket: String,
    /// The secret whose hash began it.
    pub verifier: String,
}

/// An account at another provider, as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Linked {
    /// Whose.
    pub provider: Provider,
    /// Since when.
    pub made_at: Timestamp,
}

/// `GET /me/security`: how a person's account is kept.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing about the account"
)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Security {
    /// The email.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether it was shown to be theirs.
    pub email_verified: bool,
    /// The phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Whether it was shown to be theirs.
    pub phone_verified: bool,
    /// Whether there is a password.
    pub password: bool,
    /// Whether an authenticator app is asked for.
    pub totp: bool,
    /// Whether this role must have one, and this session has shown none.
    pub second_factor_needed: bool,
    /// Recovery codes not used yet.
    pub recovery_codes: i64,
    /// Passkeys.
    pub passkeys: Vec<Passkey>,
    /// Accounts at other providers.
    pub linked: Vec<Linked>,
}

/// `PUT /me/password`. Ends every other session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangePassword {
    /// The one until now, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<String>,
    /// 8 to 200 characters.
    pub password: String,
}

/// `POST /me/contacts`: sends a code to a new email or phone, or to one not verified. Exactly one of the two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewContact {
    /// An email.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// A mobile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
}

/// `POST /me/totp`: an authenticator app to be confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct TotpSetup {
    /// Base32, for typing.
    pub secret: String,
    /// `otpauth://totp/…`.
    pub uri: String,
    /// The same as a QR code: an SVG.
    pub qr: String,
}

/// `POST /me/totp/confirm`, `DELETE /me/totp`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TotpCode {
    /// Six digits, as typed.
    pub code: String,
}

/// Codes for the day the phone is lost. Shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RecoveryCodes {
    /// Ten of them.
    pub codes: Vec<String>,
}

/// A sign-in, as its person (or an admin) sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SignIn {
    /// Its id.
    pub id: SessionId,
    /// Whether it is the one that asks.
    pub current: bool,
    /// The role it acts in.
    pub role: Role,
    /// With what: browser and system, in words.
    pub device: String,
    /// From where: the network address it began from.
    pub address: String,
    /// How: `password`, `code`, `passkey`, `oauth`.
    pub method: String,
    /// Whether a second factor was shown.
    pub second_factor: bool,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last renewed.
    pub seen_at: Timestamp,
    /// When it ends if it is not renewed.
    pub expires_at: Timestamp,
}

/// What a person may agree to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConsentKind {
    /// The terms of use.
    Terms,
    /// The privacy notice.
    Privacy,
    /// News and offers.
    Marketing,
}

impl ConsentKind {
    /// The text in force: the day it was published. Whoever publishes another one changes the day here.
    pub const fn in_force(self) -> &'static str {
        match self {
            Self::Terms | Self::Privacy | Self::Marketing => "2026-11-01",
        }
    }
}

/// A consent as it stands: `GET /me/consents`; `PUT /me/consents` with `{"kind", "version", "given"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Consent {
    /// To what.
    pub kind: ConsentKind,
    /// To which text: the day it was published, `2026-11-01`.
    pub version: String,
    /// Yes, or taken back.
    pub given: bool,
    /// When; absent in what is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

impl Consent {
    /// What whoever opens an account says: yes to the terms and the privacy notice, and whether they want `news`.
    pub fn of_a_newcomer(news: bool) -> Vec<Self> {
        let say = |(kind, given): (ConsentKind, bool)| Self {
            kind,
            version: kind.in_force().to_owned(),
            given,
            at: None,
        };
        [
            (ConsentKind::Terms, true),
            (ConsentKind::Privacy, true),
            (ConsentKind::Marketing, news),
        ]
        .map(say)
        .into()
    }
}

/// `POST /me/erase`: deletes the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Erase {
    /// The word `erase`: nobody deletes an account by a stray tap.
    pub confirm: String,
}
