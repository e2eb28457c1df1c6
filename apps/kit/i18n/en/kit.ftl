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
kit-theme-system = As the device
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
