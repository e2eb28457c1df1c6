//! Where an order goes: the Saudi national short address, a pin, a landmark and a note for the driver.

use serde::{Deserialize, Serialize};

use crate::geo::GeoPoint;

/// A Saudi national short address: four letters and four digits, such as `RAHA3443`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "String")]
pub struct ShortAddress(String);

/// The text is no short address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a short address: four letters and four digits, such as RAHA3443")]
pub struct NotAShortAddress;

impl ShortAddress {
    /// Reads a short address; case and inner spaces do not matter.
    pub fn parse(text: &str) -> Result<Self, NotAShortAddress> {
        let code: String = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let bytes = code.as_bytes();
        let fits = bytes.len() == 8
            && bytes[..4].iter().all(u8::is_ascii_uppercase)
            && bytes[4..].iter().all(u8::is_ascii_digit);
        if fits {
            Ok(Self(code))
        } else {
            Err(NotAShortAddress)
        }
    }

    /// The eight characters, upper case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ShortAddress {
    type Error = NotAShortAddress;
    fn try_from(text: String) -> Result<Self, NotAShortAddress> {
        Self::parse(&text)
    }
}

/// A place an order can be brought to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// What the customer calls it: "Home".
    pub label: String,
    /// The pin.
    pub point: GeoPoint,
    /// National short address, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short_address: Option<ShortAddress>,
    /// District, street, building: one line as people say it.
    #[serde(default)]
    pub line: String,
    /// Something one can see from the street.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub landmark: Option<String>,
    /// For the driver: gate, floor, bell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_addresses_are_four_letters_and_four_digits() {
        assert_eq!(ShortAddress::parse("raha 3443").unwrap().as_str(), "RAHA3443");
        for wrong in ["", "RAHA344", "RAHA34433", "RAH13443", "الرياض", "RAHA٣٤٤٣"] {
            assert_eq!(ShortAddress::parse(wrong), Err(NotAShortAddress), "{wrong}");
        }
    }
}
