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
kit-offline = You are offline. Shown as of { $since }.
kit-offline-short = Offline
kit-offline-waiting = { $count ->
    [one] You are offline. { $count } change is kept here and will be sent.
   *[other] You are offline. { $count } changes are kept here and will be sent.
}
kit-offline-count = { $count ->
    [one] Offline · { $count } waiting
   *[other] Offline · { $count } waiting
}

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
