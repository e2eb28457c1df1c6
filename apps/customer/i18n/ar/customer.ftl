# كلمات تطبيق العميل.

# الأماكن
place-home = الرئيسية
place-orders = طلباتي
place-account = حسابي
lost-title = لا يوجد شيء هنا
lost-body = الرابط قديم أو غير صحيح، والأكل الطيب على بُعد لمسة.
lost-home = تصفّح المطاعم
stale = كما كانت { $ago }، وقد تكون الأسعار تغيّرت بعدها.
free = مجانًا

# الدخول والتسجيل
sign-in-welcome = أطيب مطابخ الرياض، تتابعها حتى باب بيتك.
sign-in-title = تسجيل الدخول
looks-light = ألوان فاتحة
looks-dark = ألوان داكنة

# الرئيسية
home-title = مطاعم حولك
home-question = وش تشتهي اليوم؟
home-search = ابحث عن مطعم أو طبق أو مطبخ
home-cuisines = المطابخ
home-open-now = مفتوح الآن
home-deliver = التوصيل إلى
home-deliver-to = التوصيل إلى { $label }
home-choose-address = اختر عنوانًا
home-city = الرياض
home-all = كل المطاعم
home-results = نتائج البحث
home-featured = مختارات الأسبوع
home-count = { $count ->
    [zero] لا مطاعم
    [one] مطعم واحد
    [two] مطعمان
    [few] { $count } مطاعم
    [many] { $count } مطعمًا
   *[other] { $count } مطعم
}
home-nothing = لم نجد ما يطابق
home-nothing-body = جرّب كلمات أخرى أو أزل أحد الاختيارات.
home-show-all = اعرض الكل
home-offline = لا يوجد اتصال
home-offline-body = تأكد من الإنترنت ثم أعد المحاولة.
sort-title = الترتيب حسب
sort-by = الترتيب: { $name }
sort-recommended = المقترح
sort-distance = الأقرب
sort-rating = الأعلى تقييمًا
sort-time = الأسرع
sort-fee = الأقل رسوم توصيل
time-cooking = التحضير { $time }
fee-free = توصيل مجاني
fee = التوصيل { $amount }
fee-from = التوصيل من { $amount }
fee-too-far = استلام من المطعم فقط
opening-open = مفتوح
opening-closed = مغلق
opening-closed-until = مغلق · يفتح { $time }
opening-paused = استراحة قصيرة
opening-paused-until = استراحة حتى { $time }
opening-unreachable = غير متصل الآن

# المطابخ ومسببات الحساسية
allergen-gluten = غلوتين
allergen-dairy = ألبان
allergen-nuts = مكسرات
allergen-eggs = بيض
allergen-sesame = سمسم
allergen-fish = سمك
allergen-shellfish = قشريات
allergen-soy = صويا

# العناوين
address-title = عناويني
address-none = لا عناوين بعد
address-none-body = أضف عنوانك لنعرض لك من يوصّل إليه وبكم.
address-add = إضافة عنوان
address-edit = تعديل: { $label }
address-edit-title = تعديل العنوان
address-delete = حذف: { $label }
address-deleted = حُذف: { $label }
address-saved = حُفظ العنوان
address-save = احفظ ووصّل هنا
address-map = اختر المكان على الخريطة
address-map-hint = حرّك الخريطة حتى يقف الدبوس على بابك.
address-label = اسم العنوان
address-home = البيت
address-work = العمل
address-family = بيت الأهل
address-line = الحي والشارع والمبنى
address-line-example = العليا، شارع العليا العام، مبنى 12
address-short = العنوان الوطني المختصر
address-short-hint = أربعة أحرف إنجليزية وأربعة أرقام.
address-landmark = علامة مميزة
address-landmark-example = مقابل الحديقة، بجانب الصيدلية
address-note = ملاحظة للسائق
address-note-example = الدور الثاني. اتصل عند الوصول، الجرس لا يعمل.
wrong-address-label = اكتب اسمًا قصيرًا لهذا العنوان.
wrong-address-line = اكتب الحي والشارع والمبنى.
wrong-address-shortAddress = العنوان المختصر أربعة أحرف وأربعة أرقام، مثل RAHA3443.
wrong-address-landmark = النص أطول من اللازم.
wrong-address-note = النص أطول من اللازم.

# المطعم
restaurant-time = الوقت
restaurant-minimum = الحد الأدنى
restaurant-pickup-only = استلام فقط
restaurant-hours = أوقات العمل
restaurant-today = اليوم { $hours }
restaurant-always = على مدار الساعة
restaurant-from-to = { $from } – { $to }
restaurant-search = ابحث في قائمة { $name }
restaurant-categories = القائمة
restaurant-nothing = غير موجود في القائمة
restaurant-nothing-body = جرّب كلمة أخرى.
restaurant-all = اعرض القائمة كاملة
restaurant-in-cart = { $count } في سلتك
restaurant-gone = هذا المطعم لم يعد موجودًا
restaurant-gone-body = مطاعم أخرى قريبة منك.
restaurant-failed-body = تعذّر تحميل القائمة.
item-calories = { $count } سعرة
item-sold-out = نفد
item-sold-out-until = نفد حتى { $time }
item-not-now = لا يُقدَّم في هذا الوقت
item-contains = يحتوي على
item-quantity = الكمية: { $name }
item-add = أضف
item-change = حفظ التعديل
item-added = أُضيف: { $name }
item-note = ملاحظة للمطبخ
item-note-example = بدون بصل لو سمحت
item-choose-first = اختر أولًا: { $name }
group-optional-one = اختياري
group-up-to = اختر حتى { $count }
group-exactly = { $count ->
    [zero] لا اختيار هنا
    [one] اختر واحدًا
    [two] اختر اثنين
    [few] اختر { $count }
    [many] اختر { $count }
   *[other] اختر { $count }
}
group-between = اختر من { $min } إلى { $max }
group-required = مطلوب
group-done = تم
group-count = { $count } من { $max }
group-missing = { $count ->
    [zero] اكتملت الاختيارات.
    [one] بقي اختيار واحد هنا.
    [two] بقي اختياران هنا.
    [few] بقيت { $count } اختيارات هنا.
    [many] بقي { $count } اختيارًا هنا.
   *[other] بقي { $count } اختيار هنا.
}
conflict-title = تبدأ سلة جديدة؟
conflict-body = في سلتك أصناف من { $other }. الطلب الواحد من مطبخ واحد، والإضافة من { $new } تفرّغ السلة الحالية.
conflict-yes = ابدأ سلة جديدة
conflict-done = بدأنا سلة جديدة
conflict-no = أبقِ سلتي

# السلة
cart-title = سلتك
cart-of = سلتك من { $name }
cart-open = عرض السلة
cart-missing = باقي { $amount } على الحد الأدنى
cart-clear = تفريغ السلة
cart-cleared = فُرّغت السلة
cart-empty = سلتك فاضية
cart-empty-body = اختر ما يعجبك وسيبقى هنا بانتظارك.
cart-aside-empty = كل ما تضيفه يظهر هنا.
cart-browse = تصفّح المطاعم
cart-add-more = أضف أصنافًا أخرى
cart-removed = أُزيل: { $name }
cart-unknown-item = صنف لم يعد في القائمة
cart-not-available = غير متوفر الآن
cart-change = تعديل: { $name }
cart-change-short = تعديل
cart-checkout = إتمام الطلب
receiving = كيف تستلم طلبك؟
receiving-delivery = توصيل
receiving-pickup = استلام
tip-title = إكرامية السائق
tip-body = تصل كاملة إلى السائق.
tip-none = بدون
note-title = ملاحظة للمطبخ
note-example = أي شيء يهم المطبخ عن الطلب كله

# الفاتورة
bill-title = الحساب
bill-subtotal = الأصناف
bill-delivery = التوصيل
bill-service = رسوم الخدمة
bill-discount = الخصم
bill-tip = الإكرامية
bill-tip-note = تصل كاملة إلى السائق
bill-total = المجموع
bill-vat = شامل ضريبة القيمة المضافة { $amount }

# ما يمنع الطلب
problem-below-minimum = باقي { $missing } لتصل إلى الحد الأدنى للطلب ({ $minimum })
problem-unavailable = { $name }: غير متوفر الآن.
problem-unknown = صنف في سلتك لم يعد في القائمة.
problem-closed-until = المطعم مغلق ويفتح { $time }، وسلتك محفوظة.
problem-paused-until = المطبخ في استراحة حتى { $time }، وسلتك محفوظة.
problem-unreachable = انقطع اتصال المطبخ ولن يرى طلبك. سلتك محفوظة، فأعد المحاولة بعد دقائق.
problem-no-address = أين نوصّل طلبك؟ اختر عنوانًا.
problem-add-more = أضف أصنافًا
problem-remove = أزله
problem-address = اختر عنوانًا
problem-others = مطاعم أخرى
problem-cart = راجع السلة
problem-pick-up = سأستلمه بنفسي

# إتمام الطلب
checkout-title = إتمام الطلب
checkout-sign-in = سجّل دخولك لتطلب، وسلتك محفوظة.
checkout-change = تغيير
checkout-arrives-about = يصلك حوالي { $time }
checkout-ready-about = يجهز حوالي { $time }
checkout-pickup-map = مكان الاستلام
checkout-price-holds = هذا السعر ثابت لمدة { $left }
checkout-place = اطلب الآن
checkout-promise = تدفع هذا المبلغ بالضبط.
checkout-offline = لا يمكن إرسال الطلب بدون اتصال. سلتك محفوظة.
pay-title = الدفع
pay-cash = نقدًا
pay-cash-hint = ادفع عند الاستلام
pay-card = بطاقة { $end }
pay-test-cards = بطاقات اختبار لبوابة الدفع التجريبية: لا تُسحب أي أموال.
pay-card-approved = بطاقة اختبار: تُقبل دائمًا
pay-card-declined = بطاقة اختبار: تُرفض دائمًا
pay-card-insufficient = بطاقة اختبار: رصيدها لا يكفي
pay-cash-instead = ادفع نقدًا
pay-declined-kept = لم يُسحب أي مبلغ، وسلتك كما هي. اختر طريقة دفع أخرى.
placing-done = أُرسل طلبك
placing-checking = نتأكد من طلبك
placing-checking-body = نتأكد من وصول طلبك إلينا.
placing-checking-once = لن يتكرر الطلب مهما حدث: هذا طلب واحد فقط. يمكنك إغلاق الصفحة، وستجد النتيجة في «طلباتي».
price-changed = تغيّر السعر
price-renewed = جدّدنا السعر
price-changed-body = تغيّرت الأسعار منذ أن رأيتها. لم يُطلب شيء ولم يُخصم شيء.
price-same-body = مرّ وقت طويل فتأكدنا من السعر من جديد، وهو نفسه. لم يُطلب شيء ولم يُخصم شيء بعد.
price-before = كان
price-now = أصبح
price-look = دعني أراجع
price-agree = اطلب

# متابعة الطلب
track-title = متابعة الطلب
track-sign-in = سجّل دخولك لتتابع طلبك.
track-number = طلب { $number }
track-as-of = كما كان { $time }، فأنت غير متصل.
track-unknown = لا يوجد طلب كهذا
track-unknown-body = ربما يخص حسابًا آخر.
track-my-orders = طلباتي
track-awaiting-payment = نؤكد الدفع ببطاقتك
track-awaiting-payment-more = يصل الطلب إلى المطبخ فور موافقة البنك.
track-pending = بانتظار رد المطعم
track-pending-more = إن لم يردّ في الوقت المحدد ينتهي الطلب تلقائيًا ولن تدفع شيئًا.
track-answer-left = الوقت المتبقي لرد المطعم
track-preparing = طلبك يُحضَّر الآن
track-preparing-until = طلبك يُحضَّر، يجهز حوالي { $time }
track-preparing-late = طلبك يُحضَّر، وتأخّر قليلًا عن موعده
track-late = تأخّر قليلًا عن الموعد
track-ready-pickup = طلبك جاهز، تفضّل باستلامه
track-ready-pickup-more = ينتظرك في { $place }.
track-ready-assigned = طلبك جاهز والسائق في طريقه إلى المطعم
track-ready-at-restaurant = طلبك جاهز والسائق يستلمه الآن
track-ready-waiting = طلبك جاهز ونبحث عن سائق
track-on-the-way = السائق في طريقه إليك
track-minutes-away = { $count ->
    [zero] السائق وصل تقريبًا
    [one] السائق على بُعد دقيقة واحدة
    [two] السائق على بُعد دقيقتين
    [few] السائق على بُعد { $count } دقائق
    [many] السائق على بُعد { $count } دقيقة
   *[other] السائق على بُعد { $count } دقيقة
}
track-at-door = السائق عند بابك
track-delivered = وصل طلبك، بالعافية!
track-delivered-more = شكرًا لطلبك معنا.
track-cancelled = أُلغي الطلب
track-rejected = اعتذر المطعم عن الطلب
track-expired = لم يردّ المطعم في الوقت المحدد
track-failed = تعذّر تسليم الطلب
track-arrives-about = يصلك حوالي { $time }
track-map = خريطة فيها المطعم وعنوانك والسائق
track-steps = سير الطلب
track-receipt = ما طلبته
track-your-driver = سائق التوصيل
track-call = اتصل: { $name }
step-now-accepted = بانتظار رد المطعم
step-now-preparing = التالي: يبدأ المطبخ التحضير
step-now-ready = في المطبخ الآن
step-later-picked-up = يستلمه السائق
step-later-delivered = يصلك الطلب
step-later-fetched = تستلمه من المطعم

# حين لا يكتمل
end-arrived = وصلك طلبك { $time }.
end-proof-photo = صوّر السائق الطلب عند تسليمه.
end-proof-code = سُلِّم مقابل الرمز الخاص بك.
end-proof-signature = سُلِّم مقابل توقيع.
end-too-busy = الطلبات عند { $name } أكثر من طاقته الآن.
end-out-of-stock = نفد من { $name } صنف طلبته.
end-closing = { $name } على وشك الإغلاق.
end-payment-declined = رفض البنك البطاقة، ولم يصل الطلب إلى المطبخ.
end-payment-timed-out = لم يردّ البنك في الوقت المحدد، ولم يصل الطلب إلى المطبخ.
end-unreachable = لم يتمكن السائق من الوصول إليك.
end-wrong-address = لم يجد السائق العنوان.
end-vehicle = تعطّلت مركبة السائق.
end-expired = لم يردّ { $name } في الوقت المحدد فأنهينا الطلب عنك.
end-rejected = لم يتمكن { $name } من قبول طلبك.
end-failed = تعذّر تسليم الطلب، وسيتابعه فريق الدعم.
end-cancelled = أُلغي هذا الطلب.
end-elsewhere = ابحث عن مطعم آخر
end-pay-otherwise = ادفع بطريقة أخرى
money-released = رُفع الحجز عن بطاقتك، ولم يُسحب أي مبلغ.
money-being-released = يُرفع الحجز عن بطاقتك الآن، ولن يُسحب أي مبلغ.
money-nothing-due = ليس عليك أي مبلغ.
money-never-taken = لم يُسحب أي مبلغ من بطاقتك.
money-being-refunded = المبلغ في طريقه إلى بطاقتك.
money-refunded = أُعيد { $amount } إلى بطاقتك.
money-partly-refunded = أُعيد { $amount } إلى بطاقتك، والباقي رسوم الإلغاء.
money-support = سيسوّي فريق الدعم المبلغ معك.
cancel-do = إلغاء الطلب
cancel-title = تلغي هذا الطلب؟
cancel-keep = أبقِ الطلب
cancel-why = ما السبب؟
cancel-free = لم يقبل المطعم الطلب بعد: الإلغاء مجاني.
cancel-free-card = لم يقبل المطعم الطلب بعد: الإلغاء مجاني ويُرفع الحجز عن بطاقتك.
cancel-fee-card = قبل المطعم طلبك: تُخصم رسوم إلغاء قدرها { $fee } من بطاقتك، ويُعاد الباقي.
cancel-cooking = قبل المطعم طلبك وربما بدأ تحضيره.

# At the door, and how it was
code-title = رمزك للسائق
code-body = قله له بعد أن تستلم طلبك، لا قبل ذلك.
rate-title = كيف كان طلبك من { $name }؟
rate-stars = التقييم بالنجوم
rate-words = بكلماتك
rate-send = إرسال
rate-thanks = شكراً على تقييمك

# الطلبات
orders-title = طلباتي
orders-sign-in = سجّل دخولك لترى طلباتك.
orders-live = في الطريق
orders-past = السابقة
orders-none = لا طلبات بعد
orders-none-body = أول طلب على بُعد لمسات.
orders-again = اطلبه مجددًا
orders-more = اعرض الأقدم
orders-stale = لا يوجد اتصال: قد لا يكون هذا محدّثًا.
orders-filled = جهّزنا سلتك
orders-missing = لم يعد متوفرًا: { $names }

# الحساب
account-title = حسابي
account-addresses = أين نوصّل طلباتك
account-orders = ما طلبته سابقًا، واطلبه مجددًا
account-guest = لم تسجّل دخولك
account-guest-body = سجّل دخولك لتطلب وتحفظ عناوينك وتتابع طلباتك.
account-enter = الدخول أو حساب جديد

# الإشعارات
notifications-title = الإشعارات
notifications-on = نخبرك كلما تقدّم طلبك.
notifications-off = موقوفة، ويمكنك تغيير ذلك من إعدادات الجهاز.
notifications-ask = نخبرك حين يُقبل طلبك، وحين يخرج إليك، وحين يصل.
notifications-is-on = مفعّلة
notifications-is-off = موقوفة
notifications-do = تفعيل

# مشاركة الطلب
share-title = شارك هذا الطلب
share-why = من لديه الرابط يرى أين وصل الطلب، دون أسماء أو عنوان أو أصناف أو أسعار.
share-live-title = هذا الطلب مُشارَك
share-live = يستطيع من لديه الرابط متابعته حتى ساعتين بعد انتهائه.
share-do = مشاركة
share-again = شاركه مجددًا
share-stop = أوقف المشاركة
share-link = الرابط
share-text = أين وصل طلبي من { $name }
share-copied = نُسخ الرابط
share-by-hand = انسخ الرابط من الأسفل
share-stopped = لم يعد الرابط يعمل

# طلب شاركه غيرك
shared-title = أين وصل الطلب
shared-pending = بانتظار رد المطعم
shared-preparing = الطلب يُحضَّر الآن
shared-ready = الطعام جاهز
shared-ready-pickup = الطعام جاهز للاستلام
shared-on-the-way = الطلب في الطريق
shared-at-door = وصل السائق
shared-delivered = وصل الطلب
shared-fetched = استُلم الطلب
shared-called-off = أُلغي الطلب
shared-failed = تعذّر تسليم الطلب
shared-later-delivered = يصل الطلب
shared-later-fetched = يُستلم من المطعم
shared-expected = متوقع حوالي { $time }
shared-as-of = كما هو { $time }، ويتجدّد من تلقاء نفسه.
shared-then = كما كان { $time }.
shared-stale = لا يوجد اتصال. كما كان { $time }.
shared-over = هذا الرابط لا يؤدي إلى شيء
shared-over-body = انتهى الطلب، أو أُوقفت مشاركته.
shared-privacy = شاركك أحدهم هذه الصفحة. ترى أين وصل الطلب، ولا ترى شيئًا عمّن طلبه.
shared-own = افتح مام فود
shared-hungry = جائع أنت أيضًا؟

# ما يثبت التسليم
proof-photo-alt = صورة السائق لطلبك حيث سُلِّم
proof-signature-alt = التوقيع الذي سُلِّم الطلب مقابله
proof-again = اعرض الصورة
