//! What the cuisines are called, for those who type their names.

/// The names of a cuisine, as people may type them, in both languages.
pub fn names(cuisine: &str) -> &'static [&'static str] {
    match cuisine {
        "saudi" => &["سعودي", "شعبي", "نجدي", "Saudi"],
        "yemeni" => &["يمني", "Yemeni"],
        "grills" => &["مشاوي", "مشويات", "شوايات", "Grills"],
        "shawarma" => &["شاورما", "Shawarma"],
        "lebanese" => &["لبناني", "شامي", "Lebanese"],
        "burgers" => &["برجر", "برغر", "همبرجر", "Burgers"],
        "pizza" => &["بيتزا", "إيطالي", "Pizza", "Italian"],
        "indian" => &["هندي", "Indian"],
        "breakfast" => &["فطور", "إفطار", "Breakfast"],
        "seafood" => &["بحري", "مأكولات بحرية", "سمك", "Seafood", "Fish"],
        "healthy" => &["صحي", "دايت", "Healthy"],
        "sweets" => &["حلويات", "حلا", "Sweets", "Desserts"],
        "coffee" => &["قهوة", "كوفي", "Coffee"],
        "bakery" => &["مخبوزات", "مخبز", "فطائر", "Bakery"],
        "korean" => &["كوري", "Korean"],
        "asian" => &["آسيوي", "صيني", "ياباني", "Asian"],
        "egyptian" => &["مصري", "Egyptian"],
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
