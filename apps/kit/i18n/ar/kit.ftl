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
kit-map-driver = المندوب
kit-map-stale = آخر ظهور { $ago }
