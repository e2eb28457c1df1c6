//! The screens inside the program are those that were built.

#[path = "../../../shell/tests/screens/mod.rs"]
mod screens;

#[test]
fn every_screen_is_inside_and_whole() {
    screens::are_inside(&momfood_driver_shell::context(), "driver");
}
