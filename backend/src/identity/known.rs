//! Devices and addresses an account has been signed in from: whoever tries its password from there need not wait in
//! line with strangers. A browser keeps a cookie for it that outlives its sessions and opens nothing.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum_extra::extract::cookie::CookieJar;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::request::Parts;
use momfood_domain::id::{SessionId, UserId};
use momfood_domain::time::{DAY, Timestamp};
use uuid::Uuid;

use super::cookie::{APPS, Secure};
use super::session::Live;
use crate::address::Address;
use crate::app::App;
use crate::keys::Keys;
use crate::store::{StoreError, Tx, sql};

/// How long ago an address may have been used.
const REMEMBERED: i64 = 90 * DAY;
/// Of how many of its last sessions an account remembers the addresses.
const LAST: i64 = 50;
const NAMED: usize = 16 + 16;
const PURPOSE: &str = "known device";

/// A browser in which somebody has signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Device {
    /// Who.
    pub user: UserId,
    /// With which session: what names the device.
    pub session: SessionId,
}

impl Device {
    /// The device on which this session lives.
    pub const fn of(live: &Live) -> Self {
        Self {
            user: live.user,
            session: live.renewal.session,
        }
    }

    /// What its cookie says.
    pub fn text(self, keys: &Keys) -> String {
        let named = [self.user.0.as_bytes().as_slice(), self.session.0.as_bytes()].concat();
        let code = keys.mac(PURPOSE, &named);
        BASE64_URL_SAFE_NO_PAD.encode([&named[..], &code[..]].concat())
    }

    fn read(keys: &Keys, text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let (named, sent) = bytes.split_at_checked(NAMED)?;
        if !keys.vouches(PURPOSE, named, sent) {
            return None;
        }
        let (user, session) = named.split_at(16);
        Some(Self {
            user: UserId(Uuid::from_slice(user).ok()?),
            session: SessionId(Uuid::from_slice(session).ok()?),
        })
    }
}

/// Every device the request's cookies name: one for each of our apps.
pub(super) struct Devices(pub Vec<Device>);

impl FromRequestParts<App> for Devices {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let jar = CookieJar::from_headers(&parts.headers);
        let secure = Secure::of(&parts.headers, &app.config);
        let ours = APPS
            .into_iter()
            .filter_map(|name| jar.get(&secure.known_name(name)));
        let devices = ours.filter_map(|cookie| Device::read(&app.keys, cookie.value()));
        Ok(Self(devices.collect()))
    }
}

/// Whether `user` has signed in at this address, or in its network, lately.
pub(super) async fn at(
    tx: &mut Tx,
    user: UserId,
    address: Address,
    now: Timestamp,
) -> Result<bool, StoreError> {
    if address.0.is_none() {
        return Ok(false);
    }
    let rows = sql!(
        tx,
        fetch_all as (String,),
        "select address from sessions where user_id = $1 and refreshed_at > $2 order by refreshed_at desc limit $3",
        user,
        now.plus(-REMEMBERED),
        LAST
    )?;
    let same = |text: &str| {
        text.parse()
            .is_ok_and(|ip| Address(Some(ip)).network() == address.network())
    };
    Ok(rows.iter().any(|(text,)| same(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_believed_whole_and_by_its_own_server_only() {
        let (ours, theirs) = (
            Keys::from_seed(&[1; 32]).unwrap(),
            Keys::from_seed(&[2; 32]).unwrap(),
        );
        let device = Device {
            user: UserId(Uuid::from_u128(7)),
            session: SessionId(Uuid::from_u128(8)),
        };
        let text = device.text(&ours);
        assert_eq!(Device::read(&ours, &text), Some(device));
        assert_eq!(Device::read(&theirs, &text), None);
        let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(&text).unwrap();
        for at in 0..bytes.len() {
            bytes[at] ^= 1;
            assert_eq!(Device::read(&ours, &BASE64_URL_SAFE_NO_PAD.encode(&bytes)), None);
            bytes[at] ^= 1;
        }
        for wrong in ["", "x", &text[2..]] {
            assert_eq!(Device::read(&ours, wrong), None);
        }
    }
}
