//! One of everything that the engine passes through to the server.

use momfood_domain::actor::Role;
use momfood_domain::id::{SessionId, UserId};
use momfood_domain::phone::Phone;
use momfood_domain::text::{Lang, LocalizedText};
use momfood_protocol::account::{
    self, CodePurpose, CodeSent, Confirm, Consent, ConsentKind, FactorMethod, GoTo, Linked, NextFactor,
    Passkey, PasskeyAsk, PasskeyShown, Provider, RecoveryCodes, Security, ShownCode, TotpSetup, Unregistered,
    Ways,
};
use momfood_protocol::admin::{
    ApplicationCase, AuditLine, AuditPage, AuditSeal, People, PersonLine, PersonPage, Standing, Workplace,
};
use momfood_protocol::engine::{AnyCall, Done, SessionState};
use momfood_protocol::onboarding::{
    Application, ApplicationForm, ApplicationStatus, Document, DocumentKind, DriverForm, Invitation, Joined,
    RestaurantForm, Staff, StaffMember,
};
use momfood_protocol::online::*;
use serde_json::{Value, json};

use super::{POINT, T, id, me, restaurant_id, text};
use crate::{Golden, reply_of};

const SECRET: &str = "4Qy7Jw2mT9kX1bVn0ZcRpA";

fn phone() -> Phone {
    Phone::parse("0512345678").unwrap()
}

fn person() -> UserId {
    UserId(id(21))
}

fn credential() -> Value {
    json!({ "id": "a2V5", "type": "public-key", "response": { "clientDataJSON": "e30" } })
}

#[expect(clippy::too_many_lines, reason = "a list")]
pub fn calls() -> Vec<AnyCall> {
    let (id, kind) = (id(22), DocumentKind::DrivingLicense);
    let reason = || "يطابق السجل".to_owned();
    vec![
        GetWays {}.into(),
        SignIn {
            email: "sara@example.com".into(),
            password: "password".into(),
        }
        .into(),
        AskCode {
            purpose: CodePurpose::SignIn,
            email: None,
            phone: Some(phone()),
            language: Lang::Ar,
        }
        .into(),
        CheckCode {
            challenge: id,
            code: "123456".into(),
            role: None,
            restaurant_id: None,
        }
        .into(),
        Recover {
            challenge: id,
            code: "123456".into(),
            password: "a better one".into(),
        }
        .into(),
        ShowFactor {
            ticket: SECRET.into(),
            method: FactorMethod::Totp,
            code: "123456".into(),
        }
        .into(),
        AskFactorSms {
            ticket: SECRET.into(),
        }
        .into(),
        BeginPasskey {}.into(),
        EnterByPasskey {
            ticket: SECRET.into(),
            credential: credential(),
            role: None,
            restaurant_id: None,
        }
        .into(),
        BeginOauth {
            provider: Provider::Google,
            app: "kitchen".into(),
            native: true,
            challenge: SECRET.into(),
        }
        .into(),
        FinishOauth {
            ticket: SECRET.into(),
            verifier: SECRET.into(),
            role: None,
            restaurant_id: None,
        }
        .into(),
        ConfirmIdentity {
            by: Confirm {
                password: Some("password".into()),
                ..Confirm::default()
            },
        }
        .into(),
        AskConfirmCode {}.into(),
        GetSecurity {}.into(),
        OpenAccount {
            ticket: SECRET.into(),
            first_name: "سارة".into(),
            last_name: "القحطاني".into(),
            password: Some("a better one".into()),
            language: Lang::Ar,
            consents: Consent::of_a_newcomer(true),
        }
        .into(),
        ChangePassword {
            current: Some("password".into()),
            password: "a better one".into(),
        }
        .into(),
        NewContact {
            email: Some("sara@example.com".into()),
            phone: None,
        }
        .into(),
        CheckContact {
            challenge: id,
            code: "123456".into(),
        }
        .into(),
        BeginTotp {}.into(),
        ConfirmTotp {
            code: "123456".into(),
        }
        .into(),
        RemoveTotp {
            code: "123456".into(),
        }
        .into(),
        NewRecoveryCodes {}.into(),
        BeginAddPasskey {}.into(),
        AddPasskey {
            ticket: SECRET.into(),
            credential: credential(),
            name: "جوالي".into(),
        }
        .into(),
        RemovePasskey { id: "a2V5".into() }.into(),
        BeginLink {
            provider: Provider::Apple,
            app: "customer".into(),
            native: false,
            challenge: SECRET.into(),
        }
        .into(),
        FinishLink {
            ticket: SECRET.into(),
            verifier: SECRET.into(),
        }
        .into(),
        Unlink {
            provider: Provider::Facebook,
        }
        .into(),
        GetSignIns {}.into(),
        EndSignIn { id: SessionId(id) }.into(),
        EndOtherSignIns {}.into(),
        GetConsents {}.into(),
        GiveConsent {
            kind: ConsentKind::Marketing,
            version: "2026-11-01".into(),
            given: false,
        }
        .into(),
        ExportData {}.into(),
        EraseAccount {
            confirm: "erase".into(),
        }
        .into(),
        GetApplications {}.into(),
        SaveDraft {
            id,
            form: restaurant_form(),
        }
        .into(),
        SendDocument {
            id,
            kind,
            sha256: "00".repeat(32),
        }
        .into(),
        SubmitApplication { id }.into(),
        WithdrawApplication { id }.into(),
        GetStaff {}.into(),
        Invite {
            id,
            email: "khalid@example.com".into(),
            owner: false,
        }
        .into(),
        TakeBackInvitation { id }.into(),
        RemoveStaff { id: person() }.into(),
        AcceptInvitation { token: SECRET.into() }.into(),
        GetCases {
            status: Some(ApplicationStatus::Refused),
        }
        .into(),
        GetCase { id }.into(),
        GetOwnDocument { id, doc: id }.into(),
        RemoveDocument { id, doc: id }.into(),
        GetDocument { id, doc: id }.into(),
        ApproveApplication { id, submitted_at: T }.into(),
        RefuseApplication { id, reason: reason() }.into(),
        FindPeople {
            q: Some("سا".into()),
            role: Some(Role::Driver),
            after: Some(person()),
        }
        .into(),
        GetPerson { id: person() }.into(),
        SuspendPerson {
            id: person(),
            reason: reason(),
        }
        .into(),
        RemovePersonsFactor {
            id: person(),
            reason: reason(),
        }
        .into(),
        RestorePerson {
            id: person(),
            reason: reason(),
        }
        .into(),
        ChangePersonsRole {
            id: person(),
            role: Role::Support,
            held: true,
            reason: reason(),
        }
        .into(),
        EndPersonsSignIn {
            id: person(),
            session: SessionId(id),
            reason: reason(),
        }
        .into(),
        SearchAudit {
            actor: Some(person()),
            action: Some("identity.".into()),
            subject: Some(id),
            from: Some(T),
            to: Some(T.plus_minutes(5)),
            after: Some(id),
        }
        .into(),
        GetAuditSeal {}.into(),
    ]
}

fn restaurant_form() -> ApplicationForm {
    ApplicationForm::Restaurant(RestaurantForm {
        name: text(),
        cuisine: "saudi".into(),
        district: LocalizedText::both("العليا", "Al Olaya"),
        point: POINT,
        phone: phone(),
        email: "kabsa@example.com".into(),
        business_license: "1010123456".into(),
        vat_number: "310123456700003".into(),
        iban: "SA0380000000608010167519".into(),
    })
}

fn driver_form() -> ApplicationForm {
    ApplicationForm::Driver(DriverForm {
        national_id: "1012345678".into(),
        license_number: "1012345678".into(),
        license_expires: "2027-03-31".into(),
        vehicle_kind: LocalizedText::both("سيارة", "car"),
        plate: LocalizedText::both("أ ب ج 1234", "ABJ 1234"),
        color: LocalizedText::both("أبيض", "white"),
        home: POINT,
        iban: "SA0380000000608010167519".into(),
    })
}

fn draft() -> Application {
    Application {
        id: id(22),
        status: ApplicationStatus::Draft,
        form: driver_form(),
        documents: vec![],
        missing: vec!["iban".into(), "identity".into()],
        reason: None,
        restaurant_id: None,
        updated_at: T,
        submitted_at: None,
        decided_at: None,
    }
}

fn decided() -> Application {
    Application {
        status: ApplicationStatus::Approved,
        form: restaurant_form(),
        documents: vec![Document {
            id: id(23),
            kind: DocumentKind::BusinessLicense,
            content_type: "application/pdf".into(),
            length: 40_000,
            at: T,
        }],
        missing: vec![],
        reason: Some("الصورة غير واضحة".into()),
        restaurant_id: Some(restaurant_id()),
        submitted_at: Some(T),
        decided_at: Some(T),
        ..draft()
    }
}

fn line() -> PersonLine {
    PersonLine {
        id: person(),
        first_name: "سارة".into(),
        last_name: "القحطاني".into(),
        email: Some("sara@example.com".into()),
        phone: None,
        roles: vec![Role::Customer, Role::Driver],
        standing: Standing::Active,
        created_at: T,
    }
}

fn case() -> ApplicationCase {
    ApplicationCase {
        application: decided(),
        person: line(),
    }
}

fn sign_in() -> account::SignIn {
    account::SignIn {
        id: SessionId(id(24)),
        current: true,
        role: Role::Customer,
        device: "Chrome · Android".into(),
        address: "192.0.2.7".into(),
        method: "password".into(),
        second_factor: true,
        created_at: T,
        seen_at: T,
        expires_at: T,
    }
}

fn page() -> PersonPage {
    PersonPage {
        person: PersonLine {
            email: None,
            phone: Some("+9665•••••678".into()),
            ..line()
        },
        language: Lang::Ar,
        email_verified: true,
        phone_verified: false,
        totp: true,
        passkeys: 1,
        workplaces: vec![Workplace {
            id: restaurant_id(),
            name: text(),
            owner: true,
        }],
        sessions: vec![sign_in()],
        orders: 12,
    }
}

#[expect(clippy::too_many_lines, reason = "a list")]
pub fn replies(golden: &mut Golden) {
    let entered = SessionState { user: Some(me()) };
    let sent = CodeSent {
        challenge: id(25),
        digits: 6,
        expires_at: T.plus_minutes(10),
        resend_at: T.plus_minutes(1),
        now: T,
    };
    let ask = PasskeyAsk {
        ticket: SECRET.into(),
        options: json!({ "publicKey": { "challenge": "YQ" } }),
    };
    let go = GoTo {
        url: "https://accounts.example.com/authorize?state=1".into(),
    };
    let file = FileData {
        address: "data:application/zip;base64,UEsDBA==".into(),
    };
    let codes = RecoveryCodes {
        codes: vec!["k7f2-9mzq".into()],
    };
    let passkey = Passkey {
        id: "a2V5".into(),
        name: "جوالي".into(),
        made_at: T,
        used_at: None,
    };
    reply_of::<GetWays>(
        golden,
        &Ways {
            phone: true,
            passkey: true,
            providers: vec![Provider::Google],
        },
    );
    reply_of::<SignIn>(golden, &entered);
    reply_of::<AskCode>(golden, &sent);
    reply_of::<CheckCode>(golden, &entered);
    reply_of::<OpenAccount>(golden, &entered);
    reply_of::<Recover>(golden, &Done {});
    reply_of::<ShowFactor>(golden, &entered);
    reply_of::<AskFactorSms>(golden, &sent);
    reply_of::<BeginPasskey>(golden, &ask);
    reply_of::<EnterByPasskey>(golden, &entered);
    reply_of::<BeginOauth>(golden, &go);
    reply_of::<FinishOauth>(golden, &entered);
    reply_of::<ConfirmIdentity>(golden, &Done {});
    reply_of::<AskConfirmCode>(golden, &sent);
    reply_of::<GetSecurity>(
        golden,
        &Security {
            email: Some("sara@example.com".into()),
            email_verified: true,
            phone: None,
            phone_verified: false,
            password: true,
            totp: true,
            second_factor_needed: false,
            recovery_codes: 9,
            passkeys: vec![Passkey {
                used_at: Some(T),
                ..passkey.clone()
            }],
            linked: vec![Linked {
                provider: Provider::Google,
                made_at: T,
            }],
        },
    );
    reply_of::<ChangePassword>(golden, &Done {});
    reply_of::<NewContact>(golden, &sent);
    reply_of::<CheckContact>(golden, &me());
    reply_of::<BeginTotp>(
        golden,
        &TotpSetup {
            secret: "JBSWY3DPEHPK3PXP".into(),
            uri: "otpauth://totp/MomFood:sara?secret=JBSWY3DPEHPK3PXP".into(),
            qr: "<svg/>".into(),
        },
    );
    reply_of::<ConfirmTotp>(golden, &codes);
    reply_of::<RemoveTotp>(golden, &Done {});
    reply_of::<NewRecoveryCodes>(golden, &codes);
    reply_of::<BeginAddPasskey>(golden, &ask);
    reply_of::<AddPasskey>(golden, &passkey);
    reply_of::<RemovePasskey>(golden, &Done {});
    reply_of::<BeginLink>(golden, &go);
    reply_of::<FinishLink>(golden, &Done {});
    reply_of::<Unlink>(golden, &Done {});
    reply_of::<GetSignIns>(golden, &vec![sign_in()]);
    reply_of::<EndSignIn>(golden, &Done {});
    reply_of::<EndOtherSignIns>(golden, &Done {});
    let consent = Consent {
        kind: ConsentKind::Terms,
        version: "2026-11-01".into(),
        given: true,
        at: Some(T),
    };
    reply_of::<GetConsents>(golden, &vec![consent.clone(), Consent { at: None, ..consent }]);
    reply_of::<GiveConsent>(golden, &Vec::<Consent>::new());
    reply_of::<ExportData>(golden, &file);
    reply_of::<EraseAccount>(golden, &Done {});
    reply_of::<GetApplications>(golden, &vec![draft(), decided()]);
    reply_of::<SaveDraft>(golden, &draft());
    reply_of::<SendDocument>(golden, &decided().documents[0]);
    reply_of::<GetOwnDocument>(golden, &file);
    reply_of::<RemoveDocument>(golden, &Done {});
    reply_of::<SubmitApplication>(golden, &decided());
    reply_of::<WithdrawApplication>(golden, &decided());
    let invitation = Invitation {
        id: id(22),
        email: "khalid@example.com".into(),
        owner: false,
        made_at: T,
        expires_at: T,
    };
    reply_of::<GetStaff>(
        golden,
        &Staff {
            people: vec![StaffMember {
                id: person(),
                first_name: "فهد".into(),
                last_name: "العتيبي".into(),
                owner: true,
            }],
            invitations: vec![invitation.clone()],
        },
    );
    reply_of::<Invite>(golden, &invitation);
    reply_of::<TakeBackInvitation>(golden, &Done {});
    reply_of::<RemoveStaff>(golden, &Done {});
    reply_of::<AcceptInvitation>(
        golden,
        &Joined {
            restaurant_id: restaurant_id(),
            name: text(),
        },
    );
    reply_of::<GetCases>(golden, &vec![case()]);
    reply_of::<GetCase>(golden, &case());
    reply_of::<GetDocument>(golden, &file);
    reply_of::<ApproveApplication>(golden, &case());
    reply_of::<RefuseApplication>(golden, &case());
    reply_of::<FindPeople>(
        golden,
        &People {
            people: vec![line()],
            next: Some(person()),
        },
    );
    reply_of::<GetPerson>(golden, &page());
    reply_of::<SuspendPerson>(golden, &page());
    reply_of::<RemovePersonsFactor>(golden, &page());
    reply_of::<RestorePerson>(golden, &page());
    reply_of::<ChangePersonsRole>(golden, &page());
    reply_of::<EndPersonsSignIn>(golden, &page());
    let entry = AuditLine {
        id: id(26),
        at: T,
        actor: Some(person()),
        role: Role::Admin,
        action: "identity.signed_in".into(),
        subject: "user".into(),
        subject_id: Some(id(27)),
        detail: json!({ "method": "password" }),
        number: Some(7),
    };
    let unsealed = AuditLine {
        actor: None,
        subject_id: None,
        number: None,
        role: Role::System,
        ..entry.clone()
    };
    reply_of::<SearchAudit>(
        golden,
        &AuditPage {
            lines: vec![entry, unsealed],
            next: Some(id(26)),
        },
    );
    reply_of::<GetAuditSeal>(
        golden,
        &AuditSeal {
            number: 7,
            hash: "00".repeat(32),
            at: Some(T),
            waiting: 1,
            broken_at: None,
        },
    );
}

/// What the details of a refused sign-in hold, and the other ways to show who one is.
pub fn details(golden: &mut Golden) {
    golden.add(
        "registration_required",
        &Unregistered {
            ticket: SECRET.into(),
            email: None,
            phone: Some("+966512345678".into()),
            first_name: Some("Sara".into()),
            last_name: None,
            needs_password: false,
        },
    );
    golden.add(
        "second_factor_required",
        &NextFactor {
            ticket: SECRET.into(),
            methods: vec![FactorMethod::Totp, FactorMethod::Recovery, FactorMethod::Sms],
            expires_at: T,
        },
    );
    for (name, confirm) in [
        (
            "by totp",
            Confirm {
                totp: Some("123456".into()),
                ..Confirm::default()
            },
        ),
        (
            "by code",
            Confirm {
                code: Some(ShownCode {
                    challenge: id(25),
                    code: "123456".into(),
                }),
                ..Confirm::default()
            },
        ),
        (
            "by passkey",
            Confirm {
                passkey: Some(PasskeyShown {
                    ticket: SECRET.into(),
                    credential: credential(),
                }),
                ..Confirm::default()
            },
        ),
    ] {
        golden.add(&["POST auth/confirm, ", name].concat(), &confirm);
    }
}
