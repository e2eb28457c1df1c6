//! Order numbers: eight random digits, so that nobody can count a restaurant's orders or guess a neighbour's. And the
//! four that a customer tells the driver.

/// `NNNN-NNNN` from random bytes.
pub(super) fn order_number(chance: [u8; 8]) -> String {
    let digits = u64::from_be_bytes(chance) % 100_000_000;
    format!("{:04}-{:04}", digits / 10_000, digits % 10_000)
}

/// `NNNN` from random bytes: what a customer tells the driver at the door.
pub(super) fn handover_code(chance: [u8; 8]) -> String {
    format!("{:04}", u64::from_be_bytes(chance) % 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_four_digits_twice() {
        assert_eq!(order_number([0; 8]), "0000-0000");
        assert_eq!(order_number(48_211_234_u64.to_be_bytes()), "4821-1234");
        assert_eq!(order_number([0xff; 8]).len(), 9);
        assert_eq!(handover_code(40_007_u64.to_be_bytes()), "0007");
    }
}
