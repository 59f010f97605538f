//! GDAL's messages: caught instead of printed, and told apart by severity.

use std::{cell::RefCell, sync::Once};

use gdal::{config::set_error_handler, errors::CplErrType};

/// What GDAL said during one piece of work, each message once, in order.
#[derive(Debug, Default)]
pub(crate) struct Messages {
    pub warnings: Vec<String>,
    pub failures: Vec<String>,
}

/// More than anyone reads; a broken file can repeat itself for every feature.
const KEPT: usize = 100;

thread_local! {
    static CAUGHT: RefCell<Messages> = RefCell::default();
}

/// Runs `work` and returns what GDAL said meanwhile on this thread; captures nest.
pub(crate) fn capture<T>(work: impl FnOnce() -> T) -> (T, Messages) {
    install();
    let outer = CAUGHT.take();
    let result = work();
    (result, CAUGHT.replace(outer))
}

/// Runs `work`; what GDAL calls a failure fails, whether or not the call returned an error.
/// The warnings come with the result.
pub(crate) fn checked<T, E: std::fmt::Display>(
    work: impl FnOnce() -> Result<T, E>,
) -> Result<(T, Vec<String>), String> {
    let (result, messages) = capture(work);
    match result {
        Ok(value) if messages.failures.is_empty() => Ok((value, messages.warnings)),
        Ok(_) => Err(messages.failures.join("; ")),
        Err(error) => Err(messages.reason(&error)),
    }
}

impl Messages {
    /// GDAL's own words, or else those of `error`.
    pub fn reason(&self, error: &impl std::fmt::Display) -> String {
        if self.failures.is_empty() { error.to_string() } else { self.failures.join("; ") }
    }
}

fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        set_error_handler(|severity, _, text| {
            CAUGHT.with_borrow_mut(|messages| {
                let list = match severity {
                    CplErrType::Warning => &mut messages.warnings,
                    CplErrType::Failure | CplErrType::Fatal => &mut messages.failures,
                    CplErrType::None | CplErrType::Debug => return,
                };
                let text = text.trim();
                if list.len() < KEPT && !list.iter().any(|known| known == text) {
                    list.push(text.to_owned());
                }
            });
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_gives_its_reason_and_stays_inside_its_capture() {
        let ((), outer) = capture(|| {
            let reason = checked(|| gdal::vector::Geometry::from_wkt("POLYGON((")).unwrap_err();
            assert!(!reason.is_empty());
        });
        assert!(outer.failures.is_empty());
    }

    #[test]
    fn a_message_that_repeats_itself_is_kept_once() {
        let ((), messages) = capture(|| {
            for end in ["\n", "", "\n"] {
                crate::raw::warn(&format!("the same{end}"));
            }
        });
        assert_eq!(messages.warnings, ["the same"]);
    }

    #[test]
    fn validity_reasons_arrive_as_warnings() {
        let bow = gdal::vector::Geometry::from_wkt("POLYGON((0 0,1 1,1 0,0 1,0 0))").unwrap();
        let (valid, messages) = capture(|| bow.is_valid());
        assert!(!valid);
        assert!(messages.warnings[0].starts_with("Self-intersection"), "{messages:?}");
    }
}
