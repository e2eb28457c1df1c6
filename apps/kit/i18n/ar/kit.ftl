# كلمات القطع المشتركة.
kit-product = مام فود
kit-skip = انتقل إلى المحتوى
kit-back = رجوع
kit-close = إغلاق
kit-cancel = إلغاء
kit-clear = مسح
kit-retry = أعد المحاولة
kit-undo = تراجع
kit-loading = جارٍ التحميل
kit-optional = اختياري
kit-places = الرئيسية
kit-show-password = إظهار كلمة المرور
kit-hide-password = إخفاء كلمة المرور
kit-characters-left = { $count ->
    [zero] لم يبقَ أي حرف
    [one] بقي حرف واحد
    [two] بقي حرفان
    [few] بقيت { $count } أحرف
    [many] بقي { $count } حرفًا
   *[other] بقي { $count } حرف
}
kit-remove = إزالة: { $name }
kit-fewer = تقليل واحد: { $name }
kit-more = زيادة واحد: { $name }
kit-rated = التقييم { $stars } من 5
kit-stars = { $count ->
    [zero] بلا نجوم
    [one] نجمة واحدة
    [two] نجمتان
    [few] { $count } نجوم
    [many] { $count } نجمة
   *[other] { $count } نجمة
}
kit-items = { $count ->
    [zero] لا أصناف
    [one] صنف واحد
    [two] صنفان
    [few] { $count } أصناف
    [many] { $count } صنفًا
   *[other] { $count } صنف
}
kit-step-done = تم
kit-step-failed = لم يتم
kit-press-again = اضغط مرة أخرى للتأكيد: { $deed }

# الاتصال
kit-connecting = جارٍ الاتصال…
kit-live = متصل
kit-reconnecting = جارٍ إعادة الاتصال… المعروض حتى { $since }.
kit-reconnecting-short = جارٍ إعادة الاتصال…
kit-offline = أنت غير متصل.
kit-offline-for = غير متصل منذ { $span }.
kit-offline-short = غير متصل
kit-works-customer = يمكنك قراءة القوائم والطلبات التي فتحتها من قبل. الطلب يحتاج إلى اتصال.
kit-works-kitchen = واصلوا العمل: كل ضغطة تُحفظ هنا وتُرسل من نفسها.
kit-works-driver = واصل عملك: كل ضغطة تُحفظ هنا وتُرسل من نفسها.
kit-works-admin = لا شيء هنا يعمل بلا اتصال.
kit-works-memory = هذا المتصفح لا يحفظ ما تضغطه: لا يُحتسب حتى يعود الاتصال ويردّ الخادم.
kit-live-why = كل شيء يصل فور حدوثه.
kit-heard-at = آخر ما وصل من الخادم { $time }.
kit-look = عرض
kit-understood = علم

# ما ينتظر الإرسال
kit-outbox-title = الاتصال وما لم يُرسل
kit-outbox-failed = تعذّر عرض ما ينتظر
kit-outbox-empty = لا شيء ينتظر. وصل كل ما ضغطته.
kit-waiting = { $count ->
    [zero] لا شيء ينتظر
    [one] واحد ينتظر
    [two] اثنان ينتظران
    [few] { $count } تنتظر
    [many] { $count } ينتظر
   *[other] { $count } ينتظر
}
kit-oldest = الأقدم منذ { $span }
kit-waiting-oldest = { $count ->
    [zero] لا شيء ينتظر الإرسال.
    [one] إجراء واحد ينتظر الإرسال منذ { $span }.
    [two] إجراءان ينتظران الإرسال، أقدمهما منذ { $span }.
    [few] { $count } إجراءات تنتظر الإرسال، أقدمها منذ { $span }.
    [many] { $count } إجراءً ينتظر الإرسال، أقدمها منذ { $span }.
   *[other] { $count } إجراء ينتظر الإرسال، أقدمها منذ { $span }.
}
kit-waiting-head = ينتظر الإرسال · { $count }
kit-refused-head = لم يُقبل · { $count }
kit-refused = { $count ->
    [zero] قُبل كل شيء.
    [one] لم يُقبل إجراء واحد.
    [two] لم يُقبل إجراءان.
    [few] لم تُقبل { $count } إجراءات.
    [many] لم يُقبل { $count } إجراءً.
   *[other] لم يُقبل { $count } إجراء.
}
kit-refused-count = { $count ->
    [zero] قُبل كل شيء
    [one] واحد لم يُقبل
    [two] اثنان لم يُقبلا
    [few] { $count } لم تُقبل
    [many] { $count } لم تُقبل
   *[other] { $count } لم تُقبل
}
kit-refused-now = لم يُقبل أحد الإجراءات. المس حالة الاتصال لترى السبب.
kit-kept-for-review = هو محفوظ وسيراجعه فريقنا. لا يلزمك شيء.
kit-uploads = { $count ->
    [zero] لا ملفات للرفع
    [one] صورة أو توقيع قيد الرفع
    [two] ملفان قيد الرفع من صور وتواقيع
    [few] { $count } ملفات قيد الرفع من صور وتواقيع
    [many] { $count } ملفًا قيد الرفع من صور وتواقيع
   *[other] { $count } ملف قيد الرفع من صور وتواقيع
}
kit-just-now = الآن
kit-tap-order = الطلب { $number }
kit-tap-cash = { $amount } نقدًا
kit-tap-of-another = من شخص سجّل خروجه، وتُرسل باسمه
kit-unconfirmed = لم يُرسل بعد
kit-unconfirmed-why = محفوظ على هذا الجهاز ولم يؤكده الخادم بعد.
kit-export = حفظ نسخة
kit-export-why = كل ما يحفظه هذا الجهاز، في ملف للدعم الفني.
kit-export-failed = لم يقبل المتصفح الملف.
kit-storage-memory = هذا المتصفح لا يستطيع حفظ ما تضغطه، فلا يُحتسب حتى يردّ الخادم: لا تغلق الصفحة وأنت غير متصل.
kit-storage-recovered = تعذّرت قراءة إجراءات سابقة على هذا الجهاز. نسخة منها محفوظة للدعم الفني، وما تضغطه الآن في أمان.
kit-span-minutes = { $count ->
    [zero] أقل من دقيقة
    [one] دقيقة
    [two] دقيقتين
    [few] { $count } دقائق
    [many] { $count } دقيقة
   *[other] { $count } دقيقة
}
kit-span-hours = { $count ->
    [zero] أقل من ساعة
    [one] ساعة
    [two] ساعتين
    [few] { $count } ساعات
    [many] { $count } ساعة
   *[other] { $count } ساعة
}
kit-span-days = { $count ->
    [zero] أقل من يوم
    [one] يوم
    [two] يومين
    [few] { $count } أيام
    [many] { $count } يومًا
   *[other] { $count } يوم
}

# ما ضُغط
tap-order-place = إرسال طلب
tap-order-cancel = إلغاء طلب
tap-order-rate = تقييم طلب
tap-order-accept = قبول طلب
tap-order-reject = رفض طلب
tap-order-prepare = بدء التحضير
tap-order-ready = جاهز
tap-order-hand-over = تسليم للعميل
tap-ticket-bump = رفع عن اللوحة
tap-ticket-recall = إعادة إلى اللوحة
tap-menu-availability = نفاد صنف أو عودته
tap-restaurant-pause = إيقاف الطلبات أو استئنافها
tap-shift-set = بدء الدوام أو إنهاؤه
tap-offer-accept = قبول عرض
tap-offer-decline = رفض عرض
tap-delivery-release = إعادة مهمة التوصيل
tap-delivery-arrive-restaurant = الوصول إلى المطعم
tap-delivery-pick-up = استلام الطلب
tap-delivery-arrive-customer = الوصول إلى العميل
tap-delivery-deliver = تم التوصيل
tap-delivery-fail = تعذّر التوصيل
tap-delivery-return = إعادة الطعام إلى المطعم
tap-unknown = إجراء

# الصورة والتوقيع
kit-photo-again = التقاط صورة أخرى
kit-photo-preview = الصورة
kit-photo-kept = حُفظت الصورة.
kit-photo-unreadable = تعذّرت قراءة هذه الصورة. التقط غيرها.
kit-sign-how = وقّع بإصبعك أو بقلم.
kit-sign-again = توقيع من جديد
kit-sign-keep = اعتماد
kit-sign-kept = حُفظ التوقيع.
kit-sign-failed = تعذّرت قراءة التوقيع. وقّع من جديد.

# الإعدادات
kit-theme = الألوان
kit-theme-system = حسب الجهاز
kit-theme-light = فاتح
kit-theme-dark = داكن
kit-language = اللغة

# الخريطة
kit-map = خريطة
kit-map-zoom-in = تكبير
kit-map-zoom-out = تصغير
kit-map-fit = عرض الكل
kit-map-keys = أسهم لوحة المفاتيح تحرك الخريطة، وعلامتا الزائد والناقص للتكبير والتصغير.
kit-map-restaurant = المطعم
kit-map-home = عنوان التوصيل
kit-map-driver = السائق
kit-map-stale = آخر ظهور { $ago }

# الحساب
kit-email = البريد الإلكتروني
kit-password = كلمة المرور
kit-sign-in = تسجيل الدخول
kit-sign-in-missing = أدخل بريدك وكلمة المرور.
kit-sign-out = تسجيل الخروج
kit-sign-out-keeps = هي محفوظة على هذا الجهاز وتُرسل باسمك متى اتصل، حتى بعد تسجيل خروجك.
kit-sign-out-loses = هذا المتصفح لا يستطيع حفظها: ما لم يُرسل يضيع بتسجيل الخروج.
kit-waiting-unsent = { $count ->
    [zero] لا شيء ينتظر الإرسال
    [one] إجراء واحد لم يُرسل بعد
    [two] إجراءان لم يُرسلا بعد
    [few] { $count } إجراءات لم تُرسل بعد
    [many] { $count } إجراءً لم يُرسل بعد
   *[other] { $count } إجراء لم يُرسل بعد
}

# أسماء حالات الطلب
order-awaiting-payment = جارٍ تأكيد الدفع
order-pending = بانتظار المطبخ
order-accepted = مقبول
order-preparing = قيد التحضير
order-ready = جاهز
order-picked-up = في الطريق
order-delivered = تم التوصيل
order-cancelled = ملغى
order-rejected = لم يُقبل
order-expired = بلا رد
order-failed = تعذّر التوصيل

# ما حدث للطلب
step-placed = أُرسل الطلب
step-accepted = قبله المطبخ
step-preparing = قيد التحضير
step-ready = جاهز
step-driver-assigned = عُيّن السائق
step-driver-at-restaurant = السائق في المطعم
step-picked-up = استلمه السائق
step-driver-at-customer = السائق عند الباب
step-delivered = تم التوصيل
step-cancelled = أُلغي الطلب
step-rejected = تعذّر على المطبخ قبوله
step-expired = لم يرد المطبخ
step-failed = تعذّر التوصيل
step-refunded = أُعيد المبلغ

# الأسباب
reason-too-busy = ضغط طلبات
reason-out-of-stock = نفدت الكمية
reason-closing = وقت الإغلاق
reason-changed-mind = غيّرت رأيي
reason-takes-too-long = يستغرق وقتاً طويلاً
reason-ordered-by-mistake = طُلب بالخطأ
reason-payment-declined = رُفضت البطاقة
reason-payment-timed-out = لم يُؤكَّد الدفع في الوقت المحدد
reason-customer-unreachable = تعذّر الوصول إلى العميل
reason-wrong-address = العنوان غير صحيح
reason-vehicle-problem = مشكلة في المركبة
reason-other = سبب آخر

# أين المال الآن
payment-pending = جارٍ التأكيد مع البنك
payment-authorized = محجوز على بطاقتك ولم يُخصم بعد
payment-captured = مدفوع بالبطاقة
payment-partially-refunded = أُعيد جزء منه إلى بطاقتك
payment-refunded = أُعيد إلى بطاقتك
payment-failed = رُفضت البطاقة ولم يُخصم شيء
payment-voided = لم يُخصم شيء
payment-due = يُدفع نقداً
payment-collected = مدفوع نقداً

# Installing
kit-install-title = أضِفه إلى الشاشة الرئيسية
kit-install-why = يُفتح فوراً وبدون شريط العنوان.
kit-install-share = اضغط «مشاركة» ثم «إضافة إلى الشاشة الرئيسية».
kit-install-do = تثبيت

cuisine-saudi = سعودي
cuisine-yemeni = يمني
cuisine-grills = مشاوي
cuisine-shawarma = شاورما
cuisine-lebanese = لبناني
cuisine-burgers = برجر
cuisine-pizza = بيتزا
cuisine-indian = هندي
cuisine-breakfast = فطور
cuisine-seafood = بحري
cuisine-healthy = صحي
cuisine-sweets = حلويات
cuisine-coffee = قهوة
cuisine-bakery = مخبوزات
cuisine-korean = كوري
cuisine-asian = آسيوي
cuisine-egyptian = مصري
