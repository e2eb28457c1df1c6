//! Option groups: how many to choose is said, counted, and explained when it is not right.

use dioxus::prelude::*;
use momfood_domain::id::{OptionGroupId, OptionId};
use momfood_domain::menu::OptionGroup;
use momfood_domain::money::Currency;
use momfood_kit::prelude::*;

use crate::words;

/// The id of a group in the page.
pub fn group_anchor(id: OptionGroupId) -> String {
    format!("g-{id}")
}

/// How many of a group's options are picked.
fn count(group: &OptionGroup, picked: &[OptionId]) -> u32 {
    let picks = group
        .options
        .iter()
        .filter(|option| picked.contains(&option.id))
        .count();
    u32::try_from(picks).unwrap_or(u32::MAX)
}

/// The first group with too few or too many picks.
pub fn faulty_group<'a>(groups: &'a [OptionGroup], picked: &[OptionId]) -> Option<&'a OptionGroup> {
    groups
        .iter()
        .find(|group| !(group.min..=group.max).contains(&count(group, picked)))
}

/// One group.
#[component]
pub fn Group(
    group: OptionGroup,
    /// The line's picks, of all groups.
    picked: Vec<OptionId>,
    currency: Currency,
    /// The button was pressed: say what is missing.
    insist: bool,
    /// Picked (`true`) or let go.
    onpick: EventHandler<(OptionId, bool)>,
) -> Element {
    let count = count(&group, &picked);
    let enough = count >= group.min;
    let full = count >= group.max;
    let only_one = group.min == 1 && group.max == 1;
    let missing = insist && !enough;
    rsx! {
        fieldset {
            class: "c-group",
            class: if missing { "is-missing" },
            id: group_anchor(group.id),
            "data-testid": "option-group",
            aria_describedby: "{group_anchor(group.id)}-r",
            legend { class: "k-sr", {group.name.here()} }
            div { class: "c-group-head",
                div { class: "k-grow",
                    h3 { aria_hidden: "true", {group.name.here()} }
                    p { class: "k-xs k-muted", id: "{group_anchor(group.id)}-r", {rule(&group)} }
                }
                if group.min > 0 && enough {
                    StatusPill { tone: Tone::Good, icon: Icon::Check, {t!("group-done")} }
                } else if group.min > 0 {
                    StatusPill { tone: if missing { Tone::Bad } else { Tone::Primary }, icon: if missing { Icon::Alert } else { Icon::Info }, {t!("group-required")} }
                } else if group.max > 1 && count > 0 {
                    Badge { {t!("group-count", count: count, max: group.max)} }
                }
            }
            if missing {
                p { class: "k-field-error", role: "alert", {t!("group-missing", count: group.min - count)} }
            }
            div { class: "k-divide",
                for option in group.options.clone() {
                    {
                        let on = picked.contains(&option.id);
                        let end = words::delta(option.price, currency);
                        let hint = if option.available { String::new() } else { t!("item-sold-out") };
                        let label = option.name.here();
                        let id = option.id;
                        if only_one {
                            rsx! {
                                div { key: "{id}", "data-testid": "option", "data-id": "{id}",
                                    Radio {
                                        name: group_anchor(group.id),
                                        label,
                                        checked: on,
                                        hint,
                                        end,
                                        disabled: !option.available,
                                        onselect: move |()| onpick.call((id, true)),
                                    }
                                }
                            }
                        } else {
                            let single = group.max == 1;
                            rsx! {
                                div { key: "{id}", "data-testid": "option", "data-id": "{id}",
                                    Checkbox {
                                        label,
                                        checked: on,
                                        hint,
                                        end,
                                        disabled: !option.available || (full && !on && !single),
                                        onchange: move |on: bool| onpick.call((id, on)),
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The line's picks after one more, or one less, of `group`; where only one fits, it takes the other's place.
pub fn pick(group: &OptionGroup, picked: &mut Vec<OptionId>, id: OptionId, on: bool) {
    let of_group = |other: &OptionId| group.options.iter().any(|option| option.id == *other);
    picked.retain(|other| *other != id && !(on && group.max == 1 && of_group(other)));
    if on {
        picked.push(id);
    }
}

/// What the group asks for.
fn rule(group: &OptionGroup) -> String {
    match (group.min, group.max) {
        (0, 1) => t!("group-optional-one"),
        (0, max) => t!("group-up-to", count: max),
        (min, max) if min == max => t!("group-exactly", count: min),
        (min, max) => t!("group-between", min: min, max: max),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use momfood_domain::menu::MenuOption;

    fn id(n: u32) -> OptionId {
        format!("00000000-0000-7000-8000-{n:012}").parse().unwrap()
    }

    fn group(n: u32, min: u32, max: u32) -> OptionGroup {
        let option = |of: u32| MenuOption {
            id: id(n * 10 + of),
            name: LocalizedText::both("خيار", "Option"),
            price: 0,
            available: true,
        };
        OptionGroup {
            id: format!("00000000-0000-7000-9000-{n:012}").parse().unwrap(),
            name: LocalizedText::both("مجموعة", "Group"),
            min,
            max,
            options: vec![option(1), option(2), option(3)],
        }
    }

    #[test]
    fn where_one_fits_another_takes_its_place_and_other_groups_keep_theirs() {
        let size = group(1, 1, 1);
        let mut picked = vec![id(21)];
        pick(&size, &mut picked, id(11), true);
        pick(&size, &mut picked, id(12), true);
        assert_eq!(picked, [id(21), id(12)]);
    }

    #[test]
    fn an_extra_is_let_go_by_touching_it_again() {
        let extras = group(1, 0, 2);
        let mut picked = Vec::new();
        pick(&extras, &mut picked, id(11), true);
        pick(&extras, &mut picked, id(12), true);
        pick(&extras, &mut picked, id(11), false);
        assert_eq!(picked, [id(12)]);
    }

    #[test]
    fn the_first_group_with_too_few_picks_is_named() {
        let groups = [group(1, 0, 2), group(2, 1, 1), group(3, 2, 3)];
        assert_eq!(
            faulty_group(&groups, &[]).map(|group| group.id),
            Some(groups[1].id)
        );
        assert_eq!(
            faulty_group(&groups, &[id(21), id(31)]).map(|group| group.id),
            Some(groups[2].id)
        );
        assert!(faulty_group(&groups, &[id(21), id(31), id(32)]).is_none());
    }
}
