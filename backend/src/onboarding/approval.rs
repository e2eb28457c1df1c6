//! Yes or no to an application: the one place where somebody comes to sell or to drive, in one transaction with all that
//! follows. A restaurant begins without a menu and without hours, so it takes no order until its owner has given it
//! both; a driver begins off duty.

use momfood_domain::actor::{Actor, Role};
use momfood_domain::application::{self as course, Command};
use momfood_domain::hours::OpeningHours;
use momfood_domain::id::{RestaurantId, UserId};
use momfood_domain::menu::Menu;
use momfood_domain::money::Currency;
use momfood_domain::pricing::{DELIVERY_RADIUS_M, SAUDI_VAT_BP, SERVICE_FEE_BP, Terms};
use momfood_domain::text::Lang;
use momfood_domain::time::Timestamp;
use momfood_protocol::onboarding::{Application, ApplicationForm, RestaurantForm};
use serde_json::json;
use uuid::Uuid;

use super::applications::{self, held, keep};
use super::error::OnboardingError;
use super::{documents, form};
use crate::catalog::{self, NewRestaurant};
use crate::clock::Clock;
use crate::identity;
use crate::messages::{self, Text};
use crate::sealed::Opener;
use crate::store::{StoreError, Tx, sql};

/// What a restaurant charges until its owner says otherwise, minor units.
const MINIMUM_ORDER: i64 = 2_500;
const DELIVERY_FEE: i64 = 900;
const FEE_PER_KM: i64 = 150;
/// Minutes east of UTC.
const RIYADH: i16 = 180;

/// Says yes to what was submitted at `submitted_at`. Said again, nothing happens.
pub async fn approve(
    tx: &mut Tx,
    clock: &Clock,
    actor: &Actor,
    (id, submitted_at): (Uuid, Timestamp),
) -> Result<(Application, UserId), OnboardingError> {
    let row = held(tx, id).await?.ok_or(OnboardingError::NotFound)?;
    let now = clock.now();
    let command = Command::Approve { submitted_at };
    let Some(event) = course::decide(&row.course(), &command, actor, now)? else {
        return applications::read(tx, actor, id, now).await;
    };
    let opener = Opener::of(tx, [row.person]).await?;
    let said = row.form(&opener)?.ok_or(OnboardingError::NotFound)?;
    // A licence may have run out while it waited.
    let handed_in = documents::of(tx, &[id]).await?.remove(&id).unwrap_or_default();
    let missing = applications::missing(&said, &handed_in, now);
    if !missing.is_empty() {
        return Err(OnboardingError::Incomplete(missing));
    }
    let became = match &said {
        ApplicationForm::Restaurant(form) => {
            let restaurant = clock.id();
            open(tx, row.person, restaurant, form, now).await?;
            sql!(
                tx,
                execute,
                "update applications set restaurant_id = $1 where id = $2",
                restaurant,
                id
            )?;
            json!({ "restaurant": restaurant })
        }
        ApplicationForm::Driver(form) => {
            let vehicle = form::vehicle(form).ok_or(OnboardingError::Invalid("vehicleKind"))?;
            identity::make_driver(tx, row.person, &vehicle, form.home, now).await?;
            json!({ "driver": row.person })
        }
    };
    sql!(
        tx,
        execute,
        "update applications set reason = null where id = $1",
        id
    )?;
    keep(tx, clock, actor, &row, event, became).await?;
    messages::tell(tx, row.person, &Text::Approved, (clock.uuid(), now)).await?;
    applications::read(tx, actor, id, now).await
}

/// Says no, and why. Said again, nothing happens: the first reason stands.
pub async fn refuse(
    tx: &mut Tx,
    clock: &Clock,
    actor: &Actor,
    (id, reason): (Uuid, &str),
) -> Result<(Application, UserId), OnboardingError> {
    let row = held(tx, id).await?.ok_or(OnboardingError::NotFound)?;
    let now = clock.now();
    if let Some(event) = course::decide(&row.course(), &Command::Refuse, actor, now)? {
        sql!(
            tx,
            execute,
            "update applications set reason = $1 where id = $2",
            reason,
            id
        )?;
        keep(tx, clock, actor, &row, event, json!({ "reason": reason })).await?;
        let text = Text::Refused {
            reason: reason.to_owned(),
        };
        messages::tell(tx, row.person, &text, (clock.uuid(), now)).await?;
    }
    applications::read(tx, actor, id, now).await
}

/// Makes the restaurant, its owner and their role.
async fn open(
    tx: &mut Tx,
    owner: UserId,
    id: RestaurantId,
    form: &RestaurantForm,
    now: Timestamp,
) -> Result<(), StoreError> {
    let restaurant = NewRestaurant {
        id,
        owner,
        slug: slug(form, id),
        name: form.name.clone(),
        description: None,
        cuisines: vec![form.cuisine.clone()],
        district: form.district.clone(),
        point: form.point,
        phone: form.phone.as_str().to_owned(),
        email: form.email.clone(),
        business_license: Some(form.business_license.clone()),
        vat_number: Some(form.vat_number.clone()),
        rating: (0, 0),
        currency: Currency::Sar,
        terms: Terms {
            minimum_order: MINIMUM_ORDER,
            delivery_fee: DELIVERY_FEE,
            delivery_fee_per_km: FEE_PER_KM,
            delivery_radius_m: DELIVERY_RADIUS_M,
            service_fee_bp: SERVICE_FEE_BP,
            vat_bp: SAUDI_VAT_BP,
            discount: 0,
        },
        preparation_minutes: 30,
        hours: OpeningHours {
            utc_offset_minutes: RIYADH,
            periods: Vec::new(),
        },
        picture: None,
        featured: false,
    };
    let menu = Menu {
        currency: Currency::Sar,
        utc_offset_minutes: RIYADH,
        categories: Vec::new(),
    };
    catalog::establish(tx, &restaurant, &menu, now).await?;
    identity::employ(tx, owner, id, true).await?;
    identity::grant(tx, owner, Role::Restaurant, now).await
}

/// The restaurant's name in addresses of pages: what of its name is plain letters, and enough of its id to be alone.
fn slug(form: &RestaurantForm, id: RestaurantId) -> String {
    let mut slug = String::new();
    for c in form.name.get(Lang::En).chars().take(40) {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let simple = id.0.simple().to_string();
    let tail = &simple[simple.len() - 12..];
    match slug.trim_end_matches('-') {
        "" => format!("r-{tail}"),
        name => format!("{name}-{tail}"),
    }
}
