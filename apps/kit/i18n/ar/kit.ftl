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
kit-offline = أنت غير متصل. المعروض حتى { $since }.
kit-offline-short = غير متصل
kit-offline-waiting = { $count ->
    [zero] أنت غير متصل.
    [one] أنت غير متصل. تغيير واحد محفوظ هنا وسيُرسل.
    [two] أنت غير متصل. تغييران محفوظان هنا وسيُرسلان.
    [few] أنت غير متصل. { $count } تغييرات محفوظة هنا وستُرسل.
    [many] أنت غير متصل. { $count } تغييرًا محفوظًا هنا وسيُرسل.
   *[other] أنت غير متصل. { $count } تغيير محفوظ هنا وسيُرسل.
}
kit-offline-count = { $count ->
    [zero] غير متصل
    [one] غير متصل · واحد ينتظر
    [two] غير متصل · اثنان ينتظران
    [few] غير متصل · { $count } تنتظر
    [many] غير متصل · { $count } ينتظر
   *[other] غير متصل · { $count } ينتظر
}

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
