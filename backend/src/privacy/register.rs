//! Every table there is, whose data it holds, whether a person is given it, and what erasing them does to it. A test
//! compares this with the schema of both databases: who adds a table or a column says here what it means for people, and
//! does it in `export` and `erase`.

/// Whether a person's archive has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// In that file. Of columns that are left out, marked `-`, why.
    In(&'static str, &'static str),
    /// Not, because.
    Not(&'static str),
}

/// What erasing a person does to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erasing {
    /// Its rows go.
    Goes,
    /// Its rows stay; what is in them of the person goes.
    Empties,
    /// It stays, because.
    Stays(&'static str),
}

/// What one table holds of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// The table.
    pub table: &'static str,
    /// All its columns. `*` names a person, `-` is left out of archives.
    pub columns: &'static str,
    /// Whether a person is given it.
    pub export: Export,
    /// What becomes of it.
    pub erasing: Erasing,
}

impl Held {
    /// The columns, without their marks.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.columns
            .split_whitespace()
            .map(|column| column.trim_start_matches(['*', '-']))
    }

    /// The columns that name a person.
    pub fn people(&self) -> impl Iterator<Item = &'static str> {
        self.columns
            .split_whitespace()
            .filter(|column| column.contains('*'))
            .map(|column| column.trim_start_matches(['*', '-']))
    }

    /// Whether some columns are left out of archives.
    pub fn leaves_out(&self) -> bool {
        self.columns
            .split_whitespace()
            .any(|column| column.starts_with('-'))
    }
}

const fn held(table: &'static str, columns: &'static str, export: Export, erasing: Erasing) -> Held {
    Held {
        table,
        columns,
        export,
        erasing,
    }
}

/// Of a table that is about nobody.
const fn nobodys(table: &'static str, columns: &'static str, why: &'static str) -> Held {
    held(table, columns, Export::Not(why), Erasing::Stays(why))
}

use Erasing::{Empties, Goes, Stays};
use Export::{In, Not};

const BOOKS: &str = "the law wants the books; the id names nobody any more";
const ALL: &str = "";
const CITY: &str = "of the business or the platform, about no person";
const PLUMBING: &str = "how devices are kept up to date, about no person";

/// Every table.
pub const REGISTER: &[Held] = &[
    held(
        "users",
        "*id email phone -password_hash role status email_verified phone_verified created_at updated_at -phone_index",
        In("account.json", "what only opens or finds the account"),
        Empties,
    ),
    held(
        "user_roles",
        "*user_id role granted_at",
        In("account.json", ALL),
        Goes,
    ),
    held(
        "customer_profiles",
        "*user_id first_name last_name first_name_ar last_name_ar birth_date gender dietary_preferences allergies \
         preferred_language loyalty_points",
        In("account.json", ALL),
        Empties,
    ),
    held(
        "driver_profiles",
        "*user_id vehicle home_lat home_lng",
        In("account.json", ALL),
        Goes,
    ),
    held(
        "restaurant_staff",
        "restaurant_id *user_id is_owner",
        In("account.json", ALL),
        Goes,
    ),
    held(
        "restaurants",
        "-id *owner_id -slug -name -name_ar -description -description_ar -cuisine_type -district -district_ar -lat -lng \
         -phone -email -business_license -tax_id -status -rating -total_reviews -currency -delivery_fee \
         -delivery_fee_per_km -delivery_radius_m -minimum_order -preparation_time -accept_limit_seconds -hours \
         -paused_until -picture -is_featured -is_active -rev -created_at -updated_at -tenths_given",
        In("account.json", "of the business; that they own it is told"),
        Stays("of the business; another owner takes it over"),
    ),
    held(
        "addresses",
        "id *user_id address -created_at",
        In("addresses.json", "tells nothing"),
        Goes,
    ),
    held(
        "sessions",
        "id *user_id role restaurant_id -generation user_agent created_at refreshed_at expires_at ended_at method \
         second_factor address authenticated_at",
        In("sign-ins.json", "a part of the token"),
        Empties,
    ),
    held(
        "passkeys",
        "-id *person name -credential made_at used_at",
        In("ways-in.json", "the key itself"),
        Goes,
    ),
    held(
        "linked_accounts",
        "provider -subject_index *person made_at used_at",
        In("ways-in.json", "finds the account"),
        Goes,
    ),
    held(
        "totp",
        "*person -secret -last_step confirmed_at -next_secret made_at",
        In("ways-in.json", "the secret itself"),
        Goes,
    ),
    held(
        "totp_misses",
        "*person place full_at",
        Not("wrong codes of the last minutes"),
        Goes,
    ),
    held(
        "recovery_codes",
        "*person -code_hash used_at",
        In("ways-in.json", "the code itself"),
        Goes,
    ),
    held(
        "one_time_codes",
        "id purpose channel target target_index *person code_hash tries made_at expires_at used_at",
        Not("gone within a day"),
        Goes,
    ),
    held(
        "code_budgets",
        "target_index last_at full_at",
        Not("names nobody: a keyed index, of use for an hour"),
        Stays("names nobody"),
    ),
    held(
        "challenges",
        "id kind *person state tries made_at expires_at used_at",
        Not("gone within a day"),
        Goes,
    ),
    held(
        "messages",
        "id channel target body made_at expires_at tries try_at",
        Not("gone when sent, within a day; names nobody but by the address it goes to"),
        Stays("gone when sent; the last one says that the account was erased"),
    ),
    held(
        "push_token",
        "platform -token app *person session at -sealed",
        In("sign-ins.json", "opens the way to the device"),
        Goes,
    ),
    held(
        "push_due",
        "order_id *person rev news at told tries try_at",
        Not("news of an order, gone when told"),
        Goes,
    ),
    held(
        "person_keys",
        "*person wrapped master made_at",
        Not("the key under which the rest is sealed"),
        Empties,
    ),
    held(
        "consents",
        "id *person kind version given at",
        In("consents.json", ALL),
        Stays("what was agreed to when, under an id that names nobody"),
    ),
    held(
        "quotes",
        "id *customer_id restaurant_id fulfilment cart bill lat lng distance_m created_at expires_at",
        Not("a price that held for minutes, gone within two days"),
        Goes,
    ),
    held(
        "orders",
        "id *customer_id restaurant_id *driver_id -quote_id order_number rev status fulfilment currency subtotal \
         delivery_fee service_fee discount tip tax_amount total_amount cancel_fee payment_method payment_status \
         special_instructions delivery_address distance_m -accept_limit_seconds accept_by ready_by \
         estimated_delivery_time -actual_delivery_time reason created_at -updated_at handover_code",
        In(
            "orders.json",
            "tells nothing the rest does not; of a driver only that they carried it",
        ),
        Empties,
    ),
    held(
        "order_lines",
        "order_id -position item_id name quantity unit_price total options note allergens",
        In("orders.json", "the order they stand in"),
        Empties,
    ),
    held(
        "order_events",
        "order_id number at *actor role event -occurred_at -skewed",
        In("actions.json", "by the clock of a device"),
        Stays(BOOKS),
    ),
    held(
        "payments",
        "order_id method status -authorized -captured refunded -owed -card_token -asked -tries -try_at -updated_at",
        In("orders.json", "between the platform and the card's bank"),
        Empties,
    ),
    nobodys(
        "payment_questions",
        "order_id number ask amount given_back asked_at answer answered_at",
        "what was asked of the card's bank: amounts of an order, no person",
    ),
    nobodys(
        "sandbox_charges",
        "reference card currency status held captured refunded refused updated_at",
        "the books of a card's bank that is made up",
    ),
    nobodys(
        "sandbox_answers",
        "key reference operation amount currency answer at",
        "the books of a card's bank that is made up",
    ),
    held(
        "order_share",
        "order_id -nonce -token_hash made_at",
        In("orders.json", "opens the link"),
        Goes,
    ),
    held(
        "ratings",
        "order_id stars comment at",
        In("orders.json", ALL),
        Empties,
    ),
    nobodys(
        "tickets",
        "order_id station done_at",
        "a kitchen's stations, no person",
    ),
    nobodys(
        "deliveries",
        "order_id status attempt pay dispatch_at updated_at",
        "how far an order was carried; by whom is in assignments",
    ),
    held(
        "assignments",
        "order_id attempt *driver_id status offered_at -expires_at ended_at -slot",
        In("deliveries.json", "tells nothing"),
        Stays(BOOKS),
    ),
    held(
        "shifts",
        "id *driver_id started_at ended_at",
        In("shifts.json", ALL),
        Stays(BOOKS),
    ),
    held(
        "driver_positions",
        "*driver_id -session -n lat lng heading at",
        In("account.json", "numbers the positions"),
        Goes,
    ),
    held(
        "driver_days",
        "*driver_id rev",
        Not("a number that counts changes"),
        Stays(PLUMBING),
    ),
    held(
        "cash_entries",
        "*actor uid role order_id amount currency disposition at occurred_at",
        In("cash.json", ALL),
        Stays(BOOKS),
    ),
    held(
        "proofs",
        "*actor -uid order_id kind sha256 -code_ok -counts at -occurred_at",
        In("proofs.json", "tells nothing"),
        Stays("that something was handed over, and how that was shown; the pictures of their orders go"),
    ),
    held(
        "blob",
        "sha256 *holder length kind at",
        In("pictures/", ALL),
        Stays("pictures of others' orders are proof until they are old; those of their own orders go"),
    ),
    held(
        "blob_upload",
        "sha256 *person length received at",
        In("pictures/", ALL),
        Stays("as the picture"),
    ),
    held(
        "blob_part",
        "sha256 *person position bytes",
        In("pictures/", ALL),
        Stays("as the picture"),
    ),
    held(
        "facts",
        "id *actor role restaurant_id uid name -ver args order_id at occurred_at -skewed disposition applied code detail \
         closed_at -*closed_by note",
        In("told.json", "who of the platform looked at it"),
        Empties,
    ),
    held(
        "sync_device",
        "device *actor role restaurant_id -push_key_hash -last_mid created_at seen_at",
        In("devices.json", "opens the way in, and numbers what was handed in"),
        Stays("so that nothing is taken in twice, and cash that was taken is still told"),
    ),
    held(
        "presence",
        "device *actor -restaurant_id -foreground heard_at",
        In("devices.json", "whether the app was in front"),
        Goes,
    ),
    nobodys("sync_gap", "device from_mid to_mid at", PLUMBING),
    held(
        "sync_result",
        "device mid uid request_hash status disposition code detail at",
        Not("what a device was answered; what came of it is in orders and facts"),
        Empties,
    ),
    held(
        "sync_quarantine",
        "device mid uid *actor name ver args occurred_at attempts error at quarantined_at",
        In("told.json", ALL),
        Empties,
    ),
    held(
        "sync_uid",
        "*actor uid request_hash status answer at",
        Not("whether a request was done, so that it is not done twice"),
        Stays("so that nothing is done twice; gone in 90 days"),
    ),
    nobodys("sealed_columns", "name", "which columns are sealed by now"),
    nobodys("sync_pause", "id until", PLUMBING),
    nobodys("sync_epoch", "id epoch rotated_at", PLUMBING),
    nobodys("sync_scope", "scope head horizon", PLUMBING),
    nobodys("sync_head", "scope entity id seq deleted rev at", PLUMBING),
    nobodys("menus", "restaurant_id menu rev updated_at", CITY),
    held(
        "applications",
        "id *person kind status form restaurant_id reason rev made_at -updated_at submitted_at decided_at -*decided_by",
        In("applications.json", "who of the platform decided"),
        Empties,
    ),
    held(
        "documents",
        "id application_id *person kind content_type length -sha256 bytes at",
        In("documents/", "follows from the bytes"),
        Goes,
    ),
    held(
        "invitations",
        "id restaurant_id -email -email_index is_owner -token_hash -*invited_by made_at expires_at accepted_at \
         *accepted_by -revoked_at",
        In(
            "account.json",
            "an email that is theirs anyway, or another's; what opens the invitation",
        ),
        Empties,
    ),
    held(
        "audit_log",
        "id at *actor role action subject subject_id detail",
        In("audit.json", ALL),
        Stays("who saw and did what, in ids that name nobody"),
    ),
    nobodys(
        "audit_seal",
        "number entry hash at",
        "the chain over the audit log",
    ),
    nobodys("audit_waiting", "entry", "the chain over the audit log"),
    nobodys("audit_chain", "id number hash", "the chain over the audit log"),
];

/// What is said of a table.
pub fn of(table: &str) -> Option<&'static Held> {
    REGISTER.iter().find(|held| held.table == table)
}
