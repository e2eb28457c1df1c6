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

# Stations
kitchen-stations = Stations
kitchen-stations-body = A station's board shows only what is made there.
kitchen-stations-windows = Each opens in a window of its own.
kitchen-stations-none = No stations yet
kitchen-stations-none-body = Say in the menu which station makes what stands under each heading. Each station then has a board of its own.
kitchen-stations-to-menu = Open the menu
kitchen-whole-board = Whole board
kitchen-whole-board-body = Every order, and the new ones
kitchen-station-here = Here
kitchen-station-left = { $count ->
    [0] Nothing to make
    [one] 1 order to make
   *[other] { $count } orders to make
}
kitchen-station-calm = Nothing for: { $name }
kitchen-station-calm-body = An order appears here as soon as the kitchen has said yes to it.
kitchen-station-unknown = No heading of the menu names “{ $name }” any more: only what any station makes is shown here.
kitchen-station-bumped = { $count ->
    [one] Done here · 1
   *[other] Done here · { $count }
}
kitchen-station-done = done
kitchen-station-open = not done yet
kitchen-elsewhere = { $count ->
    [one] +1 elsewhere
   *[other] +{ $count } elsewhere
}
kitchen-do-part = Done here
kitchen-part-done = Order { $number }: done here
kitchen-rings-here = Rings here
kitchen-rings-here-body = New orders ring and are answered here while no whole board is open on this device.
kitchen-rings-elsewhere = Rings elsewhere
kitchen-rings-elsewhere-body = New orders do not ring here. Make sure that another screen shows the whole board.
kitchen-station-grill = Grill
kitchen-station-stove = Stove
kitchen-station-oven = Oven
kitchen-station-fryer = Fryer
kitchen-station-cold = Cold
kitchen-station-sweets = Sweets
kitchen-station-drinks = Drinks
kitchen-station = Station
kitchen-station-any = Any station
kitchen-station-of = { $heading }, made at: { $station }. Change
kitchen-station-hint = Choose one, or type a name of your own.
kitchen-station-wrong = At most 40 characters, and not “kitchen”: that is the whole board.
kitchen-heading-body = Where what stands under this heading is made. What has no station is shown at every station.
kitchen-key-stations = The stations' boards
kitchen-key-full-screen = Fill the screen, or leave it

# This device
kitchen-device = This device
kitchen-full-screen = Full screen
kitchen-full-screen-off = Leave full screen
kitchen-full-screen-body = The board and nothing else. F11 does the same.
kitchen-start-at-boot = Start with the computer
kitchen-start-at-boot-body = After a power cut the board comes back by itself.
kitchen-awake-app = The screen stays on while the app is open.
kitchen-secrets-cookie = Your sign-in is kept in a cookie that no script can read.
kitchen-secrets-keychain = Your sign-in is kept in this computer's keychain.
kitchen-secrets-file = Your sign-in is kept in an encrypted file, because this computer offers no keychain. Anyone who can read your files can use it.
kitchen-secrets-memory = Your sign-in is kept nowhere: the next start asks for the password again.
kitchen-server = Server
kitchen-version = Version

# Paper
kitchen-printers = Printers
kitchen-printers-count = { $count ->
    [0] None yet
    [one] 1 printer
   *[other] { $count } printers
}
kitchen-printers-trouble = { $count ->
    [one] 1 ticket needs a look
   *[other] { $count } tickets need a look
}
kitchen-printers-failed = The printers could not be loaded
kitchen-printers-not-here = No printing here
kitchen-printers-not-here-body = A browser cannot reach ticket printers. The kitchen app for computers can.
kitchen-printers-none = No printer yet
kitchen-printers-none-body = Add the ticket printer beside the pass, or one for each station. Tickets then come by themselves, and wait while a printer is off.
kitchen-printer-add = Add a printer
kitchen-printer-change = Change
kitchen-printer-remove = Remove this printer
kitchen-printer-remove-title = Remove this printer?
kitchen-printer-remove-body = The tickets it still had to print go with it.
kitchen-printer-removed = { $name } removed
kitchen-printer-test = Test page
kitchen-printer-testing = A test page is on its way
kitchen-printer-left = { $count ->
    [one] 1 ticket waits
   *[other] { $count } tickets wait
}
kitchen-printer-unknown = Not tried yet
kitchen-printer-ready = Ready
kitchen-printer-unreachable = Cannot be reached
kitchen-printer-stalled = Stopped: paper or cover
kitchen-prints-all = Whole orders
kitchen-prints-itself = By itself
kitchen-printer-name = Name
kitchen-printer-name-hint = What people here call it, such as “Grill”.
kitchen-printer-name-wrong = Give it a name.
kitchen-printer-by = How it is reached
kitchen-printer-network = Network
kitchen-printer-serial = Serial, USB
kitchen-printer-file = Device file
kitchen-printer-host = Address
kitchen-printer-host-wrong = Enter a name or address without blanks.
kitchen-printer-port = Port
kitchen-printer-port-wrong = 1 to 65535
kitchen-printer-path = Path
kitchen-printer-path-wrong = Enter its path.
kitchen-printer-serial-hint = Such as /dev/ttyUSB0, or COM3 on Windows.
kitchen-printer-file-hint = Such as /dev/usb/lp0.
kitchen-printer-baud = Bits a second
kitchen-printer-paper = Paper
kitchen-paper-wide = 80 mm
kitchen-paper-narrow = 58 mm
kitchen-printer-lang = Language of the headings
kitchen-printer-stations = What it prints
kitchen-printer-stations-all = Whole orders. Choose stations to print only what is made there.
kitchen-printer-stations-some = Only what is made at these stations.
kitchen-printer-automatic = Print by itself
kitchen-printer-automatic-body = Each order, as soon as the kitchen has said yes to it.
kitchen-printer-copies = Copies of each ticket
kitchen-print = Print
kitchen-print-copy = Print again (COPY)
kitchen-print-asked = On its way to the printer
kitchen-print-held = { $count ->
    [one] 1 ticket waits for the printer “{ $printer }”.
   *[other] { $count } tickets wait for the printer “{ $printer }”.
}
kitchen-print-held-since = { $count ->
    [one] 1 ticket has waited { $age } for the printer “{ $printer }”.
   *[other] { $count } tickets wait for the printer “{ $printer }”, the oldest for { $age }.
}
kitchen-print-held-why = { $health }. Printing goes on as soon as it answers.
kitchen-print-unsure = Unsure whether #{ $number } was printed at “{ $printer }”: it will be printed again as COPY.
kitchen-print-unsure-test = Unsure whether the test page was printed at “{ $printer }”.
kitchen-print-unsure-more = { $count ->
    [one] 1 more ticket may or may not be on paper
   *[other] { $count } more tickets may or may not be on paper
}
kitchen-print-is-here = It is here
kitchen-print-again = Print again
kitchen-print-left = Not on paper yet
kitchen-print-done = Printed lately
kitchen-print-waiting = Waits
kitchen-print-sending = Printing
kitchen-print-doubt = Unsure
kitchen-print-printed = Printed
kitchen-print-settled = Settled
kitchen-print-is-copy = COPY
kitchen-print-drop = Not needed
kitchen-printers-lost = What this device kept of its printers could not be read. Add them again, and look which tickets lie there.
kitchen-print-held-later = Printing goes on as soon as they answer.
kitchen-printer-change-title = Change the printer

# Staff
kitchen-staff = Your team
kitchen-staff-detail = Who works here, and inviting others
kitchen-staff-owner = Owner
kitchen-staff-member = Staff
kitchen-staff-you = you
kitchen-staff-invited = Invited
kitchen-staff-until = until { $day }
kitchen-staff-invite = Invite somebody
kitchen-staff-invite-lead = They get an email with a link, which works for seven days and for them only.
kitchen-staff-as-owner = As an owner
kitchen-staff-as-owner-hint = Owners invite and remove others, and see the restaurant’s papers.
kitchen-staff-send = Send the invitation
kitchen-staff-sent = The invitation is on its way.
kitchen-staff-take-back = Take back
kitchen-staff-taken-back = The invitation no longer works.
kitchen-staff-remove = Remove
kitchen-staff-remove-title = Remove { $name }?
kitchen-staff-remove-body = They are signed out here at once and can no longer see the restaurant.
kitchen-staff-removed = Removed.
kitchen-staff-owners-only = Only owners invite and remove people.
