# The way in
entry-way = How to sign in
entry-way-phone = Mobile
entry-way-email = Email
entry-phone = Mobile number
entry-phone-hint = We send you a code. A new number opens a new account.
entry-send-code = Send me a code
entry-code = Code
entry-code-sent = We sent a code to { $to }. It works for ten minutes.
entry-code-wrong = { $left ->
    [one] The code is not right. One try left.
   *[other] The code is not right. { $left } tries left.
}
entry-code-over = This code is not right, or its time is over. Ask for another.
entry-resend-in = Another code in { $time }
entry-resend = Send another code
entry-go-on = Continue
entry-forgot = Forgot the password?
entry-new-here = New here? Create an account
entry-sign-up-lead = We send a code to your email first, so that nobody opens an account in your name.
entry-or = or
entry-passkey = Use a passkey
entry-with = Continue with { $name }
entry-password-hint = At least 8 characters. A few words together are easy to remember and hard to guess.
entry-first-name = First name
entry-last-name = Family name
entry-wrong-email = This does not look like an email address.
entry-wrong-phone = Write it as 5X XXX XXXX.
entry-wrong-password = Use at least 8 characters.
entry-wrong-first-name = Tell us what to call you.
entry-wrong-last-name = This name is too long.
entry-wrong-empty = Write this, please.
entry-offline = You are offline. Signing in needs a connection.
entry-wait = { $minutes ->
    [one] Too many attempts. Try again in a minute.
   *[other] Too many attempts. Try again in { $minutes } minutes.
}
passkey-called-off = No passkey was used. Try again, or come in another way.
provider-google = Google
provider-apple = Apple
provider-facebook = Facebook

# A new account
register-title = Create an account
register-lead = One more step: tell us your name.
register-agree = I have read and accept the terms and the privacy notice
register-must-agree = Without this we cannot open an account for you.
register-news = Send me news and offers
register-do = Create my account

# The second factor
factor-title = Is it really you?
factor-totp-lead = Open your authenticator app and type its six digits.
factor-totp-code = Digits of the app
factor-recovery-lead = One of the codes you kept when you set up the second factor. Each works once.
factor-recovery-code = Recovery code
factor-recovery-hint = Capitals, spaces and dashes do not matter.
factor-sms-lead = We send digits to the phone you have verified.
factor-your-phone = your phone
factor-by-totp = Use the authenticator app
factor-by-recovery = Use a recovery code
factor-by-sms = Send me an SMS

# A forgotten password
recover-title = Choose a new password
recover-lead = We send a code to your email or phone. Every device is signed out; a second factor stays as it is.
recover-password = New password
recover-do = Save the new password
recover-done = The password is changed. Sign in with it.

# Confirming who one is
confirm-title = Confirm that it is you
confirm-lead = You are about to change something important.
confirm-do = Confirm
confirm-by-password = Use the password
confirm-by-code = Send me a code
confirm-your-contact = your verified phone or email
confirm-wrong-password = The password is not right.
confirm-no-way = Sign out and in again, then repeat this.

# The account’s screens
account-needs-line = This is not kept on the device. Connect to the internet to see and change it.
account-failed = This could not be shown

# Security
secure-title = Security
secure-detail = Password, second factor, passkeys
secure-factor-needed = Your work needs a second factor. Set up an authenticator app or a passkey, then sign in again with it.
secure-contacts = Email and phone
secure-none = none yet
secure-verified = verified
secure-verify = Verify
secure-verify-do = Verify
secure-change = Change
secure-add = Add
secure-remove = Remove
secure-verify-email = Verify your email
secure-verify-phone = Verify your phone
secure-new-email = Another email
secure-new-phone = Another phone
secure-sending = A code is on its way…
secure-contact-done = Verified.
secure-password = Password
secure-password-change = Change the password
secure-password-set = Choose a password
secure-password-none = There is none yet.
secure-password-ends = Your other devices are signed out.
secure-password-current = Password until now
secure-password-done = The password is changed.
secure-totp = Second factor
secure-totp-app = Authenticator app
secure-totp-why = Six digits from your phone besides the password: a stolen password alone opens nothing.
secure-on = on
secure-totp-add = Set up an authenticator app
secure-totp-scan = Scan this picture with your authenticator app.
secure-totp-qr = The secret as a picture, for the app’s camera
secure-totp-type = Or type this secret into it:
secure-totp-open = Open in an app on this device
secure-totp-confirm = Type the six digits it shows
secure-totp-do = Turn on
secure-totp-remove = Turn off the second factor
secure-totp-remove-body = The recovery codes stop working too. Show the app’s digits once more.
secure-totp-removed = The second factor is off.
secure-codes-left = { $count ->
    [one] One recovery code left.
   *[other] { $count } recovery codes left.
}
secure-codes-new = New recovery codes
secure-codes-title = Keep these codes
secure-codes-why = If you lose your phone, each of them lets you in once. They are shown only now: print them, or put them where your passwords are.
secure-codes-kept = I have kept them
secure-copy = Copy
secure-copied = Copied.
secure-not-copied = This browser does not copy. Print or save them.
secure-save = Save
secure-print = Print
secure-passkeys = Passkeys
secure-passkeys-why = Sign in with your finger, face or screen lock. Nothing to remember, nothing to steal.
secure-passkey-add = Add a passkey
secure-passkey-not-here = This browser has no passkeys.
secure-passkey-this = This device
secure-passkey-name = Name the passkey
secure-passkey-called = Name
secure-passkey-called-hint = So that you know it later, such as “Sara’s phone”.
secure-passkey-keep = Keep it
secure-passkey-added = The passkey is added.
secure-passkey-used = Last used { $day }
secure-passkey-made = Added { $day }
secure-passkey-remove = Remove “{ $name }”?
secure-passkey-remove-body = It no longer signs you in. Delete it in the device’s own settings as well.
secure-passkey-removed = The passkey is removed.
secure-linked = Accounts elsewhere
secure-linked-since = Linked { $day }
secure-linked-done = The account is linked.
secure-link = Link
secure-unlink = Unlink
secure-unlinked = The account no longer signs you in.

# Sign-ins
sessions-title = Where you are signed in
sessions-detail = Devices, and signing them out
sessions-lead = A device you do not know? Sign it out, then change your password.
sessions-this = this device
sessions-end = Sign out
sessions-end-title = Sign out “{ $device }”?
sessions-end-body = It has to sign in again to go on.
sessions-end-others = { $count ->
    [one] Sign out the other device
   *[other] Sign out the { $count } other devices
}
sessions-end-others-title = Sign out everywhere else?
sessions-ended = Signed out.
sessions-only-here = You are signed in only here.
sessions-seen = Seen { $ago }
sessions-unknown-device = Unknown device
sessions-by-password = by password
sessions-by-code = by code
sessions-by-passkey = by passkey
sessions-by-oauth = by an account elsewhere
sessions-second-factor = with a second factor
role-customer = Customer
role-restaurant = Restaurant
role-driver = Driver
role-support = Support
role-admin = Admin
role-system = Platform

# Privacy
privacy-title = Your data
privacy-detail = A copy, your consents, deleting the account
privacy-export-title = A copy of your data
privacy-export-body = Everything we know about you, in one archive: your details, addresses, orders, sign-ins and consents.
privacy-export-do = Download my data
privacy-export-busy = It is being put together. This can take a minute.
privacy-export-saved = Your data is among your downloads.
privacy-consents = What you agreed to
privacy-agreed = Accepted { $day }
privacy-not-asked = not asked yet
privacy-kept = Noted.
privacy-delete-title = Delete the account
privacy-delete-body = Your details are gone for good. There is no way back.
privacy-delete-do = Delete my account
privacy-delete-who = Your name, email, phone and addresses become unreadable, also in our backups.
privacy-delete-orders = Orders stay in the restaurants’ books, as the law asks, without saying whose they were.
privacy-delete-sessions = Every device is signed out.
privacy-delete-final = It happens at once and cannot be undone.
privacy-delete-word = delete
privacy-delete-type = Type “{ $word }” to go on
privacy-delete-mistyped = Type “{ $word }”, without the quotation marks.
privacy-open-orders = An order of yours is still on its way. Delete the account once it is over.
privacy-open-delivery = You still have a delivery or are on duty. Finish it first.
privacy-open-restaurant = Your restaurant has no other owner. Make somebody else an owner first.
privacy-open-money = You still have cash to hand in. Settle it first.
privacy-deleted = Your account is deleted.

# Terms and privacy notice
legal-version = Version of { $day }
terms-title = Terms of use
terms-lead = MomFood brings together people who are hungry, restaurants that cook, and drivers who deliver. These are the rules between us.
terms-orders = Ordering
terms-orders-body = An order is a contract between you and the restaurant. It stands once the restaurant has accepted it; until then you may call it off at no cost.
terms-prices = Prices and payment
terms-prices-body = Prices include VAT. The bill you see before you order is the bill you pay. Cards are charged when the restaurant accepts; cash is paid at the door.
terms-cancel = When something goes wrong
terms-cancel-body = If an order is not accepted, not delivered, or not what you ordered, write to us from the order. What was charged for it is returned the way it was paid.
terms-account = Your account
terms-account-body = Use your own name and contact details, and keep your password, codes and devices to yourself. You may delete the account at any time.
terms-conduct = How we treat each other
terms-conduct-body = Respect the people who cook and drive for you. Accounts used to deceive or harm others are closed, with the reason told.
notice-title = Privacy notice
notice-lead = What we know about you, why, who sees it, and what you may do about it.
notice-what = What we keep
notice-what-body = Your name, email and phone; the addresses you save; your orders; where and with what you signed in. No card numbers: those are with the payment provider.
notice-who = Who sees it
notice-who-body = The restaurant sees your first name and order. The driver sees the address and a way to call you while delivering. Our staff see what they need to help you, and every look is written down.
notice-how = How it is protected
notice-how-body = Phones and addresses are encrypted with a key of your own. Connections are encrypted. Passwords are kept only as a hash.
notice-long = How long
notice-long-body = As long as you have an account. If you delete it, your key is destroyed and what was encrypted with it can be read by nobody. Bills are kept as the law asks, without your name.
notice-rights = Your rights
notice-rights-body = You may see, correct, take with you and delete what we know about you, under Saudi Arabia’s Personal Data Protection Law: in the app under “Your data”.
