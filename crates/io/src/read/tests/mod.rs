//! Files read back.

mod both_ways;
mod standard_input;

use super::*;
