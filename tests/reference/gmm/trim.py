"""From what other programs printed to what the tests read: `trim.py FOLDER_WITH_RAW_OUTPUT`.

Keeps the variables id, year, n, w, k, ys of Arellano and Bond's data with all their digits and, of each result,
what the tests compare; changes no number.
"""
import csv
import json
import math
import pathlib
import sys

raw = pathlib.Path(sys.argv[1])
here = pathlib.Path(__file__).parent


def table(source, target, columns, keep=lambda row: True):
    with open(raw / source, newline="") as file, open(here / target, "w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        for row in csv.DictReader(file):
            if keep(row):
                writer.writerow(row[name] for name in columns.values())


names = {"id": "id", "year": "year", "n": "n", "w": "w", "k": "k", "ys": "ys"}
table("d01_abdata_pydynpd/abdata.csv", "abdata.csv", names)
table("r_d_gretl_abdata/abdata.csv", "abdata_gretl.csv",
      {**names, "id": "unit", "year": "YEAR"}, lambda row: row["n"] != "NA")
with open(raw / "r_c_plm_emplUK/input.csv", newline="") as file, open(here / "emplUK.csv", "w", newline="") as out:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "year", "n", "w", "k", "ys"])
    for row in csv.DictReader(file):
        logs = [repr(math.log(float(row[name]))) for name in ("emp", "wage", "capital", "output")]
        writer.writerow([row["firm"], row["year"], *logs])

results = json.load(open(raw / "d01_abdata_pydynpd/pydynpd.json"))["results"]
kept = {}
for name, result in results.items():
    if "table" in result:
        wanted = ("cmd", "table", "N", "num_obs", "n_instr", "hansen", "AR", "step1", "step2")
        kept[name] = {key: result[key] for key in wanted}
        kept[name]["table"] = {key: result["table"][key] for key in ("variable", "coefficient", "std_err")}
json.dump(kept, open(here / "pydynpd.json", "w"), indent=1)

results = json.load(open(raw / "d02_abdata_gretl/gretl.json"))["results"]
json.dump(results, open(here / "gretl.json", "w"), indent=1)
results = json.load(open(raw / "r_d_gretl_abdata/expected.json"))
wanted = ("sargan", "sargan_df", "hansen", "hansen_df", "AR1", "AR2", "wald", "wald_df", "T", "ninst", "ess", "sigma")
kept = {name: {"coef": result["coef"],
               "scalars": {key: result["scalars"][key] for key in wanted if key in result["scalars"]},
               "printed_tests": result.get("printed_tests")}
        for name, result in results.items() if isinstance(result, dict) and "coef" in result}
json.dump(kept, open(here / "gretl_more.json", "w"), indent=1)
results = json.load(open(raw / "r_c_plm_emplUK/expected.json"))["pgmm"]
kept = {}
for name, result in results.items():
    one = {"model": result["model"], "n_instr": result["n_instr"]}
    for kind in ("robust", "nonrobust"):
        part = result[kind]
        one[kind] = {key: part[key] for key in ("coef", "sargan", "m1", "m2", "wald_coef", "wald_td") if key in part}
    kept[name] = one
json.dump(kept, open(here / "plm.json", "w"), indent=1)

whole = json.load(open(raw / "r_c_plm_emplUK/expected.json"))
kept = {name: {key: whole["panel"][name][key]
               for key in ("coef", "sigma2", "df", "theta", "sigma2_comp", "vcovHC_arellano_HC0")}
        for name in ("within individual", "within twoways", "random swar", "pooling")}
kept["tests"] = {name: whole["tests"][name] for name in ("pcdtest cd pooling", "pcdtest cd within", "pcdtest cd within2")}
json.dump(kept, open(here / "plm_panel.json", "w"), indent=1)
