//! The closed set of error codes. Each has one HTTP status and words in both languages; what a code's
//! `details` hold is said with the code.

use momfood_domain::text::Lang;
use serde::{Deserialize, Serialize};
use serde_json::Value;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $status:literal, $ar:literal, $en:literal;)+) => {
        /// A code that tells a program what went wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum ErrorCode { $($(#[$doc])* $name,)+ }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The HTTP status it travels with; 0 for codes that arise on the device.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)+ }
            }

            /// What a person is told.
            pub const fn message(self, lang: Lang) -> &'static str {
                match (self, lang) { $((Self::$name, Lang::Ar) => $ar, (Self::$name, Lang::En) => $en,)+ }
            }
        }
    };
}

codes! {
    /// The body is no JSON of the right shape.
    MalformedJson = 400, "تعذّرت قراءة الطلب.", "The request could not be read.";
    /// A field is out of bounds; `details.field` names it.
    InvalidInput = 422, "بعض البيانات غير صحيحة.", "Some of the details are not right.";
    /// The body is over 256 KiB.
    BodyTooLarge = 413, "الطلب أكبر من المسموح.", "The request is too large.";
    /// The body is not `application/json`.
    UnsupportedMediaType = 415, "نوع المحتوى غير مدعوم.", "This kind of content is not supported.";
    /// No token was sent.
    Unauthenticated = 401, "سجّل الدخول أولاً.", "Please sign in first.";
    /// The access token's 15 minutes are over: refresh.
    TokenExpired = 401, "انتهت صلاحية الجلسة.", "Your session needs to be renewed.";
    /// The token is forged, of another kind, or of another server.
    TokenInvalid = 401, "الجلسة غير صالحة. سجّل الدخول من جديد.", "This session is not valid. Please sign in again.";
    /// The session was ended, or a refresh token was used twice.
    SessionRevoked = 401, "أُنهيت هذه الجلسة. سجّل الدخول من جديد.", "This session was ended. Please sign in again.";
    /// No such email with that password.
    InvalidCredentials = 401, "البريد أو كلمة المرور غير صحيحة.", "The email or password is not right.";
    /// The person does not hold the role asked for.
    RoleNotHeld = 403, "هذا الحساب لا يملك صلاحية هذا التطبيق.", "This account may not use this app.";
    /// The role may not do this.
    Forbidden = 403, "لا تملك صلاحية هذا الإجراء.", "You may not do this.";
    /// It does not exist, or the caller may not know that it does.
    NotFound = 404, "غير موجود.", "Not found.";
    /// The path exists, the method does not.
    MethodNotAllowed = 405, "هذه الطريقة غير مسموحة.", "This method is not allowed.";
    /// The email belongs to an account already.
    EmailTaken = 409, "هذا البريد مسجّل من قبل.", "This email already has an account.";
    /// The phone belongs to an account already.
    PhoneTaken = 409, "هذا الجوال مسجّل من قبل.", "This phone number already has an account.";
    /// The first factor was right, and a second is asked for; `details` are a `NextFactor`.
    SecondFactorRequired = 401, "أدخل رمز التحقق بخطوتين.", "Enter your second factor.";
    /// What was shown is right, and nobody's yet; `details` are an `Unregistered`.
    RegistrationRequired = 409, "أكمل بياناتك لفتح حسابك.", "Tell us your name to open your account.";
    /// The code is wrong, used, or its time is over; `details.triesLeft` when it is only wrong.
    CodeInvalid = 401, "الرمز غير صحيح أو انتهت صلاحيته.", "The code is not right, or its time is over.";
    /// The ticket is used, or its time is over: begin again.
    TicketInvalid = 401, "انتهت صلاحية هذه الخطوة. ابدأ من جديد.", "This step is over. Please begin again.";
    /// The password is too common, or says one's own name or email.
    PasswordWeak = 422, "كلمة المرور سهلة التخمين. اختر غيرها.", "This password is easy to guess. Choose another.";
    /// Show again who you are (`POST /auth/confirm`), then repeat this.
    ConfirmIdentity = 403, "أكّد هويتك للمتابعة.", "Please confirm that it is you.";
    /// This role needs a second factor: set one up, sign in again with it.
    SecondFactorNeeded = 403, "هذا الدور يتطلب التحقق بخطوتين. فعّله أولاً.", "This role needs a second factor. Set one up first.";
    /// The passkey is unknown here, or its answer does not fit.
    PasskeyInvalid = 401, "تعذّر التحقق من مفتاح المرور.", "The passkey could not be verified.";
    /// The other provider did not say who it is, or it was called off; `details.provider`.
    ProviderRefused = 401, "لم يكتمل الدخول عبر هذا الحساب.", "Signing in with that account did not complete.";
    /// The account at the other provider belongs to somebody else here, or its email does: sign in first, then link it.
    AlreadyLinked = 409, "هذا الحساب مرتبط من قبل. سجّل الدخول ثم اربطه.", "That account is already in use here. Sign in first, then link it.";
    /// It would leave no way to sign in.
    LastWayIn = 409, "أضف طريقة دخول أخرى قبل إزالة هذه.", "Add another way to sign in before removing this one.";
    /// Nobody would be left to run the platform.
    LastAdmin = 409, "لا بد من بقاء مدير واحد على الأقل.", "There must be at least one admin left.";
    /// Nobody would be left who owns the restaurant.
    LastOwner = 409, "لا بد من بقاء مالك واحد للمطعم على الأقل.", "The restaurant must have at least one owner left.";
    /// The application is not where this is possible; `details.status`.
    ApplicationState = 409, "لم يعد هذا ممكناً في حالة الطلب الحالية.", "The application is not at a stage where this is possible.";
    /// Something is missing before it can be submitted; `details.missing` names it.
    ApplicationIncomplete = 422, "أكمل البيانات والمستندات الناقصة.", "Some details or documents are missing.";
    /// The file is none of the kinds asked for, is damaged, or hides something.
    ContentRefused = 422, "هذا الملف غير مقبول.", "This file is not accepted.";
    /// An order, a delivery or money is still open: finish it first; `details.open` says what.
    StillOpen = 409, "أنهِ ما هو مفتوح أولاً.", "Finish what is still open first.";
    /// The order's state does not allow it; `details.status` is the state.
    WrongState = 409, "تغيّرت حالة الطلب، ولم يعد هذا ممكناً.", "The order has moved on; this is no longer possible.";
    /// The delivery offer was withdrawn or its time is over.
    OfferOver = 409, "انتهى هذا العرض.", "This offer is over.";
    /// The idempotency key was used with another body.
    KeyReused = 409, "استُخدم مفتاح الطلب من قبل لطلب مختلف.", "This request key was already used for something else.";
    /// The `Idempotency-Key` header is missing or no UUID.
    KeyMissing = 400, "مفتاح الطلب مفقود.", "The request key is missing.";
    /// The quote's time is over; `details.quote` is a new one.
    QuoteExpired = 409, "انتهت صلاحية السعر. راجع السعر الجديد.", "The price has expired. Please check the new one.";
    /// Prices changed since the quote; `details.quote` is a new one.
    PriceChanged = 409, "تغيّر السعر. راجع السعر الجديد قبل الطلب.", "The price has changed. Please check it before ordering.";
    /// The restaurant is closed; `details.opensAt` says when it opens, if it does.
    RestaurantClosed = 409, "المطعم مغلق الآن.", "The restaurant is closed now.";
    /// The restaurant takes no new orders for now; `details.until` says how long, if known.
    RestaurantPaused = 409, "المطعم لا يستقبل طلبات جديدة الآن.", "The restaurant is not taking new orders right now.";
    /// An item or option cannot be had now; `details.itemId` or `details.optionId`, and `details.name`.
    ItemUnavailable = 409, "أحد الأصناف غير متوفر الآن.", "An item is not available right now.";
    /// The menu has no such item or option; `details.itemId` or `details.optionId`.
    UnknownItem = 422, "صنف غير معروف.", "Unknown item.";
    /// Too few, too many or repeated options; `details.groupId`, `details.min` or `details.max`.
    OptionRules = 422, "راجع الخيارات المطلوبة للصنف.", "Please check the item's options.";
    /// A quantity is not 1 to 99; `details.itemId`.
    BadQuantity = 422, "الكمية يجب أن تكون بين 1 و99.", "The quantity must be between 1 and 99.";
    /// Nothing in the cart.
    EmptyCart = 422, "السلة فارغة.", "The cart is empty.";
    /// Below the restaurant's minimum; `details.missing` and `details.minimum` in minor units.
    BelowMinimum = 422, "قيمة الطلب أقل من الحد الأدنى.", "The order is below the minimum.";
    /// Too far from the restaurant.
    OutOfRange = 422, "العنوان خارج نطاق التوصيل.", "The address is outside the delivery area.";
    /// The card was declined.
    CardDeclined = 402, "رُفضت البطاقة. جرّب بطاقة أخرى أو ادفع نقداً.", "The card was declined. Try another card, or pay cash.";
    /// Cash is due: say how much was taken.
    CashNeeded = 422, "أدخل المبلغ النقدي المستلم.", "Enter the cash you received.";
    /// An amount is out of range.
    BadAmount = 422, "المبلغ غير صحيح.", "The amount is not right.";
    /// The customer's code was not right; the food was handed over all the same, and people look at it.
    WrongCode = 422, "الرمز لا يطابق رمز العميل، فأُرسل للمراجعة.", "The code was not the customer's, so this was set aside for review.";
    /// Preparation is not 1 to 180 minutes.
    PrepMinutes = 422, "مدة التحضير يجب أن تكون بين 1 و180 دقيقة.", "Preparation must take 1 to 180 minutes.";
    /// An intent reached us after the time up to which it was meant.
    TooLate = 409, "وصل هذا بعد فوات وقته، فلم يُنفّذ.", "This reached us too late, so it was not done.";
    /// The restaurant's kitchen has not been heard of for a minute: it takes no new orders until it is.
    KitchenUnreachable = 409, "المطعم غير متصل الآن ولا يستقبل طلبات جديدة.", "The restaurant is not connected right now and takes no new orders.";
    /// The device's number was used for something else: it is a copy, or was restored. Take a new identity.
    IdentityFork = 409, "هذا الجهاز نسخة من جهاز آخر.", "This device is a copy of another.";
    /// The program is newer than the server, or too old for it; `details.proto` is what the server speaks.
    ProtocolUnsupported = 426, "إصدار التطبيق لا يتوافق مع الخادم. حُفظ كل شيء على جهازك.", "This version of the app and the server do not fit. Everything is kept on your device.";
    /// Nobody can read it yet: kept for people to look at.
    Unreadable = 422, "تعذّر فهم هذا الإجراء، فحُفظ للمراجعة.", "This could not be understood and was set aside for review.";
    /// The part does not follow what is there; `details.offset` says where to go on.
    OffsetMismatch = 409, "الجزء المرسل لا يتبع ما وصل.", "This part does not follow what has arrived.";
    /// The bytes are not those the name promises: begin anew.
    DigestMismatch = 422, "الملف تالف. أُعيد الإرسال من البداية.", "The file arrived damaged. Send it again from the start.";
    /// More than may be kept for one person a day.
    QuotaExceeded = 429, "تجاوزت الحد اليومي للملفات.", "The daily limit for files is reached.";
    /// Too many requests; `details.retryAfter` in seconds.
    RateLimited = 429, "محاولات كثيرة. انتظر قليلاً ثم أعد المحاولة.", "Too many attempts. Please wait a moment.";
    /// Not now, but soon: try the same again.
    TryAgain = 503, "الخدمة مشغولة. أعد المحاولة بعد لحظات.", "We are busy. Please try again in a moment.";
    /// Our fault; `details.request` is what support needs.
    Internal = 500, "حدث خطأ لدينا. أعد المحاولة.", "Something went wrong on our side. Please try again.";
    /// On the device: no answer from the server.
    Offline = 0, "لا يوجد اتصال بالإنترنت.", "There is no internet connection.";
    /// On the device: nothing more can be kept on it. What was tapped is not lost: it was not taken.
    DeviceFull = 0, "امتلأت ذاكرة الجهاز، فلم يُحفظ هذا. أفرغ مساحة ثم أعد المحاولة.", "The device is full, so this was not saved. Free some space and try again.";
    /// On the device: what was queued is too large to be sent.
    TooLarge = 0, "المحتوى أكبر من أن يُحفظ.", "This is too large to be kept.";
    /// On the device: this one, or the program there, does not do that; `details.why` may say more.
    NotOnThisDevice = 0, "هذا غير متاح على هذا الجهاز.", "This is not available on this device.";
    /// On the device: the server answered something this version does not understand.
    Protocol = 0, "هذه النسخة قديمة. حدّث التطبيق.", "This version is out of date. Please update.";
}

impl ErrorCode {
    /// Whether the same request may succeed later, unchanged.
    pub const fn is_temporary(self) -> bool {
        matches!(
            self,
            Self::TryAgain | Self::RateLimited | Self::Internal | Self::Offline
        )
    }
}

/// What went wrong: `error` of a failed answer, and the failure of a Call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[error("{code:?}: {message}")]
pub struct Failure {
    /// For programs.
    pub code: ErrorCode,
    /// For people, in the caller's language.
    pub message: String,
    /// What the code says it holds; `null` when nothing.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub details: Value,
}

impl Failure {
    /// `code` in the words of `lang`, without details.
    pub fn new(code: ErrorCode, lang: Lang) -> Self {
        Self {
            code,
            message: code.message(lang).to_owned(),
            details: Value::Null,
        }
    }

    /// The same with details.
    #[must_use]
    pub fn with(mut self, details: Value) -> Self {
        self.details = details;
        self
    }
}

/// A failed answer: `{"success": false, "error": …}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Failed {
    /// Always `false`.
    pub success: bool,
    /// What went wrong.
    pub error: Failure,
}

/// A successful answer: `{"success": true, "data": …}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Success<T> {
    /// Always `true`.
    pub success: bool,
    /// The answer.
    pub data: T,
}
