//! Who may do what, as data: one row for each permission. Commands on an order are decided by
//! [`crate::order::decide`]; a person's own account is theirs whatever their role. A permission opens a door, never
//! a row: what lies behind it is loaded within the actor's reach.

use crate::actor::Role;
use crate::time::{DAY, MINUTE};

/// Something a role may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Price a cart and place an order.
    PlaceOrder,
    /// Edit a restaurant's own menu, availability and settings.
    RunRestaurant,
    /// See a restaurant's staff; its owners also invite and remove them.
    SeeStaff,
    /// Go on and off shift, report positions.
    Drive,
    /// Apply to sell or to drive, and follow one's own applications.
    Apply,
    /// See any order and settle its money.
    Settle,
    /// Find people and see how their accounts stand.
    SeePeople,
    /// Suspend people and end their sign-ins.
    ManagePeople,
    /// Give and take roles.
    GrantRoles,
    /// See applications and their documents, and decide on them.
    DecideApplications,
    /// Read the audit log.
    ReadAudit,
}

use Permission::{
    Apply, DecideApplications, Drive, GrantRoles, ManagePeople, PlaceOrder, ReadAudit, RunRestaurant,
    SeePeople, SeeStaff, Settle,
};
use Role::{Admin, Customer, Driver, Restaurant, Support};

/// Every permission with the roles that include it.
pub const TABLE: [(Permission, &[Role]); 11] = [
    (PlaceOrder, &[Customer]),
    (RunRestaurant, &[Restaurant, Admin]),
    (SeeStaff, &[Restaurant]),
    (Drive, &[Driver]),
    (Apply, &[Customer, Restaurant, Driver]),
    (Settle, &[Support, Admin]),
    (SeePeople, &[Support, Admin]),
    (ManagePeople, &[Admin]),
    (GrantRoles, &[Admin]),
    (DecideApplications, &[Admin]),
    (ReadAudit, &[Admin]),
];

/// How long a sign-in lasts, in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// Without being renewed.
    pub idle: i64,
    /// However often it is renewed.
    pub longest: i64,
}

impl Role {
    /// How long a sign-in in the role lasts. Who orders, cooks or drives is not sent to a sign-in page in the middle of
    /// it; who reaches other people's lives shows who they are every working day.
    pub const fn lifetime(self) -> Lifetime {
        match self {
            Self::Customer | Self::Restaurant | Self::Driver | Self::System => Lifetime {
                idle: 7 * DAY,
                longest: 180 * DAY,
            },
            Self::Support | Self::Admin => Lifetime {
                idle: 12 * 60 * MINUTE,
                longest: 7 * DAY,
            },
        }
    }

    /// Whether the role includes `permission`.
    pub fn may(self, permission: Permission) -> bool {
        TABLE
            .iter()
            .any(|(row, roles)| *row == permission && roles.contains(&self))
    }

    /// Whether who acts in it must have shown a second factor: it reaches other people's lives.
    pub const fn needs_second_factor(self) -> bool {
        matches!(self, Self::Support | Self::Admin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_has_one_row_and_the_platforms_worker_none() {
        for (at, (permission, roles)) in TABLE.iter().enumerate() {
            assert!(
                TABLE[..at].iter().all(|(other, _)| other != permission),
                "{permission:?}"
            );
            assert!(
                !roles.is_empty() && !roles.contains(&Role::System),
                "{permission:?}"
            );
        }
    }

    #[test]
    fn who_needs_a_second_factor_is_not_signed_in_for_long() {
        for role in Role::ALL {
            let Lifetime { idle, longest } = role.lifetime();
            assert!(idle < longest, "{role:?}");
            if role.needs_second_factor() {
                assert!(idle < DAY && longest <= 7 * DAY, "{role:?}");
            }
        }
    }

    #[test]
    fn what_reaches_other_peoples_accounts_needs_a_second_factor() {
        for permission in [
            SeePeople,
            ManagePeople,
            GrantRoles,
            DecideApplications,
            ReadAudit,
            Settle,
        ] {
            let roles = Role::ALL.into_iter().filter(|role| role.may(permission));
            assert!(roles.into_iter().all(Role::needs_second_factor), "{permission:?}");
        }
    }
}
