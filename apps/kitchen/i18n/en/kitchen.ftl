# The kitchen's words.
kitchen-title = MomFood Kitchen
kitchen-lead = Your restaurant's orders, from the bell to the bag.
kitchen-nav-board = Board
kitchen-nav-history = History
kitchen-nav-menu = Menu
kitchen-nav-account = Settings
kitchen-board-title-new = ({ $count }) Board
kitchen-comma = { ", " }

# The board
kitchen-columns = Columns of the board
kitchen-column-new = New
kitchen-column-preparing = Preparing
kitchen-column-ready = Ready
kitchen-column-tab = { $name } · { $count }
kitchen-none-new = Nothing new
kitchen-none-preparing = Nothing to cook
kitchen-none-ready = Nothing waits
kitchen-board-failed = The board could not be loaded
kitchen-calm-title = All calm
kitchen-calm-body = A new order rings and fills this screen. Nothing can be missed.
kitchen-calm-offline-title = Nothing to cook, and offline
kitchen-calm-offline = No new order can arrive until you are back online. Customers see that you cannot be reached and cannot order meanwhile.
kitchen-calm-paused = New orders are paused. Resume when you are ready.
kitchen-closed-title = Closed now
kitchen-closed-body = Customers see the restaurant as closed.
kitchen-opens = Opens { $time }

# A ticket
kitchen-ticket = Order { $number }
kitchen-more = More about order { $number }
kitchen-delivery = Delivery
kitchen-pickup = Pickup
kitchen-promised = Promised { $time }
kitchen-placed = Placed { $time }
kitchen-times = { $count } ×
kitchen-line = { $count } × { $name }
kitchen-items = { $count ->
    [one] 1 item
   *[other] { $count } items
}
kitchen-pays-cash = Cash
kitchen-pays-card = Paid by card
kitchen-allergy = Allergy!
kitchen-contains = Contains
kitchen-allergen-gluten = gluten
kitchen-allergen-dairy = dairy
kitchen-allergen-nuts = nuts
kitchen-allergen-eggs = eggs
kitchen-allergen-sesame = sesame
kitchen-allergen-fish = fish
kitchen-allergen-shellfish = shellfish
kitchen-allergen-soy = soy
kitchen-clock-answer = to answer
kitchen-clock-left = left
kitchen-clock-late = late
kitchen-clock-waits = waiting
kitchen-driver-none = Looking for a driver
kitchen-driver-coming = { $name } is on the way
kitchen-driver-here = { $name } is here for it
kitchen-driver-gone = { $name } has the order
kitchen-driver-returns = { $name } is bringing it back

# The one button
kitchen-do-answer = Answer
kitchen-do-start = Start preparing
kitchen-do-ready = Ready
kitchen-do-hand-over = Hand over
kitchen-do-bump = Bump
kitchen-said-preparing = Order { $number } is being prepared
kitchen-said-ready = Order { $number } is ready
kitchen-handed-over = Order { $number } handed over
kitchen-bumped-now = Order { $number } bumped until its driver comes
kitchen-recall = Recall order { $number } to the board
kitchen-bumped = { $count ->
    [one] Bumped · 1
   *[other] Bumped · { $count }
}

# A new order
kitchen-new-order = New order
kitchen-new-orders = { $count ->
    [one] 1 new order
   *[other] { $count } new orders
}
kitchen-queue = Waiting orders
kitchen-time-left = Time left to answer
kitchen-time-left-body = Answer before { $time }
kitchen-time-over = Time is up. The order is being called off and the customer told.
kitchen-minutes = Minutes until ready
kitchen-minutes-word = { $count ->
    [one] minute
   *[other] minutes
}
kitchen-less-time = Less time
kitchen-more-time = More time
kitchen-accept = Accept
kitchen-accepted = Order { $number } accepted, promised for { $time }
kitchen-reject = Reject
kitchen-look-at-board = See board
kitchen-reject-title = Why can't you cook it?
kitchen-reject-body = The customer is told at once and pays nothing.
kitchen-reject-confirm = Reject the order
kitchen-rejected = Order { $number } rejected
kitchen-reason = Reason

# Called off
kitchen-cancelled-title = Order { $number } was cancelled
kitchen-cancelled-stop = Stop cooking
kitchen-cancelled-keep = Do not hand it out
kitchen-by-customer = Called off by the customer.
kitchen-by-restaurant = Called off by your restaurant, on another screen.
kitchen-by-driver = Called off by the driver.
kitchen-by-support = Called off by support.
kitchen-by-time = Your yes reached the platform after the time to answer was over.
kitchen-by-system = Called off by the platform.
kitchen-cancelled-read = Understood, stopped
kitchen-cancelled-more = { $count ->
    [one] One more was cancelled.
   *[other] { $count } more were cancelled.
}
kitchen-because-changed-mind = The customer changed their mind
kitchen-because-takes-too-long = It took too long for the customer
kitchen-because-by-mistake = The customer ordered by mistake
kitchen-news-expired = Order { $number } was not answered in time. It was called off and the customer told.
kitchen-news-cancelled = The customer called off order { $number } before you answered.
kitchen-news-returns = Order { $number } could not be delivered.
kitchen-understood = Understood
kitchen-cancel = Cancel this order
kitchen-cancel-title = Why cancel it?
kitchen-cancel-body = The customer is told at once and gets their money back. This cannot be undone.
kitchen-cancel-confirm = Cancel the order
kitchen-cancelled = Order { $number } cancelled
kitchen-keep = Keep the order
kitchen-timeline = What happened

# Handing over
kitchen-hand-over-title = Hand over and take the cash
kitchen-hand-over-confirm = Cash taken, handed over
kitchen-cash-due = Take in cash
kitchen-cash-other = I took less
kitchen-cash-taken = Cash taken
kitchen-cash-wrong = Enter an amount from zero up to what is due.

# The bar
kitchen-tools = Tools of the board
kitchen-as-of = The board is as of { $time }.
kitchen-as-of-kept = Shown is what this device has kept.
kitchen-offline-orders-soon = No new order can arrive meanwhile.
kitchen-offline-orders = No new order can arrive, and customers cannot order from you until you are back online: none is missed.
kitchen-pause = Pause
kitchen-paused = Paused
kitchen-pause-title = Pause new orders
kitchen-pause-body = Customers see that you are busy and cannot order. Orders you have stay as they are.
kitchen-pause-offline = You are offline: this is sent once you are back online. After a minute offline nobody can order anyway.
kitchen-pause-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
kitchen-pause-open = Until I resume
kitchen-paused-until = New orders paused until { $time }
kitchen-paused-open = New orders paused until you resume
kitchen-resume = Resume
kitchen-resumed = New orders are welcome again
kitchen-all-day = All day
kitchen-all-day-title = To cook in all
kitchen-all-day-body = Everything accepted and not ready yet, over all tickets.
kitchen-all-day-none = Nothing to cook
kitchen-all-day-none-body = Accepted orders are counted here, item by item.
kitchen-sound-off = The bell is off until somebody touches the screen.
kitchen-sound-on = Turn it on

# Sold out
kitchen-sold-out = Sold out
kitchen-sold-out-title = What is sold out?
kitchen-find-item = Find an item
kitchen-how-long = For how long
kitchen-until-tomorrow = Until tomorrow
kitchen-until-i-say = Until I say so
kitchen-until-tomorrow-body = Comes back by itself { $time }.
kitchen-until-i-say-body = Stays off until someone brings it back.
kitchen-until = until { $time }
kitchen-do-off = Sold out
kitchen-do-back = Bring back
kitchen-off = { $name } is sold out
kitchen-off-until = { $name } is sold out until { $time }
kitchen-back-on = { $name } is back
kitchen-nothing-found = Nothing found
kitchen-nothing-found-body = Try fewer letters.

# Keys
kitchen-keys = Keyboard
kitchen-key-select = Choose a ticket by its number
kitchen-key-move = Next or previous ticket
kitchen-key-do = Do what its button says
kitchen-key-leave = Choose none
kitchen-key-new = Answer the next new order
kitchen-key-recall = Recall the ticket bumped last
kitchen-key-pause = Pause or resume
kitchen-key-sold-out = Sold out
kitchen-key-all-day = To cook in all
kitchen-key-minutes = More or fewer minutes for a new order
kitchen-key-help = This list

# History
kitchen-find-order = Find an order by number or name
kitchen-no-history = Nothing yet
kitchen-no-history-body = Orders that left the kitchen stay here for two days.
kitchen-no-order-body = No order of the last two days has that number or name.

# Menu
kitchen-menu-failed = The menu could not be loaded
kitchen-hidden = Hidden
kitchen-hidden-now = { $name } is hidden
kitchen-sold-out-until = Sold out until { $time }
kitchen-available = { $name } can be ordered
kitchen-edit-item = Change { $name }
kitchen-price = Price
kitchen-price-hint = Customers pay { $price }, VAT included.
kitchen-price-wrong = Enter a price, such as 24 or 24.50.
kitchen-shown = Shown on the menu
kitchen-shown-body = A hidden item is not seen by customers at all.
kitchen-save = Save
kitchen-saved = { $name } saved
kitchen-menu-changed = The menu was changed on another screen. Nothing was overwritten.
kitchen-reload = Load it

# Settings
kitchen-bell = The bell
kitchen-bell-body = Rings for a new order until it is answered.
kitchen-bell-try = Try it
kitchen-bell-ringing = Ringing…
kitchen-awake = The screen stays on while this page is open.
kitchen-may-sleep = This device may turn the screen off. Set it to stay on in its own settings.
