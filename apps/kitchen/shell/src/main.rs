//! The kitchen's program on a computer.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

fn main() {
    momfood_kitchen_shell::run();
}
