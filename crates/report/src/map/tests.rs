use durbin_core::{Class, Rgb, Symbol};
use geo_types::{Coord, LineString, MultiPolygon, Point, Polygon, polygon};
use roxmltree::Document;

use super::*;

fn square(x: f64, y: f64, side: f64) -> Polygon {
    polygon![(x: x, y: y), (x: x + side, y: y), (x: x + side, y: y + side), (x: x, y: y + side)]
}

fn style() -> Style {
    let class = |value, label: &str, grey| Class {
        value,
        label: label.to_owned(),
        symbol: Symbol::area(Rgb(grey, grey, grey)),
    };
    Style::Categorised {
        field: "gi_bin".into(),
        title: "Gi* & bins".into(),
        classes: vec![class(3, "Hot spot, 99 % confidence", 10), class(0, "Not significant", 200)],
    }
}

/// Four squares of 100 km in a row, the second with a hole, the third with a dot of an island.
fn shapes() -> Vec<Option<Geometry<f64>>> {
    let km = 1000.0;
    let hole = square(130.0 * km, 30.0 * km, 40.0 * km).exterior().clone();
    let holed = Polygon::new(square(100.0 * km, 0.0, 100.0 * km).exterior().clone(), vec![hole]);
    let islands =
        MultiPolygon(vec![square(200.0 * km, 0.0, 100.0 * km), square(350.0 * km, 0.0, 1.0)]);
    vec![
        Some(square(0.0, 0.0, 100.0 * km).into()),
        Some(holed.into()),
        Some(islands.into()),
        Some(square(300.0 * km, 0.0, 100.0 * km).into()),
    ]
}

fn draw(shapes: &[Option<Geometry<f64>>], values: &[Option<f64>]) -> String {
    let names: Vec<String> = ["长沙市", "B <&> \"b\"", "C", "D"].map(str::to_owned).into();
    let style = style();
    svg(&Map {
        title: "Growth",
        subtitle: None,
        shapes,
        panels: &[Panel { heading: "", values, circles: &[] }],
        names: &names,
        labels: &[],
        circles: None,
        columns: None,
        style: &style,
        metres_per_unit: Some(1.0),
        note: Some("Projection: test."),
    })
}

fn texts(tree: &Document, tag: &str) -> Vec<String> {
    let nodes = tree.descendants().filter(|node| node.has_tag_name(tag));
    nodes.map(|node| node.text().unwrap_or_default().replace('\u{a0}', " ")).collect()
}

#[test]
fn every_feature_is_drawn_with_its_name_and_class() {
    let svg = draw(&shapes(), &[Some(3.0), Some(0.0), Some(0.0), Some(3.0)]);
    let tree = Document::parse(&svg).unwrap();
    let mut titles = texts(&tree, "title");
    titles.sort();
    assert_eq!(
        titles,
        [
            "B <&> \"b\": Not significant",
            "C: Not significant",
            "D: Hot spot, 99 % confidence",
            "长沙市: Hot spot, 99 % confidence"
        ]
    );
    let options = resvg::usvg::Options::default();
    assert!(resvg::usvg::Tree::from_str(&svg, &options).is_ok());
}

#[test]
fn the_legend_counts_in_words_and_lists_no_value_only_when_there_is_one() {
    let all = draw(&shapes(), &[Some(3.0), Some(0.0), Some(0.0), Some(3.0)]);
    let words = texts(&Document::parse(&all).unwrap(), "text");
    assert!(words.contains(&"Hot spot, 99 % confidence (2)".to_owned()), "{words:?}");
    assert!(words.contains(&"Not significant (2)".to_owned()));
    assert!(!all.contains("No value") && !all.contains("Outside"));

    let some = draw(&shapes(), &[Some(3.0), None, Some(7.0), Some(f64::NAN)]);
    let words = texts(&Document::parse(&some).unwrap(), "text");
    assert!(words.contains(&"No value (2)".to_owned()));
    assert!(words.contains(&"Outside the classes (1)".to_owned()));
}

#[test]
fn the_scale_is_the_same_along_both_axes_and_the_bar_agrees_with_it() {
    let svg = draw(&[Some(square(0.0, 0.0, 400_000.0).into())], &[Some(0.0)]);
    let tree = Document::parse(&svg).unwrap();
    let path = tree
        .descendants()
        .find(|node| node.has_tag_name("path") && node.parent().unwrap().has_tag_name("g"))
        .and_then(|node| node.attribute("d"))
        .unwrap();
    let steps: Vec<i32> = path
        .trim_end_matches('z')
        .split_once('l')
        .unwrap()
        .1
        .replace('-', " -")
        .split_whitespace()
        .map(|step| step.parse().unwrap())
        .collect();
    let side = steps.iter().map(|step| step.abs()).max().unwrap();
    assert!(steps.iter().all(|step| [0, side].contains(&step.abs())), "{path}");
    // 400 km are `side` tenths of a pixel, so 50 km are an eighth of that.
    assert!(texts(&tree, "text").contains(&"50 km".to_owned()));
    let bar = f64::from(side) / 10.0 / 8.0;
    let expected = format!("H{}", px(SIDE_LEFT + bar));
    let near = format!("H{}", px(SIDE_LEFT + bar + 0.1));
    assert!(svg.contains(&expected) || svg.contains(&near), "no {expected} in the bar");
}

#[test]
fn a_hole_is_a_second_ring_of_the_same_path() {
    let svg = draw(&shapes(), &[None, Some(3.0), None, None]);
    let tree = Document::parse(&svg).unwrap();
    let holed = tree
        .descendants()
        .find(|node| node.has_tag_name("title") && node.text().unwrap().starts_with('B'))
        .and_then(|title| title.parent())
        .unwrap();
    let paths: Vec<_> = holed.children().filter_map(|node| node.attribute("d")).collect();
    assert_eq!(paths.len(), 1);
    assert_eq!(paths[0].matches('z').count(), 2);
    assert!(svg.contains("fill-rule=\"evenodd\""));
}

#[test]
fn an_area_below_a_pixel_is_still_marked() {
    let mut shapes = shapes();
    shapes.push(Some(square(0.0, 200_000.0, 1.0).into()));
    let svg = draw(&shapes, &[Some(0.0); 5]);
    assert_eq!(texts(&Document::parse(&svg).unwrap(), "title").len(), 5);
}

#[test]
fn points_are_circles_and_features_without_shape_are_counted() {
    let point = |x: f64| Some(Geometry::Point(Point::new(x, 0.0)));
    let svg = draw(&[point(0.0), None, point(9.0)], &[Some(0.0); 3]);
    let tree = Document::parse(&svg).unwrap();
    let circles = tree.descendants().filter(|node| node.has_tag_name("circle")).count();
    assert_eq!(circles, 2 + 2, "two units and two legend entries");
    assert!(svg.contains("having no geometry: 1."));
}

#[test]
fn nothing_at_all_and_coordinates_that_are_no_numbers_still_make_a_picture() {
    let broken =
        LineString(vec![Coord { x: f64::NAN, y: 0.0 }, Coord { x: f64::INFINITY, y: 1.0 }]);
    for shapes in [vec![], vec![Some(broken.into())], vec![Some(Point::new(5.0, 5.0).into())]] {
        let svg = draw(&shapes, &[]);
        assert!(Document::parse(&svg).is_ok());
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }
}

#[test]
fn several_panels_share_shapes_and_classes() {
    let (first, second) = ([Some(3.0), Some(0.0), None, None], [Some(0.0); 4]);
    let names: Vec<String> = ["长沙市", "B", "C", "D"].map(str::to_owned).into();
    let drawn = super::draw(&Map {
        title: "Growth",
        subtitle: None,
        shapes: &shapes(),
        panels: &[
            Panel { heading: "1990", values: &first, circles: &[] },
            Panel { heading: "2000", values: &second, circles: &[] },
        ],
        names: &names,
        labels: &[],
        circles: None,
        columns: None,
        style: &style(),
        metres_per_unit: Some(1.0),
        note: None,
    });
    let tree = Document::parse(&drawn.svg).unwrap();
    let uses = tree.descendants().filter(|node| node.has_tag_name("use")).count();
    assert_eq!(uses, 8);
    let words = texts(&tree, "text");
    assert!(["1990", "2000"].iter().all(|year| words.contains(&(*year).to_owned())), "{words:?}");
    assert_eq!(words.iter().filter(|word| *word == "Not significant").count(), 1);
    let counts: Vec<usize> = drawn.counts.iter().map(|count| count.1).collect();
    assert_eq!(counts, [1, 5, 0, 2]);
    let options = resvg::usvg::Options::default();
    assert!(resvg::usvg::Tree::from_str(&drawn.svg, &options).is_ok());
}

#[test]
fn more_shapes_than_can_be_told_apart_share_pixels_and_leave_no_gap() {
    let side = 160_u32;
    let cells = (0..side * side)
        .map(|at| Some(square(f64::from(at % side), f64::from(at / side), 1.0).into()));
    // A wide frame makes the cells small.
    let shapes: Vec<Option<Geometry<f64>>> =
        cells.chain([Some(Point::new(2000.0, 0.0).into())]).collect();
    let values = vec![Some(3.0); shapes.len()];
    let style = style();
    let map = Map {
        title: "Many",
        subtitle: None,
        shapes: &shapes,
        panels: &[Panel { heading: "", values: &values, circles: &[] }],
        names: &[],
        labels: &[],
        circles: None,
        columns: None,
        style: &style,
        metres_per_unit: None,
        note: None,
    };
    let drawn = super::draw(&map);
    assert!(drawn.simplified);
    assert!(drawn.svg.len() < 20_000, "{}", drawn.svg.len());
    let runs: Vec<&str> = drawn.svg.matches("v10h-").collect();
    // 160 cells at about a third of a pixel are some 53 rows of one run each, and the point.
    assert!((50..60).contains(&runs.len()), "{}", runs.len());
}
