//! Keeps nothing longer than it lives: for programs that start afresh each time, and for tests.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::port::Keep;

/// See the module.
#[derive(Debug, Default)]
pub struct MemoryKeep(RefCell<BTreeMap<String, String>>);

impl Keep for MemoryKeep {
    fn get(&self, key: &str) -> Option<String> {
        self.0.borrow().get(key).cloned()
    }

    fn set(&self, key: &str, value: Option<&str>) {
        let mut kept = self.0.borrow_mut();
        match value {
            Some(value) => kept.insert(key.to_owned(), value.to_owned()),
            None => kept.remove(key),
        };
    }
}
