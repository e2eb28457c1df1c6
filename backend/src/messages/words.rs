//! What messages say, in both languages. The only place with their words. What somebody wrote (a restaurant's name, a
//! reason) enters as one short line without control characters; subjects hold nothing that anybody wrote.

use momfood_domain::text::Lang;
use serde::{Deserialize, Serialize};

/// Most characters of what somebody wrote.
const LONGEST: usize = 300;

/// What a code is for, as its reader is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeFor {
    /// Signing in.
    SignIn,
    /// Opening an account.
    SignUp,
    /// A new password.
    Recover,
    /// Showing that an email or a phone is theirs.
    Verify,
    /// Showing again who they are.
    Confirm,
    /// The second factor.
    SecondFactor,
}

impl CodeFor {
    const fn english(self) -> &'static str {
        match self {
            Self::SignIn => "Your MomFood sign-in code",
            Self::SignUp => "Your MomFood sign-up code",
            Self::Recover => "Your MomFood code for a new password",
            Self::Verify => "Your MomFood verification code",
            Self::Confirm => "Your MomFood code to confirm it is you",
            Self::SecondFactor => "Your MomFood second-factor code",
        }
    }
}

/// What a message says.
#[derive(Clone, PartialEq, Eq)]
pub enum Text {
    /// A one-time code.
    Code {
        /// What it is for.
        what: CodeFor,
        /// The digits.
        code: String,
    },
    /// Somebody wanted to open an account with an email that has one.
    AlreadyThere,
    /// The password was changed.
    PasswordChanged,
    /// A verified email or phone was added or replaced.
    ContactChanged,
    /// A second factor is asked for from now on, or no longer.
    SecondFactor {
        /// Whether it is.
        on: bool,
    },
    /// A recovery code was used in place of their authenticator app.
    RecoveryCodeUsed {
        /// How many are left.
        left: i64,
    },
    /// They have new recovery codes, and the old ones no longer work.
    RecoveryCodesRenewed,
    /// Their second factor was taken off by the platform, because it was said to be lost or another's.
    FactorRemoved,
    /// Somebody who got past the first factor guessed at the second until they had to wait.
    FactorGuessed,
    /// A passkey was added.
    PasskeyAdded,
    /// An account at another provider now signs them in.
    AccountLinked,
    /// A session was ended because its refresh token was used twice: somebody may have copied it.
    SessionCopied,
    /// Asked to join a restaurant's staff.
    Invitation {
        /// The restaurant's name.
        restaurant: String,
        /// Where to accept.
        link: String,
    },
    /// Their application was approved.
    Approved,
    /// Their application was refused.
    Refused {
        /// Why.
        reason: String,
    },
    /// Their account is suspended.
    Suspended {
        /// Why.
        reason: String,
    },
    /// Their account is no longer suspended.
    Restored,
    /// Their account was erased.
    Erased,
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Never the digits, a link or what somebody wrote.
        f.write_str(match self {
            Self::Code { .. } => "Code",
            Self::AlreadyThere => "AlreadyThere",
            Self::PasswordChanged => "PasswordChanged",
            Self::ContactChanged => "ContactChanged",
            Self::SecondFactor { .. } => "SecondFactor",
            Self::RecoveryCodeUsed { .. } => "RecoveryCodeUsed",
            Self::RecoveryCodesRenewed => "RecoveryCodesRenewed",
            Self::FactorRemoved => "FactorRemoved",
            Self::FactorGuessed => "FactorGuessed",
            Self::PasskeyAdded => "PasskeyAdded",
            Self::AccountLinked => "AccountLinked",
            Self::SessionCopied => "SessionCopied",
            Self::Invitation { .. } => "Invitation",
            Self::Approved => "Approved",
            Self::Refused { .. } => "Refused",
            Self::Suspended { .. } => "Suspended",
            Self::Restored => "Restored",
            Self::Erased => "Erased",
        })
    }
}

/// A message's words. An SMS has no subject.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// What it is about.
    pub subject: String,
    /// What it says: plain text.
    pub text: String,
}

impl Text {
    /// Whether it is of use for minutes only.
    pub(super) const fn is_code(&self) -> bool {
        matches!(self, Self::Code { .. })
    }

    /// In the words of `lang`.
    pub fn letter(&self, lang: Lang) -> Letter {
        let (subject, text) = match lang {
            Lang::Ar => self.arabic(),
            Lang::En => self.english(),
        };
        Letter {
            subject: subject.to_owned(),
            text,
        }
    }

    #[expect(clippy::too_many_lines, reason = "an arm for each message")]
    fn arabic(&self) -> (&'static str, String) {
        match self {
            Self::Code { what, code } => {
                let (subject, what) = match what {
                    CodeFor::SignIn => ("رمز الدخول إلى مام فود", "رمز الدخول إلى مام فود"),
                    CodeFor::SignUp => ("رمز فتح حسابك في مام فود", "رمز فتح حسابك في مام فود"),
                    CodeFor::Recover => ("رمز كلمة المرور الجديدة في مام فود", "رمز كلمة المرور الجديدة في مام فود"),
                    CodeFor::Verify => ("رمز التحقق من مام فود", "رمز التحقق من مام فود"),
                    CodeFor::Confirm => ("رمز تأكيد هويتك في مام فود", "رمز تأكيد هويتك في مام فود"),
                    CodeFor::SecondFactor => ("رمز التحقق بخطوتين من مام فود", "رمز التحقق بخطوتين من مام فود"),
                };
                (subject, format!("{what}: {code}\nلا تعطه أحداً."))
            }
            Self::AlreadyThere => (
                "لديك حساب في مام فود",
                "طلب أحدٌ فتح حساب في مام فود بهذا البريد، ولديك حساب به من قبل. ادخل بكلمة مرورك، أو اختر «نسيت كلمة \
                 المرور» في صفحة الدخول.\n\nإن لم تكن أنت من طلب فلا تفعل شيئاً."
                    .to_owned(),
            ),
            Self::PasswordChanged => (
                "غُيّرت كلمة مرورك في مام فود",
                warn_ar("غُيّرت كلمة مرور حسابك في مام فود، وأُنهيت الجلسات الأخرى."),
            ),
            Self::ContactChanged => (
                "تغيّرت بيانات التواصل في حسابك",
                warn_ar("أُضيف بريد أو جوال جديد إلى حسابك في مام فود."),
            ),
            Self::SecondFactor { on: true } => (
                "فُعّل التحقق بخطوتين في حسابك",
                warn_ar("فُعّل التحقق بخطوتين في حسابك في مام فود."),
            ),
            Self::SecondFactor { on: false } => (
                "أُوقف التحقق بخطوتين في حسابك",
                warn_ar("أُوقف التحقق بخطوتين في حسابك في مام فود."),
            ),
            Self::RecoveryCodeUsed { left } => (
                "استُخدم رمز استرداد في حسابك",
                warn_ar(&format!(
                    "استُخدم أحد رموز الاسترداد بدلاً من تطبيق المصادقة في حسابك في مام فود. الرموز المتبقية: {left}."
                )),
            ),
            Self::RecoveryCodesRenewed => (
                "رموز استرداد جديدة لحسابك",
                warn_ar("أُنشئت رموز استرداد جديدة لحسابك في مام فود، ولم تعد الرموز السابقة تعمل."),
            ),
            Self::FactorRemoved => (
                "أُزيل التحقق بخطوتين من حسابك",
                warn_ar(
                    "أزلنا من حسابك في مام فود التحقق بخطوتين، ومعه مفاتيح المرور والحسابات المربوطة إن كانت لك كلمة مرور، لأننا \
                     أُبلغنا بفقدانه أو بأن غيرك استعمل حسابك، وأنهينا كل جلساتك. ادخل وفعّلها من جديد. إن لم تطلب ذلك فأخبرنا فوراً.",
                ),
            ),
            Self::FactorGuessed => (
                "محاولات دخول إلى حسابك",
                warn_ar(
                    "تجاوز أحدٌ الخطوة الأولى للدخول إلى حسابك في مام فود ثم أدخل رموز تحقق خاطئة كثيرة. قد يعرف كلمة \
                     مرورك أو يصل إلى رسائلك.",
                ),
            ),
            Self::PasskeyAdded => (
                "أُضيف مفتاح مرور إلى حسابك",
                warn_ar("أُضيف مفتاح مرور جديد إلى حسابك في مام فود."),
            ),
            Self::AccountLinked => (
                "رُبط حساب آخر بحسابك",
                warn_ar("صار الدخول إلى حسابك في مام فود ممكناً بحساب لدى مزوّد آخر."),
            ),
            Self::SessionCopied => (
                "أُنهيت جلسة في حسابك احتياطاً",
                warn_ar(
                    "استُخدم مفتاح جلسة قديم في حسابك في مام فود، وقد يعني ذلك أن أحداً نسخه، فأنهينا تلك الجلسة. ادخل من \
                     جديد.",
                ),
            ),
            Self::Invitation { restaurant, link } => {
                let restaurant = one_line(restaurant);
                (
                    "دعوة للعمل في مطعم على مام فود",
                    format!("دُعيت للانضمام إلى فريق مطعم «{restaurant}» على مام فود. للقبول:\n{}", one_line(link)),
                )
            }
            Self::Approved => (
                "قُبل طلبك في مام فود",
                "قُبل طلب انضمامك إلى مام فود. ادخل إلى تطبيقك وابدأ.".to_owned(),
            ),
            Self::Refused { reason } => (
                "بخصوص طلبك في مام فود",
                format!(
                    "لم نتمكن من قبول طلب انضمامك إلى مام فود. السبب: {}\nيمكنك تقديم طلب جديد.",
                    one_line(reason)
                ),
            ),
            Self::Suspended { reason } => (
                "أُوقف حسابك في مام فود",
                format!("أُوقف حسابك في مام فود. السبب: {}", one_line(reason)),
            ),
            Self::Restored => (
                "عاد حسابك في مام فود",
                "أُعيد تفعيل حسابك في مام فود. يمكنك الدخول الآن.".to_owned(),
            ),
            Self::Erased => (
                "حُذف حسابك في مام فود",
                "حُذف حسابك في مام فود ومعه بياناتك. هذه آخر رسالة منّا.".to_owned(),
            ),
        }
    }

    #[expect(clippy::too_many_lines, reason = "an arm for each message")]
    fn english(&self) -> (&'static str, String) {
        match self {
            Self::Code { what, code } => {
                let what = what.english();
                (what, format!("{what}: {code}\nGive it to nobody."))
            }
            Self::AlreadyThere => (
                "You already have a MomFood account",
                "Somebody asked to open a MomFood account with this email, and you already have one. Sign in with your \
                 password, or choose \u{201c}Forgot password\u{201d} on the sign-in page.\n\nIf it was not you, there \
                 is nothing to do."
                    .to_owned(),
            ),
            Self::PasswordChanged => (
                "Your MomFood password was changed",
                warn_en("The password of your MomFood account was changed, and other sessions were ended."),
            ),
            Self::ContactChanged => (
                "The contact details of your account changed",
                warn_en("A new email or phone was added to your MomFood account."),
            ),
            Self::SecondFactor { on: true } => (
                "Two-step verification is on",
                warn_en("Two-step verification was turned on for your MomFood account."),
            ),
            Self::SecondFactor { on: false } => (
                "Two-step verification is off",
                warn_en("Two-step verification was turned off for your MomFood account."),
            ),
            Self::RecoveryCodeUsed { left } => (
                "A recovery code of your account was used",
                warn_en(&format!(
                    "A recovery code was used in place of the authenticator app of your MomFood account. Codes left: \
                     {left}."
                )),
            ),
            Self::RecoveryCodesRenewed => (
                "New recovery codes for your account",
                warn_en("New recovery codes were made for your MomFood account; the earlier ones no longer work."),
            ),
            Self::FactorRemoved => (
                "Two-step verification was taken off your account",
                warn_en(
                    "We took two-step verification off your MomFood account, and passkeys and linked accounts where you have a \
                     password, because we were told that it was lost or that somebody else used your account, and ended \
                     all your sessions. Sign in and set them up again. If you did not ask for it, tell us at once.",
                ),
            ),
            Self::FactorGuessed => (
                "Somebody is trying to sign in to your account",
                warn_en(
                    "Somebody got past the first step of signing in to your MomFood account, and then entered many wrong \
                     codes. They may know your password, or read your messages.",
                ),
            ),
            Self::PasskeyAdded => (
                "A passkey was added to your account",
                warn_en("A new passkey was added to your MomFood account."),
            ),
            Self::AccountLinked => (
                "Another account was linked to yours",
                warn_en("An account at another provider can now sign in to your MomFood account."),
            ),
            Self::SessionCopied => (
                "A session of your account was ended",
                warn_en(
                    "An old session key of your MomFood account was used. Somebody may have copied it, so that session \
                     was ended. Please sign in again.",
                ),
            ),
            Self::Invitation { restaurant, link } => {
                let restaurant = one_line(restaurant);
                (
                    "You are invited to a restaurant on MomFood",
                    format!(
                        "You are invited to join the staff of \u{201c}{restaurant}\u{201d} on MomFood. To accept:\n{}",
                        one_line(link)
                    ),
                )
            }
            Self::Approved => (
                "Your MomFood application was approved",
                "Your application to join MomFood was approved. Open your app and begin.".to_owned(),
            ),
            Self::Refused { reason } => (
                "About your MomFood application",
                format!(
                    "We could not approve your application to join MomFood. The reason: {}\nYou may apply again.",
                    one_line(reason)
                ),
            ),
            Self::Suspended { reason } => (
                "Your MomFood account is suspended",
                format!("Your MomFood account is suspended. The reason: {}", one_line(reason)),
            ),
            Self::Restored => (
                "Your MomFood account is back",
                "Your MomFood account is active again. You can sign in now.".to_owned(),
            ),
            Self::Erased => (
                "Your MomFood account was erased",
                "Your MomFood account was erased, and your data with it. This is our last message.".to_owned(),
            ),
        }
    }
}

fn warn_ar(text: &str) -> String {
    format!("{text}\n\nإن لم تكن أنت فغيّر كلمة مرورك وأنهِ الجلسات من صفحة الأمان في حسابك.")
}

fn warn_en(text: &str) -> String {
    format!(
        "{text}\n\nIf it was not you, change your password and end your sessions on the security page of your account."
    )
}

/// What somebody wrote, as one line: without control characters and without marks that turn the direction of what
/// follows.
fn one_line(text: &str) -> String {
    let turns =
        |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}');
    let plain = text.trim().chars().take(LONGEST);
    plain
        .map(|c| if c.is_control() || turns(c) { ' ' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODES: [CodeFor; 6] = [
        CodeFor::SignIn,
        CodeFor::SignUp,
        CodeFor::Recover,
        CodeFor::Verify,
        CodeFor::Confirm,
        CodeFor::SecondFactor,
    ];

    #[test]
    fn a_code_fits_one_sms_in_either_language() {
        for what in CODES {
            let text = Text::Code {
                what,
                code: "123456".into(),
            };
            let arabic = text.letter(Lang::Ar).text;
            assert!(
                arabic.encode_utf16().count() <= 70,
                "one part of an SMS in UCS-2: {arabic}"
            );
            let english = text.letter(Lang::En).text;
            assert!(
                english.is_ascii() && english.len() <= 160,
                "one part in GSM 7-bit: {english}"
            );
            assert!(arabic.contains("123456") && english.contains("123456"));
            assert!(!format!("{text:?}").contains("123456"));
        }
    }

    #[test]
    fn what_somebody_wrote_stays_on_its_line() {
        let text = Text::Refused {
            reason: "no\r\nBcc: everybody@example.com\u{202e}\u{2028}<b>x</b>".into(),
        };
        let letter = text.letter(Lang::En);
        assert_eq!(letter.text.lines().count(), 2);
        assert!(!letter.text.contains(['\r', '\u{202e}', '\u{2028}']));
        assert!(!letter.subject.contains("Bcc"));
        let long = Text::Suspended {
            reason: "x".repeat(10_000),
        };
        assert!(long.letter(Lang::Ar).text.chars().count() < LONGEST + 60);
    }
}
