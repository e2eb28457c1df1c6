//! Calls that need the server now: each names its door, and the engine passes it through. What the person may do with
//! their account, staff, applications and the platform is asked here; nothing of it is kept or predicted.
//!
//! A door is one row: the request, what of the arguments stands in its path (`{id}`), and what its answer does to the
//! session. What is left of the arguments is the query of a `GET`, or the body. A sign-in whose answer is
//! `second_factor_required` or `registration_required` fails with that code and its details.

use momfood_domain::actor::Role;
use momfood_domain::id::{SessionId, UserId};
use momfood_domain::text::Lang;
use momfood_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use crate::account::{
    AddPasskey, AskCode, ChangePassword, CheckCode, EnterByPasskey, FinishOauth, NewContact, Recover,
    ShowFactor,
};
use crate::account::{
    CodeSent, Confirm, Consent, ConsentKind, GoTo, Passkey, PasskeyAsk, Provider, RecoveryCodes, Security,
    TotpSetup, Ways,
};
use crate::admin::{ApplicationCase, AuditPage, AuditSeal, People, PersonPage};
use crate::engine::{AnyCall, Call, Done, SessionState};
pub use crate::onboarding::{AcceptInvitation, Invite};
use crate::onboarding::{
    Application, ApplicationForm, ApplicationStatus, Document, DocumentKind, Invitation, Joined, Staff,
};
use crate::rest::Me;

/// How a request reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// `GET`: what is left of the arguments is the query.
    Get,
    /// `POST`.
    Post,
    /// `PUT`.
    Put,
    /// `DELETE`.
    Delete,
}

/// Who may ask, and what the answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passage {
    /// Anyone asks.
    Anyone,
    /// Who is signed in asks.
    Person,
    /// Anyone asks; the answer is a session, which this device takes up.
    Enters,
    /// The same, and the request names the role of the app, unless it names one.
    EntersAs,
    /// Who is signed in asks, and is signed in no more once it is done.
    Leaves,
    /// Who is signed in asks; the answer is who they are from now on.
    Renames,
    /// Who is signed in asks; the answer is a file.
    Fetches,
    /// Who is signed in sends a file: the bytes of the argument `sha256`.
    Sends,
}

/// Where a Call goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Door {
    /// How it is asked.
    pub verb: Verb,
    /// Below `/api/v1/`, with the names of arguments in braces.
    pub path: &'static str,
    /// Who asks, and what comes back.
    pub passage: Passage,
}

/// The door of the Call of that name, if it has one.
pub fn door(name: &str) -> Option<Door> {
    let row = DOORS.iter().find(|(call, ..)| *call == name)?;
    Some(row.1)
}

/// The arguments of a Call; where they are the body of a request, that is there already.
macro_rules! arguments {
    ([$($doc:tt)*] $name:ident) => {};
    ([$($doc:tt)*] $name:ident { $($(#[$fdoc:meta])* $field:ident: $ty:ty,)* }) => {
        $($doc)*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name { $($(#[$fdoc])* pub $field: $ty,)* }
    };
}

macro_rules! doors {
    ($($(#[$doc:meta])* $name:ident $({ $($(#[$fdoc:meta])* $field:ident: $ty:ty,)* })?
        = $verb:ident $path:literal, $passage:ident -> $reply:ty;)+) => {
        $(
            arguments! { [$(#[$doc])*] $name $({ $($(#[$fdoc])* $field: $ty,)* })? }

            impl Call for $name {
                const NAME: &'static str = stringify!($name);
                type Reply = $reply;
            }

            impl From<$name> for AnyCall {
                fn from(call: $name) -> Self { Self::Online(OnlineCall::$name(call)) }
            }
        )+

        /// Any Call that has a door.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "call", content = "args")]
        pub enum OnlineCall { $($(#[$doc])* $name($name),)+ }

        impl OnlineCall {
            /// Every Call's name.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name),)+];
        }

        const DOORS: &[(&str, Door)] = &[$((
            stringify!($name),
            Door { verb: Verb::$verb, path: $path, passage: Passage::$passage },
        ),)+];
    };
}

doors! {
    // Signing in ----------------------------------------------------------------------------------------
    /// How one can sign in to this server.
    GetWays {} = Get "auth/ways", Anyone -> Ways;
    /// Sign in with the app's role.
    SignIn {
        /// Sign-in name.
        email: String,
        /// Password.
        password: String,
    } = Post "auth/login", EntersAs -> SessionState;
    /// Ask for a one-time code.
    AskCode = Post "auth/codes", Anyone -> CodeSent;
    /// Sign in with a one-time code.
    CheckCode = Post "auth/codes/check", EntersAs -> SessionState;
    /// Become a customer, with the ticket of `registration_required`.
    OpenAccount {
        /// From `registration_required`.
        ticket: String,
        /// First name.
        first_name: String,
        /// Family name.
        last_name: String,
        /// Where one must be chosen.
        password: Option<String>,
        /// Preferred language.
        language: Lang,
        /// What was agreed to, and what was not.
        consents: Vec<Consent>,
    } = Post "auth/register", Enters -> SessionState;
    /// Choose a new password with a one-time code.
    Recover = Post "auth/recovery", Anyone -> Done;
    /// Show the second factor.
    ShowFactor = Post "auth/second-factor", Enters -> SessionState;
    /// Send digits to the verified phone, to be shown as second factor.
    AskFactorSms {
        /// From `second_factor_required`.
        ticket: String,
    } = Post "auth/second-factor/sms", Anyone -> CodeSent;
    /// Begin to sign in with a passkey.
    BeginPasskey {} = Post "auth/passkeys/begin", Anyone -> PasskeyAsk;
    /// Sign in with a passkey.
    EnterByPasskey = Post "auth/passkeys/finish", EntersAs -> SessionState;
    /// Begin to sign in with an account at another provider.
    BeginOauth {
        /// Whose.
        provider: Provider,
        /// Which app to come back to.
        app: String,
        /// Whether it is a program rather than a page.
        native: bool,
        /// Base64url of the SHA-256 of a secret, shown when finishing.
        challenge: String,
    } = Post "auth/oauth/{provider}/begin", Anyone -> GoTo;
    /// Sign in with the ticket that came back from the provider.
    FinishOauth = Post "auth/oauth/finish", EntersAs -> SessionState;

    // One's own account ---------------------------------------------------------------------------------
    /// Show again who one is, after `confirm_identity`.
    ConfirmIdentity {
        /// By what.
        #[serde(flatten)]
        by: Confirm,
    } = Post "auth/confirm", Person -> Done;
    /// Send a code to the verified phone or email, to show again who one is.
    AskConfirmCode {} = Post "auth/confirm/code", Person -> CodeSent;
    /// How the account is kept.
    GetSecurity {} = Get "me/security", Person -> Security;
    /// Choose another password; every other session ends.
    ChangePassword = Put "me/password", Person -> Done;
    /// Send a code to a new email or phone, or to one not verified yet.
    NewContact = Post "me/contacts", Person -> CodeSent;
    /// Show that code: the email or phone is verified, and the account's from then on.
    CheckContact {
        /// Which code.
        challenge: Uuid,
        /// The digits, as typed.
        code: String,
    } = Post "me/contacts/check", Renames -> Me;
    /// Begin to add an authenticator app.
    BeginTotp {} = Post "me/totp", Person -> TotpSetup;
    /// Show its first digits: it is asked for from then on.
    ConfirmTotp {
        /// Six digits, as typed.
        code: String,
    } = Post "me/totp/confirm", Person -> RecoveryCodes;
    /// Ask for it no more.
    RemoveTotp {
        /// Six digits, as typed.
        code: String,
    } = Delete "me/totp", Person -> Done;
    /// Ten new recovery codes; the old ones work no more.
    NewRecoveryCodes {} = Post "me/recovery-codes", Person -> RecoveryCodes;
    /// Begin to add a passkey.
    BeginAddPasskey {} = Post "me/passkeys/begin", Person -> PasskeyAsk;
    /// Add a passkey.
    AddPasskey = Post "me/passkeys", Person -> Passkey;
    /// Remove a passkey.
    RemovePasskey {
        /// Which.
        id: String,
    } = Delete "me/passkeys/{id}", Person -> Done;
    /// Begin to link an account at another provider.
    BeginLink {
        /// Whose.
        provider: Provider,
        /// Which app to come back to.
        app: String,
        /// Whether it is a program rather than a page.
        native: bool,
        /// Base64url of the SHA-256 of a secret, shown when finishing.
        challenge: String,
    } = Post "me/linked/{provider}/begin", Person -> GoTo;
    /// Link the account that the ticket came back with.
    FinishLink {
        /// From the address.
        ticket: String,
        /// The secret whose hash began it.
        verifier: String,
    } = Post "me/linked", Person -> Done;
    /// Let an account at another provider sign in here no more.
    Unlink {
        /// Whose.
        provider: Provider,
    } = Delete "me/linked/{provider}", Person -> Done;
    /// Where one is signed in.
    GetSignIns {} = Get "me/sessions", Person -> Vec<crate::account::SignIn>;
    /// End one sign-in.
    EndSignIn {
        /// Which.
        id: SessionId,
    } = Delete "me/sessions/{id}", Person -> Done;
    /// End all sign-ins but this one.
    EndOtherSignIns {} = Delete "me/sessions", Person -> Done;
    /// What one agreed to.
    GetConsents {} = Get "me/consents", Person -> Vec<Consent>;
    /// Agree, or take it back.
    GiveConsent {
        /// To what.
        kind: ConsentKind,
        /// To which text.
        version: String,
        /// Yes, or taken back.
        given: bool,
    } = Put "me/consents", Person -> Vec<Consent>;
    /// Everything the platform has about the person, as one archive.
    ExportData {} = Get "me/export", Fetches -> FileData;
    /// Delete the account.
    EraseAccount {
        /// The word `erase`.
        confirm: String,
    } = Post "me/erase", Leaves -> Done;

    // Joining -------------------------------------------------------------------------------------------
    /// One's own applications, newest first.
    GetApplications {} = Get "applications", Person -> Vec<Application>;
    /// Write a new draft, or change one's own.
    SaveDraft {
        /// Minted by who asks.
        id: Uuid,
        /// What is said so far.
        form: ApplicationForm,
    } = Put "applications/{id}", Person -> Application;
    /// Hand in a document, in place of the one there was.
    SendDocument {
        /// Of which application.
        id: Uuid,
        /// What it shows.
        kind: DocumentKind,
        /// The name of its bytes, which were handed to the engine.
        sha256: String,
    } = Put "applications/{id}/documents/{kind}", Sends -> Document;
    /// One's own document.
    GetOwnDocument {
        /// Of which application.
        id: Uuid,
        /// Which.
        doc: Uuid,
    } = Get "applications/{id}/documents/{doc}", Fetches -> FileData;
    /// Take a document out again.
    RemoveDocument {
        /// Of which application.
        id: Uuid,
        /// Which.
        doc: Uuid,
    } = Delete "applications/{id}/documents/{doc}", Person -> Done;
    /// Hand it in: nothing can be changed until it is decided.
    SubmitApplication {
        /// Which.
        id: Uuid,
    } = Post "applications/{id}/submit", Person -> Application;
    /// Take it back.
    WithdrawApplication {
        /// Which.
        id: Uuid,
    } = Post "applications/{id}/withdraw", Person -> Application;
    /// The restaurant's people, and who was asked to join.
    GetStaff {} = Get "kitchen/staff", Person -> Staff;
    /// Ask somebody to join the restaurant.
    Invite = Post "kitchen/invitations", Person -> Invitation;
    /// Take an invitation back.
    TakeBackInvitation {
        /// Which.
        id: Uuid,
    } = Delete "kitchen/invitations/{id}", Person -> Done;
    /// Let somebody work for the restaurant no more.
    RemoveStaff {
        /// Whom.
        id: UserId,
    } = Delete "kitchen/staff/{id}", Person -> Done;
    /// Join a restaurant by the link one was sent.
    AcceptInvitation = Post "invitations/accept", Person -> Joined;

    // Running the platform ------------------------------------------------------------------------------
    /// Applications, those that wait longest first.
    GetCases {
        /// Only those that stand there; those that wait when absent.
        status: Option<ApplicationStatus>,
    } = Get "admin/applications", Person -> Vec<ApplicationCase>;
    /// One application.
    GetCase {
        /// Which.
        id: Uuid,
    } = Get "admin/applications/{id}", Person -> ApplicationCase;
    /// A document of an application.
    GetDocument {
        /// Of which application.
        id: Uuid,
        /// Which.
        doc: Uuid,
    } = Get "admin/applications/{id}/documents/{doc}", Fetches -> FileData;
    /// Say yes.
    ApproveApplication {
        /// To which.
        id: Uuid,
        /// When what was looked at was submitted: what was changed since is not meant.
        submitted_at: Timestamp,
    } = Post "admin/applications/{id}/approve", Person -> ApplicationCase;
    /// Say no.
    RefuseApplication {
        /// To which.
        id: Uuid,
        /// Why; the person is told.
        reason: String,
    } = Post "admin/applications/{id}/refuse", Person -> ApplicationCase;
    /// Find people.
    FindPeople {
        /// An email, a phone, an id, or the beginning of a name.
        q: Option<String>,
        /// Only who holds it.
        role: Option<Role>,
        /// The next page, as the last answer named it.
        after: Option<UserId>,
    } = Get "admin/people", Person -> People;
    /// A person in full.
    GetPerson {
        /// Who.
        id: UserId,
    } = Get "admin/people/{id}", Person -> PersonPage;
    /// Close an account.
    SuspendPerson {
        /// Whose.
        id: UserId,
        /// Why.
        reason: String,
    } = Post "admin/people/{id}/suspend", Person -> PersonPage;
    /// Open it again.
    RestorePerson {
        /// Whose.
        id: UserId,
        /// Why.
        reason: String,
    } = Post "admin/people/{id}/reinstate", Person -> PersonPage;
    /// Take a lost second factor off an account.
    RemovePersonsFactor {
        /// Whose.
        id: UserId,
        /// Why.
        reason: String,
    } = Post "admin/people/{id}/remove-factor", Person -> PersonPage;
    /// Give a role, or take it.
    ChangePersonsRole {
        /// Whose.
        id: UserId,
        /// Which.
        role: Role,
        /// Given, or taken.
        held: bool,
        /// Why.
        reason: String,
    } = Post "admin/people/{id}/roles", Person -> PersonPage;
    /// End one of a person's sign-ins.
    EndPersonsSignIn {
        /// Whose.
        id: UserId,
        /// Which.
        session: SessionId,
        /// Why.
        reason: String,
    } = Delete "admin/people/{id}/sessions/{session}?reason={reason}", Person -> PersonPage;
    /// The audit log, newest first.
    SearchAudit {
        /// Who did it.
        actor: Option<UserId>,
        /// What was done; `identity.` finds all that begin so.
        action: Option<String>,
        /// To which thing.
        subject: Option<Uuid>,
        /// Not before.
        from: Option<Timestamp>,
        /// Before.
        to: Option<Timestamp>,
        /// The next page, as the last answer named it.
        after: Option<Uuid>,
    } = Get "admin/audit", Person -> AuditPage;
    /// The chain over the audit log.
    GetAuditSeal {} = Get "admin/audit/seal", Person -> AuditSeal;
}

/// A file, as a `data:` address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileData {
    /// `data:application/zip;base64,…`.
    pub address: String,
}
