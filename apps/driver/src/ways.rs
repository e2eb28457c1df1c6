//! Links out of the app that a driver needs: the phone's own maps, a call. Plain addresses: a browser opens them itself, and
//! a shell hands them to the system.

use momfood_domain::geo::GeoPoint;

/// Whose maps to open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maps {
    /// Whatever the person chose for `geo:`.
    Android,
    /// Apple's.
    Apple,
    /// A website with directions.
    Web,
}

impl Maps {
    /// Those of the device with this `navigator.userAgent`.
    pub fn of(agent: &str) -> Self {
        let is = |name: &str| agent.contains(name);
        if is("Android") {
            Self::Android
        } else if is("iPhone") || is("iPad") || is("Macintosh") {
            // An iPad says that it is a Macintosh; both have Apple's maps.
            Self::Apple
        } else {
            Self::Web
        }
    }

    /// The way to `to`, which is called `name`.
    pub fn way(self, to: GeoPoint, name: &str) -> String {
        let place = format!("{:.6},{:.6}", to.lat, to.lng);
        match self {
            // Without the query the map moves there and marks nothing.
            Self::Android => format!("geo:{place}?q={place}({})", percent(name)),
            Self::Apple => format!("https://maps.apple.com/?daddr={place}&q={}", percent(name)),
            Self::Web => format!(
                "https://www.openstreetmap.org/directions?engine=fossgis_osrm_car&route=%3B{}",
                percent(&place)
            ),
        }
    }
}

/// Those of this device.
pub fn maps() -> Maps {
    let agent = web_sys::window().and_then(|window| window.navigator().user_agent().ok());
    Maps::of(&agent.unwrap_or_default())
}

/// A call to `phone`, which may be written as people write it.
pub fn call(phone: &str) -> String {
    let dialled = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+');
    "tel:".chars().chain(dialled).collect()
}

/// `text` with everything escaped that means something in an address.
fn percent(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            const HEX: &[u8; 16] = b"0123456789ABCDEF";
            escaped.push('%');
            escaped.push(char::from(HEX[usize::from(byte >> 4)]));
            escaped.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOOR: GeoPoint = GeoPoint {
        lat: 24.691_123_4,
        lng: 46.685_3,
    };

    #[test]
    fn the_phones_own_maps_are_opened_with_the_name_on_the_pin() {
        let android =
            Maps::of("Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 Chrome/140 Mobile");
        assert_eq!(
            android.way(DOOR, "Sara (2)"),
            "geo:24.691123,46.685300?q=24.691123,46.685300(Sara%20%282%29)"
        );
        let iphone = Maps::of("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15");
        assert_eq!(
            iphone.way(DOOR, "سارة"),
            "https://maps.apple.com/?daddr=24.691123,46.685300&q=%D8%B3%D8%A7%D8%B1%D8%A9"
        );
        assert_eq!(Maps::of("Mozilla/5.0 (X11; Linux x86_64)"), Maps::Web);
        assert!(
            Maps::Web
                .way(DOOR, "")
                .ends_with("route=%3B24.691123%2C46.685300")
        );
    }

    #[test]
    fn a_number_is_dialled_without_what_people_write_between_its_digits() {
        assert_eq!(call("+966 51 234-5678"), "tel:+966512345678");
    }
}
