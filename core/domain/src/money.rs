//! Money: whole minor units and an ISO 4217 currency. Never a float, anywhere.

use serde::{Deserialize, Serialize};

/// A currency MomFood settles in (ISO 4217 alphabetic code).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "sqlx",
    derive(sqlx::Type),
    sqlx(type_name = "text", rename_all = "UPPERCASE")
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    /// Saudi riyal, 2 digits.
    Sar,
    /// UAE dirham, 2 digits.
    Aed,
    /// Kuwaiti dinar, 3 digits.
    Kwd,
    /// Bahraini dinar, 3 digits.
    Bhd,
    /// Omani rial, 3 digits.
    Omr,
    /// Djibouti franc, no minor unit.
    Djf,
}

impl Currency {
    /// Every currency.
    pub const ALL: [Self; 6] = [Self::Sar, Self::Aed, Self::Kwd, Self::Bhd, Self::Omr, Self::Djf];

    /// How many digits the minor unit has (ISO 4217 exponent).
    pub const fn exponent(self) -> u32 {
        match self {
            Self::Djf => 0,
            Self::Sar | Self::Aed => 2,
            Self::Kwd | Self::Bhd | Self::Omr => 3,
        }
    }

    /// The ISO 4217 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sar => "SAR",
            Self::Aed => "AED",
            Self::Kwd => "KWD",
            Self::Bhd => "BHD",
            Self::Omr => "OMR",
            Self::Djf => "DJF",
        }
    }
}

/// An amount of money in minor units (halalas, fils, baisa).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Money {
    /// Minor units.
    pub amount: i64,
    /// ISO 4217 code.
    pub currency: Currency,
}

/// Why two amounts could not be combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The two are in different currencies.
    #[error("{} and {} cannot be added", .0.code(), .1.code())]
    Currencies(Currency, Currency),
    /// The result does not fit 64 bits.
    #[error("the amount is too large")]
    Overflow,
}

impl Money {
    /// `amount` minor units of `currency`.
    pub const fn new(amount: i64, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// Nothing, in `currency`.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// The sum.
    #[expect(clippy::should_implement_trait, reason = "an operator cannot fail")]
    pub fn add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.amount
            .checked_add(other.amount)
            .map(|amount| Self { amount, ..self })
            .ok_or(MoneyError::Overflow)
    }

    /// The difference; negative when `other` is more.
    #[expect(clippy::should_implement_trait, reason = "an operator cannot fail")]
    pub fn sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.amount
            .checked_sub(other.amount)
            .map(|amount| Self { amount, ..self })
            .ok_or(MoneyError::Overflow)
    }

    /// `self × n`.
    pub fn times(self, n: u32) -> Result<Self, MoneyError> {
        self.amount
            .checked_mul(i64::from(n))
            .map(|amount| Self { amount, ..self })
            .ok_or(MoneyError::Overflow)
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::Currencies(self.currency, other.currency))
        }
    }
}

/// `amount × numerator ÷ denominator`, rounded half-up (away from zero at the half) to the minor unit.
/// `None` when the result does not fit or the denominator is not positive.
pub fn scale_half_up(amount: i64, numerator: i64, denominator: i64) -> Option<i64> {
    if denominator <= 0 {
        return None;
    }
    let product = i128::from(amount) * i128::from(numerator);
    let denominator = i128::from(denominator);
    let (whole, rest) = (product.abs() / denominator, product.abs() % denominator);
    let half_up = whole + i128::from(rest * 2 >= denominator);
    i64::try_from(half_up * product.signum()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn currencies_know_their_digits() {
        let exponents: Vec<_> = Currency::ALL.iter().map(|c| (c.code(), c.exponent())).collect();
        assert_eq!(
            exponents,
            [
                ("SAR", 2),
                ("AED", 2),
                ("KWD", 3),
                ("BHD", 3),
                ("OMR", 3),
                ("DJF", 0)
            ]
        );
    }

    #[test]
    fn currencies_never_mix_and_sums_never_wrap() {
        let riyal = Money::new(100, Currency::Sar);
        assert!(matches!(
            riyal.add(Money::new(1, Currency::Kwd)),
            Err(MoneyError::Currencies(..))
        ));
        assert_eq!(
            Money::new(i64::MAX, Currency::Sar).add(riyal),
            Err(MoneyError::Overflow)
        );
        assert_eq!(
            Money::new(i64::MAX, Currency::Sar).times(2),
            Err(MoneyError::Overflow)
        );
    }

    #[test]
    fn rounding_is_half_up() {
        assert_eq!(scale_half_up(5, 1, 2), Some(3));
        assert_eq!(scale_half_up(-5, 1, 2), Some(-3));
        assert_eq!(scale_half_up(4, 1, 3), Some(1));
        assert_eq!(scale_half_up(11_500, 15, 115), Some(1_500));
        assert_eq!(scale_half_up(i64::MAX, 2, 1), None);
        assert_eq!(scale_half_up(1, 1, 0), None);
        assert_eq!(scale_half_up(i64::MIN, i64::MIN, 1), None);
        assert_eq!(scale_half_up(i64::MIN, i64::MAX, i64::MAX), Some(i64::MIN));
    }

    proptest! {
        #[test]
        fn rounding_is_never_off_by_more_than_half(a in -10_i64.pow(12)..10_i64.pow(12), n in 0_i64..10_000, d in 1_i64..10_000) {
            let rounded = i128::from(scale_half_up(a, n, d).unwrap());
            let error = (rounded * i128::from(d) - i128::from(a) * i128::from(n)).abs();
            prop_assert!(error * 2 <= i128::from(d));
        }

        #[test]
        fn adding_then_taking_away_leaves_what_was(a in -10_i64.pow(15)..10_i64.pow(15), b in -10_i64.pow(15)..10_i64.pow(15)) {
            let (a, b) = (Money::new(a, Currency::Omr), Money::new(b, Currency::Omr));
            prop_assert_eq!(a.add(b).unwrap().sub(b).unwrap(), a);
        }
    }
}
