# كلمات المطبخ.
kitchen-title = مطبخ مام فود
kitchen-lead = طلبات مطعمك، من الجرس إلى الكيس.
kitchen-nav-board = الطلبات
kitchen-nav-history = السجل
kitchen-nav-menu = القائمة
kitchen-nav-account = الإعدادات
kitchen-board-title-new = ({ $count }) الطلبات
kitchen-comma = { "، " }

# اللوحة
kitchen-columns = أعمدة اللوحة
kitchen-column-new = جديدة
kitchen-column-preparing = قيد التحضير
kitchen-column-ready = جاهزة
kitchen-column-tab = { $name } · { $count }
kitchen-none-new = لا جديد
kitchen-none-preparing = لا شيء للتحضير
kitchen-none-ready = لا شيء ينتظر
kitchen-board-failed = تعذّر تحميل الطلبات
kitchen-calm-title = كل شيء هادئ
kitchen-calm-body = الطلب الجديد يرنّ ويملأ الشاشة، فلن يفوتك شيء.
kitchen-calm-offline-title = لا شيء للتحضير، ولا اتصال
kitchen-calm-offline = لا تصل طلبات جديدة حتى يعود الاتصال. يرى العملاء أنكم غير متصلين ولا يستطيعون الطلب في هذه الأثناء.
kitchen-calm-paused = استقبال الطلبات متوقف مؤقتًا. استأنفه متى كنت جاهزًا.
kitchen-closed-title = المطعم مغلق الآن
kitchen-closed-body = يظهر المطعم للعملاء مغلقًا.
kitchen-opens = يفتح { $time }

# التذكرة
kitchen-ticket = الطلب { $number }
kitchen-more = تفاصيل الطلب { $number }
kitchen-delivery = توصيل
kitchen-pickup = استلام من المطعم
kitchen-promised = الموعد { $time }
kitchen-placed = أُرسل { $time }
kitchen-times = { $count } ×
kitchen-line = { $count } × { $name }
kitchen-items = { $count ->
    [zero] لا أصناف
    [one] صنف واحد
    [two] صنفان
    [few] { $count } أصناف
    [many] { $count } صنفًا
   *[other] { $count } صنف
}
kitchen-pays-cash = نقدًا
kitchen-pays-card = مدفوع بالبطاقة
kitchen-allergy = حساسية!
kitchen-contains = يحتوي على
kitchen-allergen-gluten = غلوتين
kitchen-allergen-dairy = ألبان
kitchen-allergen-nuts = مكسرات
kitchen-allergen-eggs = بيض
kitchen-allergen-sesame = سمسم
kitchen-allergen-fish = سمك
kitchen-allergen-shellfish = قشريات
kitchen-allergen-soy = صويا
kitchen-clock-answer = للرد
kitchen-clock-left = متبقٍّ
kitchen-clock-late = تأخير
kitchen-clock-waits = انتظار
kitchen-driver-none = جارٍ البحث عن سائق
kitchen-driver-coming = السائق { $name } في الطريق إليك
kitchen-driver-here = السائق { $name } وصل للاستلام
kitchen-driver-gone = الطلب مع السائق { $name }
kitchen-driver-returns = السائق { $name } يعيد الطلب

# الزر الواحد
kitchen-do-answer = الرد على الطلب
kitchen-do-start = ابدأ التحضير
kitchen-do-ready = جاهز
kitchen-do-hand-over = تسليم
kitchen-do-bump = رفع عن اللوحة
kitchen-said-preparing = الطلب { $number } قيد التحضير
kitchen-said-ready = الطلب { $number } جاهز
kitchen-handed-over = سُلّم الطلب { $number }
kitchen-bumped-now = رُفع الطلب { $number } عن اللوحة حتى يصل سائقه
kitchen-recall = إعادة الطلب { $number } إلى اللوحة
kitchen-bumped = { $count ->
    [zero] لا مرفوع عن اللوحة
    [one] مرفوع عن اللوحة · طلب واحد
    [two] مرفوع عن اللوحة · طلبان
    [few] مرفوع عن اللوحة · { $count } طلبات
    [many] مرفوع عن اللوحة · { $count } طلبًا
   *[other] مرفوع عن اللوحة · { $count } طلب
}

# طلب جديد
kitchen-new-order = طلب جديد
kitchen-new-orders = { $count ->
    [zero] لا طلبات جديدة
    [one] طلب جديد
    [two] طلبان جديدان
    [few] { $count } طلبات جديدة
    [many] { $count } طلبًا جديدًا
   *[other] { $count } طلب جديد
}
kitchen-queue = الطلبات المنتظرة
kitchen-time-left = الوقت المتبقي للرد
kitchen-time-left-body = رُدّ قبل { $time }
kitchen-time-over = انتهى الوقت. يُلغى الطلب ويُبلّغ العميل.
kitchen-minutes = دقائق التحضير
kitchen-minutes-word = { $count ->
    [zero] دقيقة
    [one] دقيقة
    [two] دقيقتان
    [few] دقائق
    [many] دقيقة
   *[other] دقيقة
}
kitchen-less-time = وقت أقل
kitchen-more-time = وقت أكثر
kitchen-accept = قبول
kitchen-accepted = قُبل الطلب { $number }، وموعده { $time }
kitchen-reject = رفض
kitchen-look-at-board = عرض اللوحة
kitchen-reject-title = لماذا لا تستطيع تحضيره؟
kitchen-reject-body = يُبلّغ العميل فورًا ولا يدفع شيئًا.
kitchen-reject-confirm = رفض الطلب
kitchen-rejected = رُفض الطلب { $number }
kitchen-reason = السبب

# أُلغي
kitchen-cancelled-title = أُلغي الطلب { $number }
kitchen-cancelled-stop = أوقفوا التحضير
kitchen-cancelled-keep = لا تسلّموه
kitchen-by-customer = ألغاه العميل.
kitchen-by-restaurant = ألغاه مطعمكم من شاشة أخرى.
kitchen-by-driver = ألغاه السائق.
kitchen-by-support = ألغاه الدعم الفني.
kitchen-by-time = وصل قبولكم إلى المنصة بعد انتهاء وقت الرد.
kitchen-by-system = ألغته المنصة.
kitchen-cancelled-read = علم، أوقفناه
kitchen-cancelled-more = { $count ->
    [zero] لا غيره.
    [one] وأُلغي طلب آخر.
    [two] وأُلغي طلبان آخران.
    [few] وأُلغيت { $count } طلبات أخرى.
    [many] وأُلغي { $count } طلبًا آخر.
   *[other] وأُلغي { $count } طلب آخر.
}
kitchen-because-changed-mind = غيّر العميل رأيه
kitchen-because-takes-too-long = طال الوقت على العميل
kitchen-because-by-mistake = طلبه العميل بالخطأ
kitchen-news-expired = لم يُرَدّ على الطلب { $number } في وقته، فأُلغي وأُبلغ العميل.
kitchen-news-cancelled = ألغى العميل الطلب { $number } قبل ردّكم.
kitchen-news-returns = تعذّر توصيل الطلب { $number }.
kitchen-understood = علم
kitchen-cancel = إلغاء هذا الطلب
kitchen-cancel-title = لماذا تلغيه؟
kitchen-cancel-body = يُبلّغ العميل فورًا ويُعاد ماله. لا رجعة في هذا.
kitchen-cancel-confirm = إلغاء الطلب
kitchen-cancelled = أُلغي الطلب { $number }
kitchen-keep = إبقاء الطلب
kitchen-timeline = ما حدث

# التسليم
kitchen-hand-over-title = التسليم واستلام المبلغ
kitchen-hand-over-confirm = استلمت المبلغ وسلّمت الطلب
kitchen-cash-due = المبلغ المطلوب نقدًا
kitchen-cash-other = استلمت أقل من ذلك
kitchen-cash-taken = المبلغ المستلم
kitchen-cash-wrong = أدخل مبلغًا من الصفر حتى المطلوب.

# الشريط
kitchen-tools = أدوات اللوحة
kitchen-as-of = المعروض حتى { $time }.
kitchen-as-of-kept = المعروض ما حفظه هذا الجهاز.
kitchen-offline-orders-soon = لا تصل طلبات جديدة في هذه الأثناء.
kitchen-offline-orders = لا تصل طلبات جديدة، ولا يستطيع العملاء الطلب منكم حتى يعود الاتصال، فلن يفوتكم شيء.
kitchen-pause = إيقاف مؤقت
kitchen-paused = متوقف
kitchen-pause-title = إيقاف استقبال الطلبات
kitchen-pause-body = يرى العملاء أنكم مشغولون ولا يستطيعون الطلب. الطلبات التي عندكم تبقى كما هي.
kitchen-pause-offline = أنت غير متصل: يُرسل هذا عند عودة الاتصال. وبعد دقيقة بلا اتصال لا يستطيع أحد الطلب أصلًا.
kitchen-pause-minutes = { $count ->
    [zero] بلا توقف
    [one] دقيقة واحدة
    [two] دقيقتان
    [few] { $count } دقائق
    [many] { $count } دقيقة
   *[other] { $count } دقيقة
}
kitchen-pause-open = حتى أستأنف
kitchen-paused-until = استقبال الطلبات متوقف حتى { $time }
kitchen-paused-open = استقبال الطلبات متوقف حتى تستأنف
kitchen-resume = استئناف
kitchen-resumed = عاد استقبال الطلبات
kitchen-all-day = المجموع
kitchen-all-day-title = مجموع ما يُحضَّر
kitchen-all-day-body = كل ما قُبل ولم يجهز بعد، من جميع الطلبات.
kitchen-all-day-none = لا شيء للتحضير
kitchen-all-day-none-body = تُجمع هنا أصناف الطلبات المقبولة.
kitchen-sound-off = الجرس صامت حتى يلمس أحد الشاشة.
kitchen-sound-on = تشغيل الجرس

# نفد
kitchen-sold-out = نفد
kitchen-sold-out-title = ما الذي نفد؟
kitchen-find-item = ابحث عن صنف
kitchen-how-long = المدة
kitchen-until-tomorrow = حتى الغد
kitchen-until-i-say = حتى أعيده
kitchen-until-tomorrow-body = يعود من نفسه { $time }.
kitchen-until-i-say-body = يبقى موقوفًا حتى يعيده أحد.
kitchen-until = حتى { $time }
kitchen-do-off = نفد
kitchen-do-back = إعادة
kitchen-off = نفد: { $name }
kitchen-off-until = نفد: { $name }، حتى { $time }
kitchen-back-on = عاد: { $name }
kitchen-nothing-found = لا نتائج
kitchen-nothing-found-body = جرّب حروفًا أقل.

# المفاتيح
kitchen-keys = لوحة المفاتيح
kitchen-key-select = اختيار طلب برقمه
kitchen-key-move = الطلب التالي أو السابق
kitchen-key-do = تنفيذ زر الطلب
kitchen-key-leave = إلغاء الاختيار
kitchen-key-new = الرد على الطلب الجديد التالي
kitchen-key-recall = إعادة آخر طلب رُفع عن اللوحة
kitchen-key-pause = إيقاف أو استئناف
kitchen-key-sold-out = ما نفد
kitchen-key-all-day = مجموع ما يُحضَّر
kitchen-key-minutes = دقائق أكثر أو أقل للطلب الجديد
kitchen-key-help = هذه القائمة

# السجل
kitchen-find-order = ابحث برقم الطلب أو اسم العميل
kitchen-no-history = لا شيء بعد
kitchen-no-history-body = الطلبات التي غادرت المطبخ تبقى هنا يومين.
kitchen-no-order-body = لا طلب بهذا الرقم أو الاسم في آخر يومين.

# القائمة
kitchen-menu-failed = تعذّر تحميل القائمة
kitchen-hidden = مخفي
kitchen-hidden-now = أُخفي: { $name }
kitchen-sold-out-until = نفد حتى { $time }
kitchen-available = يمكن طلب { $name }
kitchen-edit-item = تعديل { $name }
kitchen-price = السعر
kitchen-price-hint = يدفع العميل { $price } شاملًا الضريبة.
kitchen-price-wrong = أدخل سعرًا مثل 24 أو 24.50.
kitchen-shown = ظاهر في القائمة
kitchen-shown-body = الصنف المخفي لا يراه العملاء أبدًا.
kitchen-save = حفظ
kitchen-saved = حُفظ: { $name }
kitchen-menu-changed = تغيّرت القائمة من شاشة أخرى، ولم يُستبدل شيء.
kitchen-reload = تحميل الجديد

# الإعدادات
kitchen-bell = الجرس
kitchen-bell-body = يرنّ للطلب الجديد حتى تردّ عليه.
kitchen-bell-try = تجربة
kitchen-bell-ringing = يرنّ…
kitchen-awake = تبقى الشاشة مضاءة ما دامت هذه الصفحة مفتوحة.
kitchen-may-sleep = قد يطفئ هذا الجهاز شاشته. اضبطه من إعداداته لتبقى مضاءة.

# المحطات
kitchen-stations = المحطات
kitchen-stations-body = لوحة المحطة لا تعرض إلا ما يُحضَّر فيها.
kitchen-stations-windows = تُفتح كل محطة في نافذة خاصة بها.
kitchen-stations-none = لا محطات بعد
kitchen-stations-none-body = حدّد في القائمة أي محطة تحضّر ما تحت كل عنوان، فتصير لكل محطة لوحتها.
kitchen-stations-to-menu = فتح القائمة
kitchen-whole-board = اللوحة كاملة
kitchen-whole-board-body = كل الطلبات، والجديدة منها
kitchen-station-here = هنا
kitchen-station-left = { $count ->
    [zero] لا شيء للتحضير
    [one] طلب واحد للتحضير
    [two] طلبان للتحضير
    [few] { $count } طلبات للتحضير
    [many] { $count } طلبًا للتحضير
   *[other] { $count } طلب للتحضير
}
kitchen-station-calm = لا شيء لمحطة: { $name }
kitchen-station-calm-body = يظهر الطلب هنا ما إن يقبله المطبخ.
kitchen-station-unknown = لم يعد في القائمة عنوان يحمل اسم «{ $name }»، فلا يظهر هنا إلا ما تحضّره أي محطة.
kitchen-station-bumped = { $count ->
    [zero] لا شيء تم هنا
    [one] تم هنا · طلب واحد
    [two] تم هنا · طلبان
    [few] تم هنا · { $count } طلبات
    [many] تم هنا · { $count } طلبًا
   *[other] تم هنا · { $count } طلب
}
kitchen-station-done = تم
kitchen-station-open = لم يتم بعد
kitchen-elsewhere = { $count ->
    [zero] لا شيء في غيرها
    [one] +1 في محطة أخرى
    [two] +2 في محطات أخرى
    [few] +{ $count } في محطات أخرى
    [many] +{ $count } في محطات أخرى
   *[other] +{ $count } في محطات أخرى
}
kitchen-do-part = تم هنا
kitchen-part-done = تم هنا: الطلب { $number }
kitchen-rings-here = يرنّ هنا
kitchen-rings-here-body = ترنّ الطلبات الجديدة ويُرد عليها هنا ما دامت اللوحة الكاملة غير مفتوحة على هذا الجهاز.
kitchen-rings-elsewhere = يرنّ في غيرها
kitchen-rings-elsewhere-body = لا ترنّ الطلبات الجديدة هنا. تأكّد أن شاشة أخرى تعرض اللوحة كاملة.
kitchen-station-grill = الشواية
kitchen-station-stove = الموقد
kitchen-station-oven = الفرن
kitchen-station-fryer = القلاية
kitchen-station-cold = الركن البارد
kitchen-station-sweets = الحلويات
kitchen-station-drinks = المشروبات
kitchen-station = المحطة
kitchen-station-any = أي محطة
kitchen-station-of = { $heading }، يُحضَّر في: { $station }. تغيير
kitchen-station-hint = اختر واحدة، أو اكتب اسمًا من عندك.
kitchen-station-wrong = أربعون حرفًا على الأكثر، وليس kitchen فهو اسم اللوحة كاملة.
kitchen-heading-body = أين يُحضَّر ما تحت هذا العنوان. وما لا محطة له يظهر في كل المحطات.
kitchen-key-stations = لوحات المحطات
kitchen-key-full-screen = ملء الشاشة أو الخروج منه

# هذا الجهاز
kitchen-device = هذا الجهاز
kitchen-full-screen = ملء الشاشة
kitchen-full-screen-off = الخروج من ملء الشاشة
kitchen-full-screen-body = اللوحة وحدها دون غيرها، ومثله المفتاح F11.
kitchen-start-at-boot = التشغيل مع الحاسوب
kitchen-start-at-boot-body = تعود اللوحة من نفسها بعد انقطاع الكهرباء.
kitchen-awake-app = تبقى الشاشة مضاءة ما دام التطبيق مفتوحًا.
kitchen-secrets-cookie = يُحفظ تسجيل دخولك في ملف ارتباط لا يقرؤه أي برنامج في الصفحة.
kitchen-secrets-keychain = يُحفظ تسجيل دخولك في سلسلة مفاتيح هذا الحاسوب.
kitchen-secrets-file = يُحفظ تسجيل دخولك في ملف مشفّر، لأن هذا الحاسوب لا يوفّر سلسلة مفاتيح. من يستطيع قراءة ملفاتك يستطيع استعماله.
kitchen-secrets-memory = لا يُحفظ تسجيل دخولك: تُطلب كلمة المرور عند التشغيل التالي.
kitchen-server = الخادم
kitchen-version = الإصدار

# الورق
kitchen-printers = الطابعات
kitchen-printers-count = { $count ->
    [zero] لا طابعات بعد
    [one] طابعة واحدة
    [two] طابعتان
    [few] { $count } طابعات
    [many] { $count } طابعة
   *[other] { $count } طابعة
}
kitchen-printers-trouble = { $count ->
    [zero] لا تذاكر تحتاج نظرة
    [one] تذكرة تحتاج نظرة
    [two] تذكرتان تحتاجان نظرة
    [few] { $count } تذاكر تحتاج نظرة
    [many] { $count } تذكرة تحتاج نظرة
   *[other] { $count } تذكرة تحتاج نظرة
}
kitchen-printers-failed = تعذّر تحميل الطابعات
kitchen-printers-not-here = لا طباعة هنا
kitchen-printers-not-here-body = لا يصل المتصفح إلى طابعات التذاكر. تطبيق المطبخ للحواسيب يصل إليها.
kitchen-printers-none = لا طابعات بعد
kitchen-printers-none-body = أضف طابعة التذاكر التي عند التسليم، أو طابعة لكل محطة. تخرج التذاكر من نفسها، وتنتظر ما دامت الطابعة مطفأة.
kitchen-printer-add = إضافة طابعة
kitchen-printer-change = تعديل
kitchen-printer-remove = إزالة هذه الطابعة
kitchen-printer-remove-title = إزالة هذه الطابعة؟
kitchen-printer-remove-body = تزول معها التذاكر التي لم تطبعها بعد.
kitchen-printer-removed = أُزيلت: { $name }
kitchen-printer-test = صفحة تجربة
kitchen-printer-testing = صفحة التجربة في طريقها
kitchen-printer-left = { $count ->
    [zero] لا تذاكر تنتظر
    [one] تذكرة تنتظر
    [two] تذكرتان تنتظران
    [few] { $count } تذاكر تنتظر
    [many] { $count } تذكرة تنتظر
   *[other] { $count } تذكرة تنتظر
}
kitchen-printer-unknown = لم تُجرَّب بعد
kitchen-printer-ready = جاهزة
kitchen-printer-unreachable = لا يمكن الوصول إليها
kitchen-printer-stalled = توقفت: الورق أو الغطاء
kitchen-prints-all = الطلبات كاملة
kitchen-prints-itself = من نفسها
kitchen-printer-name = الاسم
kitchen-printer-name-hint = ما تسمّونها هنا، مثل «الشواية».
kitchen-printer-name-wrong = أعطها اسمًا.
kitchen-printer-by = طريق الوصول إليها
kitchen-printer-network = الشبكة
kitchen-printer-serial = تسلسلي، USB
kitchen-printer-file = ملف جهاز
kitchen-printer-host = العنوان
kitchen-printer-host-wrong = أدخل اسمًا أو عنوانًا بلا فراغات.
kitchen-printer-port = المنفذ
kitchen-printer-port-wrong = من 1 إلى 65535
kitchen-printer-path = المسار
kitchen-printer-path-wrong = أدخل مسارها.
kitchen-printer-serial-hint = مثل /dev/ttyUSB0، أو COM3 في ويندوز.
kitchen-printer-file-hint = مثل /dev/usb/lp0.
kitchen-printer-baud = بت في الثانية
kitchen-printer-paper = الورق
kitchen-paper-wide = 80 مم
kitchen-paper-narrow = 58 مم
kitchen-printer-lang = لغة العناوين
kitchen-printer-stations = ما تطبعه
kitchen-printer-stations-all = الطلبات كاملة. اختر محطات لتطبع ما يُحضَّر فيها فقط.
kitchen-printer-stations-some = ما يُحضَّر في هذه المحطات فقط.
kitchen-printer-automatic = الطباعة من نفسها
kitchen-printer-automatic-body = كل طلب، ما إن يقبله المطبخ.
kitchen-printer-copies = نسخ كل تذكرة
kitchen-print = طباعة
kitchen-print-copy = طباعة مرة أخرى (نسخة)
kitchen-print-asked = في الطريق إلى الطابعة
kitchen-print-held = { $count ->
    [zero] لا تذاكر تنتظر الطابعة «{ $printer }».
    [one] تذكرة تنتظر الطابعة «{ $printer }».
    [two] تذكرتان تنتظران الطابعة «{ $printer }».
    [few] { $count } تذاكر تنتظر الطابعة «{ $printer }».
    [many] { $count } تذكرة تنتظر الطابعة «{ $printer }».
   *[other] { $count } تذكرة تنتظر الطابعة «{ $printer }».
}
kitchen-print-held-since = { $count ->
    [zero] لا تذاكر تنتظر الطابعة «{ $printer }» منذ { $age }.
    [one] تذكرة تنتظر الطابعة «{ $printer }» منذ { $age }.
    [two] تذكرتان تنتظران الطابعة «{ $printer }»، أقدمهما منذ { $age }.
    [few] { $count } تذاكر تنتظر الطابعة «{ $printer }»، أقدمها منذ { $age }.
    [many] { $count } تذكرة تنتظر الطابعة «{ $printer }»، أقدمها منذ { $age }.
   *[other] { $count } تذكرة تنتظر الطابعة «{ $printer }»، أقدمها منذ { $age }.
}
kitchen-print-held-why = { $health }. تُطبع ما إن تستقبلها الطابعة.
kitchen-print-unsure = لا ندري هل طُبع الطلب #{ $number } على «{ $printer }»: سيُطبع مرة أخرى وعليه «نسخة».
kitchen-print-unsure-test = لا ندري هل طُبعت صفحة التجربة على «{ $printer }».
kitchen-print-unsure-more = { $count ->
    [zero] لا تذاكر أخرى قد تكون مطبوعة
    [one] تذكرة أخرى قد تكون مطبوعة وقد لا تكون
    [two] تذكرتان أخريان قد تكونان مطبوعتين
    [few] { $count } تذاكر أخرى قد تكون مطبوعة وقد لا تكون
    [many] { $count } تذكرة أخرى قد تكون مطبوعة وقد لا تكون
   *[other] { $count } تذكرة أخرى قد تكون مطبوعة وقد لا تكون
}
kitchen-print-is-here = هي هنا
kitchen-print-again = اطبعها ثانية
kitchen-print-left = لم تُطبع بعد
kitchen-print-done = طُبعت حديثًا
kitchen-print-waiting = تنتظر
kitchen-print-sending = تُطبع
kitchen-print-doubt = غير مؤكدة
kitchen-print-printed = طُبعت
kitchen-print-settled = محسومة
kitchen-print-is-copy = نسخة
kitchen-print-drop = لا حاجة لها
kitchen-printers-lost = تعذّرت قراءة ما حفظه هذا الجهاز عن طابعاته. أضفها من جديد، وانظر أي التذاكر مطبوعة.
kitchen-print-held-later = تُطبع ما إن تستقبلها الطابعات.
kitchen-printer-change-title = تعديل الطابعة

# الفريق
kitchen-staff = فريقك
kitchen-staff-detail = من يعمل هنا، ودعوة آخرين
kitchen-staff-owner = مالك
kitchen-staff-member = موظف
kitchen-staff-you = أنت
kitchen-staff-invited = مدعوون
kitchen-staff-until = حتى { $day }
kitchen-staff-invite = دعوة شخص
kitchen-staff-invite-lead = تصله رسالة فيها رابط يعمل سبعة أيام، وله وحده.
kitchen-staff-as-owner = بصفة مالك
kitchen-staff-as-owner-hint = المالك يدعو غيره ويزيله، ويرى أوراق المطعم.
kitchen-staff-send = إرسال الدعوة
kitchen-staff-sent = الدعوة في الطريق.
kitchen-staff-take-back = سحب
kitchen-staff-taken-back = لم تعد الدعوة تعمل.
kitchen-staff-remove = إزالة
kitchen-staff-remove-title = إزالة { $name }؟
kitchen-staff-remove-body = يخرج من هنا فورًا ولا يعود يرى المطعم.
kitchen-staff-removed = أُزيل.
kitchen-staff-owners-only = لا يدعو الناس ولا يزيلهم إلا المالك.
