# Every task by name. `./just NAME` installs what is missing first; `just NAME` assumes it is there.

set shell := ["bash", "-euo", "pipefail", "-c"]

study := "data/us_states/cigar.toml"

# the model of Hunan whose panels are drawn 500 times
hunan := "--boundaries data/hunan/hunan_counties.gpkg --id adcode --without 430102 --periods 2012-2022 --rho 0.35 --beta P=0.12,C=0.25,I=0.18,T=0.15 --theta P=0.05,C=0.10,I=-0.05,T=0.06 --sigma 0.2 --replicate 500"

# list the recipes
[private]
default:
    @{{ just_executable() }} --list --unsorted

# what a first build needs: `./just` has seen to the system by now, the crates remain
setup:
    cargo fetch --locked --target host-tuple

# the release binary, target/release/durbin
build:
    cargo build --release --locked --package durbin-cli

# cigarette demand in 46 states: polygons and a panel in, everything out, into out/cigar
demo: build
    target/release/durbin run {{ study }} --out out/cigar --overwrite

# all tests; ARGS go to cargo test, as in `./just test -p durbin-weights`
test *ARGS:
    cargo test --workspace --locked {{ ARGS }}

# formatting, clippy, documentation links; the rules of deny.toml where cargo-deny is installed
lint: docs
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --locked -- -D warnings
    @if command -v cargo-deny >/dev/null; then \
        cargo deny --locked check --hide-inclusion-graph bans licenses sources; \
    else \
        echo "note: cargo-deny is not installed; the rules of deny.toml were not checked"; \
    fi

# the API documentation, target/doc; a broken link is an error
docs:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked --lib

# how often 95 % intervals hold the truth and tests reject a true null on simulated panels, as the tables of
# docs/coverage.md; a long run
coverage *ARGS:
    cargo run --release --locked --package durbin-sdm --example coverage -- {{ ARGS }}
    cargo run --release --locked --package durbin-sdm --example size -- {{ ARGS }}

# bias, coverage and size of dynamic panel GMM on simulated panels whose truth is known, as in docs/gmm.md
coverage-gmm *ARGS:
    cargo run --release --locked --package durbin-gmm --example coverage_gmm -- {{ ARGS }}

# all benchmarks: every step by itself, then durbin beside its peers
bench: bench-rooms bench-peers

# how long each step takes; ARGS go to cargo bench
bench-rooms *ARGS:
    cargo bench --workspace --locked --bench rooms {{ ARGS }}

# durbin beside PySAL, GeoDa and pydynpd at the same jobs on this machine, with ratios; pip installs them into
# target/peers and target/peers-gmm; ARGS go to tests/peers/compare.py
bench-peers *ARGS:
    tests/peers/run.sh {{ ARGS }}

# bias, coverage and power on simulated panels of Hunan: the two-way spatial Durbin model (docs/indices.md), and a dynamic
# panel with neighbours by likelihood and by GMM (docs/coverage.md)
coverage-panel: build
    target/release/durbin simulate {{ hunan }}
    for tau in 0 0.4; do for estimator in difference system ml; do \
        echo "tau $tau, $estimator"; \
        target/release/durbin simulate {{ hunan }} --tau $tau --dynamic time --estimator $estimator; \
    done; done

# the whole study of Hunan on 100 simulated panels beside the model they come from, by likelihood and by GMM (docs/hunan.md)
recovery *ARGS: build
    python3 tests/recovery/hunan.py {{ ARGS }}

# recompute the reference numbers with other programs and compare them with those checked in
reference:
    tests/reference/run.sh

# known vulnerabilities of the crates, from the advisory database (network)
advisories:
    cargo deny --locked check advisories

# remove everything built, target/tools too, and what the demo wrote
clean:
    cargo clean
    rm -rf out
