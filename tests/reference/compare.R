# Compares numbers computed here with those of a file that the tests read. Sourced by the R scripts of
# the folders.

script <- normalizePath(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
folder <- dirname(script)
checking <- "--check" %in% commandArgs(trailingOnly = TRUE)

# The numbers of a parsed JSON value by their path; words are left out.
numbers <- function(value, path = "") {
  if (is.list(value)) {
    keys <- if (is.null(names(value))) seq_along(value) else names(value)
    return(unlist(unname(Map(function(item, key) numbers(item, paste(path, key)), value, keys))))
  }
  if (is.character(value) || length(value) == 0) {
    return(NULL)
  }
  setNames(as.numeric(value), paste(path, seq_along(value)))
}

# TRUE if both have the same numbers, apart by at most `tolerance(expected)`; says what it saw.
agree <- function(expected, computed, tolerance, what) {
  same <- intersect(names(expected), names(computed))
  one_sided <- c(
    setdiff(union(names(expected), names(computed)), same),
    same[xor(is.na(expected[same]), is.na(computed[same]))]
  )
  apart <- abs(expected[same] - computed[same])
  worst <- which.max(apart)
  cat(sprintf(
    "%s: %d %s, the largest difference %.1e (%s)\n",
    basename(folder), length(same), what, apart[worst], trimws(same[worst])
  ))
  for (name in one_sided) {
    message(basename(folder), ": ", trimws(name), " is on one side only")
  }
  length(one_sided) == 0 && all(apart <= tolerance(expected[same]), na.rm = TRUE)
}
