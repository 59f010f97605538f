//! PostGIS both ways, on a server of the test's own. Skipped, and said so, where PostgreSQL and PostGIS are not
//! installed; with `DURBIN_NEED_POSTGIS` set that is a failure.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use durbin::{
    core::Values,
    io::{Existing, Source, read_table, read_units, write_layer},
};

use crate::support::{Scratch, board, durbin, json, refused, repository};

/// A server that listens to a socket in a folder of its own, and stops when it is dropped.
struct Server {
    folder: tempfile::TempDir,
    programs: PathBuf,
}

impl Server {
    fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            assert!(
                std::env::var_os("DURBIN_NEED_POSTGIS").is_none(),
                "DURBIN_NEED_POSTGIS is set, but PostgreSQL with PostGIS is not installed"
            );
            #[expect(
                clippy::print_stderr,
                reason = "nobody should take a skipped test for a passed one"
            )]
            {
                eprintln!(
                    "skipped: PostgreSQL with PostGIS is not installed (Debian: postgresql-postgis)"
                );
            }
            return None;
        };
        // The path of a socket must be short.
        let folder = tempfile::Builder::new().prefix("pg").tempdir_in("/tmp").unwrap();
        let server = Self { folder, programs };
        if root() {
            // PostgreSQL does not run as root.
            run(Command::new("chown").arg("postgres").arg(server.folder.path()));
        }
        let data = server.path("data");
        run(server
            .program("initdb")
            .args(["-D", &data, "-A", "trust", "-U", "durbin"])
            .args(["--no-sync", "--locale=C.UTF-8"]));
        let options =
            format!("-k {} -c listen_addresses='' -c fsync=off", server.folder.path().display());
        run(server.program("pg_ctl").args([
            "-D",
            &data,
            "-w",
            "-l",
            &server.path("log"),
            "-o",
            &options,
            "start",
        ]));
        run(server.program("createdb").args(["-h", &server.path(""), "-U", "durbin", "study"]));
        server.sql("CREATE EXTENSION postgis");
        Some(server)
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// A program of PostgreSQL, as a user that is not root.
    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        if !root() {
            return Command::new(program);
        }
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
        command
    }

    /// What a user connects with.
    fn connection(&self, user: &str) -> String {
        format!("PG:host={} dbname=study user={user}", self.folder.path().display())
    }

    /// Runs a statement, and returns what it prints.
    fn sql(&self, statement: &str) -> String {
        let socket = self.folder.path().display().to_string();
        let output = run(self
            .program("psql")
            .args(["-h", &socket, "-U", "durbin", "study"])
            .args(["-v", "ON_ERROR_STOP=1", "-qtAc", statement]));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.path("data");
        let _ = self.program("pg_ctl").args(["-D", &data, "-m", "immediate", "stop"]).output();
    }
}

/// The folder of the newest PostgreSQL that has PostGIS.
fn programs() -> Option<PathBuf> {
    let entries = fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut found: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().into_string().ok()?;
            let control = format!("/usr/share/postgresql/{version}/extension/postgis.control");
            let programs = entry.path().join("bin");
            let complete = Path::new(&control).exists() && programs.join("initdb").exists();
            Some((version.parse().ok()?, programs)).filter(|_| complete)
        })
        .collect();
    found.sort();
    found.pop().map(|(_, programs)| programs)
}

fn root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    output
}

#[test]
fn a_database_is_read_and_written_as_a_file_is() {
    let Some(server) = Server::start() else { return };
    let (scratch, database) = (Scratch::new(), server.connection("durbin"));

    // A layer goes in and comes out as it was: names, types, every digit, geometry.
    let file = scratch.path("board.gpkg");
    let board_file = scratch.write("board.geojson", &board());
    let arguments = ["hotspot", &board_file, &file, "--field", "x", "--id", "id"];
    durbin(&arguments).assert().success();
    durbin(&["hotspot", &board_file, &database, "--field", "x", "--id", "id"]).assert().success();
    let from = |path: &str| read_units(&Source::new(path).layer("board").id("id")).unwrap();
    let (written, stored) = (from(&file).layer, from(&database).layer);
    assert_eq!(stored.columns.len(), 7);
    for (ours, theirs) in written.columns.iter().zip(&stored.columns) {
        assert_eq!((&ours.name, &ours.values), (&theirs.name, &theirs.values));
    }
    assert_eq!((&written.geometry, &written.fids), (&stored.geometry, &stored.fids));
    assert_eq!(written.crs.unwrap().authority, stored.crs.unwrap().authority);
    assert_eq!(
        server.sql("SELECT count(*) FROM pg_indexes WHERE indexdef LIKE '%gist (geom)'"),
        "1"
    );

    // Styled where QGIS looks, with its history.
    let style = "SELECT f_table_catalog, f_table_schema, f_table_name, f_geometry_column, useasdefault, \
                 styleqml::text LIKE '%categorizedSymbol%gi_bin%' FROM layer_styles";
    assert_eq!(server.sql(style), "study|public|board|geom|t|t");
    let comment = server.sql("SELECT obj_description('board'::regclass)");
    assert!(
        comment.contains("durbin hotspot") && comment.contains("p_value: two-sided"),
        "{comment}"
    );
    let alias = "SELECT col_description('board'::regclass, attnum) FROM pg_attribute \
                 WHERE attrelid = 'board'::regclass AND attname = 'gi_bin'";
    assert_eq!(server.sql(alias), "Gi* bin");

    // A layer that exists is refused, replaced, or stands beside another; never what is read.
    let again = ["hotspot", &board_file, &database, "--field", "x", "--id", "id"];
    assert!(refused(&again, 1).contains("already has `board`"));
    durbin(&again).arg("--overwrite").assert().success();
    assert_eq!(server.sql("SELECT count(*) FROM layer_styles"), "1");
    let read =
        ["hotspot", &database, &database, "--layer", "board", "--field", "gi_z", "--overwrite"];
    assert!(refused(&read, 1).contains("is the input too"));

    // What the database refuses changes nothing.
    server.sql("CREATE VIEW above AS SELECT * FROM board WHERE x > 5");
    let before = server.sql("SELECT md5(string_agg(b::text, '' ORDER BY fid)) FROM board b");
    let held = refused(&[&again[..], &["--overwrite"]].concat(), 1);
    assert!(held.contains("nothing was changed") && held.contains("view above"), "{held}");
    assert_eq!(server.sql("SELECT md5(string_agg(b::text, '' ORDER BY fid)) FROM board b"), before);
    assert_eq!(server.sql("SELECT count(*) FROM layer_styles"), "1");
    let view = [&again[..], &["--overwrite", "--output-layer", "above"]].concat();
    assert!(refused(&view, 1).contains("is a view"));

    // Boundaries from the database, a panel from a file, two layers back in one go.
    let states = read_units(&Source::new(repository("data/us_states/us_states.gpkg"))).unwrap();
    write_layer(&states.layer, &database, Existing::Refuse).unwrap();
    let model = |boundaries: &str| {
        let panel = repository("data/us_states/produc.csv");
        let fit = "--id state --time year --y gsp --x pcap,emp --boundaries-layer states --boundaries-id name";
        let arguments = ["sdm", &panel, "--boundaries", boundaries];
        let fit: Vec<&str> = fit.split(' ').collect();
        [&arguments[..], &fit].concat().into_iter().map(str::to_owned).collect::<Vec<String>>()
    };
    let file = model(&repository("data/us_states/us_states.gpkg"));
    let mut database_model = model(&database);
    database_model.extend(["--output", &database, "--flows", "5"].map(str::to_owned));
    let numbers = |arguments: &[String]| {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        json(&arguments)["coefficients"].clone()
    };
    assert_eq!(numbers(&file), numbers(&database_model));
    assert_eq!(server.sql("SELECT count(*) FROM effects"), "48");
    assert_eq!(server.sql("SELECT count(DISTINCT rank) FROM flows"), "5");
    assert_eq!(server.sql("SELECT count(*) FROM layer_styles"), "3");

    // A long table as panel, from the database too.
    let panel = read_table(&Source::new(repository("data/us_states/produc.csv"))).unwrap();
    let years = panel.column("year").unwrap();
    assert!(matches!(years.values, Values::Text(_) | Values::Int(_)));
    server.sql("CREATE TABLE panel (state text, year int, gsp float8)");
    let copy = format!(
        "INSERT INTO panel VALUES {}",
        (0..panel.len())
            .map(|row| {
                let of = |name: &str| panel.column(name).unwrap().key(row).unwrap();
                format!("('{}', {}, {})", of("state"), of("year"), of("gsp"))
            })
            .collect::<Vec<_>>()
            .join(",")
    );
    server.sql(&copy);
    let moran = |input: &str, layer: &[&str]| {
        let boundaries = repository("data/us_states/us_states.gpkg");
        let fixed =
            ["--id", "state", "--time", "year", "--field", "gsp", "--boundaries", &boundaries];
        json(&[&["moran", input][..], &fixed, &["--boundaries-id", "name"], layer].concat())["results"].clone()
    };
    let file = repository("data/us_states/produc.csv");
    assert_eq!(moran(&database, &["--layer", "panel"]), moran(&file, &[]));
}

#[test]
fn what_a_user_may_not_do_is_said_before_or_undone() {
    let Some(server) = Server::start() else { return };
    let scratch = Scratch::new();
    let board = scratch.write("board.geojson", &board());
    server.sql("CREATE ROLE guest LOGIN; CREATE SCHEMA guest AUTHORIZATION guest");
    let guest = server.connection("guest");
    let to = |output: &str, layer: &str| {
        let fixed =
            ["hotspot", &board, output, "--field", "x", "--id", "id", "--output-layer", layer];
        durbin(&fixed).output().unwrap()
    };
    let said = |output: &Output| String::from_utf8_lossy(&output.stderr).into_owned();

    // The schema of one's own is searched first; a style has no place to go, which is a warning.
    let done = to(&guest, "hot");
    assert!(done.status.success(), "{}", said(&done));
    assert!(said(&done).contains("the style is not stored"), "{}", said(&done));
    assert_eq!(server.sql("SELECT count(*) FROM guest.hot"), "25");
    // No room in a schema of somebody else, none in one that is not there, none for long names.
    let denied = to(&guest, "public.hot");
    assert_eq!(denied.status.code(), Some(1));
    assert!(said(&denied).contains("permission denied"), "{}", said(&denied));
    let absent = to(&guest, "nowhere.hot");
    assert_eq!(absent.status.code(), Some(1));
    assert!(said(&absent).contains("no schema `nowhere`"), "{}", said(&absent));
    let long = to(&guest, &"热".repeat(22));
    assert!(said(&long).contains("63 bytes"), "{}", said(&long));
    // A server that is not there, by a connection that holds a password.
    let gone = to("PG:host=/nowhere dbname=x password=geheim", "hot");
    assert_eq!(gone.status.code(), Some(1));
    assert!(
        said(&gone).contains("password=***") && !said(&gone).contains("geheim"),
        "{}",
        said(&gone)
    );
    // Without PostGIS.
    server.sql("CREATE DATABASE plain");
    let plain = to(&server.connection("durbin").replace("study", "plain"), "hot");
    assert!(said(&plain).contains("CREATE EXTENSION postgis"), "{}", said(&plain));
}

#[test]
fn a_style_is_put_on_a_table_of_a_database() {
    let Some(server) = Server::start() else { return };
    let database = server.connection("durbin");
    let states = read_units(&Source::new(repository("data/us_states/us_states.gpkg"))).unwrap();
    write_layer(&states.layer, &database, Existing::Refuse).unwrap();
    for _ in 0..2 {
        let result = json(&[
            "style", &database, "--layer", "states", "--field", "fips", "--style", "graded",
        ]);
        assert_eq!(result["styled"][0]["field"], "fips");
    }
    let stored =
        "SELECT count(*), bool_and(styleqml::text LIKE '%attr=\"fips\"%') FROM layer_styles";
    assert_eq!(server.sql(stored), "1|t");
}
