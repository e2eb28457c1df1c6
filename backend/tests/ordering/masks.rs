//! What each party sees of an order, and what they never see.

use momfood_backend::both;
use momfood_backend::testing::TestApp;
use momfood_domain::actor::Role;
use serde_json::{Value, json};

use crate::town::*;

/// Whether `needle` stands anywhere in what was answered.
fn says(seen: &Value, needle: &str) -> bool {
    seen.to_string().contains(needle)
}

both! {
    async fn each_party_sees_what_it_needs_and_no_more(app: TestApp) {
        let town = Town::build(&app).await;
        let (fahad, omar) = (person(&app, "Fahad", Role::Driver, None).await, person(&app, "Omar", Role::Driver, None).await);
        let support = person(&app, "Lina", Role::Support, None).await;
        let phone = |who: &Someone| format!("+9665{:08}", who.id.0.as_u128() % 100_000_000);
        let id = town.accepted(&app).await;

        let kitchen = look(&app, &town.kitchen, id).await;
        assert_eq!(kitchen["customer"], json!({ "name": "Sara" }));
        assert!(kitchen.get("address").is_none() && !says(&kitchen, "RAHA3443") && !says(&kitchen, &phone(&town.sara)));
        assert_eq!(kitchen["note"], "بسرعة");
        assert_eq!(kitchen["bill"]["lines"][0]["note"], "بدون بصل");
        assert_eq!(kitchen["bill"]["lines"][0]["allergens"], json!(["nuts"]));

        let customer = look(&app, &town.sara, id).await;
        assert_eq!(customer["customer"], json!({ "name": "Sara Alharbi", "phone": phone(&town.sara) }));
        assert_eq!(customer["address"]["shortAddress"], "RAHA3443");
        assert_eq!(customer["delivery"]["area"], json!({ "lat": 24.71, "lng": 46.69 }));
        assert!(customer["delivery"].get("driver").is_none() && customer["delivery"].get("assignment").is_none());

        offer(&app, id, &fahad).await;
        let asked = look(&app, &fahad, id).await;
        assert!(asked.get("address").is_none() && asked.get("note").is_none(), "{asked}");
        assert!(!says(&asked, "RAHA3443") && !says(&asked, &phone(&town.sara)) && !says(&asked, "Alharbi"));
        assert_eq!(asked["delivery"]["area"], json!({ "lat": 24.71, "lng": 46.69 }));
        // 8.00, 1.50 for each of three street kilometres, and the tip.
        assert_eq!(asked["delivery"]["assignment"]["pay"], 800 + 3 * 150 + 500);
        let bill = &asked["bill"];
        assert_eq!(bill["totalAmount"], 6_150);
        assert_eq!(bill["lines"].as_array().unwrap().len(), 2);
        for hidden in ["subtotal", "deliveryFee", "serviceFee", "discount", "tip", "taxAmount"] {
            assert_eq!(bill[hidden], 0, "{hidden}");
        }
        assert!(!says(&look(&app, &town.sara, id).await, "Fahad"), "who is only asked is nobody's business");
        assert_eq!(get(&app, &omar, &format!("/api/v1/orders/{id}")).await.code(), "not_found");

        let at_work = step(&app, &fahad, id, "accept-offer", &json!({ "attempt": 1 })).await.data();
        assert_eq!(at_work["address"]["note"], "الدور الثالث");
        assert_eq!(at_work["customer"], json!({ "name": "Sara Alharbi", "phone": phone(&town.sara) }));
        assert_eq!(at_work["payment"]["cashDue"], 6_150);
        for who in [&town.sara, &town.kitchen] {
            let seen = look(&app, who, id).await;
            assert_eq!((&seen["delivery"]["driver"]["name"], &seen["delivery"]["driver"]["phone"]), (&json!("Fahad"), &Value::Null));
            assert!(says(&seen["delivery"]["driver"]["vehicle"], "ABC 1234"));
            assert!(seen["delivery"].get("assignment").is_none());
        }
        step(&app, &fahad, id, "pick-up", &Value::Null).await.data();
        assert_eq!(look(&app, &town.sara, id).await["delivery"]["driver"]["phone"], json!(phone(&fahad)));

        let after = step(&app, &fahad, id, "deliver", &json!({ "cash": 6_150 })).await.data();
        assert!(after.get("address").is_none() && !says(&after, &phone(&town.sara)), "the door is forgotten: {after}");
        assert_eq!(look(&app, &town.sara, id).await["delivery"]["driver"]["phone"], Value::Null);
        let seen = look(&app, &support, id).await;
        assert!(says(&seen, "RAHA3443") && says(&seen, &phone(&fahad)) && says(&seen, &phone(&town.sara)));
    }

    async fn a_kitchen_never_sees_an_order_whose_card_is_not_authorised(app: TestApp) {
        let town = Town::build(&app).await;
        let mut request = town.placing(&app, &town.sara).await;
        request["paymentMethod"] = json!("card");
        request["cardToken"] = json!("sandbox:4000000000000002");
        let answer = place(&app, &town.sara, &request).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (402, "card_declined"));
        let id = request["id"].as_str().unwrap().parse().unwrap();
        let seen = look(&app, &town.sara, id).await;
        assert_eq!((&seen["status"], &seen["reason"], &seen["number"]), (&json!("cancelled"), &json!("payment_declined"), &json!("")));
        assert_eq!(get(&app, &town.kitchen, &format!("/api/v1/orders/{id}")).await.code(), "not_found");
        assert_eq!(get(&app, &town.kitchen, "/api/v1/orders").await.data()["orders"], json!([]));
        assert_eq!(place(&app, &town.sara, &request).await.code(), "card_declined", "asked again, told the same");
    }

    async fn a_card_order_reaches_the_kitchen_paid(app: TestApp) {
        let town = Town::build(&app).await;
        let mut request = town.placing(&app, &town.sara).await;
        request["paymentMethod"] = json!("card");
        request["cardToken"] = json!("sandbox:4242424242424242");
        let order = place(&app, &town.sara, &request).await.data();
        assert_eq!((&order["status"], &order["payment"]["status"]), (&json!("pending"), &json!("authorized")));
        let id = id_of(&order);
        assert_eq!(look(&app, &town.kitchen, id).await["payment"]["cashDue"], 0);
        step(&app, &town.kitchen, id, "accept", &json!({ "prepMinutes": 20 })).await.data();
        app.tick().await;
        assert_eq!(look(&app, &town.sara, id).await["payment"]["status"], "captured");
        step(&app, &town.sara, id, "cancel", &json!({ "reason": "changed_mind" })).await.data();
        app.tick().await;
        let seen = look(&app, &town.sara, id).await;
        assert_eq!((&seen["status"], &seen["payment"]["status"]), (&json!("cancelled"), &json!("partially_refunded")));
        assert_eq!(seen["payment"]["refunded"], 6_150 - 1_000, "a fifth of the food is kept");
        assert!(says(&seen["timeline"], "refunded"));
    }
}
