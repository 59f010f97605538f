"""The lattices of crates/durbin/benches/lattice, bit for bit, as a GeoDataFrame."""

import geopandas
import numpy as np
import shapely

from uniform import uniform


def jittered(side):
    row, column = np.divmod(np.arange((side + 1) ** 2, dtype=np.int64), side + 1)
    inside = (column > 0) & (column < side) & (row > 0) & (row < side)
    at = np.arange((side + 1) ** 2, dtype=np.uint64)

    def moved(k):
        return np.where(inside, 0.6 * uniform(2 * at + np.uint64(k)) - 0.3, 0.0)

    corners = np.column_stack([column + moved(0), row + moved(1)])
    y, x = np.divmod(np.arange(side * side), side)
    first = y * (side + 1) + x
    ring = np.stack([first, first + 1, first + side + 2, first + side + 1, first], axis=1)
    coordinates = corners[ring].reshape(-1, 2)
    rings = shapely.linearrings(coordinates, indices=np.repeat(np.arange(side * side), 5))
    values = uniform(np.arange(side * side, dtype=np.uint64))
    return geopandas.GeoDataFrame({"x": values}, geometry=shapely.polygons(rings))
