//! Reads what crossed a boundary, out of a [`Value`], in as little code as can be.
//!
//! serde's own way also reads structs from lists and words every mistake; both are generated anew for every type, and
//! together they were a sixth of an app's module. Here a struct is an object, and what cannot be read is not
//! explained: it comes from another version of the program, and that is all a person needs to hear. It must read
//! everything that `serde_json::to_value` writes of this crate's shapes; the golden tests hold it to that.

use std::fmt::{self, Display};

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, Expected, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};
use serde_json::{Map, Value, map};

use crate::engine::{AnyReply, Event};

/// It is not of the shape asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

/// Reads `value` as a `T`.
pub fn read<T: DeserializeOwned>(value: Value) -> Result<T, Unreadable> {
    T::deserialize(Written(value))
}

/// Reads an [`Event`]: by hand, because serde reads tagged enums by way of a copy with code of its own for every
/// type in it.
pub fn event(value: Value) -> Result<Event, Unreadable> {
    let Value::Object(mut parts) = value else {
        return Err(Unreadable);
    };
    let name = parts.remove("event");
    let mut part = |name: &str| parts.remove(name).unwrap_or_default();
    Ok(match name.as_ref().and_then(Value::as_str) {
        Some("session") => Event::Session(read(Value::Object(parts))?),
        Some("connection") => Event::Connection(read(Value::Object(parts))?),
        Some("order") => Event::Order {
            id: read(part("id"))?,
        },
        Some("new_order") => Event::NewOrder {
            id: read(part("id"))?,
        },
        Some("restaurant") => Event::Restaurant {},
        Some("menu") => Event::Menu {},
        Some("driver") => Event::Driver {},
        Some("cart") => Event::Cart {},
        Some("outbox") => Event::Outbox {},
        Some("device") => Event::Device {},
        Some("printing") => Event::Printing {},
        Some("pace") => Event::Pace(read(Value::Object(parts))?),
        Some("here") => Event::Here {
            position: read(part("position"))?,
        },
        Some("open") => Event::Open {
            path: read(part("path"))?,
        },
        Some("position") => Event::Position {
            id: read(part("id"))?,
            position: read(part("position"))?,
        },
        _ => return Err(Unreadable),
    })
}

/// Reads an [`AnyReply`].
pub fn reply(value: Value) -> Result<AnyReply, Unreadable> {
    let Value::Object(mut parts) = value else {
        return Err(Unreadable);
    };
    match (parts.remove("ok"), parts.remove("err")) {
        (Some(value), None) => Ok(AnyReply::Ok(value)),
        (None, Some(failure)) => read(failure).map(AnyReply::Err),
        _ => Err(Unreadable),
    }
}

impl Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not of the shape asked for")
    }
}

impl std::error::Error for Unreadable {}

impl Error for Unreadable {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

/// A value, as serde takes it apart.
struct Written(Value);

fn number<'de, V: Visitor<'de>>(number: &serde_json::Number, visitor: V) -> Result<V::Value, Unreadable> {
    if let Some(number) = number.as_u64() {
        visitor.visit_u64(number)
    } else if let Some(number) = number.as_i64() {
        visitor.visit_i64(number)
    } else {
        number
            .as_f64()
            .map_or(Err(Unreadable), |number| visitor.visit_f64(number))
    }
}

macro_rules! read_as {
    ($($method:ident)+ => |$visitor:ident| { $written:pat => $read:expr }) => {
        $(fn $method<V: Visitor<'de>>(self, $visitor: V) -> Result<V::Value, Unreadable> {
            match self.0 { $written => $read, _ => Err(Unreadable) }
        })+
    };
}

impl<'de> Deserializer<'de> for Written {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(yes) => visitor.visit_bool(yes),
            Value::Number(written) => number(&written, visitor),
            Value::String(text) => visitor.visit_string(text),
            Value::Array(items) => visitor.visit_seq(Items(items.into_iter())),
            Value::Object(parts) => visitor.visit_map(Parts::of(parts)),
        }
    }

    read_as!(deserialize_bool => |visitor| { Value::Bool(yes) => visitor.visit_bool(yes) });
    read_as!(
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64
        => |visitor| { Value::Number(written) => number(&written, visitor) }
    );
    read_as!(
        deserialize_char deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf
        => |visitor| { Value::String(text) => visitor.visit_string(text) }
    );
    read_as!(deserialize_identifier => |visitor| { Value::String(text) => visitor.visit_str(&text) });
    read_as!(deserialize_unit => |visitor| { Value::Null => visitor.visit_unit() });
    read_as!(deserialize_seq => |visitor| { Value::Array(items) => visitor.visit_seq(Items(items.into_iter())) });
    read_as!(deserialize_map => |visitor| { Value::Object(parts) => visitor.visit_map(Parts::of(parts)) });

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::String(name) => visitor.visit_enum(Variant(name, Value::Null)),
            Value::Object(parts) => {
                let mut parts = parts.into_iter();
                match (parts.next(), parts.next()) {
                    (Some((name, content)), None) => visitor.visit_enum(Variant(name, content)),
                    _ => Err(Unreadable),
                }
            }
            _ => Err(Unreadable),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }
}

struct Items(std::vec::IntoIter<Value>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unreadable> {
        match self.0.next() {
            Some(item) => seed.deserialize(Written(item)).map(Some),
            None => Ok(None),
        }
    }
}

struct Parts {
    rest: map::IntoIter,
    value: Value,
}

impl Parts {
    fn of(parts: Map<String, Value>) -> Self {
        Self {
            rest: parts.into_iter(),
            value: Value::Null,
        }
    }
}

impl<'de> MapAccess<'de> for Parts {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unreadable> {
        match self.rest.next() {
            Some((key, value)) => {
                self.value = value;
                seed.deserialize(Written(Value::String(key))).map(Some)
            }
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unreadable> {
        seed.deserialize(Written(self.value.take()))
    }
}

/// A variant's name and what it holds.
struct Variant(String, Value);

impl<'de> EnumAccess<'de> for Variant {
    type Error = Unreadable;
    type Variant = Written;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Written), Unreadable> {
        Ok((seed.deserialize(Written(Value::String(self.0)))?, Written(self.1)))
    }
}

impl<'de> VariantAccess<'de> for Written {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<(), Unreadable> {
        if self.0.is_null() { Ok(()) } else { Err(Unreadable) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unreadable> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_map(visitor)
    }
}
