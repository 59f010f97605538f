//! More shapes than the eye can tell apart: the small ones share pixels.

use super::frame::Tenths;

/// Shapes no larger than this, in tenths of a pixel, are painted by pixels.
pub(super) const SMALL: i32 = 20;
const PIXEL: i32 = 10;

/// Pixels of a map, each in the class of most of the small shapes that lie in it; of classes that tie, the
/// first.
pub(super) struct Pixels {
    across: usize,
    down: usize,
    classes: usize,
    votes: Vec<u32>,
}

impl Pixels {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the size of a picture"
    )]
    pub(super) fn new(width: f64, height: f64, classes: usize) -> Self {
        let (across, down) = (width.ceil() as usize + 1, height.ceil() as usize + 1);
        Self { across, down, classes, votes: vec![0; across * down * classes] }
    }

    /// A shape of `class` in the box from `low` to `high`: the pixel of its middle and those whose middles it
    /// covers.
    pub(super) fn paint(&mut self, low: Tenths, high: Tenths, class: usize) {
        let middle = (i32::midpoint(low.0, high.0) / PIXEL, i32::midpoint(low.1, high.1) / PIXEL);
        let covered = |low: i32, high: i32, middle: i32| {
            let first = (low + PIXEL / 2 - 1).div_euclid(PIXEL).min(middle);
            let last = (high - PIXEL / 2).div_euclid(PIXEL).max(middle);
            first..=last
        };
        for y in covered(low.1, high.1, middle.1) {
            for x in covered(low.0, high.0, middle.0) {
                let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { continue };
                if x < self.across && y < self.down {
                    self.votes[(y * self.across + x) * self.classes + class] += 1;
                }
            }
        }
    }

    fn class(&self, x: usize, y: usize) -> Option<usize> {
        let at = (y * self.across + x) * self.classes;
        let votes = &self.votes[at..at + self.classes];
        let most = *votes.iter().max()?;
        (most > 0).then(|| votes.iter().position(|&count| count == most))?
    }

    /// The path, in tenths of a pixel, of the pixels of each class, runs along rows joined.
    pub(super) fn paths(&self) -> Vec<String> {
        let mut paths = vec![String::new(); self.classes];
        for y in 0..self.down {
            let mut x = 0;
            while x < self.across {
                let Some(class) = self.class(x, y) else {
                    x += 1;
                    continue;
                };
                let from = x;
                while x < self.across && self.class(x, y) == Some(class) {
                    x += 1;
                }
                let length = (x - from) * 10;
                paths[class] += &format!("M{} {}h{length}v10h-{length}z", from * 10, y * 10);
            }
        }
        paths
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pixel_has_the_class_of_most_of_its_shapes_and_runs_are_joined() {
        let mut pixels = Pixels::new(3.0, 1.0, 2);
        pixels.paint((0, 0), (4, 4), 0);
        pixels.paint((1, 1), (5, 5), 1);
        pixels.paint((2, 2), (6, 6), 1);
        pixels.paint((12, 2), (16, 6), 1);
        assert_eq!(pixels.paths(), [String::new(), "M0 0h20v10h-20z".to_owned()]);
    }

    #[test]
    fn shapes_of_two_thirds_of_a_pixel_leave_no_hole() {
        let mut pixels = Pixels::new(40.0, 1.0, 1);
        for at in 0..60 {
            let edge = |i: i32| i * 20 / 3;
            pixels.paint((edge(at), 0), (edge(at + 1), 7), 0);
        }
        assert_eq!(pixels.paths(), ["M0 0h400v10h-400z"]);
    }
}
