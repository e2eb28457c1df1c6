//! Where the page is scrolled to: which of its parts stands on top, and back to its beginning.

use dioxus::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;

use crate::dom::{self, Listener};

/// Shows the page from its beginning: what matters now stands there.
pub fn to_top() {
    if let Some(window) = dom::window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// Which of the elements `ids` has passed under the line `line` pixels below the top of the window, last; `None`
/// while the first has not. Follows the scroll, and changes only when the answer does.
pub fn use_scroll_spy(ids: &[String], line: f64) -> ReadSignal<Option<usize>> {
    let mut passed = use_signal(|| None::<usize>);
    let watched = use_hook(|| Rc::new(RefCell::new(Vec::new())));
    let ids = ids.to_vec();
    watched.borrow_mut().clone_from(&ids);
    let look = use_hook(|| {
        let watched = Rc::clone(&watched);
        Callback::new(move |()| {
            let found = last_passed(&watched.borrow(), line);
            if *passed.peek() != found {
                passed.set(found);
            }
        })
    });
    use_hook(|| Rc::new(Listener::on_window("scroll", move |_| look.call(()))));
    // What stands where may have changed with what is shown.
    use_effect(use_reactive!(|ids| {
        let _ = ids;
        look.call(());
    }));
    passed.into()
}

fn last_passed(ids: &[String], line: f64) -> Option<usize> {
    let document = dom::document()?;
    let window = dom::window()?;
    let root = dom::root()?;
    // At the very end the last one is meant, however short it is.
    let scrolled = window.scroll_y().unwrap_or(0.0);
    let height = window.inner_height().ok().and_then(|h| h.as_f64()).unwrap_or(0.0);
    let at_end = scrolled > 0.0 && scrolled + height >= f64::from(root.scroll_height()) - 2.0;
    let is_there = |id: &String| {
        document
            .get_element_by_id(id)
            .map(|e| e.get_bounding_client_rect().top())
    };
    if at_end {
        return ids.iter().rposition(|id| is_there(id).is_some());
    }
    ids.iter()
        .rposition(|id| is_there(id).is_some_and(|top| top <= line))
}
