//! What somebody tries who means harm, and what comes of it: nothing, and nobody else notices.

mod assignment;
mod bodies;
mod browsers;
mod flood;
mod guessing;
mod shared;
