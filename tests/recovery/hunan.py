"""Draws Hunan's panel again and again, runs the whole study on each, and compares what it finds with the stated model.

    python3 tests/recovery/hunan.py [REPLICATIONS] [DURBIN]

Needs nothing but Python and a durbin binary. From indicators to indices a variable changes its scale, so that coefficients are
brought back to that of the model: by the slope of an index on the variable it measures, which is drawn from the same seed.
"""

import csv
import json
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
HUNAN = ROOT / "data/hunan"
VARIABLES = "VPCIT"


def absolute(text):
    return text.replace('"hunan_counties.gpkg"', json.dumps(str(HUNAN / "hunan_counties.gpkg")))


def reduced(study):
    """The study without what takes time and estimates nothing."""
    study = absolute(study).replace('"codes.csv"', json.dumps(str(HUNAN / "codes.csv")))
    study = re.sub(r"(?m)^(maps|parts|effects_layer) .*\n", "", study)
    sections = re.split(r"(?m)^(?=\[)", study)
    kept = [s for s in sections if not s.startswith(("[[hotspot]]", "[[figure]]", "[[table]]"))]
    return "".join(kept).replace('["none", "lee-yu"]', '"lee-yu"\ntests = false')


def columns(path, names):
    with open(path, encoding="utf-8-sig") as file:
        rows = csv.DictReader(file)
        return {(r["adcode"], r["year"]): [float(r[name]) for name in names] for r in rows}


def main(count, durbin):
    simulation = absolute((HUNAN / "simulation.toml").read_text())
    model = tomllib.loads(simulation)["model"]
    truth = dict(model["beta"])
    truth |= {f"W*{name}": theta for name, theta in model["theta"].items()}
    found = {name: [] for name in [*truth, "rho"]}
    truth["rho"] = model["rho"]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "simulation.toml").write_text(simulation)
        latent = re.split(r"(?m)^(?=\[\[indicator\]\])", simulation)[0]
        latent = re.sub(r"(?m)^\[\[former\]\]\n(\w+ .*\n)+", "", latent)
        latent = re.sub(r"(?m)^(missing_share|outliers) .*\n", "", latent)
        (folder / "latent.toml").write_text(latent)
        (folder / "study.toml").write_text(reduced((HUNAN / "study.toml").read_text()))

        def run(*arguments):
            command = [durbin, *arguments, "--overwrite", "--quiet", "--json"]
            done = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE)
            return json.loads(done.stdout)

        for seed in range(1000, 1000 + count):
            run("simulate", "panel.csv", "--file", "simulation.toml", "--seed", str(seed))
            run("simulate", "latent.csv", "--file", "latent.toml", "--seed", str(seed))
            fit = run("run", "study.toml", "--out", "out")["models"][0]
            drawn = columns(folder / "latent.csv", VARIABLES)
            slope = {}
            for at, name in enumerate(VARIABLES):
                index = columns(folder / f"out/tables/{name}_index.csv", [name])
                x = [drawn[key][at] for key in index]
                y = [value for [value] in index.values()]
                slope[name] = statistics.covariance(x, y) / statistics.variance(x)
            for one in fit["coefficients"]:
                back = slope[one["name"].removeprefix("W*")] / slope["V"]
                found[one["name"]].append((one["estimate"] * back, one["std_error"] * back))
            found["rho"].append((fit["rho"]["estimate"], fit["rho"]["std_error"]))
    print("| | truth | mean | bias / s.e. | sd | mean s.e. | coverage |\n|---|---|---|---|---|---|---|")
    for name, pairs in found.items():
        estimates = [estimate for estimate, _ in pairs]
        error = statistics.mean(error for _, error in pairs)
        mean, is_true = statistics.mean(estimates), truth[name]
        held = statistics.mean(abs(b - is_true) <= 1.959964 * e for b, e in pairs)
        print(
            f"| {name} | {is_true:.2f} | {mean:.4f} | {(mean - is_true) / error:+.2f} "
            f"| {statistics.stdev(estimates):.4f} | {error:.4f} | {held:.2f} |"
        )


if __name__ == "__main__":
    replications = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    binary = sys.argv[2] if len(sys.argv) > 2 else ROOT / "target/release/durbin"
    main(replications, str(pathlib.Path(binary).resolve()))
