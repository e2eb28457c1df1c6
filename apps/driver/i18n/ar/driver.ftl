driver-title = مام فود للسائقين
driver-lead = ورديتك ورحلاتك وأرباحك.
driver-failed = تعذّر التحميل
driver-nav-home = القيادة
driver-nav-today = اليوم
driver-nav-account = حسابي

driver-off-title = أنت خارج الوردية
driver-off-body = ابدأ ورديتك لتصلك العروض القريبة منك.
driver-on-duty = أنت في الوردية الآن
driver-start = ابدأ الوردية
driver-follow-phone = أثناء الوردية يرسل هذا الهاتف موقعك، حتى والشاشة مطفأة. خارج الوردية لا يرسله أبداً.
driver-follow-page = أثناء الوردية وما دامت هذه الصفحة مفتوحة تُرسل موقعك. خارج الوردية لا تُرسله أبداً.
driver-stop = إنهاء الوردية
driver-where-title = أين أنت؟
driver-where-body = هذا الجهاز لا يشارك موقعه. حرّك الخريطة حتى يقف الدبوس على مكانك.
driver-start-here = ابدأ من هنا
driver-i-am-here = أنا هنا
driver-move = تغيير مكاني
driver-moved = حُدّث مكانك
driver-waiting-title = بانتظار العروض
driver-waiting-body = ابقَ قريباً من المطاعم: يُسأل أقرب سائق أولاً.
driver-cut-off-title = لا تصل العروض بدون اتصال
driver-cut-off-body = تعود وحدها حين يعود الاتصال.
driver-map = خريطة رحلتك
driver-you = أنت

driver-offer-title = عرض جديد
driver-offer-pays = الأجر
driver-offer-left = الوقت المتبقي للرد
driver-offer-accept = قبول
driver-offer-decline = رفض
driver-offer-accepted = قبلت العرض
driver-offer-area = منطقة التسليم
driver-offer-area-note = يظهر العنوان الكامل بعد القبول
driver-cash-order = الدفع نقداً

driver-step-of = الخطوة { $step } من { $count }
driver-go-restaurant = توجّه إلى المطعم
driver-check-items = تأكد من الأصناف
driver-go-customer = توجّه إلى العميل
driver-hand-over = سلّم الطلب
driver-bring-back = أعد الطلب إلى المطعم
driver-step-at-restaurant = وصلت إلى المطعم
driver-step-pick-up = استلمت الطلب
driver-slide-pick-up = اسحب بعد استلام { $number }
driver-step-at-customer = وصلت إلى العميل
driver-step-cash-and-hand-over = استلم المبلغ وسلّم الطلب
driver-step-hand-over = سلّم الطلب
driver-step-deliver = سلّمت الطلب
driver-slide-deliver = اسحب بعد تسليم { $number }
driver-step-return = أعدته إلى المطعم
driver-ready-by = وعد المطبخ بتجهيزه { $time }.
driver-drop-off = مكان التسليم
driver-call = اتصل بـ { $name }
driver-navigate = الطريق إلى { $name }
driver-times = { $count } ×
driver-cash-due = استلم { $amount } نقداً.

driver-stops = { $count ->
    [zero] لا طلبات في هذه الرحلة
    [one] طلب واحد في هذه الرحلة
    [two] طلبان في هذه الرحلة
    [few] { $count } طلبات في هذه الرحلة
    [many] { $count } طلباً في هذه الرحلة
   *[other] { $count } طلب في هذه الرحلة
}

driver-cash-ask = استلم نقداً
driver-cash-given = دفع العميل
driver-cash-exact = المبلغ تماماً
driver-cash-other = مبلغ آخر
driver-cash-typed = المبلغ المدفوع
driver-cash-change = أعد له
driver-cash-short = ينقص { $missing }. يُسجَّل { $taken }، ويسوّي الدعم الباقي.
driver-cash-wrong = اكتب المبلغ الذي دفعه العميل.

driver-proof-title = إثبات التسليم
driver-proof-code = الرمز
driver-proof-photo = صورة
driver-proof-signature = توقيع
driver-proof-none = بدون
driver-proof-code-ask = الرمز من { $name }
driver-proof-code-where = يرى العميل أربعة أرقام في صفحة الطلب.
driver-proof-photo-ask = صوّر الطلب عند الباب
driver-proof-signature-ask = توقيع { $name }
driver-proof-none-why = فقط إذا تعذّر كل ما سبق: بدون إثبات تُحسم الشكوى لصالح العميل.
driver-proof-code-missing = اكتب الأرقام الأربعة
driver-proof-kept = محفوظ من قبل. اسحب للتأكيد أو التقطه من جديد.
driver-proof-photo-missing = التقط الصورة
driver-proof-signature-missing = خذ التوقيع ثم اضغط «اعتماد»

driver-trouble = عندي مشكلة
driver-release-title = هل تترك هذه الرحلة؟
driver-release-body = سنسأل سائقاً آخر فوراً، ولن تُحسب عليك.
driver-release-confirm = ترك الرحلة
driver-fail-title = هل تعذّر التسليم؟
driver-fail-body = نبلّغ العميل والدعم، ثم تعيد الطلب إلى المطعم.
driver-fail-confirm = تعذّر التسليم
driver-fail-photo = صورة الباب (اختياري)
driver-fail-photo-why = الصورة تثبت أنك وصلت.

driver-earned = أرباح اليوم
driver-trips = الرحلات
driver-cash-in-hand = نقد معك
driver-tips = منها إكراميات: { $amount }
driver-trips-today = رحلات اليوم
driver-trip-cash = { $cash } نقداً
driver-trip-failed = لم يُسلَّم
driver-no-trips = لا رحلات اليوم بعد
driver-no-trips-body = كل رحلة تنهيها تظهر هنا مع أجرها.
