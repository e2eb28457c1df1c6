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

#[cfg(test)]
mod tests {
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
        assert_is::<OrderPage>(&json!({ "orders": [order()] }));
    }
}
