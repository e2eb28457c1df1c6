//! Who one is: a new account by phone, a second factor, a passkey, a stranger's device, leaving for good, an invitation.

use momfood_domain::actor::Role;
use momfood_e2e::entry;
use momfood_e2e::screen::{Screen, Size, id};
use momfood_e2e::stage::{Stage, tell};
use serde_json::json;

const STEP: i64 = 30_000;

/// Shows again who one is, with the demo's password, where that is asked for.
async fn confirm(screen: &Screen, password: &str, until: &str) {
    let asked = id("confirm-password");
    let either = format!("{asked}, {until}");
    screen.see(&either).await;
    if screen.count(&asked).await > 0 {
        screen.write(&asked, password).await;
        screen.press(&id("confirm-go")).await;
    }
    screen.see(until).await;
}

#[test]
fn somebody_new_opens_an_account_with_a_phone_alone_and_comes_back_with_it() {
    tell(async |stage| {
        let screen = stage.browser.open("new", Size::PHONE, "/sign-in").await;
        entry::show_code(&screen, &stage.city.api(), "551110001").await;
        entry::register(&screen, "هند", "الجديدة").await;
        screen.see(&id("restaurant-card")).await;
        screen.goto("/account").await;
        screen
            .hear(&id("me"), "their name", |words| words.contains("هند"))
            .await;
        entry::sign_out(&screen).await;
        screen.see(&id("go-sign-in")).await;
        // Half a minute later another code may be asked for; the number is theirs now.
        stage.city.let_pass(31).await;
        screen.goto("/sign-in").await;
        entry::show_code(&screen, &stage.city.api(), "551110001").await;
        screen.see(&id("restaurant-card")).await;
    });
}

#[test]
fn a_wrong_code_is_told_and_the_right_one_still_works() {
    tell(async |stage| {
        let screen = stage.browser.open("new", Size::PHONE, "/sign-in").await;
        entry::by_phone(&screen).await;
        screen.write(&format!("{} input", id("phone")), "551110002").await;
        screen.press(&id("send-code")).await;
        screen.see(&id("code")).await;
        let code = entry::code(&stage.city.api(), "+966551110002").await;
        let wrong = if code == "000000" { "111111" } else { "000000" };
        screen.write(&id("code"), wrong).await;
        screen.see(".k-field-error").await;
        screen.write(&id("code"), &code).await;
        screen.see(&id("register")).await;
    });
}

#[test]
fn a_second_factor_is_set_up_and_asked_for_from_then_on() {
    tell(async |stage| {
        let sara = stage.city.someone(Role::Customer).clone();
        let screen = stage.browser.open("customer", Size::PHONE, "/sign-in").await;
        entry::sign_in(&screen, &sara.email, &sara.password).await;
        screen.see(&id("restaurant-card")).await;
        screen.goto("/account/security").await;
        screen.press(&id("add-totp")).await;
        confirm(&screen, &sara.password, &id("totp-secret")).await;
        let secret = screen.attribute(&id("totp-secret"), "data-secret").await;
        let step = screen.now().await / STEP;
        let code = entry::totp(&screen, &secret, step).await;
        screen.write(&id("totp-code"), &code).await;
        screen.press(&id("totp-confirm")).await;
        screen.see(&id("codes")).await;
        let codes = screen.words(&id("codes")).await;
        let recovery = codes
            .split_whitespace()
            .next()
            .expect("a recovery code")
            .to_owned();
        screen.press(&id("codes-kept")).await;
        screen.see(&format!("{}[data-on=true]", id("totp-card"))).await;

        // Elsewhere the password alone is not enough any more; a code counts once, so the next one is shown.
        let other = stage.elsewhere().await;
        let phone = other.browser.open("phone", Size::PHONE, "/sign-in").await;
        entry::sign_in(&phone, &sara.email, &sara.password).await;
        phone.see(&id("totp")).await;
        let code = entry::totp(&phone, &secret, step + 1).await;
        phone.write(&id("totp"), &code).await;
        phone.see(&id("restaurant-card")).await;

        // And without the phone, a code that was kept.
        let third = stage.elsewhere().await;
        let lost = third.browser.open("lost phone", Size::PHONE, "/sign-in").await;
        entry::sign_in(&lost, &sara.email, &sara.password).await;
        lost.press(&id("factor-by-recovery")).await;
        lost.write(&id("recovery-code"), &recovery).await;
        lost.press(&id("factor-go")).await;
        lost.see(&id("restaurant-card")).await;
    });
}

#[test]
fn a_passkey_is_added_and_signs_in() {
    tell(async |stage| {
        let sara = stage.city.someone(Role::Customer).clone();
        let screen = stage.browser.open("customer", Size::PHONE, "/sign-in").await;
        entry::give_authenticator(&screen).await;
        // Browsers allow no passkeys under a bare address.
        let here = stage.wire.base.replace("127.0.0.1", "localhost");
        screen
            .run(
                "location.href = arguments[0]",
                vec![json!(format!("{here}/sign-in"))],
            )
            .await;
        screen
            .until("the page by its name", async || {
                let host = screen.run("return location.hostname", vec![]).await;
                (host == "localhost").then_some(())
            })
            .await;
        entry::sign_in(&screen, &sara.email, &sara.password).await;
        screen.see(&id("restaurant-card")).await;
        let to = async |path: &str| {
            screen
                .run(
                    "location.href = arguments[0]",
                    vec![json!(format!("{here}{path}"))],
                )
                .await;
        };
        to("/account/security").await;
        screen.press(&id("add-passkey")).await;
        confirm(&screen, &sara.password, &id("passkey-name")).await;
        screen.write(&id("passkey-name"), "جوال سارة").await;
        screen.press(&id("passkey-do")).await;
        screen.see(&id("remove-passkey")).await;
        to("/account").await;
        entry::sign_out(&screen).await;
        screen.see(&id("go-sign-in")).await;
        to("/sign-in").await;
        screen.press(&id("passkey")).await;
        screen.see(&id("restaurant-card")).await;
    });
}

#[test]
fn a_device_that_is_signed_out_from_elsewhere_is_out() {
    tell(async |stage| {
        let sara = stage.city.someone(Role::Customer).clone();
        let other = stage.elsewhere().await;
        let there = other.browser.open("lost phone", Size::PHONE, "/sign-in").await;
        entry::sign_in(&there, &sara.email, &sara.password).await;
        there.see(&id("restaurant-card")).await;
        let here = stage.browser.open("customer", Size::PHONE, "/sign-in").await;
        entry::sign_in(&here, &sara.email, &sara.password).await;
        here.see(&id("restaurant-card")).await;
        here.goto("/account/devices").await;
        here.press(&id("end-others")).await;
        here.press("dialog[open] .k-btn-danger").await;
        let gone = async || {
            if here.count(&id("confirm-password")).await > 0 {
                here.write(&id("confirm-password"), &sara.password).await;
                here.press(&id("confirm-go")).await;
            }
            (here.count(&id("sign-in-row")).await == 1).then_some(())
        };
        here.until("only this device", gone).await;
        there.goto("/orders").await;
        there.see(&id("entry")).await;
    });
}

#[test]
fn an_account_is_deleted_and_nobody_signs_in_with_it_again() {
    tell(async |stage| {
        let email = "goodbye@stories.momfood.test";
        let password = "three short words";
        let _ = stage.city.api().register(email, password, "وداع").await;
        let screen = stage.browser.open("customer", Size::PHONE, "/sign-in").await;
        entry::sign_in(&screen, email, password).await;
        screen.see(&id("restaurant-card")).await;
        screen.goto("/account/privacy").await;
        screen.press(&id("delete-account")).await;
        screen.press(&id("delete-yes")).await;
        screen.see(".k-field-error").await;
        screen.write(&id("delete-word"), "حذف").await;
        screen.press(&id("delete-yes")).await;
        let out = async || {
            if screen.count(&id("confirm-password")).await > 0 {
                screen.write(&id("confirm-password"), password).await;
                screen.press(&id("confirm-go")).await;
            }
            (screen.count(&id("entry")).await > 0).then_some(())
        };
        screen.until("the way in, as nobody", out).await;
        screen.see(".k-toast").await;
        screen.goto("/sign-in").await;
        entry::sign_in(&screen, email, password).await;
        screen.see(".k-field-error").await;
    });
}

#[test]
fn an_invitation_makes_somebody_part_of_the_kitchen() {
    tell(async |stage| {
        let email = "cook@stories.momfood.test";
        let password = "three short words";
        let _ = stage.city.api().register(email, password, "طباخ").await;
        let kitchen = stage.kitchen().await;
        kitchen.screen.goto("/kitchen/staff").await;
        kitchen.screen.press(&id("invite")).await;
        kitchen.screen.write(&id("invite-email"), email).await;
        kitchen.screen.press(&id("invite-do")).await;
        kitchen.screen.see(&id("invitations")).await;
        let link = link_to(stage, email).await;
        let other = stage.elsewhere().await;
        let cook = other.browser.open("cook", Size::DESK, &link).await;
        entry::sign_in(&cook, email, password).await;
        cook.press(&id("accept-invitation")).await;
        cook.see(&id("joined")).await;
        cook.press(&id("enter-again")).await;
        cook.see(&id("entry")).await;
        cook.goto("/kitchen/").await;
        entry::sign_in(&cook, email, password).await;
        cook.see(&id("board")).await;
        kitchen.screen.reload().await;
        let both = async || (kitchen.screen.count(&id("staff-member")).await >= 2).then_some(());
        kitchen.screen.until("both of them", both).await;
    });
}

/// The path of the invitation in the message to `email`.
async fn link_to(stage: &Stage, email: &str) -> String {
    let message = stage.city.api().message(email, "/kitchen/join/").await;
    let text = message["text"].as_str().expect("words");
    let at = text.find("/kitchen/join/").expect("a link");
    text[at..].split_whitespace().next().expect("a link").to_owned()
}
