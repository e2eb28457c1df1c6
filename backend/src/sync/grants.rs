//! Who may listen to what, and through whose eyes a scope is shown. Decided here and nowhere else.

use momfood_domain::actor::{Actor, Role};
use momfood_protocol::feed::Scope;
use momfood_protocol::sync::Grant;

/// The scopes an actor's stream carries.
pub fn scopes_of(actor: &Actor) -> Vec<Scope> {
    let scope = match actor.role {
        Role::Customer => actor.user.map(Scope::Customer),
        Role::Restaurant => actor.restaurant.map(Scope::Restaurant),
        Role::Driver => actor.user.map(Scope::Driver),
        Role::Support | Role::Admin | Role::System => None,
    };
    scope.into_iter().collect()
}

/// Whether an actor may read `scope`. A public menu is anyone's who signed in.
pub fn is_granted(actor: &Actor, scope: Scope) -> bool {
    matches!(scope, Scope::Menu(_)) || scopes_of(actor).contains(&scope)
}

/// The name of what a scope shows, and the version of it: another one means that a cursor of before is worth nothing.
#[cfg(not(feature = "faults"))]
pub const fn view_of(scope: Scope) -> &'static str {
    view_today(scope)
}

/// As it is, or as it would be after another program was installed.
#[cfg(feature = "faults")]
pub fn view_of(scope: Scope) -> &'static str {
    match scope {
        _ if !crate::faults::shows_through_other_eyes() => view_today(scope),
        Scope::Customer(_) => "customer@other",
        Scope::Restaurant(_) => "kitchen@other",
        Scope::Driver(_) => "driver@other",
        Scope::Menu(_) => "menu@other",
    }
}

const fn view_today(scope: Scope) -> &'static str {
    match scope {
        Scope::Customer(_) => "customer@1",
        Scope::Restaurant(_) => "kitchen@1",
        Scope::Driver(_) => "driver@1",
        Scope::Menu(_) => "menu@1",
    }
}

/// The scopes an actor may follow, with their views. Menus, which are anyone's, are not listed.
pub fn grants_of(actor: &Actor) -> Vec<Grant> {
    let grant = |scope: Scope| Grant {
        scope: scope.to_string(),
        view: view_of(scope).to_owned(),
    };
    scopes_of(actor).into_iter().map(grant).collect()
}

/// Through whose eyes a scope is shown: every member of a kitchen sees the same.
pub(super) const fn viewer_of(scope: Scope) -> Actor {
    match scope {
        Scope::Customer(user) => Actor::person(user, Role::Customer),
        Scope::Driver(user) => Actor::person(user, Role::Driver),
        Scope::Restaurant(restaurant) | Scope::Menu(restaurant) => Actor {
            user: None,
            role: Role::Restaurant,
            restaurant: Some(restaurant),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use momfood_domain::id::{RestaurantId, UserId};
    use uuid::Uuid;

    #[test]
    fn each_role_has_its_own_scope_and_nobody_elses() {
        let (sara, omar) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        let (here, there) = (RestaurantId(Uuid::from_u128(3)), RestaurantId(Uuid::from_u128(4)));
        let customer = Actor::person(sara, Role::Customer);
        let cook = Actor::staff(sara, here);
        assert!(is_granted(&customer, Scope::Customer(sara)));
        assert!(!is_granted(&customer, Scope::Customer(omar)));
        assert!(
            !is_granted(&customer, Scope::Driver(sara)),
            "the role used now counts"
        );
        assert!(!is_granted(&customer, Scope::Restaurant(here)));
        assert!(is_granted(&cook, Scope::Restaurant(here)));
        assert!(!is_granted(&cook, Scope::Restaurant(there)));
        assert!(!is_granted(&cook, Scope::Customer(sara)));
        assert!(is_granted(&customer, Scope::Menu(there)));
        assert_eq!(scopes_of(&Actor::person(sara, Role::Support)), []);
    }
}
