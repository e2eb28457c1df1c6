//! What an answer looks like that many operations give: written once, put into the API's document wherever an
//! operation has no example of its own.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use utoipa::openapi::{OpenApi, RefOr, Schema};

use crate::document::operations;

/// Puts an example beside every success whose shape has one here.
pub fn fill(document: &mut OpenApi) {
    let examples = [
        ("OrderView", success(&order())),
        (
            "OrderPage",
            success(&json!({ "orders": [order()], "next": 1_795_329_600_000_000_i64 })),
        ),
        ("Quote", success(&quote())),
        ("Application", success(&application())),
        ("Vec_Application", success(&json!([application()]))),
        ("ApplicationCase", success(&case())),
        ("Vec_ApplicationCase", success(&json!([case()]))),
        ("PersonPage", success(&person())),
    ];
    let known: BTreeMap<String, RefOr<Schema>> = document
        .components
        .as_ref()
        .map(|components| components.schemas.clone())
        .unwrap_or_default();
    let operations = document.paths.paths.values_mut().flat_map(operations);
    let responses = operations.flat_map(|operation| operation.responses.responses.values_mut());
    for response in responses {
        let RefOr::T(response) = response else { continue };
        for content in response.content.values_mut() {
            let RefOr::T(content) = content else { continue };
            let shows = |name: &str| {
                content
                    .schema
                    .as_ref()
                    .is_some_and(|schema| brings(schema, name, &known))
            };
            let example = examples.iter().find(|(name, _)| shows(name));
            if let (None, Some((_, example))) = (&content.example, example) {
                content.example = Some(example.clone());
            }
        }
    }
}

/// Whether `schema` is a success whose `data` is a `name`, referred to or written out.
fn brings(schema: &RefOr<Schema>, name: &str, known: &BTreeMap<String, RefOr<Schema>>) -> bool {
    match schema {
        RefOr::Ref(to) => to.ref_location.ends_with(&format!("/Success_{name}")),
        RefOr::T(Schema::Object(object)) => {
            let data = object.properties.get("data");
            data.is_some() && data == known.get(name)
        }
        RefOr::T(_) => false,
    }
}

fn success(data: &Value) -> Value {
    json!({ "success": true, "data": data })
}

fn bill() -> Value {
    json!({
        "currency": "SAR",
        "lines": [{
            "itemId": "f0a1c2d3-0000-8000-8000-000000000003", "name": { "ar": "برجر كلاسيك", "en": "Classic burger" },
            "quantity": 2, "unitPrice": 3_100, "total": 6_200,
            "options": [{ "id": "f0a1c2d3-0000-8000-8000-000000000005",
                "name": { "ar": "جبن إضافي", "en": "Extra cheese" }, "price": 300 }],
            "note": "بدون بصل", "allergens": ["dairy", "gluten"],
        }],
        "subtotal": 6_200, "deliveryFee": 900, "serviceFee": 186, "discount": 0, "tip": 500, "taxAmount": 951,
        "totalAmount": 7_786,
    })
}

fn quote() -> Value {
    json!({
        "id": "019a9d3e-6a00-7000-8000-000000000021", "bill": bill(), "fulfilment": "delivery",
        "expiresAt": 1_795_330_200_000_000_i64, "estimatedAt": 1_795_331_520_000_000_i64,
    })
}

fn order() -> Value {
    json!({
        "id": "019a9d3e-6a00-7000-8000-000000000020", "number": "4821", "rev": 3, "status": "preparing",
        "fulfilment": "delivery",
        "restaurant": { "id": "f0a1c2d3-0000-8000-8000-000000000001",
            "name": { "ar": "برجر القراج", "en": "Garage Burger" }, "point": { "lat": 24.7033, "lng": 46.6801 },
            "district": { "ar": "العليا", "en": "Al Olaya" }, "phone": "+966114020318" },
        "customer": { "name": "سارة" },
        "address": { "label": "البيت", "point": { "lat": 24.71845, "lng": 46.68492 }, "shortAddress": "RHWA3443",
            "line": "الورود، شارع العروبة" },
        "bill": bill(),
        "payment": { "method": "card", "status": "authorized", "refunded": 0, "cashDue": 0 },
        "delivery": { "status": "waiting", "distanceM": 1_752, "area": { "lat": 24.72, "lng": 46.68 } },
        "placedAt": 1_795_329_600_000_000_i64, "acceptBy": 1_795_329_900_000_000_i64,
        "readyBy": 1_795_330_860_000_000_i64, "estimatedAt": 1_795_331_520_000_000_i64,
        "timeline": [
            { "kind": "placed", "at": 1_795_329_600_000_000_i64 },
            { "kind": "accepted", "at": 1_795_329_660_000_000_i64 },
            { "kind": "preparing", "at": 1_795_329_720_000_000_i64 },
        ],
        "may": ["cancel"],
    })
}

fn application() -> Value {
    json!({
        "id": "019a9d3e-6a00-7000-8000-0000000000a1", "status": "submitted",
        "form": { "kind": "restaurant", "name": { "ar": "بيت الكبسة", "en": "Kabsa House" }, "cuisine": "saudi",
            "district": { "ar": "العليا", "en": "Al Olaya" }, "point": { "lat": 24.7033, "lng": 46.6801 },
            "phone": "+966512345678", "email": "kabsa@example.com", "businessLicense": "1010123456",
            "vatNumber": "310122393500003", "iban": "SA0380000000608010167519" },
        "documents": [{ "id": "019a9d3e-6a00-7000-8000-0000000000d1", "kind": "business_license",
            "contentType": "image/png", "length": 48_213, "at": 1_795_329_600_000_000_i64 }],
        "missing": [], "updatedAt": 1_795_329_700_000_000_i64, "submittedAt": 1_795_329_700_000_000_i64,
    })
}

fn line() -> Value {
    json!({
        "id": "019a9d3e-6a00-7000-8000-000000000001", "firstName": "نورة", "lastName": "الحربي",
        "email": "noura@example.com", "phone": "+9665••••••78", "roles": ["customer"], "standing": "active",
        "createdAt": 1_795_320_000_000_000_i64,
    })
}

fn case() -> Value {
    json!({ "application": application(), "person": line() })
}

fn person() -> Value {
    json!({
        "person": line(), "language": "ar", "emailVerified": true, "phoneVerified": false, "totp": false,
        "passkeys": 0, "workplaces": [], "orders": 4,
        "sessions": [{ "id": "019a9d3e-6a00-7000-8000-0000000000e1", "current": false, "role": "customer",
            "device": "Mozilla/5.0", "address": "203.0.113.7", "method": "password", "secondFactor": false,
            "createdAt": 1_795_320_000_000_000_i64, "seenAt": 1_795_329_000_000_000_i64,
            "expiresAt": 1_795_933_800_000_000_i64 }],
    })
}

#[cfg(test)]
mod tests {
    use momfood_protocol::admin::{ApplicationCase, PersonPage};
    use momfood_protocol::error::Success;
    use momfood_protocol::rest::{OrderPage, Quote};
    use momfood_protocol::view::OrderView;
    use serde::Serialize;
    use serde::de::DeserializeOwned;

    use super::*;

    /// Whether `example` is exactly what a `T` is written as.
    fn assert_is<T: Serialize + DeserializeOwned>(example: &Value) {
        let typed: T = serde_json::from_value(example.clone()).unwrap();
        assert_eq!(serde_json::to_value(typed).unwrap(), *example);
    }

    #[test]
    fn the_examples_are_what_the_types_are_written_as() {
        assert_is::<Success<OrderView>>(&success(&order()));
        assert_is::<Quote>(&quote());
        assert_is::<ApplicationCase>(&case());
        assert_is::<PersonPage>(&person());
        assert_is::<OrderPage>(&json!({ "orders": [order()] }));
    }
}
