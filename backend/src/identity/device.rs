//! What somebody signed in with, in words for a list: browser and system, as the program says of itself. It is a hint for
//! its owner's eyes; nothing is decided by it. What is not known is not guessed.

/// In the order they are looked for: many call themselves by another's name as well.
const BROWSERS: [(&str, &str); 11] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("YaBrowser/", "Yandex"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

const SYSTEMS: [(&str, &str); 10] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Macintosh", "macOS"),
    ("macOS", "macOS"),
    ("iOS", "iOS"),
    ("Linux", "Linux"),
];

/// What our own programs call themselves: `MomFood/0.1.0 (Android)`.
const OURS: [(&str, &str); 1] = [("MomFood/", "MomFood")];

fn first(agent: &str, known: &[(&str, &'static str)]) -> Option<&'static str> {
    let mut known = known.iter();
    known
        .find(|(sign, _)| agent.contains(sign))
        .map(|(_, name)| *name)
}

/// `Chrome · Android`; empty when nothing of it is known.
pub fn words(agent: &str) -> String {
    let program = first(agent, &OURS).or_else(|| first(agent, &BROWSERS));
    let known = [program, first(agent, &SYSTEMS)];
    known.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_and_systems_are_told_apart() {
        for (agent, said) in [
            (
                "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile \
                 Safari/537.36",
                "Chrome · Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/17.5 Mobile/15E148 Safari/604.1",
                "Safari · iPhone",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 \
                 Safari/537.36 Edg/126.0.0.0",
                "Edge · Windows",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
                "Firefox · Linux",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 \
                 Safari/605.1.15",
                "Safari · macOS",
            ),
            ("MomFood/0.1.0 (Android)", "MomFood · Android"),
            ("curl/8.5.0", ""),
            ("", ""),
            ("<script>alert(1)</script>", ""),
        ] {
            assert_eq!(words(agent), said, "{agent}");
        }
    }
}
