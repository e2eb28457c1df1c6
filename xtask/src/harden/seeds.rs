//! What a fuzz target begins from: the golden files. Bytes at random seldom become JSON that means something; a sample
//! of every shape does, and what is made of it goes deep.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use std::path::Path;

const WIRE: &str = "core/protocol/tests/golden";
const SHAPES: &str = "core/domain/tests/json/snapshots";

/// The inputs that `target` begins from; none for one that finds its way by itself.
pub fn of(target: &str, root: &Path) -> Result<Vec<Vec<u8>>> {
    let values = match target {
        "wire" => samples(&root.join(WIRE))?,
        "pricing" => vec![cart(&root.join(SHAPES))?],
        _ => Vec::new(),
    };
    Ok(values
        .iter()
        .map(|value| value.to_string().into_bytes())
        .collect())
}

/// Every sample of every wire: what stands one or two levels below a file's top.
fn samples(folder: &Path) -> Result<Vec<Value>> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let Value::Object(samples) = snapshot(&entry?.path())? else {
            continue;
        };
        for sample in samples.into_values() {
            if let Value::Object(parts) = &sample {
                all.extend(parts.values().filter(|part| part.is_object()).cloned());
            }
            all.push(sample);
        }
    }
    Ok(all)
}

/// A cart that can be bought.
fn cart(folder: &Path) -> Result<Value> {
    let shape = |name: &str| snapshot(&folder.join(format!("json__shapes__{name}.snap")));
    let terms = json!({
        "minimumOrder": 0, "deliveryFee": 900, "deliveryFeePerKm": 200, "deliveryRadiusM": 8_000,
        "serviceFeeBp": 500, "vatBp": 1_500, "discount": 0,
    });
    let (menu, cart) = (shape("a_menu_keeps_its_shape")?, shape("a_cart_keeps_its_shape")?);
    Ok(json!([menu, cart, terms, 2_500, 0]))
}

/// A golden file without its head.
fn snapshot(file: &Path) -> Result<Value> {
    let text = std::fs::read_to_string(file)?;
    let body = text.splitn(3, "---\n").nth(2).unwrap_or_default();
    serde_json::from_str(body).with_context(|| format!("{} is no golden file", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Workspace;

    #[test]
    fn there_is_a_sample_of_every_call_and_a_whole_cart() {
        let root = Workspace::locate().unwrap().root;
        let wire = of("wire", &root).unwrap();
        let text: String = wire.iter().map(|bytes| String::from_utf8_lossy(bytes)).collect();
        assert!(
            text.contains(r#""call":"PlaceOrder""#) && wire.len() > 200,
            "{}",
            wire.len()
        );
        let [cart] = &of("pricing", &root).unwrap()[..] else {
            panic!("one cart");
        };
        let parts: Vec<Value> = serde_json::from_slice(cart).unwrap();
        let dish = parts[1]["lines"][0]["itemId"].to_string();
        assert!(parts[0].to_string().contains(&dish), "the cart is of the menu");
        assert!(of("typed", &root).unwrap().is_empty());
    }
}
