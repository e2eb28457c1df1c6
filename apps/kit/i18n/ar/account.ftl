# الدخول
entry-way = طريقة الدخول
entry-way-phone = الجوال
entry-way-email = البريد
entry-phone = رقم الجوال
entry-phone-hint = نرسل لك رمزًا. والرقم الجديد يفتح حسابًا جديدًا.
entry-send-code = أرسلوا لي رمزًا
entry-code = الرمز
entry-code-sent = أرسلنا رمزًا إلى { $to }، صالحًا لعشر دقائق.
entry-code-wrong = { $left ->
    [zero] الرمز غير صحيح.
    [one] الرمز غير صحيح. بقيت محاولة واحدة.
    [two] الرمز غير صحيح. بقيت محاولتان.
    [few] الرمز غير صحيح. بقيت { $left } محاولات.
    [many] الرمز غير صحيح. بقيت { $left } محاولة.
   *[other] الرمز غير صحيح. بقيت { $left } محاولة.
}
entry-code-over = الرمز غير صحيح أو انتهى وقته. اطلب رمزًا آخر.
entry-resend-in = رمز آخر بعد { $time }
entry-resend = إرسال رمز آخر
entry-go-on = متابعة
entry-forgot = نسيت كلمة المرور؟
entry-new-here = أول مرة؟ أنشئ حسابًا
entry-sign-up-lead = نرسل رمزًا إلى بريدك أولًا، حتى لا يفتح أحد حسابًا باسمك.
entry-or = أو
entry-passkey = الدخول بمفتاح مرور
entry-with = المتابعة عبر { $name }
entry-password-hint = 8 خانات على الأقل. بضع كلمات معًا سهلة الحفظ صعبة التخمين.
entry-first-name = الاسم الأول
entry-last-name = اسم العائلة
entry-wrong-email = لا يبدو هذا بريدًا إلكترونيًا صحيحًا.
entry-wrong-phone = اكتبه هكذا: 5X XXX XXXX
entry-wrong-password = كلمة المرور 8 خانات على الأقل.
entry-wrong-first-name = اكتب اسمك الأول.
entry-wrong-last-name = الاسم أطول من اللازم.
entry-wrong-empty = اكتب هذا من فضلك.
entry-offline = لا يوجد اتصال. الدخول يحتاج إلى اتصال بالإنترنت.
entry-wait = { $minutes ->
    [zero] محاولات كثيرة. أعد المحاولة بعد قليل.
    [one] محاولات كثيرة. أعد المحاولة بعد دقيقة.
    [two] محاولات كثيرة. أعد المحاولة بعد دقيقتين.
    [few] محاولات كثيرة. أعد المحاولة بعد { $minutes } دقائق.
    [many] محاولات كثيرة. أعد المحاولة بعد { $minutes } دقيقة.
   *[other] محاولات كثيرة. أعد المحاولة بعد { $minutes } دقيقة.
}
passkey-called-off = لم يُستخدم مفتاح مرور. أعد المحاولة أو ادخل بطريقة أخرى.
provider-google = Google
provider-apple = Apple
provider-facebook = Facebook

# حساب جديد
register-title = حساب جديد
register-lead = خطوة أخيرة: ما اسمك؟
register-agree = قرأت الشروط وإشعار الخصوصية وأوافق عليهما
register-must-agree = لا نستطيع فتح حساب دون هذه الموافقة.
register-news = أرسلوا لي الأخبار والعروض
register-do = إنشاء الحساب

# التحقق بخطوتين
factor-title = هل هذا أنت؟
factor-totp-lead = افتح تطبيق المصادقة واكتب أرقامه الستة.
factor-totp-code = أرقام التطبيق
factor-recovery-lead = أحد الرموز التي احتفظت بها عند تفعيل التحقق بخطوتين. كل رمز يعمل مرة واحدة.
factor-recovery-code = رمز الاسترداد
factor-recovery-hint = لا فرق بين الأحرف الكبيرة والصغيرة، ولا تهم المسافات والشرطات.
factor-sms-lead = نرسل أرقامًا إلى جوالك الموثّق.
factor-your-phone = جوالك
factor-by-totp = استخدام تطبيق المصادقة
factor-by-recovery = استخدام رمز استرداد
factor-by-sms = إرسال رسالة نصية

# نسيان كلمة المرور
recover-title = كلمة مرور جديدة
recover-lead = نرسل رمزًا إلى بريدك أو جوالك. تُسجَّل كل أجهزتك خروجًا، ويبقى التحقق بخطوتين كما هو.
recover-password = كلمة المرور الجديدة
recover-do = حفظ كلمة المرور
recover-done = تغيّرت كلمة المرور. ادخل بها.

# تأكيد الهوية
confirm-title = أكّد أنه أنت
confirm-lead = أنت على وشك تغيير شيء مهم.
confirm-do = تأكيد
confirm-by-password = استخدام كلمة المرور
confirm-by-code = أرسلوا لي رمزًا
confirm-your-contact = جوالك أو بريدك الموثّق
confirm-wrong-password = كلمة المرور غير صحيحة.
confirm-no-way = سجّل الخروج ثم ادخل من جديد، وأعد المحاولة.

# شاشات الحساب
account-needs-line = هذا لا يُحفظ على الجهاز. اتصل بالإنترنت لتراه وتغيّره.
account-failed = تعذّر عرض هذا

# الأمان
secure-title = الأمان
secure-detail = كلمة المرور والتحقق بخطوتين ومفاتيح المرور
secure-factor-needed = عملك يتطلب التحقق بخطوتين. فعّل تطبيق مصادقة أو مفتاح مرور، ثم ادخل به من جديد.
secure-contacts = البريد والجوال
secure-none = لا يوجد بعد
secure-verified = موثّق
secure-verify = توثيق
secure-verify-do = توثيق
secure-change = تغيير
secure-add = إضافة
secure-remove = إزالة
secure-verify-email = توثيق البريد
secure-verify-phone = توثيق الجوال
secure-new-email = بريد آخر
secure-new-phone = جوال آخر
secure-sending = الرمز في الطريق…
secure-contact-done = تم التوثيق.
secure-password = كلمة المرور
secure-password-change = تغيير كلمة المرور
secure-password-set = اختيار كلمة مرور
secure-password-none = لا توجد بعد.
secure-password-ends = تُسجَّل أجهزتك الأخرى خروجًا.
secure-password-current = كلمة المرور الحالية
secure-password-done = تغيّرت كلمة المرور.
secure-totp = التحقق بخطوتين
secure-totp-app = تطبيق المصادقة
secure-totp-why = ستة أرقام من جوالك إلى جانب كلمة المرور: كلمة مسروقة وحدها لا تفتح شيئًا.
secure-on = مفعّل
secure-totp-add = تفعيل تطبيق مصادقة
secure-totp-scan = صوّر هذا المربع بتطبيق المصادقة.
secure-totp-qr = السر كصورة لكاميرا التطبيق
secure-totp-type = أو اكتب فيه هذا السر:
secure-totp-open = فتح في تطبيق على هذا الجهاز
secure-totp-confirm = اكتب الأرقام الستة التي يعرضها
secure-totp-do = تفعيل
secure-totp-remove = إيقاف التحقق بخطوتين
secure-totp-remove-body = تتوقف رموز الاسترداد أيضًا. اكتب أرقام التطبيق مرة أخيرة.
secure-totp-removed = توقّف التحقق بخطوتين.
secure-codes-left = { $count ->
    [zero] لم يبق رمز استرداد.
    [one] بقي رمز استرداد واحد.
    [two] بقي رمزا استرداد.
    [few] بقيت { $count } رموز استرداد.
    [many] بقي { $count } رمز استرداد.
   *[other] بقي { $count } رمز استرداد.
}
secure-codes-new = رموز استرداد جديدة
secure-codes-title = احتفظ بهذه الرموز
secure-codes-why = إن فقدت جوالك فكل رمز منها يدخلك مرة واحدة. لا تُعرض إلا الآن: اطبعها، أو ضعها حيث كلمات مرورك.
secure-codes-kept = احتفظت بها
secure-copy = نسخ
secure-copied = نُسخ.
secure-not-copied = هذا المتصفح لا ينسخ. اطبعها أو احفظها.
secure-save = حفظ
secure-print = طباعة
secure-passkeys = مفاتيح المرور
secure-passkeys-why = ادخل ببصمتك أو وجهك أو قفل شاشتك. لا شيء تحفظه، ولا شيء يُسرق.
secure-passkey-add = إضافة مفتاح مرور
secure-passkey-not-here = هذا المتصفح لا يعرف مفاتيح المرور.
secure-passkey-this = هذا الجهاز
secure-passkey-name = اسم مفتاح المرور
secure-passkey-called = الاسم
secure-passkey-called-hint = لتعرفه لاحقًا، مثل «جوال سارة».
secure-passkey-keep = حفظ
secure-passkey-added = أُضيف مفتاح المرور.
secure-passkey-used = آخر استخدام { $day }
secure-passkey-made = أُضيف { $day }
secure-passkey-remove = إزالة «{ $name }»؟
secure-passkey-remove-body = لن يُدخلك بعد الآن. احذفه من إعدادات الجهاز أيضًا.
secure-passkey-removed = أُزيل مفتاح المرور.
secure-linked = حسابات أخرى
secure-linked-since = مرتبط منذ { $day }
secure-linked-done = ارتبط الحساب.
secure-link = ربط
secure-unlink = فك الربط
secure-unlinked = لن يُدخلك هذا الحساب بعد الآن.

# الأجهزة
sessions-title = أجهزتك
sessions-detail = أين سجّلت دخولك، وتسجيل الخروج منها
sessions-lead = جهاز لا تعرفه؟ سجّل خروجه ثم غيّر كلمة مرورك.
sessions-this = هذا الجهاز
sessions-end = تسجيل الخروج
sessions-end-title = تسجيل خروج «{ $device }»؟
sessions-end-body = عليه أن يدخل من جديد ليكمل.
sessions-end-others = { $count ->
    [zero] تسجيل خروج الأجهزة الأخرى
    [one] تسجيل خروج الجهاز الآخر
    [two] تسجيل خروج الجهازين الآخرين
    [few] تسجيل خروج { $count } أجهزة أخرى
    [many] تسجيل خروج { $count } جهازًا آخر
   *[other] تسجيل خروج { $count } جهاز آخر
}
sessions-end-others-title = تسجيل الخروج من كل مكان آخر؟
sessions-ended = سُجّل الخروج.
sessions-only-here = لم تسجّل دخولك إلا هنا.
sessions-seen = شوهد { $ago }
sessions-unknown-device = جهاز غير معروف
sessions-by-password = بكلمة المرور
sessions-by-code = برمز
sessions-by-passkey = بمفتاح مرور
sessions-by-oauth = بحساب آخر
sessions-second-factor = بخطوتين
role-customer = عميل
role-restaurant = مطعم
role-driver = سائق
role-support = الدعم
role-admin = الإدارة
role-system = المنصة

# الخصوصية
privacy-title = بياناتك
privacy-detail = نسخة منها، وموافقاتك، وحذف الحساب
privacy-export-title = نسخة من بياناتك
privacy-export-body = كل ما نعرفه عنك في ملف واحد: بياناتك وعناوينك وطلباتك وأجهزتك وموافقاتك.
privacy-export-do = تنزيل بياناتي
privacy-export-busy = نجمعها الآن. قد يستغرق ذلك دقيقة.
privacy-export-saved = بياناتك بين تنزيلاتك.
privacy-consents = ما وافقت عليه
privacy-agreed = وافقت { $day }
privacy-not-asked = لم تُسأل بعد
privacy-kept = سجّلنا ذلك.
privacy-delete-title = حذف الحساب
privacy-delete-body = تزول بياناتك نهائيًا، ولا رجعة في ذلك.
privacy-delete-do = حذف حسابي
privacy-delete-who = اسمك وبريدك وجوالك وعناوينك لا يعود أحد يقرؤها، ولا في نسخنا الاحتياطية.
privacy-delete-orders = تبقى الطلبات في دفاتر المطاعم كما يطلب النظام، دون أن تقول لمن كانت.
privacy-delete-sessions = تُسجَّل كل أجهزتك خروجًا.
privacy-delete-final = يحدث ذلك فورًا ولا يمكن التراجع عنه.
privacy-delete-word = حذف
privacy-delete-type = اكتب «{ $word }» للمتابعة
privacy-delete-mistyped = اكتب «{ $word }» دون علامتي التنصيص.
privacy-open-orders = طلب لك ما زال في الطريق. احذف الحساب بعد أن ينتهي.
privacy-open-delivery = لديك توصيلة لم تنته أو ما زلت في مناوبة. أكملها أولًا.
privacy-open-restaurant = ليس لمطعمك مالك غيرك. اجعل شخصًا آخر مالكًا أولًا.
privacy-open-money = لديك نقد لم تسلّمه. سوِّه أولًا.
privacy-deleted = حُذف حسابك.

# الشروط وإشعار الخصوصية
legal-version = نسخة { $day }
terms-title = شروط الاستخدام
terms-lead = يجمع مام فود بين من يجوع ومن يطبخ ومن يوصّل. هذه القواعد بيننا.
terms-orders = الطلب
terms-orders-body = الطلب عقد بينك وبين المطعم، يثبت حين يقبله المطعم. ولك إلغاؤه قبل ذلك بلا مقابل.
terms-prices = الأسعار والدفع
terms-prices-body = الأسعار شاملة ضريبة القيمة المضافة، والفاتورة التي تراها قبل الطلب هي التي تدفعها. تُخصم البطاقة حين يقبل المطعم، ويُدفع النقد عند الباب.
terms-cancel = إذا حدث خطأ
terms-cancel-body = إن لم يُقبل الطلب أو لم يصل أو لم يكن كما طلبت، فاكتب إلينا من صفحة الطلب. يُعاد ما خُصم بالطريقة التي دُفع بها.
terms-account = حسابك
terms-account-body = استخدم اسمك وبياناتك، واحفظ كلمة مرورك ورموزك وأجهزتك لنفسك. ولك حذف الحساب متى شئت.
terms-conduct = كيف نتعامل
terms-conduct-body = احترم من يطبخ لك ومن يوصّل إليك. تُغلق الحسابات التي تخدع الناس أو تؤذيهم، ويُذكر السبب.
notice-title = إشعار الخصوصية
notice-lead = ما نعرفه عنك، ولماذا، ومن يراه، وما لك أن تفعل به.
notice-what = ما نحفظه
notice-what-body = اسمك وبريدك وجوالك، والعناوين التي تحفظها، وطلباتك، ومن أين وبماذا دخلت. أما أرقام البطاقات فعند مزوّد الدفع لا عندنا.
notice-who = من يراه
notice-who-body = يرى المطعم اسمك الأول وطلبك. ويرى السائق العنوان ووسيلة للاتصال بك أثناء التوصيل. ويرى فريقنا ما يحتاج إليه لمساعدتك، وكل اطلاع يُسجَّل.
notice-how = كيف نحميه
notice-how-body = الجوالات والعناوين مشفّرة بمفتاح خاص بك، والاتصالات مشفّرة، وكلمات المرور لا تُحفظ إلا بصمةً لا تُعكس.
notice-long = إلى متى
notice-long-body = ما دام لك حساب. فإن حذفته أُتلف مفتاحك، فلا يقرأ أحد ما شُفّر به. وتُحفظ الفواتير كما يطلب النظام دون اسمك.
notice-rights = حقوقك
notice-rights-body = لك أن ترى ما نعرفه عنك وتصححه وتأخذه معك وتحذفه، وفق نظام حماية البيانات الشخصية في المملكة العربية السعودية: من التطبيق في «بياناتك».
