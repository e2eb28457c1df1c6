//! Where the server's pictures are: below `/media/` of the page's own origin, or where the program around the page says
//! (it keeps copies, so that they are there without a network).

use crate::dom;

/// Below which address pictures are, ending with a slash.
fn base() -> String {
    dom::root()
        .and_then(|root| root.get_attribute("data-media"))
        .unwrap_or_else(|| "/media/".to_owned())
}

/// The address of a picture, from the path that the engine names: `dishes/kabsa.svg`.
pub fn picture(path: &str) -> String {
    let path = path.strip_prefix("/media/").unwrap_or(path);
    if path.starts_with('/') {
        // A file of the app's own.
        return path.to_owned();
    }
    base() + path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_of_the_server_is_below_media_and_a_file_of_the_app_where_it_is() {
        assert_eq!(picture("dishes/kabsa.svg"), "/media/dishes/kabsa.svg");
        assert_eq!(picture("/media/dishes/kabsa.svg"), "/media/dishes/kabsa.svg");
        assert_eq!(picture("/icon.svg"), "/icon.svg");
    }
}
