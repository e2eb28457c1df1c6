//! What people type: read without a panic, and what was read is read the same again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use momfood_domain::address::ShortAddress;
use momfood_domain::papers;
use momfood_domain::phone::Phone;
use momfood_domain::text::{Lang, fold};
use momfood_protocol::feed::Scope;

fuzz_target!(|text: &str| {
    if let Ok(phone) = Phone::parse(text) {
        assert_eq!(Phone::parse(phone.as_str()), Ok(phone));
    }
    if let Ok(short) = ShortAddress::parse(text) {
        assert_eq!(ShortAddress::parse(short.as_str()), Ok(short));
    }
    if let Ok(scope) = text.parse::<Scope>() {
        assert_eq!(scope.to_string().parse::<Scope>().ok(), Some(scope));
    }
    for read in [
        papers::iban,
        papers::vat_number,
        papers::business_license,
        papers::national_id,
        papers::license_number,
        momfood_backend::identity::digits,
    ] {
        if let Some(number) = read(text) {
            assert_eq!(read(&number).as_deref(), Some(&*number), "{text}");
        }
    }
    let _ = (papers::is_plate(text), papers::day(text));
    let _ = Lang::from_preferences(text);
    let folded = fold(text);
    assert_eq!(fold(&folded), folded, "folding once is enough");
    if let Some(email) = momfood_backend::identity::email(text) {
        assert_eq!(momfood_backend::identity::email(&email), Some(email));
    }
});
