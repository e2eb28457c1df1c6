//! Where somebody may be sent back to after they were elsewhere: a path of our own pages, or our own programs. Anything
//! else that came with a request would make this server a door to other people's pages.

/// Longest address that is taken.
const LONGEST: usize = 512;
/// The scheme our programs are called by.
const OURS: &str = "momfood://";

/// `to`, if it leads to ourselves: an absolute path of ours (`/orders?x=1`), or a `momfood://` address. Checked as
/// browsers read addresses: they take `\` for `/`, drop tabs and line ends, and take two slashes for another host.
pub fn safe_return(to: &str) -> Option<&str> {
    let plain = to.len() <= LONGEST && to.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if !plain {
        return None;
    }
    let own_path = || to.starts_with('/') && !to.starts_with("//");
    let own_program = || {
        let rest = to.strip_prefix(OURS)?;
        let host = rest.split(['/', '?', '#']).next().unwrap_or("");
        let named = !host.is_empty()
            && host
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        named.then_some(())
    };
    (own_path() || own_program().is_some()).then_some(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_and_programs_are_gone_back_to() {
        for own in [
            "/",
            "/orders",
            "/kitchen/?ticket=abc#x",
            "/a//b",
            "/login?next=https://evil.example",
            "momfood://signed-in",
            "momfood://signed-in?ticket=abc",
        ] {
            assert_eq!(safe_return(own), Some(own));
        }
        let long = format!("/{}", "a".repeat(LONGEST));
        for other in [
            "",
            "orders",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/a\r\nset-cookie: x=y",
            " /orders",
            "https://evil.example",
            "http:/evil.example",
            "HTTPS://evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "momfood:evil.example",
            "momfood://",
            "momfood:///x",
            "momfood://user@evil.example",
            "momfood://evil.example",
            "MOMFOOD://x",
            "/\u{202e}",
            "/\0",
            &long,
        ] {
            assert_eq!(safe_return(other), None, "{other:?}");
        }
    }
}
