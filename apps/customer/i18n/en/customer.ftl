# The customer's words.

# Places
place-home = Home
place-orders = Orders
place-account = Account
lost-title = Nothing here
lost-body = The link is old or mistyped. Good food is one tap away.
lost-home = See restaurants
stale = As of { $ago }. Prices may have changed since.
free = Free

# Signing in and up
sign-in-welcome = Good food from the city’s kitchens, followed to your door.
sign-in-title = Sign in
looks-light = Light colours
looks-dark = Dark colours

# Home
home-title = Restaurants near you
home-question = What are you craving?
home-search = Restaurant, dish or cuisine
home-cuisines = Cuisines
home-open-now = Open now
home-deliver = Deliver to
home-deliver-to = Deliver to { $label }
home-choose-address = Choose an address
home-city = Riyadh
home-all = All restaurants
home-results = Results
home-featured = Loved this week
home-count = { $count ->
    [one] { $count } restaurant
   *[other] { $count } restaurants
}
home-nothing = Nothing matches
home-nothing-body = Try other words, or drop a filter.
home-show-all = Show everything
home-offline = No connection
home-offline-body = Check your internet and try again.
sort-title = Sort by
sort-by = Sort: { $name }
sort-recommended = Recommended
sort-distance = Nearest
sort-rating = Top rated
sort-time = Fastest
sort-fee = Lowest delivery fee
time-cooking = { $time } to cook
fee-free = Free delivery
fee = Delivery { $amount }
fee-from = Delivery from { $amount }
fee-too-far = Pickup only
opening-open = Open
opening-closed = Closed
opening-closed-until = Closed · opens { $time }
opening-paused = Taking a short break
opening-paused-until = Taking a break until { $time }
opening-unreachable = Not connected right now

# Cuisines and allergens
allergen-gluten = Gluten
allergen-dairy = Dairy
allergen-nuts = Nuts
allergen-eggs = Eggs
allergen-sesame = Sesame
allergen-fish = Fish
allergen-shellfish = Shellfish
allergen-soy = Soy

# Addresses
address-title = My addresses
address-none = No address yet
address-none-body = Add one, and we show who delivers there and for how much.
address-add = Add an address
address-edit = Change: { $label }
address-edit-title = Change the address
address-delete = Delete: { $label }
address-deleted = Deleted: { $label }
address-saved = Address saved
address-save = Save and deliver here
address-map = Choose the place on the map
address-map-hint = Move the map until the pin stands on your door.
address-label = Name
address-home = Home
address-work = Work
address-family = Family
address-line = District, street and building
address-line-example = Al Olaya, Olaya Street, building 12
address-short = National short address
address-short-hint = Four letters and four digits.
address-landmark = Landmark
address-landmark-example = Opposite the park, next to the pharmacy
address-note = Note for the driver
address-note-example = Second floor. Please call, the bell is broken.
wrong-address-label = Give this address a short name.
wrong-address-line = Write the district, the street and the building.
wrong-address-shortAddress = A short address is four letters and four digits, such as RAHA3443.
wrong-address-landmark = This is too long.
wrong-address-note = This is too long.

# Restaurant
restaurant-time = Time
restaurant-minimum = Minimum
restaurant-pickup-only = Pickup only
restaurant-hours = Opening hours
restaurant-today = Today { $hours }
restaurant-always = around the clock
restaurant-from-to = { $from } – { $to }
restaurant-search = Search in { $name }
restaurant-categories = Menu
restaurant-nothing = Not on this menu
restaurant-nothing-body = Try another word.
restaurant-all = Show the whole menu
restaurant-in-cart = { $count } in your cart
restaurant-gone = This restaurant is no longer here
restaurant-gone-body = Others are close by.
restaurant-failed-body = The menu could not be loaded.
item-calories = { $count } kcal
item-sold-out = Sold out
item-sold-out-until = Sold out until { $time }
item-not-now = Not served at this hour
item-contains = Contains
item-quantity = How many: { $name }
item-add = Add
item-change = Save
item-added = Added: { $name }
item-note = Note for the kitchen
item-note-example = No onions, please
item-choose-first = Please choose first: { $name }
group-optional-one = Optional
group-up-to = Choose up to { $count }
group-exactly = Choose { $count }
group-between = Choose { $min } to { $max }
group-required = Required
group-done = Done
group-count = { $count } of { $max }
group-missing = { $count ->
    [one] One choice is missing here.
   *[other] { $count } choices are missing here.
}
conflict-title = Start a new cart?
conflict-body = Your cart holds dishes from { $other }. One order comes from one kitchen: adding from { $new } empties it.
conflict-yes = Start a new cart
conflict-done = New cart started
conflict-no = Keep my cart

# Cart
cart-title = Your cart
cart-of = Cart from { $name }
cart-open = View cart
cart-missing = { $amount } to go until the minimum
cart-clear = Empty the cart
cart-cleared = Cart emptied
cart-empty = Your cart is empty
cart-empty-body = Pick something good; it will wait for you here.
cart-aside-empty = What you add appears here.
cart-browse = Browse restaurants
cart-add-more = Add more dishes
cart-removed = Removed: { $name }
cart-unknown-item = A dish that is no longer on the menu
cart-not-available = Not available now
cart-change = Change: { $name }
cart-change-short = Change
cart-checkout = Go to checkout
receiving = How do you want it?
receiving-delivery = Delivery
receiving-pickup = Pickup
tip-title = Tip your driver
tip-body = All of it goes to the driver.
tip-none = No tip
note-title = Note for the kitchen
note-example = Anything the kitchen should know about the whole order

# The bill
bill-title = Your bill
bill-subtotal = Dishes
bill-delivery = Delivery
bill-service = Service fee
bill-discount = Discount
bill-tip = Tip
bill-tip-note = All of it goes to the driver
bill-total = Total
bill-vat = Including { $amount } VAT

# What stands in the way
problem-below-minimum = { $missing } more reaches this restaurant’s minimum of { $minimum }.
problem-unavailable = { $name } is not available right now.
problem-unknown = Something in your cart is no longer on the menu.
problem-closed-until = The restaurant is closed. It opens { $time }; your cart is kept.
problem-paused-until = The kitchen is taking a break until { $time }; your cart is kept.
problem-unreachable = The kitchen has lost its connection and would not see your order. Your cart is kept; try again in a few minutes.
problem-no-address = Where should it go? Choose an address.
problem-add-more = Add dishes
problem-remove = Remove it
problem-address = Choose an address
problem-others = Other restaurants
problem-cart = Look at the cart
problem-pick-up = I will pick it up myself

# Checkout
checkout-title = Checkout
checkout-sign-in = Sign in to order. Your cart is kept.
checkout-change = Change
checkout-arrives-about = Arrives around { $time }
checkout-ready-about = Ready around { $time }
checkout-pickup-map = Where to pick it up
checkout-price-holds = This price holds for { $left }
checkout-place = Place order
checkout-promise = You pay exactly this total.
checkout-offline = No order can be placed while you are offline. Your cart is kept.
pay-title = Payment
pay-cash = Cash
pay-cash-hint = Pay when you get it
pay-card = Card { $end }
pay-test-cards = Test cards of the demo gateway: no money moves.
pay-card-approved = Test card: always approved
pay-card-declined = Test card: always declined
pay-card-insufficient = Test card: not enough money on it
pay-cash-instead = Pay cash
pay-declined-kept = No money was taken and your cart is as it was. Choose another way to pay.
placing-done = Order placed
placing-checking = Checking your order
placing-checking-body = We are checking whether your order went through.
placing-checking-once = You cannot order twice by accident: whatever happens, this is one order. You may close this page, the answer will be under Orders.
price-changed = The price has changed
price-renewed = The price was renewed
price-changed-body = Prices changed since you looked. Nothing has been ordered or charged.
price-same-body = Too much time had passed, so we checked again: it costs the same. Nothing has been ordered or charged yet.
price-before = Before
price-now = Now
price-look = Let me look
price-agree = Order

# Following an order
track-title = Following your order
track-sign-in = Sign in to follow your order.
track-number = Order { $number }
track-as-of = As of { $time }; you are offline.
track-unknown = No such order
track-unknown-body = It may belong to another account.
track-my-orders = My orders
track-awaiting-payment = Confirming your card
track-awaiting-payment-more = The kitchen gets your order as soon as your bank says yes.
track-pending = Waiting for the kitchen to answer
track-pending-more = If they do not answer in time, the order ends by itself and you pay nothing.
track-answer-left = Time left for the kitchen to answer
track-preparing = Your order is being prepared
track-preparing-until = Being prepared, ready around { $time }
track-preparing-late = Being prepared, a little later than promised
track-late = A little later than expected
track-ready-pickup = Ready: come and get it
track-ready-pickup-more = It is waiting for you in { $place }.
track-ready-assigned = Ready: your driver is on the way to the restaurant
track-ready-at-restaurant = Ready: your driver is picking it up
track-ready-waiting = Ready: we are finding a driver
track-on-the-way = Your driver is on the way to you
track-minutes-away = { $count ->
    [one] Your driver is a minute away
   *[other] Your driver is { $count } minutes away
}
track-at-door = Your driver is at the door
track-delivered = Delivered. Enjoy!
track-delivered-more = Thank you for ordering with us.
track-cancelled = The order was cancelled
track-rejected = The restaurant could not take the order
track-expired = The restaurant did not answer in time
track-failed = The order could not be handed over
track-arrives-about = Arrives around { $time }
track-map = Map with the restaurant, your address and the driver
track-steps = Timeline
track-receipt = What you ordered
track-your-driver = Your driver
track-call = Call { $name }
step-now-accepted = Waiting for the kitchen
step-now-preparing = Next: the kitchen starts cooking
step-now-ready = In the kitchen
step-later-picked-up = A driver picks it up
step-later-delivered = Delivered to you
step-later-fetched = You pick it up

# When it ends badly
end-arrived = It arrived at { $time }.
end-proof-photo = The driver took a photo when handing it over.
end-proof-code = Handed over against your code.
end-proof-signature = Handed over against a signature.
end-too-busy = { $name } has more orders than hands right now.
end-out-of-stock = { $name } has run out of something you ordered.
end-closing = { $name } is closing.
end-payment-declined = Your bank declined the card. The kitchen never saw the order.
end-payment-timed-out = Your bank did not answer in time. The kitchen never saw the order.
end-unreachable = The driver could not reach you.
end-wrong-address = The driver could not find the address.
end-vehicle = The driver’s vehicle broke down.
end-expired = { $name } did not answer in time, so we ended the order for you.
end-rejected = { $name } could not take your order.
end-failed = The order could not be handed over. Our support will look into it.
end-cancelled = This order was called off.
end-elsewhere = Find another restaurant
end-pay-otherwise = Pay another way
money-released = The amount held on your card was released. Nothing was charged.
money-being-released = The amount held on your card is being released. Nothing is charged.
money-nothing-due = There is nothing to pay.
money-never-taken = No money was taken from your card.
money-being-refunded = The money is on its way back to your card.
money-refunded = { $amount } went back to your card.
money-partly-refunded = { $amount } went back to your card; the rest is the cancellation fee.
money-support = Support will settle the money with you.
cancel-do = Cancel the order
cancel-title = Cancel this order?
cancel-keep = Keep it
cancel-why = Why?
cancel-free = The kitchen has not accepted yet: cancelling is free.
cancel-free-card = The kitchen has not accepted yet: cancelling is free and the amount held on your card is released.
cancel-fee-card = The kitchen has accepted your order: { $fee } is kept from your card as a cancellation fee. The rest goes back.
cancel-cooking = The kitchen has accepted your order and may be cooking already.

# At the door, and how it was
code-title = Your code for the driver
code-body = Tell it when you have your order in hand, not before.
rate-title = How was { $name }?
rate-stars = Stars
rate-words = In your words
rate-send = Send
rate-thanks = Thank you for your rating

# Orders
orders-title = Orders
orders-sign-in = Sign in to see your orders.
orders-live = On their way
orders-past = Earlier
orders-none = No orders yet
orders-none-body = Your first one is a few taps away.
orders-again = Order again
orders-more = Show older ones
orders-stale = No connection: this may not be current.
orders-filled = Your cart is filled
orders-missing = No longer to be had: { $names }

# Account
account-title = Account
account-addresses = Where your orders go
account-orders = What you ordered, and ordering it again
account-guest = You are not signed in
account-guest-body = Sign in to order, keep addresses and follow what is on its way.
account-enter = Sign in or create an account

# Notifications
notifications-title = Notifications
notifications-on = You are told when your order moves on.
notifications-off = Switched off. The device’s settings can change that.
notifications-ask = Be told when your order is accepted, on its way and there.
notifications-is-on = On
notifications-is-off = Off
notifications-do = Turn on

# Sharing an order
share-title = Share this order
share-why = Whoever has the link sees how far it is. No names, address, items or prices.
share-live-title = This order is shared
share-live = Whoever has the link can follow it, until two hours after it ends.
share-do = Share
share-again = Share again
share-stop = Stop sharing
share-link = The link
share-text = How far my order from { $name } is
share-copied = Link copied
share-by-hand = Copy the link below
share-stopped = The link no longer works

# A shared order
shared-title = How far the order is
shared-pending = Waiting for the kitchen to answer
shared-preparing = The order is being prepared
shared-ready = The food is ready
shared-ready-pickup = The food is ready to be fetched
shared-on-the-way = The order is on its way
shared-at-door = The driver has arrived
shared-delivered = The order has arrived
shared-fetched = The order was fetched
shared-called-off = The order was called off
shared-failed = The order could not be handed over
shared-later-delivered = It arrives
shared-later-fetched = It is fetched
shared-expected = Expected around { $time }
shared-as-of = As of { $time }. It updates by itself.
shared-then = As of { $time }.
shared-stale = No connection. As of { $time }.
shared-over = This link leads nowhere
shared-over-body = The order is over, or it is no longer shared.
shared-privacy = Somebody shared this with you. You see how far the order is, and nothing about who ordered it.
shared-own = Open MomFood
shared-hungry = Hungry too?

# What shows that it was handed over
proof-photo-alt = The driver’s photo of your order where it was handed over
proof-signature-alt = The signature it was handed over against
proof-again = Show the picture
