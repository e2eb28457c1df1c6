//! Those who run the platform: applications are decided, people looked after, and the log says who did it.

use momfood_domain::actor::Role;
use momfood_e2e::entry;
use momfood_e2e::screen::{Size, id};
use momfood_e2e::stage::tell;

#[test]
fn an_admin_refuses_one_application_with_a_reason_approves_another_and_the_log_says_so() {
    tell(async |stage| {
        let admin = stage.city.someone(Role::Admin).clone();
        let screen = stage.browser.open("admin", Size::DESK, "/admin/").await;
        entry::sign_in(&screen, &admin.email, &admin.password).await;
        screen.see(&id("case")).await;
        let waiting = screen.count(&id("case")).await;
        assert!(waiting >= 2, "the demo city has two waiting applications");

        // Nobody refuses without a reason.
        screen.press(&format!("{} a", id("case"))).await;
        screen.press(&id("look")).await;
        screen.see(".a-document, a[download]").await;
        screen.press(&id("refuse")).await;
        screen.press(&id("reason-yes")).await;
        screen.see(".k-field-error").await;
        screen.write(&id("reason"), "The licence cannot be read").await;
        screen.press(&id("reason-yes")).await;
        screen.see_no(&id("refuse")).await;

        screen.goto("/admin/").await;
        screen
            .until("one fewer waits", async || {
                let left = screen.count(&id("case")).await;
                (left + 1 == waiting).then_some(())
            })
            .await;
        screen.press(&format!("{} a", id("case"))).await;
        screen.press(&id("approve")).await;
        screen.press(&id("yes")).await;
        screen.see_no(&id("approve")).await;

        screen.goto("/admin/audit").await;
        screen.see(&id("seal")).await;
        screen
            .hear("table", "both answers in the log", |words| {
                words.contains("application.refused") && words.contains("application.approved")
            })
            .await;
        // By days: nothing was done after the last there is, and all of it before.
        screen.pick_day(&id("audit-first-day"), "2400-01-01").await;
        screen.see_no(&id("audit-line")).await;
        screen.pick_day(&id("audit-first-day"), "2000-02-29").await;
        screen.pick_day(&id("audit-last-day"), "2400-12-31").await;
        screen.see(&id("audit-line")).await;
        screen.pick_day(&id("audit-last-day"), "2000-02-28").await;
        screen.see(&format!(".is-invalid {}", id("audit-last-day"))).await;
        screen.see_no(&id("audit-line")).await;
    });
}

#[test]
fn who_is_suspended_is_signed_out_and_does_not_come_in_until_the_account_is_opened_again() {
    tell(async |stage| {
        let sara = stage.city.someone(Role::Customer).clone();
        let admin = stage.city.someone(Role::Admin).clone();
        let customer = stage.customer().await;
        let screen = stage.browser.open("admin", Size::DESK, "/admin/people").await;
        entry::sign_in(&screen, &admin.email, &admin.password).await;
        screen.write(&id("people-search"), &sara.email).await;
        screen
            .until("only she is found", async || {
                (screen.count(&id("person")).await == 1).then_some(())
            })
            .await;
        screen.press(&format!("{} a", id("person"))).await;
        screen.see(&id("sign-in-row")).await;
        screen.press(&id("suspend")).await;
        screen.write(&id("reason"), "Asked for by herself").await;
        screen.press(&id("reason-yes")).await;
        screen.see(&id("restore")).await;

        customer.screen.goto("/account/devices").await;
        customer.screen.see(&format!("{} form", id("entry"))).await;

        screen.press(&id("restore")).await;
        screen.write(&id("reason"), "Found her phone again").await;
        screen.press(&id("reason-yes")).await;
        screen.see(&id("suspend")).await;
        customer.screen.goto("/sign-in").await;
        customer.sign_in(&sara).await;
    });
}
