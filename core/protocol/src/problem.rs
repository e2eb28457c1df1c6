//! What the domain's refusals are called on the wire: one place, so that a client predicts the very code the
//! server will answer.

use momfood_domain::menu::{Menu, MenuFault};
use momfood_domain::order::Rejection;
use momfood_domain::pricing::CartProblem;
use momfood_domain::text::Lang;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::{ErrorCode, Failure};

/// A code and the details it promises, not yet in anyone's language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// For programs.
    pub code: ErrorCode,
    /// What the code says it holds; `null` when nothing.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub details: Value,
}

impl Problem {
    /// A code that holds nothing.
    pub const fn plain(code: ErrorCode) -> Self {
        let details = Value::Null;
        Self { code, details }
    }

    const fn with(code: ErrorCode, details: Value) -> Self {
        Self { code, details }
    }

    /// The field `name` is out of bounds.
    pub fn invalid(name: &str) -> Self {
        Self::with(ErrorCode::InvalidInput, json!({ "field": name }))
    }

    /// Why a cart cannot be priced from `menu`; names what is not to be had.
    pub fn of_cart(problem: CartProblem, menu: &Menu) -> Self {
        let name = match problem {
            CartProblem::ItemUnavailable(id) => menu.item(id).map(|item| &item.name),
            CartProblem::OptionUnavailable(id) => menu
                .items()
                .flat_map(|item| &item.option_groups)
                .flat_map(|group| &group.options)
                .find(|option| option.id == id)
                .map(|option| &option.name),
            _ => None,
        };
        let mut found = Self::from(problem);
        if let (Some(name), Value::Object(details)) = (name, &mut found.details) {
            details.insert("name".to_owned(), json!(name));
        }
        found
    }

    /// The same for a reader of `lang`.
    pub fn failure(self, lang: Lang) -> Failure {
        Failure::new(self.code, lang).with(self.details)
    }
}

impl From<CartProblem> for Problem {
    fn from(problem: CartProblem) -> Self {
        use ErrorCode as Code;
        match problem {
            CartProblem::Empty => Self::plain(Code::EmptyCart),
            CartProblem::TooManyLines => Self::invalid("lines"),
            CartProblem::NoteTooLong => Self::invalid("note"),
            CartProblem::Quantity(id) => Self::with(Code::BadQuantity, json!({ "itemId": id })),
            CartProblem::Tip => Self::with(Code::BadAmount, json!({ "field": "tip" })),
            CartProblem::UnknownItem(id) => Self::with(Code::UnknownItem, json!({ "itemId": id })),
            CartProblem::ItemUnavailable(id) => Self::with(Code::ItemUnavailable, json!({ "itemId": id })),
            CartProblem::UnknownOption(id) => Self::with(Code::UnknownItem, json!({ "optionId": id })),
            CartProblem::RepeatedOption(id) => Self::with(Code::OptionRules, json!({ "optionId": id })),
            CartProblem::OptionUnavailable(id) => {
                Self::with(Code::ItemUnavailable, json!({ "optionId": id }))
            }
            CartProblem::TooFewOptions { group, min } => {
                Self::with(Code::OptionRules, json!({ "groupId": group, "min": min }))
            }
            CartProblem::TooManyOptions { group, max } => {
                Self::with(Code::OptionRules, json!({ "groupId": group, "max": max }))
            }
            CartProblem::OutOfRange => Self::plain(Code::OutOfRange),
            CartProblem::BelowMinimum { missing, minimum } => Self::with(
                Code::BelowMinimum,
                json!({ "missing": missing, "minimum": minimum }),
            ),
            CartProblem::TooLarge => Self::with(Code::BadAmount, json!({ "field": "lines" })),
        }
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::NotFound => Self::plain(ErrorCode::NotFound),
            Rejection::Forbidden => Self::plain(ErrorCode::Forbidden),
            Rejection::WrongState(status) => Self::with(ErrorCode::WrongState, json!({ "status": status })),
            Rejection::OfferOver => Self::plain(ErrorCode::OfferOver),
            Rejection::CashNeeded => Self::plain(ErrorCode::CashNeeded),
            Rejection::Amount => Self::plain(ErrorCode::BadAmount),
            Rejection::PrepMinutes => Self::plain(ErrorCode::PrepMinutes),
            Rejection::TooLate => Self::plain(ErrorCode::TooLate),
        }
    }
}

impl From<MenuFault> for Problem {
    fn from(fault: MenuFault) -> Self {
        let details = match fault {
            MenuFault::RepeatedId => json!({ "field": "menu", "fault": "repeated_id" }),
            MenuFault::Price(item) => json!({ "field": "price", "itemId": item }),
            MenuFault::Daypart(item) => json!({ "field": "dayparts", "itemId": item }),
            MenuFault::Group(group) => json!({ "field": "optionGroups", "groupId": group }),
            MenuFault::Station(category) => json!({ "field": "station", "categoryId": category }),
            MenuFault::TooLarge => json!({ "field": "menu", "fault": "too_large" }),
        };
        Self::with(ErrorCode::InvalidInput, details)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use momfood_domain::id::MenuItemId;
    use momfood_domain::order::OrderStatus;
    use uuid::Uuid;

    #[test]
    fn a_missing_amount_is_told_with_the_minimum() {
        let problem = Problem::from(CartProblem::BelowMinimum {
            missing: 700,
            minimum: 2_500,
        });
        assert_eq!(problem.code, ErrorCode::BelowMinimum);
        assert_eq!(problem.details, json!({ "missing": 700, "minimum": 2_500 }));
    }

    #[test]
    fn a_rejection_says_where_the_order_stands() {
        let failure = Problem::from(Rejection::WrongState(OrderStatus::PickedUp)).failure(Lang::En);
        assert_eq!(failure.details, json!({ "status": "picked_up" }));
        assert_eq!(failure.message, ErrorCode::WrongState.message(Lang::En));
    }

    #[test]
    fn an_unknown_item_names_itself() {
        let id = MenuItemId(Uuid::from_u128(7));
        assert_eq!(
            Problem::from(CartProblem::UnknownItem(id)).details,
            json!({ "itemId": id })
        );
    }
}
