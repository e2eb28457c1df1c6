driver-title = MomFood Driver
driver-lead = Your shift, your trips, your earnings.
driver-failed = This could not be loaded
driver-nav-home = Drive
driver-nav-today = Today
driver-nav-account = Account

driver-off-title = You are off duty
driver-off-body = Start your shift to receive offers near you.
driver-on-duty = You are on duty
driver-start = Start shift
driver-follow-phone = While on shift, this phone says where you are, also with the screen off. Off shift, never.
driver-follow-page = While on shift and open, this page says where you are. Off shift, never.
driver-stop = End shift
driver-where-title = Where are you?
driver-where-body = This device does not share its location. Move the map so that the pin stands where you are.
driver-start-here = Start here
driver-i-am-here = I am here
driver-move = Change my place
driver-moved = Your place was updated
driver-waiting-title = Waiting for offers
driver-waiting-body = Stay near restaurants: the nearest driver is asked first.
driver-cut-off-title = No offers while offline
driver-cut-off-body = They come again by themselves once you are connected.
driver-map = Map of your trip
driver-you = You

driver-offer-title = New offer
driver-offer-pays = Pays
driver-offer-left = Time left to answer
driver-offer-accept = Accept
driver-offer-decline = Decline
driver-offer-accepted = Offer accepted
driver-offer-area = Drop-off area
driver-offer-area-note = The exact address comes with the trip
driver-cash-order = Cash order

driver-step-of = Step { $step } of { $count }
driver-go-restaurant = Go to the restaurant
driver-check-items = Check the items
driver-go-customer = Go to the customer
driver-hand-over = Hand over
driver-bring-back = Bring it back to the restaurant
driver-step-at-restaurant = I am at the restaurant
driver-step-pick-up = Picked up
driver-slide-pick-up = Slide when you have { $number }
driver-step-at-customer = I am at the customer
driver-step-cash-and-hand-over = Take cash and hand over
driver-step-hand-over = Hand over
driver-step-deliver = Delivered
driver-slide-deliver = Slide: { $number } delivered
driver-step-return = Returned to the restaurant
driver-ready-by = The kitchen promised it for { $time }.
driver-drop-off = Drop-off
driver-call = Call { $name }
driver-navigate = Navigate to { $name }
driver-times = { $count } ×
driver-cash-due = Collect { $amount } in cash.

driver-stops = { $count ->
    [one] { $count } order on this trip
   *[other] { $count } orders on this trip
}

driver-cash-ask = Take in cash
driver-cash-given = The customer gives
driver-cash-exact = Exact
driver-cash-other = Other
driver-cash-typed = Amount given
driver-cash-change = Give back
driver-cash-short = { $missing } is missing. { $taken } is recorded; support settles the rest.
driver-cash-wrong = Type how much the customer gave.

driver-proof-title = Proof of delivery
driver-proof-code = Code
driver-proof-photo = Photo
driver-proof-signature = Signature
driver-proof-none = None
driver-proof-code-ask = Code from { $name }
driver-proof-code-where = The customer sees four digits on the order’s page.
driver-proof-photo-ask = Photo of the bag at the door
driver-proof-signature-ask = Signature of { $name }
driver-proof-none-why = Only when nothing else is possible: without proof, a complaint is decided in the customer’s favour.
driver-proof-code-missing = Type the four digits
driver-proof-kept = Taken before and kept. Slide, or take it again.
driver-proof-photo-missing = Take the photo
driver-proof-signature-missing = Get the signature and touch “Use it”

driver-trouble = I have a problem
driver-release-title = Give up this trip?
driver-release-body = Another driver is asked at once. It will not count against you.
driver-release-confirm = Give up the trip
driver-fail-title = Could not hand it over?
driver-fail-body = The customer and support are told. You then bring the order back to the restaurant.
driver-fail-confirm = Could not deliver
driver-fail-photo = Photo of the door (optional)
driver-fail-photo-why = A photo shows that you were there.

driver-earned = Earned today
driver-trips = Trips
driver-cash-in-hand = Cash held
driver-tips = Tips included: { $amount }
driver-trips-today = Trips today
driver-trip-cash = { $cash } cash
driver-trip-failed = not delivered
driver-no-trips = No trips yet today
driver-no-trips-body = Each trip you finish is listed here with what it paid.
