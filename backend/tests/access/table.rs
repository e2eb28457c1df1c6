//! The table of who may do what: every operation of the API's document, every caller, own and foreign and unknown
//! things. A new route without rows fails the test.

use std::collections::BTreeSet;

use momfood_backend::both;
use momfood_backend::testing::{Answer, TestApp};
use momfood_protocol::error::ErrorCode;
use serde_json::json;

use crate::asking::{ask, fault, operations, rows, word};
use crate::cast::{Caller, Cast, Scene};

/// `ok` succeeds. Refusals: `who` is `unauthenticated`, `old` is `token_expired`, `bad` is `token_invalid`, `no` is
/// `forbidden`, `--` is `not_found` and cannot be told from what was never there; others by their code.
///
/// The order, where there is one, is Sara's, cooked by Saj and given to Fahad as far as the case says.
/// An empty first cell repeats the operation above.
pub const TABLE: &str = "
operation                                       | case       | nobody expired forged refresh | sara omar | saj rival | fahad turki | lina root
GET /health/live                                | any        | ok  ok  ok  ok  | ok ok | ok ok | ok ok | ok ok
GET /health/ready                               | any        | ok  ok  ok  ok  | ok ok | ok ok | ok ok | ok ok

POST /api/v1/auth/register                      | any        | ok  ok  ok  ok  | ok ok | ok ok | ok ok | ok ok
POST /api/v1/auth/login                         | any        | ok  ok  ok  ok  | ok ok | ok ok | ok ok | ok ok
POST /api/v1/auth/refresh                       | any        | ok  ok  ok  ok  | ok ok | ok ok | ok ok | ok ok
POST /api/v1/auth/logout                        | any        | ok  ok  ok  ok  | ok ok | ok ok | ok ok | ok ok
GET /api/v1/me                                  | any        | who old bad bad | ok ok | ok ok | ok ok | ok ok
PATCH /api/v1/me                                | any        | who old bad bad | ok ok | ok ok | ok ok | ok ok
GET /api/v1/me/export                           | any        | who old bad bad | ok ok | ok ok | ok ok | ok ok
                                                | stale      | who old bad bad | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity
POST /api/v1/me/erase                           | no-word    | who old bad bad | invalid_input invalid_input | invalid_input invalid_input | invalid_input invalid_input | invalid_input invalid_input
                                                | stale      | who old bad bad | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity
GET /api/v1/me/consents                         | any        | who old bad bad | ok ok | ok ok | ok ok | ok ok
PUT /api/v1/me/consents                         | any        | who old bad bad | ok ok | ok ok | ok ok | ok ok
GET /api/v1/me/addresses                        | any        | who old bad bad | ok ok | ok ok | ok ok | ok ok
PUT /api/v1/me/addresses/{id}                   | new        | who old bad bad | ok ok | ok ok | ok ok | ok ok
                                                | address    | who old bad bad | ok -- | -- -- | -- -- | -- --
DELETE /api/v1/me/addresses/{id}                | address    | who old bad bad | ok -- | -- -- | -- -- | -- --
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --

POST /api/v1/auth/codes                         | sign-up    | ok  ok  ok  ok  | ok ok | ok ok | ok ok | ok ok
                                                | recover    | ok  ok  ok  ok  | ok ok | ok ok | ok ok | ok ok
POST /api/v1/auth/codes/check                   | right      | ok  ok  ok  ok  | ok ok | ok ok | ok ok | ok ok
                                                | unknown    | code_invalid code_invalid code_invalid code_invalid | code_invalid code_invalid | code_invalid code_invalid | code_invalid code_invalid | code_invalid code_invalid
POST /api/v1/auth/recovery                      | right      | ok  ok  ok  ok  | ok ok | ok ok | ok ok | ok ok
                                                | unknown    | code_invalid code_invalid code_invalid code_invalid | code_invalid code_invalid | code_invalid code_invalid | code_invalid code_invalid | code_invalid code_invalid
POST /api/v1/auth/confirm/code                  | verified   | who old bad bad | ok ok | ok ok | ok ok | ok ok
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
POST /api/v1/me/contacts                        | fresh      | who old bad bad | ok ok | ok ok | ok ok | ok ok
                                                | stale      | who old bad bad | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity
POST /api/v1/me/contacts/check                  | right      | who old bad bad | ok ok | ok ok | ok ok | ok ok
                                                | anothers   | who old bad bad | code_invalid code_invalid | code_invalid code_invalid | code_invalid code_invalid | code_invalid code_invalid
                                                | unknown    | who old bad bad | code_invalid code_invalid | code_invalid code_invalid | code_invalid code_invalid | code_invalid code_invalid
POST /api/v1/auth/second-factor                 | ticket     | ok  ok  ok  ok  | ok ok | ok ok | ok ok | ok ok
                                                | used-up    | ticket_invalid ticket_invalid ticket_invalid ticket_invalid | ticket_invalid ticket_invalid | ticket_invalid ticket_invalid | ticket_invalid ticket_invalid | ticket_invalid ticket_invalid
POST /api/v1/auth/second-factor/sms             | ticket     | ok  ok  ok  ok  | ok ok | ok ok | ok ok | ok ok
                                                | used-up    | ticket_invalid ticket_invalid ticket_invalid ticket_invalid | ticket_invalid ticket_invalid | ticket_invalid ticket_invalid | ticket_invalid ticket_invalid | ticket_invalid ticket_invalid
POST /api/v1/auth/confirm                       | password   | who old bad bad | ok ok | ok ok | ok ok | ok ok
                                                | no-app     | who old bad bad | code_invalid code_invalid | code_invalid code_invalid | code_invalid code_invalid | code_invalid code_invalid
GET /api/v1/me/security                         | any        | who old bad bad | ok ok | ok ok | ok ok | ok ok
PUT /api/v1/me/password                         | current    | who old bad bad | ok ok | ok ok | ok ok | ok ok
                                                | fresh      | who old bad bad | ok ok | ok ok | ok ok | ok ok
                                                | stale      | who old bad bad | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity
POST /api/v1/me/totp                            | no-app     | who old bad bad | ok ok | ok ok | ok ok | ok ok
                                                | with-app   | who old bad bad | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity
                                                | stale      | who old bad bad | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity
POST /api/v1/me/totp/confirm                    | shown      | who old bad bad | ok ok | ok ok | ok ok | ok ok
                                                | no-app     | who old bad bad | -- -- | -- -- | -- -- | -- --
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
DELETE /api/v1/me/totp                          | with-app   | who old bad bad | ok ok | ok ok | ok ok | ok ok
                                                | no-app     | who old bad bad | -- -- | -- -- | -- -- | -- --
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
                                                | stale      | who old bad bad | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity
POST /api/v1/me/recovery-codes                  | with-app   | who old bad bad | ok ok | ok ok | ok ok | ok ok
                                                | no-app     | who old bad bad | -- -- | -- -- | -- -- | -- --
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
                                                | stale      | who old bad bad | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity
GET /api/v1/me/sessions                         | any        | who old bad bad | ok ok | ok ok | ok ok | ok ok
DELETE /api/v1/me/sessions                      | fresh      | who old bad bad | ok ok | ok ok | ok ok | ok ok
                                                | stale      | who old bad bad | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity
DELETE /api/v1/me/sessions/{id}                 | saras      | who old bad bad | ok -- | -- -- | -- -- | -- --
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
                                                | stale      | who old bad bad | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity

GET /api/v1/auth/ways                           | any        | ok  ok  ok  ok  | ok ok | ok ok | ok ok | ok ok
POST /api/v1/auth/passkeys/begin                | any        | ok  ok  ok  ok  | ok ok | ok ok | ok ok | ok ok
POST /api/v1/auth/passkeys/finish               | unknown    | ticket_invalid ticket_invalid ticket_invalid ticket_invalid | ticket_invalid ticket_invalid | ticket_invalid ticket_invalid | ticket_invalid ticket_invalid | ticket_invalid ticket_invalid
POST /api/v1/me/passkeys/begin                  | fresh      | who old bad bad | ok ok | ok ok | ok ok | ok ok
                                                | stale      | who old bad bad | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity
GET /api/v1/me/passkeys                         | any        | who old bad bad | ok ok | ok ok | ok ok | ok ok
POST /api/v1/me/passkeys                        | unknown    | who old bad bad | ticket_invalid ticket_invalid | ticket_invalid ticket_invalid | ticket_invalid ticket_invalid | ticket_invalid ticket_invalid
DELETE /api/v1/me/passkeys/{id}                 | passkey    | who old bad bad | ok -- | -- -- | -- -- | -- --
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
                                                | stale      | who old bad bad | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity
POST /api/v1/auth/oauth/{provider}/begin        | set-up     | ok  ok  ok  ok  | ok ok | ok ok | ok ok | ok ok
GET /api/v1/auth/oauth/{provider}/callback      | unknown    | ok  ok  ok  ok  | ok ok | ok ok | ok ok | ok ok
POST /api/v1/auth/oauth/{provider}/callback     | no-form    | unsupported_media_type unsupported_media_type unsupported_media_type unsupported_media_type | unsupported_media_type unsupported_media_type | unsupported_media_type unsupported_media_type | unsupported_media_type unsupported_media_type | unsupported_media_type unsupported_media_type
POST /api/v1/auth/oauth/finish                  | unknown    | ticket_invalid ticket_invalid ticket_invalid ticket_invalid | ticket_invalid ticket_invalid | ticket_invalid ticket_invalid | ticket_invalid ticket_invalid | ticket_invalid ticket_invalid
GET /api/v1/me/linked                           | any        | who old bad bad | ok ok | ok ok | ok ok | ok ok
POST /api/v1/me/linked                          | unknown    | who old bad bad | ticket_invalid ticket_invalid | ticket_invalid ticket_invalid | ticket_invalid ticket_invalid | ticket_invalid ticket_invalid
POST /api/v1/me/linked/{provider}/begin         | fresh      | who old bad bad | ok ok | ok ok | ok ok | ok ok
                                                | stale      | who old bad bad | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity
DELETE /api/v1/me/linked/{provider}             | linked     | who old bad bad | ok -- | -- -- | -- -- | -- --
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
                                                | stale      | who old bad bad | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity | confirm_identity confirm_identity

GET /api/v1/restaurants                         | any        | ok  ok  ok  ok  | ok ok | ok ok | ok ok | ok ok
GET /api/v1/restaurants/{id}                    | open       | ok  ok  ok  ok  | ok ok | ok ok | ok ok | ok ok
                                                | hidden     | --  --  --  --  | -- -- | -- -- | -- -- | -- --
                                                | unknown    | --  --  --  --  | -- -- | -- -- | -- -- | -- --
GET /api/v1/kitchen/restaurant                  | any        | who old bad bad | no no | ok ok | no no | no no
PATCH /api/v1/kitchen/restaurant                | any        | who old bad bad | no no | ok ok | no no | no no
POST /api/v1/kitchen/pause                      | any        | who old bad bad | no no | ok ok | no no | no no
GET /api/v1/kitchen/menu                        | any        | who old bad bad | no no | ok ok | no no | no no
PUT /api/v1/kitchen/menu                        | own        | who old bad bad | no no | ok ok | no no | no no
PUT /api/v1/kitchen/items/{id}/availability     | saj's      | who old bad bad | no no | ok -- | no no | no no
                                                | unknown    | who old bad bad | no no | -- -- | no no | no no

POST /api/v1/quotes                             | open       | who old bad bad | ok ok | no no | no no | no no
                                                | hidden     | who old bad bad | -- -- | no no | no no | no no
                                                | unknown    | who old bad bad | -- -- | no no | no no | no no
POST /api/v1/orders                             | own        | who old bad bad | ok ok | no no | no no | no no
                                                | foreign    | who old bad bad | -- -- | no no | no no | no no
                                                | unknown    | who old bad bad | -- -- | no no | no no | no no
                                                | taken      | who old bad bad | key_reused key_reused | no no | no no | no no
GET /api/v1/orders                              | any        | who old bad bad | ok ok | ok ok | no no | no no
GET /api/v1/orders/{id}                         | unpaid     | who old bad bad | ok -- | -- -- | -- -- | ok ok
                                                | pending    | who old bad bad | ok -- | ok -- | -- -- | ok ok
                                                | offered    | who old bad bad | ok -- | ok -- | ok -- | ok ok
                                                | passed-on  | who old bad bad | ok -- | ok -- | -- ok | ok ok
                                                | assigned   | who old bad bad | ok -- | ok -- | ok -- | ok ok
                                                | delivered  | who old bad bad | ok -- | ok -- | ok -- | ok ok
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
GET /api/v1/orders/{id}/position                | pending    | who old bad bad | ok -- | ok -- | -- -- | ok ok
                                                | passed-on  | who old bad bad | ok -- | ok -- | -- ok | ok ok
                                                | assigned   | who old bad bad | ok -- | ok -- | ok -- | ok ok
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
POST /api/v1/orders/{id}/accept                 | pending    | who old bad bad | no -- | ok -- | -- -- | no no
                                                | unpaid     | who old bad bad | no -- | -- -- | -- -- | no no
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
POST /api/v1/orders/{id}/reject                 | pending    | who old bad bad | no -- | ok -- | -- -- | no no
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
POST /api/v1/orders/{id}/prepare                | assigned   | who old bad bad | no -- | ok -- | no -- | no no
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
POST /api/v1/orders/{id}/ready                  | assigned   | who old bad bad | no -- | ok -- | no -- | no no
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
POST /api/v1/orders/{id}/hand-over              | pickup     | who old bad bad | no -- | ok -- | -- -- | no no
                                                | assigned   | who old bad bad | no -- | wrong_state -- | no -- | no no
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
POST /api/v1/orders/{id}/cancel                 | pending    | who old bad bad | ok -- | wrong_state -- | -- -- | ok ok
                                                | assigned   | who old bad bad | ok -- | ok -- | no -- | ok ok
                                                | carried    | who old bad bad | wrong_state -- | wrong_state -- | no -- | wrong_state wrong_state
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
POST /api/v1/orders/{id}/rate                   | delivered  | who old bad bad | ok -- | no -- | no -- | no no
                                                | carried    | who old bad bad | wrong_state -- | no -- | no -- | no no
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
POST /api/v1/orders/{id}/tickets/{station}/bump | assigned   | who old bad bad | no -- | ok -- | no -- | no no
                                                | pending    | who old bad bad | no -- | ok -- | -- -- | no no
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
POST /api/v1/orders/{id}/tickets/{station}/recall | assigned | who old bad bad | no -- | ok -- | no -- | no no
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
POST /api/v1/orders/{id}/accept-offer           | offered    | who old bad bad | no -- | no -- | ok -- | no no
                                                | passed-on  | who old bad bad | no -- | no -- | -- ok | no no
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
POST /api/v1/orders/{id}/decline-offer          | offered    | who old bad bad | no -- | no -- | ok -- | no no
                                                | passed-on  | who old bad bad | no -- | no -- | -- ok | no no
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
POST /api/v1/orders/{id}/release                | assigned   | who old bad bad | no -- | no -- | ok -- | ok ok
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
POST /api/v1/orders/{id}/arrive-restaurant      | assigned   | who old bad bad | no -- | no -- | ok -- | no no
                                                | offered    | who old bad bad | no -- | no -- | wrong_state -- | no no
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
POST /api/v1/orders/{id}/pick-up                | assigned   | who old bad bad | no -- | no -- | ok -- | no no
                                                | offered    | who old bad bad | no -- | no -- | wrong_state -- | no no
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
POST /api/v1/orders/{id}/arrive-customer        | carried    | who old bad bad | no -- | no -- | ok -- | no no
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
POST /api/v1/orders/{id}/deliver                | carried    | who old bad bad | no -- | no -- | ok -- | no no
                                                | assigned   | who old bad bad | no -- | no -- | wrong_state -- | no no
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
POST /api/v1/orders/{id}/fail                   | carried    | who old bad bad | no -- | no -- | ok -- | no no
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
POST /api/v1/orders/{id}/return                 | failed     | who old bad bad | no -- | no -- | ok -- | no no
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
POST /api/v1/orders/{id}/refund                 | captured   | who old bad bad | no -- | no -- | -- -- | ok ok
                                                | delivered  | who old bad bad | no -- | no -- | no -- | wrong_state wrong_state
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
POST /api/v1/orders/{id}/reconcile-cash         | delivered  | who old bad bad | no -- | no -- | no -- | ok ok
                                                | carried    | who old bad bad | no -- | no -- | no -- | wrong_state wrong_state
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
POST /api/v1/orders/{id}/share                  | pending    | who old bad bad | ok -- | no -- | -- -- | no no
                                                | assigned   | who old bad bad | ok -- | no -- | no -- | no no
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
GET /api/v1/orders/{id}/share                   | pending    | who old bad bad | ok -- | no -- | -- -- | no no
                                                | assigned   | who old bad bad | ok -- | no -- | no -- | no no
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
DELETE /api/v1/orders/{id}/share                | pending    | who old bad bad | ok -- | no -- | -- -- | no no
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
GET /api/v1/shared/{token}                      | shared     | ok  ok  ok  ok  | ok ok | ok ok | ok ok | ok ok
                                                | unknown    | --  --  --  --  | -- -- | -- -- | -- -- | -- --
PUT /api/v1/push/token                          | any        | who old bad bad | ok ok | no no | no no | no no
DELETE /api/v1/push/token                       | any        | who old bad bad | ok ok | no no | no no | no no

GET /api/v1/applications                        | any        | who old bad bad | ok ok | ok ok | ok ok | no no
GET /api/v1/applications/{id}                   | draft      | who old bad bad | ok -- | -- -- | -- -- | no no
                                                | submitted  | who old bad bad | ok -- | -- -- | -- -- | no no
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | no no
PUT /api/v1/applications/{id}                   | new        | who old bad bad | ok ok | ok ok | ok ok | no no
                                                | draft      | who old bad bad | ok -- | -- -- | -- -- | no no
                                                | submitted  | who old bad bad | application_state -- | -- -- | -- -- | no no
POST /api/v1/applications/{id}/submit           | draft      | who old bad bad | ok -- | -- -- | -- -- | no no
                                                | bare       | who old bad bad | application_incomplete -- | -- -- | -- -- | no no
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | no no
POST /api/v1/applications/{id}/withdraw         | draft      | who old bad bad | ok -- | -- -- | -- -- | no no
                                                | submitted  | who old bad bad | ok -- | -- -- | -- -- | no no
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | no no
PUT /api/v1/applications/{id}/documents/{doc}   | draft      | who old bad bad | ok -- | -- -- | -- -- | no no
                                                | submitted  | who old bad bad | application_state -- | -- -- | -- -- | no no
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | no no
GET /api/v1/applications/{id}/documents/{doc}   | draft      | who old bad bad | ok -- | -- -- | -- -- | no no
                                                | submitted  | who old bad bad | ok -- | -- -- | -- -- | no no
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | no no
DELETE /api/v1/applications/{id}/documents/{doc} | draft      | who old bad bad | ok -- | -- -- | -- -- | no no
                                                | submitted  | who old bad bad | application_state -- | -- -- | -- -- | no no
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | no no

GET /api/v1/kitchen/staff                       | any        | who old bad bad | no no | ok ok | no no | no no
DELETE /api/v1/kitchen/staff/{id}               | as-owner   | who old bad bad | no no | ok -- | no no | no no
                                                | as-staff   | who old bad bad | no no | no no | no no | no no
                                                | last-owner | who old bad bad | no no | last_owner -- | no no | no no
                                                | unknown    | who old bad bad | no no | no no | no no | no no
POST /api/v1/kitchen/invitations                | as-owner   | who old bad bad | no no | ok ok | no no | no no
                                                | as-staff   | who old bad bad | no no | no no | no no | no no
DELETE /api/v1/kitchen/invitations/{id}         | as-owner   | who old bad bad | no no | ok -- | no no | no no
                                                | as-staff   | who old bad bad | no no | no no | no no | no no
                                                | unknown    | who old bad bad | no no | no no | no no | no no
POST /api/v1/invitations/accept                 | invited    | who old bad bad | ok -- | -- -- | -- -- | -- --
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --

GET /api/v1/admin/applications                  | any        | who old bad bad | no no | no no | no no | no ok
GET /api/v1/admin/applications/{id}             | submitted  | who old bad bad | no no | no no | no no | no ok
                                                | draft      | who old bad bad | no no | no no | no no | no --
                                                | unknown    | who old bad bad | no no | no no | no no | no --
GET /api/v1/admin/applications/{id}/documents/{doc} | submitted  | who old bad bad | no no | no no | no no | no ok
                                                | draft      | who old bad bad | no no | no no | no no | no --
                                                | unknown    | who old bad bad | no no | no no | no no | no --
POST /api/v1/admin/applications/{id}/approve    | submitted  | who old bad bad | no no | no no | no no | no ok
                                                | old-look   | who old bad bad | no no | no no | no no | no application_state
                                                | draft      | who old bad bad | no no | no no | no no | no --
                                                | unknown    | who old bad bad | no no | no no | no no | no --
POST /api/v1/admin/applications/{id}/refuse     | submitted  | who old bad bad | no no | no no | no no | no ok
                                                | draft      | who old bad bad | no no | no no | no no | no --
                                                | unknown    | who old bad bad | no no | no no | no no | no --
GET /api/v1/admin/people                        | any        | who old bad bad | no no | no no | no no | ok ok
GET /api/v1/admin/people/{id}                   | somebody   | who old bad bad | no no | no no | no no | ok ok
                                                | unknown    | who old bad bad | no no | no no | no no | -- --
POST /api/v1/admin/people/{id}/suspend          | somebody   | who old bad bad | no no | no no | no no | no ok
                                                | unknown    | who old bad bad | no no | no no | no no | no --
POST /api/v1/admin/people/{id}/reinstate        | somebody   | who old bad bad | no no | no no | no no | no ok
                                                | unknown    | who old bad bad | no no | no no | no no | no --
POST /api/v1/admin/people/{id}/remove-factor    | somebody   | who old bad bad | no no | no no | no no | no ok
                                                | unknown    | who old bad bad | no no | no no | no no | no --
                                                | stale      | who old bad bad | no no | no no | no no | no confirm_identity
POST /api/v1/admin/people/{id}/roles            | somebody   | who old bad bad | no no | no no | no no | no ok
                                                | unknown    | who old bad bad | no no | no no | no no | no --
DELETE /api/v1/admin/people/{id}/sessions/{session} | somebody   | who old bad bad | no no | no no | no no | no ok
                                                | foreign    | who old bad bad | no no | no no | no no | no --
                                                | unknown    | who old bad bad | no no | no no | no no | no --
GET /api/v1/admin/audit                         | any        | who old bad bad | no no | no no | no no | no ok
GET /api/v1/admin/audit/seal                    | any        | who old bad bad | no no | no no | no no | no ok

GET /api/v1/support/reviews                     | any        | who old bad bad | no no | no no | no no | ok ok
POST /api/v1/support/reviews/{id}/close         | open       | who old bad bad | no no | no no | no no | ok ok
                                                | unknown    | who old bad bad | no no | no no | no no | -- --

GET /api/v1/driver/day                          | any        | who old bad bad | no no | no no | ok ok | no no
POST /api/v1/driver/shift                       | any        | who old bad bad | no no | no no | ok ok | no no
POST /api/v1/pings                              | on-shift   | who old bad bad | no no | no no | ok ok | no no
                                                | off-shift  | who old bad bad | no no | no no | wrong_state wrong_state | no no
GET /api/v1/scopes/{scope}/snapshot             | customer   | who old bad bad | ok -- | -- -- | -- -- | -- --
                                                | restaurant | who old bad bad | -- -- | ok -- | -- -- | -- --
                                                | driver     | who old bad bad | -- -- | -- -- | ok -- | -- --
                                                | menu       | who old bad bad | ok ok | ok ok | ok ok | ok ok
                                                | hidden     | who old bad bad | -- -- | -- -- | -- -- | -- --
                                                | no-menu    | who old bad bad | -- -- | -- -- | -- -- | -- --
                                                | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
GET /api/v1/sync/stream                         | any        | who old bad bad | ok ok | ok ok | ok ok | ok ok
POST /api/v1/sync                               | any        | who old bad bad | ok ok | ok ok | ok ok | ok ok
                                                | anothers   | who old bad bad | no no | no no | no no | no no
POST /api/v1/presence                           | any        | who old bad bad | ok ok | ok ok | ok ok | ok ok
                                                | anothers   | who old bad bad | no no | no no | no no | no no
PUT /api/v1/blobs/{sha256}                      | no-length  | who old bad bad | invalid_input invalid_input | invalid_input invalid_input | invalid_input invalid_input | invalid_input invalid_input
GET /api/v1/blobs/{sha256}                      | unknown    | who old bad bad | -- -- | -- -- | -- -- | -- --
";

/// A row of the table.
pub struct Row {
    pub operation: &'static str,
    pub case: &'static str,
    /// What each of [`Caller::ALL`] is answered.
    pub cells: Vec<&'static str>,
}

impl Row {
    /// The first with a session who succeeds.
    pub fn right(&self) -> Option<Caller> {
        let answered = Caller::ALL.into_iter().zip(&self.cells);
        let people = answered.skip(4);
        people
            .filter(|(_, cell)| **cell == "ok")
            .map(|(caller, _)| caller)
            .next()
    }
}

/// The table's rows.
pub fn table() -> Vec<Row> {
    let mut above = "";
    let lines = TABLE.lines().filter(|line| !line.is_empty()).skip(1);
    lines
        .map(|line| {
            let mut parts = line.split('|').map(str::trim);
            let (operation, case) = (parts.next().unwrap(), parts.next().unwrap());
            if !operation.is_empty() {
                above = operation;
            }
            let cells: Vec<&str> = parts.flat_map(str::split_whitespace).collect();
            assert_eq!(cells.len(), Caller::ALL.len(), "{line}");
            Row {
                operation: above,
                case,
                cells,
            }
        })
        .collect()
}

/// The code behind a cell.
fn code(cell: &str) -> &str {
    match cell {
        "who" => "unauthenticated",
        "old" => "token_expired",
        "bad" => "token_invalid",
        "no" => "forbidden",
        "--" => "not_found",
        code => code,
    }
}

#[test]
fn every_operation_of_the_document_has_rows_and_every_row_an_operation() {
    let documented: BTreeSet<String> = operations().into_keys().collect();
    let tabled: BTreeSet<String> = table().iter().map(|row| row.operation.to_owned()).collect();
    let routes_without_a_row: Vec<_> = documented.difference(&tabled).collect();
    let rows_without_a_route: Vec<_> = tabled.difference(&documented).collect();
    assert!(
        routes_without_a_row.is_empty(),
        "a route without a row: {routes_without_a_row:?}"
    );
    assert!(
        rows_without_a_route.is_empty(),
        "a row without a route: {rows_without_a_route:?}"
    );
}

#[test]
fn every_cell_is_a_success_or_a_code_of_the_closed_set() {
    for row in table() {
        for cell in row.cells {
            let known = serde_json::from_value::<ErrorCode>(json!(code(cell))).is_ok();
            assert!(cell == "ok" || known, "{} {}: {cell}", row.operation, row.case);
        }
    }
}

#[test]
fn what_the_document_leaves_open_is_what_the_table_leaves_open() {
    let documented = operations();
    for row in table() {
        let open_by_table = row.cells[0] != "who";
        let security = documented[row.operation]["security"].as_array();
        let open_by_document =
            security.is_none_or(|security| security.iter().all(|one| one.get("bearer").is_none()));
        assert_eq!(open_by_table, open_by_document, "{}", row.operation);
    }
}

/// All an answer tells, except the request's own id.
fn told(answer: &Answer) -> (u16, Vec<(String, Vec<u8>)>, String) {
    let mut headers: Vec<(String, Vec<u8>)> = answer
        .headers
        .iter()
        .filter(|(name, _)| *name != "x-request-id")
        .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
        .collect();
    headers.sort();
    (answer.status.as_u16(), headers, answer.text())
}

/// Whether the same request for a thing that never was can be compared with a row's `--`: saving under an id of one's
/// own making makes what was never there.
fn has_an_unknown_twin(row: &Row) -> bool {
    !["PUT /api/v1/me/addresses/{id}", "PUT /api/v1/applications/{id}"].contains(&row.operation)
}

/// What of a row is not as the table says.
async fn check(app: &TestApp, cast: &Cast, row: &Row, faults: &mut Vec<String>) {
    let place = (row.operation, row.case);
    let right = row.right().unwrap_or(Caller::Sara);
    let mut scene = Scene::set(app, cast, row.case).await;
    let mut used = false;
    let cells: Vec<(Caller, &str)> = Caller::ALL.into_iter().zip(row.cells.iter().copied()).collect();
    let refused = cells.iter().filter(|(_, cell)| *cell != "ok");
    let granted = cells.iter().filter(|(_, cell)| *cell == "ok");
    for (caller, cell) in refused.chain(granted) {
        let mut complain = |what: &str| {
            faults.push(format!("{} ({}) as {caller:?}: {what}", row.operation, row.case));
        };
        if *cell == "ok" && std::mem::replace(&mut used, true) {
            // Whoever succeeded before may have used it up.
            scene = Scene::set(app, cast, row.case).await;
        }
        let asked = ask(app, cast, &scene, place, *caller).await;
        let token = cast.token(app, &scene, *caller, right);
        let before = rows(app).await;
        let answer = asked.send(app, token.as_deref()).await;
        if let Some(fault) = fault(&answer) {
            complain(&fault);
        }
        let expected = if *cell == "ok" { "ok" } else { code(cell) };
        if word(&answer) != expected {
            complain(&format!("{}, not {expected}", word(&answer)));
        }
        if *cell == "ok" {
            continue;
        }
        if rows(app).await != before {
            complain("refused, and yet something changed");
        }
        if *cell == "--" && has_an_unknown_twin(row) {
            let twin = match row.case {
                "hidden" | "menu" if row.operation.contains("{scope}") => "no-menu",
                _ => "unknown",
            };
            let nothing = ask(app, cast, &scene, (row.operation, twin), *caller).await;
            let nothing = nothing.send(app, token.as_deref()).await;
            if told(&nothing) != told(&answer) {
                complain(&format!(
                    "not told like what never was: {} / {}",
                    answer.text(),
                    nothing.text()
                ));
            }
        }
    }
}

both! {
    async fn everybody_is_answered_as_the_table_says(app: TestApp) {
        let cast = Cast::gather(&app).await;
        let mut faults = Vec::new();
        for row in table() {
            check(&app, &cast, &row, &mut faults).await;
        }
        assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    }
}
