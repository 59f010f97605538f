# Getis-Ord Gi and Gi* of Columbus by spdep, from the polygons.
#
#   Rscript localG.R            prints what local_g.json holds
#   Rscript localG.R --check    compares it with local_g.json
#
# Needs spdep, sf and jsonlite (Debian: r-cran-spdep r-cran-sf r-cran-jsonlite). Numbers agree to 1e-10.

suppressPackageStartupMessages({
  library(jsonlite)
  library(sf)
  library(spdep)
})

script <- sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))
source(file.path(dirname(script), "..", "compare.R"))

tolerance <- 1e-10
variables <- c("CRIME", "INC", "HOVAL")

columbus <- st_read(file.path(folder, "columbus.geojson"), quiet = TRUE)
st_crs(columbus) <- NA # plane coordinates of an unknown system, whatever GeoJSON takes them for
centroids <- st_coordinates(st_centroid(st_geometry(columbus)))

# Three quarters of the band that would leave nobody alone: seven units have no neighbour.
nearest <- unlist(nbdists(knn2nb(knearneigh(centroids)), centroids))
graphs <- list(
  queen = poly2nb(columbus),
  knn4 = knn2nb(knearneigh(centroids, k = 4)),
  dband_small_islands = dnearneigh(centroids, 0, 0.75 * max(nearest))
)

listw <- function(graph, style, self = FALSE) {
  neighbours <- if (self) include.self(graphs[[graph]]) else graphs[[graph]]
  nb2listw(neighbours, style = style, zero.policy = TRUE)
}

# Each unit's neighbours, counted from 0, with their weights.
links <- function(weights) {
  Map(
    function(to, w) if (length(w) == 0) list() else unname(cbind(to - 1, w)),
    weights$neighbours, weights$weights
  )
}

z_values <- function(x, weights) as.numeric(localG(x, weights, zero.policy = TRUE))

results <- list(values = as.list(st_drop_geometry(columbus)[variables]))
for (graph in names(graphs)) {
  for (style in c("B", "W", "S")) {
    results$weights[[paste(graph, style, sep = "|")]] <- unname(links(listw(graph, style)))
    for (variable in variables) {
      x <- columbus[[variable]]
      name <- paste(graph, style, variable, sep = "|")
      results$local_g[[name]] <- list(
        gi = z_values(x, listw(graph, style)),
        gi_star = z_values(x, listw(graph, style, self = TRUE))
      )
    }
  }
}
json <- toJSON(results, digits = NA, na = "null", null = "null")

if (!checking) {
  cat(json, "\n")
  quit()
}

expected <- numbers(fromJSON(file.path(folder, "local_g.json")))
computed <- numbers(fromJSON(json))
held <- agree(expected, computed, function(value) tolerance, "numbers")
quit(status = if (all(held)) 0 else 1)
