//! `durbin lisa`.

use durbin::io::{Source, read_units};

use crate::columbus::{files, near, reference, straight_and_mixed};
use crate::support::{Scratch, board, by_key, json, refused, squares};

#[test]
fn the_columns_and_the_summary_are_those_of_the_interface() {
    let scratch = Scratch::new();
    let input = scratch.write("board.geojson", &board());
    let output = scratch.path("out.gpkg");
    let base = ["lisa", &input, &output, "--field", "x", "--id", "id", "--permutations", "99"];
    let result = json(&base);
    assert_eq!((&result["field"], &result["n"]), (&"x".into(), &25.into()));
    assert_eq!((&result["statistic"], &result["transform"]), (&"moran".into(), &"R".into()));
    assert_eq!((&result["permutations"], &result["seed"]), (&99.into(), &12345.into()));
    assert_eq!((&result["islands"], &result["correction"]), (&0.into(), &"none".into()));
    let sum = |counts: &serde_json::Value| -> u64 {
        counts.as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum()
    };
    assert_eq!((sum(&result["clusters"]), sum(&result["quadrants"])), (25, 25));
    assert_eq!(result["weights"]["links"], 144);
    let written = read_units(&Source::new(&output).id("id")).unwrap();
    let names: Vec<&str> = written.layer.columns.iter().map(|c| c.name.as_str()).collect();
    let added = [
        "lisa_i",
        "lisa_z",
        "lisa_p",
        "lisa_quadrant",
        "lisa_neighbors",
        "lisa_cluster",
        "lisa_label",
        "lisa_p_sim",
        "lisa_z_sim",
    ];
    assert_eq!(names, [&["id", "x", "flat"][..], &added[..]].concat());
    let quadrants = written.layer.column("lisa_quadrant").unwrap();
    assert!(
        (0..25).all(|row| {
            ["HH", "LL", "LH", "HL"].contains(&quadrants.key(row).unwrap().as_str())
        })
    );
}

#[test]
fn local_moran_of_columbus_is_geoda_s_and_spdep_s_in_any_order_of_rows() {
    let expected = reference("autocorrelation/spdep.json");
    let expected = &expected["local"]["queen|W|CRIME"];
    let mut bits: Vec<Vec<u64>> = Vec::new();
    for rows in straight_and_mixed() {
        let scratch = Scratch::new();
        let (input, weights) = files(&scratch, &rows);
        let (own, spdep) = (scratch.path("own.gpkg"), scratch.path("spdep.gpkg"));
        let base = ["--field", "CRIME", "--id", "id", "--weights", &weights];
        json(&[&["lisa", &input, &own][..], &base].concat());
        let found = json(&[&["lisa", &input, &spdep][..], &base, &["--compat", "spdep"]].concat());
        assert_eq!(found["compat"], "spdep");
        assert!(found["conventions"].to_string().contains("spdep"));
        let own = by_key(&own, "columbus", "id", "lisa_i");
        let spdep = by_key(&spdep, "columbus", "id", "lisa_i");
        for (at, (own, spdep)) in own.iter().zip(&spdep).enumerate() {
            near(own.1, &expected["mlvar_false"][at], "divisor n − 1");
            near(spdep.1, &expected["moran"]["i"][at], "divisor n");
        }
        bits.push(own.iter().map(|(_, i)| i.to_bits()).collect());
    }
    assert_eq!(bits[0], bits[1], "the order of the rows changes no bit");
}

#[test]
fn permutations_do_not_depend_on_threads_and_decide_the_clusters() {
    let scratch = Scratch::new();
    let input = scratch.write("board.geojson", &board());
    let run = |name: &str, threads: &str| {
        let output = scratch.path(name);
        let base = ["lisa", &input, &output, "--field", "x", "--id", "id", "--permutations", "99"];
        json(&[&base[..], &["--threads", threads]].concat());
        (
            by_key(&output, "board", "id", "lisa_p_sim"),
            by_key(&output, "board", "id", "lisa_cluster"),
        )
    };
    let (p, clusters) = run("one.gpkg", "1");
    assert_eq!((p.clone(), clusters.clone()), run("four.gpkg", "4"));
    assert!(p.iter().zip(clusters).all(|(p, cluster)| (p.1 <= 0.05) == (cluster.1 > 0.0)));
}

#[test]
fn local_geary_has_columns_of_its_own() {
    let scratch = Scratch::new();
    let input = scratch.write("board.geojson", &board());
    let output = scratch.path("out.gpkg");
    let base = ["lisa", &input, &output, "--field", "x", "--id", "id", "--statistic", "geary"];
    let result = json(&base);
    assert_eq!(result["statistic"], "geary");
    assert!(result.get("quadrants").is_none());
    assert_eq!(by_key(&output, "board", "id", "geary_c").len(), 25);
    assert_eq!(by_key(&output, "board", "id", "geary_cluster").len(), 25);
}

#[test]
fn an_island_is_kept_without_a_statistic_and_told() {
    let scratch = Scratch::new();
    let map = squares(&[
        ("a", 0.0, 0.0, r#""x":1"#),
        ("b", 1.0, 0.0, r#""x":2"#),
        ("c", 2.0, 0.0, r#""x":4"#),
        ("d", 3.0, 0.0, r#""x":3"#),
        ("far", 9.0, 9.0, r#""x":9"#),
    ]);
    let input = scratch.write("map.geojson", &map);
    let output = scratch.path("out.gpkg");
    let base = ["lisa", &input, &output, "--field", "x", "--id", "id"];
    let result = json(&base);
    assert_eq!((&result["islands"], &result["n"]), (&1.into(), &5.into()));
    assert_eq!(result["clusters"]["Neighborless"], 1);
    assert!(result["warnings"].to_string().contains("far"));
    let far = |field: &str| by_key(&output, "map", "id", field)[4].1;
    assert!(["lisa_i", "lisa_z", "lisa_p"].iter().all(|field| far(field).is_nan()));
    assert_eq!(far("lisa_neighbors"), 0.0);
    let refusal = [&base[..], &["--islands", "error", "--overwrite"]].concat();
    assert!(refused(&refusal, 1).contains("far"));
}

#[test]
fn several_fields_are_prefixed_and_a_missing_value_leaves_a_unit_out_of_its_field_alone() {
    let scratch = Scratch::new();
    let map = squares(&[
        ("a", 0.0, 0.0, r#""u":1,"v":2"#),
        ("b", 1.0, 0.0, r#""u":null,"v":7"#),
        ("c", 1.0, 1.0, r#""u":4,"v":1"#),
        ("d", 0.0, 1.0, r#""u":3,"v":3"#),
        ("e", 0.0, 2.0, r#""u":8,"v":5"#),
    ]);
    let input = scratch.write("map.geojson", &map);
    let output = scratch.path("out.gpkg");
    let base = ["lisa", &input, &output, "--field", "u,v", "--id", "id"];
    let message = refused(&base, 1);
    assert!(message.contains("`u`") && message.contains("1 (b)"), "{message}");
    let result = json(&[&base[..], &["--missing", "drop"]].concat());
    let results = result["results"].as_array().unwrap();
    let counts: Vec<_> = results.iter().map(|r| (r["n"].as_u64(), r["dropped"].as_u64())).collect();
    assert_eq!(counts, [(Some(4), Some(1)), (Some(5), Some(0))]);
    assert!(by_key(&output, "map", "id", "u_lisa_i")[1].1.is_nan());
    assert!(by_key(&output, "map", "id", "v_lisa_i").iter().all(|(_, i)| !i.is_nan()));
}

#[test]
fn what_cannot_be_is_refused_before_anything_is_written() {
    let scratch = Scratch::new();
    let input = scratch.write("board.geojson", &board());
    let output = scratch.path("o.gpkg");
    let base = ["lisa", &input, &output, "--id", "id"];
    let constant = refused(&[&base[..], &["--field", "flat"]].concat(), 1);
    for word in ["board.geojson", "`flat`", "constant"] {
        assert!(constant.contains(word), "{constant}");
    }
    for wrong in [
        &["--field", "x", "--statistic", "getis"][..],
        &["--field", "x", "--alpha", "5"],
        &["--field", "x", "--compat", "stata"],
        &["--field", "x", "--time", "year"],
        &["--field", "x", "--missing", "interpolate"],
        &["--field", "x,x"],
        &[],
    ] {
        refused(&[&base[..], wrong].concat(), 2);
    }
    assert_eq!(scratch.entries(), ["board.geojson"]);
}
