//! Whoever cannot see or point can still order, cook and drive: everything has a name, the keyboard reaches it, and
//! nothing sticks out of the screen.

use momfood_domain::text::Lang;
use momfood_e2e::screen::{Screen, Size};
use momfood_e2e::stage::tell;
use serde_json::{Value, json};

use crate::walk::{Stop, usual, walk};

/// Everything wrong on a page, in words. Names are those of the accessibility tree (`computedName`).
const FAULTS: &str = r#"
const faults = [];
const shown = e => e.checkVisibility({ visibilityProperty: true }) && !e.closest("[inert], [aria-hidden=true]");
const modal = document.querySelector("dialog[open]:last-of-type") ?? document;
const within = css => [...modal.querySelectorAll(css)].filter(shown);
const what = e => e.outerHTML.replace(/\s+/g, " ").slice(0, 140);
const named = e => (e.computedName ?? "").trim() !== "";
for (const e of within("img:not([alt])")) faults.push("an image without alt: " + what(e));
for (const e of within("button, [role=button], a[href], summary")) if (!named(e)) faults.push("a button or link without a name: " + what(e));
for (const e of within("input:not([type=hidden]), select, textarea")) if (!named(e)) faults.push("a field without a label: " + what(e));
for (const e of within("dialog, [role=dialog], fieldset, nav")) if (!named(e)) faults.push("a region without a name: " + what(e));
const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
for (const id of ids.filter((id, at) => ids.indexOf(id) !== at)) faults.push("two things are called #" + id);
if (!document.title.trim()) faults.push("the page has no title");
if (document.querySelectorAll("main").length !== 1) faults.push("the page has " + document.querySelectorAll("main").length + " main parts");
const wide = document.scrollingElement.scrollWidth - innerWidth;
if (wide > 0) {
  const out = [...document.body.querySelectorAll("*")].find(e => shown(e) && (e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1) && !e.closest(".k-scroller"));
  faults.push("the page is " + wide + " px too wide" + (out ? ": " + what(out) : ""));
}
for (const e of within("button, a[href], input, select, summary")) {
  const target = e.closest("label") ?? e;
  const box = target.getBoundingClientRect();
  // Two pixels are there for screen readers and show themselves to the keyboard.
  if (box.width > 2 && box.height > 2 && (box.width < 24 || box.height < 24)) faults.push("too small to touch (" + Math.round(box.width) + "×" + Math.round(box.height) + "): " + what(e));
}
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node; (node = texts.nextNode());) {
  const text = node.data.trim();
  if (/^[a-z]+(-[a-z]+){1,5}$/.test(text) && shown(node.parentElement)) faults.push("a word that was not translated: " + text);
  if (text.includes("{$") || text.includes("{ $")) faults.push("a word with a hole: " + text);
}
return faults;
"#;

#[test]
fn every_screen_can_be_read_aloud_and_used_with_a_keyboard() {
    tell(async |stage| {
        let mut faults: Vec<String> = Vec::new();
        walk(stage, Lang::En, &mut async |stop: Stop<'_>| {
            let mut say = |size: Size, fault: &str| {
                faults.push(format!("{} {} at {}: {fault}", stop.app, stop.name, size.width));
            };
            for size in [Size::DESK, Size::PHONE] {
                stop.screen.resize(size).await;
                for fault in faults_of(stop.screen).await {
                    say(size, &fault);
                }
            }
            let usual = usual(stop.app);
            stop.screen.resize(usual).await;
            if !keyboard_reaches(stop.screen, stop.main).await {
                say(usual, &format!("the tab key does not reach {}", stop.main));
            }
        })
        .await;
        faults.sort();
        faults.dedup();
        assert!(
            faults.is_empty(),
            "{} faults:\n{}",
            faults.len(),
            faults.join("\n")
        );
    });
}

async fn faults_of(screen: &Screen) -> Vec<String> {
    let found: Value = screen.run(FAULTS, Vec::new()).await;
    serde_json::from_value(found).expect("words")
}

/// Whether pressing Tab, again and again, leads to the thing or into it.
async fn keyboard_reaches(screen: &Screen, css: &str) -> bool {
    const TAB: &str = "\u{e004}";
    let here = "return document.activeElement?.closest(arguments[0]) !== null";
    for _ in 0..90 {
        screen.keys(TAB).await;
        if screen.run(here, vec![json!(css)]).await == true {
            return true;
        }
    }
    false
}
