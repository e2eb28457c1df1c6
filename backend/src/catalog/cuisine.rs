//! What the cuisines are called, for those who type their names.

/// The names of a cuisine, as people may type them, in both languages.
pub const fn names(cuisine: &str) -> &'static [&'static str] {
    match cuisine.as_bytes() {
        b"saudi" => &["سعودي", "شعبي", "نجدي", "Saudi"],
        b"yemeni" => &["يمني", "Yemeni"],
        b"lebanese" => &["لبناني", "شامي", "Lebanese"],
        b"burgers" => &["برجر", "برغر", "همبرجر", "Burgers"],
        b"pizza" => &["بيتزا", "إيطالي", "Pizza", "Italian"],
        b"indian" => &["هندي", "Indian"],
        b"breakfast" => &["فطور", "إفطار", "Breakfast"],
        b"seafood" => &["بحري", "مأكولات بحرية", "سمك", "Seafood", "Fish"],
        b"healthy" => &["صحي", "دايت", "Healthy"],
        b"sweets" => &["حلويات", "حلا", "Sweets", "Desserts"],
        b"coffee" => &["قهوة", "كوفي", "Coffee"],
        b"bakery" => &["مخبوزات", "مخبز", "فطائر", "Bakery"],
        b"asian" => &["آسيوي", "كوري", "صيني", "ياباني", "Asian"],
        b"egyptian" => &["مصري", "Egyptian"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use momfood_protocol::rest::CUISINES;

    #[test]
    fn every_cuisine_has_a_name_in_each_language() {
        for cuisine in CUISINES {
            let names = names(cuisine);
            assert!(names.iter().any(|name| name.is_ascii()), "{cuisine}");
            assert!(names.iter().any(|name| !name.is_ascii()), "{cuisine}");
        }
    }
}
