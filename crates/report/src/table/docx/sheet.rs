//! How a table comes to fit on paper without a broken word: lines are wrapped, then the page is turned, then letters
//! become smaller.

use super::{BODY, words};
use crate::{
    svg,
    table::{Grid, Line},
};

/// Twentieths of a point, the unit of Word: the width of the text on an A4 page with margins of 2 cm, and on one that is
/// turned.
const UPRIGHT: f64 = 9638.0;
const TURNED: f64 = 14_570.0;
/// Width of letters measured at size 1, in twentieths of a point for each half point of size; somewhat narrow faces.
const EM: f64 = 10.0 * 0.9;
/// Bold letters are wider.
const BOLD: f64 = 1.08;
/// Margins of a cell.
const MARGINS: f64 = 160.0;
/// Half points below which nobody reads.
const SMALLEST: usize = 12;

pub(super) struct Sheet {
    /// Of the columns, in twentieths of a point.
    pub widths: Vec<usize>,
    /// Of the letters, in half points.
    pub size: usize,
    pub landscape: bool,
}

impl Sheet {
    pub fn of(grid: &Grid) -> Self {
        let turned = (SMALLEST..=BODY).rev().map(|size| (true, size));
        let mut ways = std::iter::once((false, BODY)).chain(turned);
        let fitting = ways.find_map(|(landscape, size)| {
            let room = if landscape { TURNED } else { UPRIGHT };
            Some(Self { widths: shared(&wishes(grid, size), room)?, size, landscape })
        });
        fitting.unwrap_or_else(|| {
            // Words have to break after all.
            let least: Vec<f64> = wishes(grid, SMALLEST).iter().map(|wish| wish.least).collect();
            let scale = TURNED / least.iter().sum::<f64>();
            let widths = least.into_iter().map(|width| whole(width * scale)).collect();
            Self { widths, size: SMALLEST, landscape: true }
        })
    }
}

/// What a column asks for.
struct Wish {
    /// The longest word.
    least: f64,
    /// The longest line.
    all: f64,
}

fn wishes(grid: &Grid, size: usize) -> Vec<Wish> {
    let measured = |text: &str, weight: f64| svg::width(text, 1.0) * EM * size as f64 * weight;
    let of = |at: usize| {
        let cells = grid.body.iter().chain(&grid.footer).filter_map(|line| match line {
            Line::Cells(cells) => cells.get(at).map(words),
            Line::Group(_) => None,
        });
        let texts = cells.map(|text| (text, 1.0)).chain([(grid.columns[at].text.clone(), BOLD)]);
        let none = Wish { least: 0.0, all: 2.0 * EM * size as f64 };
        let wish = texts.fold(none, |wish, (text, weight)| {
            let longest = text.split_whitespace().map(|word| measured(word, weight));
            Wish {
                least: longest.fold(wish.least, f64::max),
                all: wish.all.max(measured(&text, weight)),
            }
        });
        Wish { least: wish.least + MARGINS, all: wish.all.max(wish.least) + MARGINS }
    };
    (0..grid.columns.len()).map(of).collect()
}

/// All that is wished for, or else the least and a share of the rest; `None` where words do not fit.
fn shared(wishes: &[Wish], room: f64) -> Option<Vec<usize>> {
    let (least, all) =
        wishes.iter().fold((0.0, 0.0), |(least, all), wish| (least + wish.least, all + wish.all));
    if least > room {
        return None;
    }
    let share = if all > room { (room - least) / (all - least) } else { 1.0 };
    Some(wishes.iter().map(|wish| whole(wish.least + share * (wish.all - wish.least))).collect())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below the page")]
fn whole(width: f64) -> usize {
    width as usize
}

#[cfg(test)]
mod tests {
    use durbin_core::{Column, Table};

    use super::*;

    fn sheet(columns: usize, head: &str) -> (Sheet, Vec<Wish>) {
        let column = |at| Column::text(format!("{head}{at}"), ["a word or two of what it holds"]);
        let table = Table {
            name: "t".into(),
            title: String::new(),
            columns: (10..10 + columns).map(column).collect(),
        };
        let grid = Grid::from(&table);
        let sheet = Sheet::of(&grid);
        let wishes = wishes(&grid, sheet.size);
        (sheet, wishes)
    }

    #[test]
    fn no_word_is_broken_while_the_page_can_be_turned_or_letters_be_smaller() {
        for columns in 1..=15 {
            let (sheet, wishes) = sheet(columns, "weight_20");
            for (width, wish) in sheet.widths.iter().zip(&wishes) {
                assert!(*width as f64 + 1.0 >= wish.least, "{columns} columns");
            }
            let room = if sheet.landscape { TURNED } else { UPRIGHT };
            assert!(sheet.widths.iter().sum::<usize>() as f64 <= room, "{columns} columns");
        }
    }

    #[test]
    fn a_page_is_turned_and_letters_shrink_only_where_they_must() {
        let ways = [2, 10, 15].map(|columns| sheet(columns, "weight_20").0);
        assert_eq!((ways[0].landscape, ways[0].size), (false, BODY));
        assert!(ways[1].landscape && ways[2].landscape && ways[2].size < ways[1].size);
        let (widest, _) = sheet(60, "weight_20");
        assert_eq!(widest.size, SMALLEST);
        assert!(widest.widths.iter().sum::<usize>() as f64 <= TURNED);
    }
}
