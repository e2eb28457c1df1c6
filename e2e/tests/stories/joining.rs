//! Becoming part of the platform: papers handed in, looked at, refused with a reason, corrected, approved. Nothing is open
//! before.

use momfood_backend::testing::Folder;
use momfood_domain::actor::Role;
use momfood_e2e::browser::Browser;
use momfood_e2e::entry;
use momfood_e2e::picture::{BLUE, RED, picture};
use momfood_e2e::screen::{Screen, Size, id};
use momfood_e2e::stage::{Stage, tell};
use serde_json::{Value, json};

const PASSWORD: &str = "three short words";

/// The first application of whoever has that email.
async fn application(stage: &Stage, email: &str) -> Value {
    let api = stage.city.api().sign_in(email, PASSWORD, Role::Customer).await;
    api.get::<Value>("applications").await[0].clone()
}

/// On to the next step, which is kept by the server first.
async fn next(screen: &Screen, step: usize) {
    screen.press(&id("next")).await;
    screen
        .see(&format!("{}[data-step=\"{step}\"]", id("wizard")))
        .await;
}

/// Picks a file for a paper and waits until the server has it.
async fn paper(screen: &Screen, kind: &str, file: &std::path::Path) {
    screen.choose(&id(&format!("file-{kind}")), file).await;
    screen
        .see(&format!("{}[data-there=\"true\"]", id(&format!("paper-{kind}"))))
        .await;
}

/// An admin in front of that application.
async fn admin_at(stage: &Stage, browser: &Browser, application: &str) -> Screen {
    let admin = stage.city.someone(Role::Admin).clone();
    let screen = browser.open("admin", Size::DESK, "/admin/").await;
    entry::sign_in(&screen, &admin.email, &admin.password).await;
    screen.see(&id("case")).await;
    screen.goto(&format!("/admin/applications/{application}")).await;
    screen.see(&id("approve")).await;
    screen
}

#[test]
fn a_restaurant_applies_with_its_papers_is_told_what_is_wrong_corrects_it_and_opens() {
    tell(async |stage| {
        let papers = Folder::new("momfood-e2e-papers");
        let red = picture(papers.path(), "red.png", RED);
        let blue = picture(papers.path(), "blue.png", BLUE);
        let email = "noura@stories.momfood.test";
        let _ = stage.city.api().register(email, PASSWORD, "نورة").await;
        let owner = stage.browser.open("owner", Size::PHONE, "/kitchen/").await;
        entry::sign_in(&owner, email, PASSWORD).await;
        owner.press(&id("apply")).await;
        owner.write(&id("name-ar"), "مطبخ نورة").await;
        owner.write(&id("name-en"), "Noura's Kitchen").await;
        owner.write("input[name=\"district-ar\"]", "العليا").await;
        owner.write("input[name=\"district-en\"]", "Al Olaya").await;
        owner.write(&format!("{} input", id("phone")), "551110077").await;
        owner.write(&id("email"), "kitchen@noura.example.sa").await;
        next(&owner, 1).await;
        owner.write(&id("registration"), "1010123456").await;
        owner.write(&id("vat"), "300000000000003").await;
        // A digit was mistyped: said at once, before anything is sent.
        owner.write(&id("iban"), "SA0380000000608010167518").await;
        owner.see(".k-field-error").await;
        owner.write(&id("iban"), "SA0380000000608010167519").await;
        owner.see_no(".k-field-error").await;
        next(&owner, 2).await;

        // Closed and opened again, nothing that was written is gone.
        owner.goto("/kitchen/").await;
        owner.see(&id("wizard")).await;
        let name = "return document.querySelector(arguments[0]).value";
        assert_eq!(
            owner.run(name, vec![json!(id("name-en"))]).await,
            "Noura's Kitchen"
        );
        next(&owner, 1).await;
        next(&owner, 2).await;

        // Not all papers are there.
        paper(&owner, "business_license", &red).await;
        owner.press(&id("submit")).await;
        owner.see(&id("missing")).await;
        paper(&owner, "vat_certificate", &red).await;
        paper(&owner, "iban_letter", &red).await;
        owner.press(&id("submit")).await;
        owner.see(&id("waiting")).await;

        let sent = application(stage, email).await;
        let sent = sent["id"].as_str().expect("an id");
        let office = stage.elsewhere().await;
        let admin = admin_at(stage, &office.browser, sent).await;
        admin.press(&id("look")).await;
        admin.see(".a-document").await;
        admin.press(&id("refuse")).await;
        admin
            .write(&id("reason"), "The registration cannot be read")
            .await;
        admin.press(&id("reason-yes")).await;
        admin.see_no(&id("refuse")).await;

        owner.press(&id("look-again")).await;
        owner
            .hear(&id("refused"), "the reason", |words| {
                words.contains("The registration cannot be read")
            })
            .await;
        owner.press(&id("correct")).await;
        next(&owner, 1).await;
        next(&owner, 2).await;
        paper(&owner, "business_license", &blue).await;
        owner.press(&id("submit")).await;
        owner.see(&id("waiting")).await;

        admin.reload().await;
        admin.press(&id("approve")).await;
        admin.press(&id("yes")).await;
        admin.see_no(&id("approve")).await;

        owner.press(&id("look-again")).await;
        owner.see(&id("approved")).await;
        owner.press(&id("enter-again")).await;
        entry::sign_in(&owner, email, PASSWORD).await;
        owner.see(&id("board")).await;
    });
}

#[test]
fn a_driver_applies_with_papers_and_vehicle_and_drives_once_approved() {
    tell(async |stage| {
        let papers = Folder::new("momfood-e2e-papers");
        let red = picture(papers.path(), "red.png", RED);
        let email = "turki@stories.momfood.test";
        let _ = stage.city.api().register(email, PASSWORD, "تركي").await;
        let driver = stage.browser.open("driver", Size::PHONE, "/driver/").await;
        entry::sign_in(&driver, email, PASSWORD).await;
        driver.press(&id("apply")).await;
        driver.write(&id("plate"), "أ ب ح 4471").await;
        driver.write(&id("color"), "أبيض").await;
        next(&driver, 1).await;
        driver.write(&id("identity"), "1000000008").await;
        driver.write(&id("license"), "1000000008").await;
        driver.pick_day(&id("expires"), "2031-03-31").await;
        driver.write(&id("iban"), "SA0380000000608010167519").await;
        next(&driver, 2).await;
        for kind in [
            "identity",
            "driving_license",
            "vehicle_registration",
            "iban_letter",
        ] {
            paper(&driver, kind, &red).await;
        }
        driver.press(&id("submit")).await;
        driver.see(&id("waiting")).await;

        let sent = application(stage, email).await;
        let sent = sent["id"].as_str().expect("an id");
        let office = stage.elsewhere().await;
        let admin = admin_at(stage, &office.browser, sent).await;
        admin.press(&id("approve")).await;
        admin.press(&id("yes")).await;
        admin.see_no(&id("approve")).await;

        driver.press(&id("look-again")).await;
        driver.see(&id("approved")).await;
        driver.press(&id("enter-again")).await;
        entry::sign_in(&driver, email, PASSWORD).await;
        driver.see(&id("start-shift")).await;
    });
}
