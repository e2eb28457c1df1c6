# Words of the shared pieces.
kit-product = MomFood
kit-skip = Skip to the content
kit-back = Back
kit-close = Close
kit-cancel = Cancel
kit-clear = Clear
kit-retry = Try again
kit-undo = Undo
kit-loading = Loading
kit-optional = optional
kit-places = Main
kit-show-password = Show the password
kit-hide-password = Hide the password
kit-characters-left = { $count ->
    [one] { $count } character left
   *[other] { $count } characters left
}
kit-remove = Remove: { $name }
kit-fewer = One less: { $name }
kit-more = One more: { $name }
kit-rated = Rated { $stars } out of 5
kit-stars = { $count ->
    [one] { $count } star
   *[other] { $count } stars
}
kit-items = { $count ->
    [one] { $count } item
   *[other] { $count } items
}
kit-step-done = done
kit-step-failed = did not work out
kit-press-again = Press again to confirm: { $deed }

# Connection
kit-connecting = Connecting…
kit-live = Live
kit-reconnecting = Reconnecting… shown as of { $since }.
kit-reconnecting-short = Reconnecting…
kit-offline = You are offline.
kit-offline-for = Offline for { $span }.
kit-offline-short = Offline
kit-works-customer = Menus and orders you have opened can be read. Ordering needs a connection.
kit-works-kitchen = Keep cooking: every tap is kept here and sent by itself.
kit-works-driver = Keep going: every tap is kept here and sent by itself.
kit-works-admin = Nothing here works without a connection.
kit-works-memory = This browser cannot keep taps: they count once the connection is back and the server has answered.
kit-live-why = Everything arrives as it happens.
kit-heard-at = The server was last heard at { $time }.
kit-look = Show
kit-understood = Got it

# What waits to be sent
kit-outbox-title = Connection and unsent taps
kit-outbox-failed = What waits could not be shown
kit-outbox-empty = Nothing waits. Every tap has arrived.
kit-waiting = { $count ->
    [one] 1 waiting
   *[other] { $count } waiting
}
kit-oldest = oldest { $span }
kit-waiting-oldest = { $count ->
    [one] 1 tap has been waiting to be sent for { $span }.
   *[other] { $count } taps are waiting to be sent, the oldest for { $span }.
}
kit-waiting-head = Waiting to be sent · { $count }
kit-refused-head = Not accepted · { $count }
kit-refused = { $count ->
    [one] 1 tap was not accepted.
   *[other] { $count } taps were not accepted.
}
kit-refused-count = { $count ->
    [one] 1 not accepted
   *[other] { $count } not accepted
}
kit-refused-now = A tap was not accepted. Touch the connection to see why.
kit-kept-for-review = It is kept, and people will look at it. You need do nothing.
kit-uploads = { $count ->
    [one] 1 photo or signature is on its way up
   *[other] { $count } photos or signatures are on their way up
}
kit-just-now = just now
kit-tap-order = Order { $number }
kit-tap-cash = { $amount } in cash
kit-tap-of-another = Tapped by someone who has signed out; goes out as theirs
kit-unconfirmed = not sent yet
kit-unconfirmed-why = Kept on this device. The server has not confirmed it yet.
kit-export = Save a copy
kit-export-why = Everything this device keeps, as a file for support.
kit-export-failed = This browser did not take the file.
kit-storage-memory = This browser cannot keep what you tap. A tap counts once the server has answered: do not close this page while you are offline.
kit-storage-recovered = Earlier taps on this device could not be read. A copy of them is kept for support; new taps are safe.
kit-span-minutes = { $count } min
kit-span-hours = { $count } h
kit-span-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}

# What was tapped
tap-order-place = Place order
tap-order-cancel = Cancel order
tap-order-rate = Rate order
tap-order-accept = Accept order
tap-order-reject = Reject order
tap-order-prepare = Start preparing
tap-order-ready = Ready
tap-order-hand-over = Hand over
tap-ticket-bump = Bump
tap-ticket-recall = Recall to the board
tap-menu-availability = Sold out or back
tap-restaurant-pause = Pause or resume orders
tap-shift-set = Start or end shift
tap-offer-accept = Accept offer
tap-offer-decline = Decline offer
tap-delivery-release = Give the delivery back
tap-delivery-arrive-restaurant = Arrived at the restaurant
tap-delivery-pick-up = Picked up
tap-delivery-arrive-customer = Arrived at the customer
tap-delivery-deliver = Delivered
tap-delivery-fail = Could not deliver
tap-delivery-return = Food brought back
tap-unknown = A change

# Photo and signature
kit-photo-again = Take it again
kit-photo-preview = The photo
kit-photo-kept = The photo is kept.
kit-photo-unreadable = This picture could not be read. Take another.
kit-sign-how = Sign with a finger or a pen.
kit-sign-again = Sign again
kit-sign-keep = Use it
kit-sign-kept = The signature is kept.
kit-sign-failed = The signature could not be read. Sign again.

# Settings
kit-theme = Colours
kit-theme-system = System
kit-theme-light = Light
kit-theme-dark = Dark
kit-language = Language

# Map
kit-map = Map
kit-map-zoom-in = Zoom in
kit-map-zoom-out = Zoom out
kit-map-fit = Show everything
kit-map-keys = Arrow keys move the map, plus and minus zoom.
kit-map-restaurant = Restaurant
kit-map-home = Delivery address
kit-map-driver = Driver
kit-map-stale = Seen { $ago }

# Account
kit-email = Email
kit-password = Password
kit-sign-in = Sign in
kit-sign-in-missing = Enter your email and password.
kit-sign-out = Sign out
kit-sign-out-keeps = They are kept on this device and go out as yours when it is online, also after you have signed out.
kit-sign-out-loses = This browser cannot keep them: what has not been sent is lost when you sign out.
kit-waiting-unsent = { $count ->
    [one] 1 tap has not been sent yet
   *[other] { $count } taps have not been sent yet
}

# What an order's states are called
order-awaiting-payment = Confirming payment
order-pending = Waiting for the kitchen
order-accepted = Accepted
order-preparing = Preparing
order-ready = Ready
order-picked-up = On the way
order-delivered = Delivered
order-cancelled = Cancelled
order-rejected = Not accepted
order-expired = No answer
order-failed = Not delivered

# What happened to an order
step-placed = Order placed
step-accepted = Kitchen accepted
step-preparing = Being prepared
step-ready = Ready
step-driver-assigned = Driver assigned
step-driver-at-restaurant = Driver at the restaurant
step-picked-up = Picked up
step-driver-at-customer = Driver at the door
step-delivered = Delivered
step-cancelled = Cancelled
step-rejected = Kitchen could not accept
step-expired = Kitchen did not answer
step-failed = Could not be delivered
step-refunded = Money returned

# Reasons
reason-too-busy = Too busy
reason-out-of-stock = Out of stock
reason-closing = Closing
reason-changed-mind = Changed my mind
reason-takes-too-long = Takes too long
reason-ordered-by-mistake = Ordered by mistake
reason-payment-declined = Card declined
reason-payment-timed-out = Payment not confirmed in time
reason-customer-unreachable = Customer cannot be reached
reason-wrong-address = Wrong address
reason-vehicle-problem = Problem with the vehicle
reason-other = Something else

# Where the money stands
payment-pending = Confirming with your bank
payment-authorized = Held on your card, not taken yet
payment-captured = Paid by card
payment-partially-refunded = Partly returned to your card
payment-refunded = Returned to your card
payment-failed = Card declined, nothing was taken
payment-voided = Nothing was charged
payment-due = To be paid in cash
payment-collected = Paid in cash

# Installing
kit-install-title = Put it on your home screen
kit-install-why = Opens at once, without an address bar.
kit-install-share = Touch Share, then “Add to Home Screen”.
kit-install-do = Install

cuisine-saudi = Saudi
cuisine-yemeni = Yemeni
cuisine-grills = Grills
cuisine-shawarma = Shawarma
cuisine-lebanese = Lebanese
cuisine-burgers = Burgers
cuisine-pizza = Pizza
cuisine-indian = Indian
cuisine-breakfast = Breakfast
cuisine-seafood = Seafood
cuisine-healthy = Healthy
cuisine-sweets = Sweets
cuisine-coffee = Coffee
cuisine-bakery = Bakery
cuisine-korean = Korean
cuisine-asian = Asian
cuisine-egyptian = Egyptian
