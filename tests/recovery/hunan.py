"""Draws Hunan's panel again and again, runs the whole study on each, and compares what it finds with the stated model.

    python3 tests/recovery/hunan.py [REPLICATIONS] [FIRST_SEED] [DURBIN]

The spatial Durbin model by likelihood, the dynamic panel by GMM without and with neighbours, and for the latter other errors and two
other choices of instruments, which say why the study has those it has. Needs nothing but Python and a durbin binary. From indicators to
indices a variable changes its scale, so that coefficients are brought back to that of the model: by the slope of an index on the variable
it measures, which is drawn from the same seed.
"""

import csv
import json
import math
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

# The neighbours' model of the study with other errors, and with other instruments.
OTHERS = """
[[gmm]]
name = "Windmeijer's errors"
y = "V"
x = ["P", "C", "I", "T"]
model = "sdm"
interactions = "all"
center = true
estimator = "difference"
transform = "fod"
collapse = true
time_effects = true

[[gmm]]
name = "system, instruments in both equations"
y = "V"
x = ["P", "C", "I", "T"]
model = "sdm"
gmm_style = ["V:2-", "W*V:2-"]
iv_style = ["P,C,I,T,W*P,W*C,W*I,W*T", "W*W*P,W*W*C,W*W*I,W*W*T"]
collapse = true
time_effects = true

[[gmm]]
name = "difference, W × V by its own lags alone"
y = "V"
x = ["P", "C", "I", "T"]
model = "sdm"
gmm_style = ["V:2-4", "W*V:2-4"]
iv_style = ["P:diff,C:diff,I:diff,T:diff,W*P:diff,W*C:diff,W*I:diff,W*T:diff"]
estimator = "difference"
transform = "fod"
collapse = true
time_effects = true
"""


def absolute(text):
    return text.replace('"hunan_counties.gpkg"', json.dumps(str(HUNAN / "hunan_counties.gpkg")))


def reduced(study):
    """The study without what takes time and estimates nothing."""
    study = absolute(study).replace('"codes.csv"', json.dumps(str(HUNAN / "codes.csv")))
    study = re.sub(r"(?m)^(maps|parts|effects_layer) .*\n", "", study)
    sections = re.split(r"(?m)^(?=\[)", study)
    kept = [s for s in sections if not s.startswith(("[[hotspot]]", "[[figure]]", "[[table]]"))]
    return "".join(kept).replace('["none", "lee-yu"]', '"lee-yu"\ntests = false') + OTHERS


def columns(path, names):
    with open(path, encoding="utf-8-sig") as file:
        rows = csv.DictReader(file)
        return {(r["adcode"], r["year"]): [float(r[name]) for name in names] for r in rows}


def truth_of(model):
    """Every coefficient by its name in the results; what the model does not have is zero."""
    truth = dict(model["beta"])
    truth |= {f"W*{name}": theta for name, theta in model["theta"].items()}
    return truth | {"rho": model["rho"], "W*V": model["rho"]}


def scale(name, slope):
    """What brings a coefficient back to the scale of the model."""
    if name in ("rho", "W*V", "L.V"):
        return 1.0
    return math.prod(slope[factor] for factor in name.removeprefix("W*").split("*")) / slope["V"]


def estimates(outcome):
    """Name, estimate and standard error of every coefficient of every model."""
    for model in outcome["models"]:
        yield "SDM by likelihood", [*model["coefficients"], {"name": "rho"} | model["rho"]]
    for model in outcome["gmm"]:
        kept = [c for c in model["coefficients"] if "=" not in c["name"] and c["name"] != "_cons"]
        yield model["name"], kept


def table(found, truth):
    print("| | truth | mean | bias / s.e. | sd | mean s.e. | coverage |\n|---|---|---|---|---|---|---|")
    together = []
    for name, pairs in found.items():
        values = [estimate for estimate, _ in pairs]
        error = statistics.mean(error for _, error in pairs)
        mean, is_true = statistics.mean(values), truth.get(name, 0.0)
        held = statistics.mean(abs(b - is_true) <= 1.959964 * e for b, e in pairs)
        if name.count("*") > name.count("W*"):
            together.append((held, (mean - is_true) / error))
            continue
        print(
            f"| {name} | {is_true:.2f} | {mean:.4f} | {(mean - is_true) / error:+.2f} "
            f"| {statistics.stdev(values):.4f} | {error:.4f} | {held:.2f} |"
        )
    if together:
        held = statistics.mean(share for share, _ in together)
        farthest = max((bias for _, bias in together), key=abs)
        print(
            f"| {len(together)} interactions | 0 | | {farthest:+.2f} at most | | | {held:.3f}, "
            f"{min(together)[0]:.2f} at least |"
        )


def main(count, first, durbin):
    simulation = absolute((HUNAN / "simulation.toml").read_text())
    truth = truth_of(tomllib.loads(simulation)["model"])
    found = {}
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

        for seed in range(first, first + count):
            run("simulate", "panel.csv", "--file", "simulation.toml", "--seed", str(seed))
            run("simulate", "latent.csv", "--file", "latent.toml", "--seed", str(seed))
            outcome = run("run", "study.toml", "--out", "out")
            drawn = columns(folder / "latent.csv", VARIABLES)
            slope = {}
            for at, name in enumerate(VARIABLES):
                index = columns(folder / f"out/tables/{name}_index.csv", [name])
                x = [drawn[key][at] for key in index]
                y = [value for [value] in index.values()]
                slope[name] = statistics.covariance(x, y) / statistics.variance(x)
            for model, coefficients in estimates(outcome):
                of_model = found.setdefault(model, {})
                for one in coefficients:
                    back = scale(one["name"], slope)
                    pair = one["estimate"] * back, one["std_error"] * abs(back)
                    of_model.setdefault(one["name"], []).append(pair)
    for model, of_model in found.items():
        print(f"\n**{model}**, {count} panels\n")
        table(of_model, truth)


if __name__ == "__main__":
    replications = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    binary = sys.argv[3] if len(sys.argv) > 3 else ROOT / "target/release/durbin"
    main(replications, seed, str(pathlib.Path(binary).resolve()))
