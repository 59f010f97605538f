//! A program whose conventions are followed, named in the results.

use durbin_core::Conventions;
use durbin_hotspot::Compat;

/// The conventions with the program that was followed and what to know of it.
pub(crate) fn named(conventions: Conventions, program: Option<Compat>) -> Conventions {
    let Some(program) = program else { return conventions };
    let conventions = conventions.with("compat", program.name());
    let known = program.conventions().iter();
    known.fold(conventions, |all, choice| all.with(program.name(), *choice))
}
