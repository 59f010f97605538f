"""Times durbin and its peers at the same jobs on this machine and prints the ratios.

    compare.py [--sides 100,316,1000] [--jobs queen,knn,gi] [--maps data/hunan/hunan_counties.gpkg,…] [--panels 1000,…]

Each job runs in a process of its own. `count` (links, or units) tells that the programs did the same.
`wall` and `cpu` are seconds, those of the processor over all threads; the ratios of both are printed, and on a
machine that is busy with other work only that of `cpu` means anything. Every program runs --repeat times, the least
counts. pygeoda reads shapefiles alone, so its weights include opening it, as they do for anybody who uses it.
"""

import argparse
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time
import warnings

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
NEIGHBOURS = 8
PERMUTATIONS = 999


def libpysal(job, side, path):
    import libpysal.graph
    import geopandas
    from lattice import jittered

    frame = jittered(side) if side else geopandas.read_file(path)
    if job == "knn":
        # Neighbours of points, as Graph.build_knn takes them; making the points is part of the job.
        def run():
            return libpysal.graph.Graph.build_knn(frame.set_geometry(frame.centroid), k=NEIGHBOURS)
    else:
        def run():
            return libpysal.graph.Graph.build_contiguity(frame, rook=job == "rook")
    return run, lambda graph: int(graph.n_edges)


def pygeoda(job, side, path):
    import pygeoda

    def weights(layer):
        if job == "knn":
            return pygeoda.knn_weights(layer, NEIGHBOURS)
        return (pygeoda.rook_weights if job == "rook" else pygeoda.queen_weights)(layer)

    def links(w):
        return round(w.mean_neighbors() * w.num_obs)

    if job == "gi":
        layer = pygeoda.open(str(path))
        w, values = pygeoda.queen_weights(layer), layer.GetRealCol("x")
        options = {"permutations": PERMUTATIONS, "cpu_threads": os.cpu_count()}
        return lambda: pygeoda.local_gstar(w, values, **options), lambda lisa: len(lisa.lisa_values())
    return lambda: weights(pygeoda.open(str(path))), links


PEERS = {"libpysal": libpysal, "pygeoda": pygeoda}


def peer(name, job, side, path):
    """In a process of its own: prepare, run, and print what it took."""
    run, count = PEERS[name](job, side, path)
    cpu, wall = time.process_time(), time.perf_counter()
    result = run()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"seconds": wall, "cpu": cpu, "count": count(result), "peak_mib": peak}))


def least(command, repeat, environment=None):
    """The smallest of everything that `command` prints in `repeat` runs."""
    best = None
    for _ in range(repeat):
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, env=environment)
        output = done.stdout
        result = json.loads(output.splitlines()[-1])
        best = result if best is None else {key: min(best[key], result[key]) for key in best}
    return best


def durbin(*arguments, repeat):
    command = ["cargo", "bench", "--quiet", "--locked", "--package", "durbin", "--bench", "peers", "--", *arguments]
    return least(command, repeat)


def table(job, units, rows, vertices=None):
    """Prints what every program took, durbin first, and how many times as long as durbin the others."""
    ours = rows[0][1]
    for name, result in rows:
        ratios = [result[of] / ours[of] if ours[of] else float("inf") for of in ("seconds", "cpu")]
        faster = "".join(f"{ratio:>11.0f}x" for ratio in ratios) if name != "durbin" else f"{'':24}"
        each = f"{1e9 * result['seconds'] / vertices:>11.0f}" if vertices else ""
        print(
            f"{job:6}{units:>9}  {name:9}{result['seconds']:>9.3f}{result['cpu']:>9.3f}"
            f"{result['peak_mib']:>7}{result['count']:>10}{faster}{each}".rstrip(),
            flush=True,
        )


def compare_lattice(side, jobs, repeat):
    from lattice import jittered

    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "lattice.shp"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the lattice has no reference system
            jittered(side).to_file(path)
        for job in jobs:
            rows = [("durbin", durbin(job, str(side), repeat=repeat))]
            for name in PEERS:
                if job == "gi" and (name == "libpysal" or side > 316):
                    continue
                command = [sys.executable, __file__, "--peer", name, job, str(side), str(path)]
                rows.append((name, least(command, repeat if side < 1000 and job != "gi" else 1)))
            table(job, side * side, rows)


def compare_map(source, repeat):
    """Queen contiguity of a real map, its borders as detailed as they come."""
    import geopandas
    import shapely

    frame = geopandas.read_file(ROOT / source)
    frame = frame[~(frame.geometry.isna() | frame.geometry.is_empty)]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "map.shp"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # names of fields are cut
            frame[[frame.geometry.name]].to_file(path)
        rows = [("durbin", durbin("queen-file", str(path), repeat=repeat))]
        for name in PEERS:
            rows.append((name, least([sys.executable, __file__, "--peer", name, "queen", "0", str(path)], repeat)))
        print(f"{source}: {int(shapely.get_num_coordinates(frame.geometry).sum())} vertices")
        table("queen", len(frame), rows, vertices=int(shapely.get_num_coordinates(frame.geometry).sum()))


def compare_dynamic(units, repeat):
    """Two-step system GMM of the study's model over ten periods; pydynpd up to 10,000 units."""
    command = ["cargo", "run", "--release", "--quiet", "--locked", "--package", "durbin-gmm", "--example", "speed_gmm", "--"]
    rows = [("durbin", least([*command, str(units), "10", str(max(2, 20_000 // units))], repeat))]
    if units <= 10_000:
        # One thread, or the linear algebra library's others add to its processor time.
        alone = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        python = ROOT / "target" / "peers-gmm" / "bin" / "python"
        script = str(HERE / "dynamic.py")
        rows.append(("pydynpd", least([str(python), "-B", script, str(units), "10"], repeat, alone)))
        assert abs(rows[0][1]["estimate"] - rows[1][1]["estimate"]) < 1e-6, "not the same estimate"
    table("gmm", units, rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sides", default="100,316,1000")
    parser.add_argument("--jobs", default="queen,rook,knn,gi")
    parser.add_argument("--maps", default="data/hunan/hunan_counties.gpkg,data/us_counties/us_counties.gpkg")
    parser.add_argument("--panels", default="1000,10000,100000", help="units of the dynamic panels")
    parser.add_argument("--repeat", type=int, default=3, help="runs of durbin; peers take one at 1,000,000 units")
    parser.add_argument("--peer", nargs=4, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peer:
        name, job, side, path = arguments.peer
        return peer(name, job, int(side), path)
    print(
        f"{'job':6}{'units':>9}  {'program':9}{'wall':>9}{'cpu':>9}{'MiB':>7}{'count':>10}"
        f"{'wall ratio':>12}{'cpu ratio':>12}{'ns/vertex':>11}"
    )
    for units in filter(None, arguments.panels.split(",")):
        compare_dynamic(int(units), arguments.repeat)
    for path in filter(None, arguments.maps.split(",")):
        compare_map(pathlib.Path(path), arguments.repeat)
    for side in filter(None, arguments.sides.split(",")):
        compare_lattice(int(side), arguments.jobs.split(","), arguments.repeat)


if __name__ == "__main__":
    main()
