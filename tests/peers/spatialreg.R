# The spatial Durbin cross-section on a queen lattice with spatialreg, beside `cargo run --release -p durbin-sdm --example speed -- SIDE`:
#   Rscript tests/peers/spatialreg.R SIDE
suppressPackageStartupMessages(library(spatialreg))
arguments <- commandArgs(trailingOnly = TRUE)
side <- if (length(arguments)) as.integer(arguments[1]) else 316L
n <- side^2
w <- spdep::nb2listw(spdep::cell2nb(side, side, type = "queen"))
set.seed(1)
d <- data.frame(a = rnorm(n), b = rnorm(n))
right <- d$a + 0.5 * d$b + 0.3 * spdep::lag.listw(w, d$a) + rnorm(n)
d$y <- right
for (step in 1:60) d$y <- right + 0.5 * spdep::lag.listw(w, d$y)
seconds <- system.time(fit <- lagsarlm(y ~ a + b, d, w, Durbin = TRUE, method = "Matrix"))
cat(sprintf("%d units: fit %.1f s, %.1f CPU s; rho %.5f\n", n, seconds[["elapsed"]], seconds[["user.self"]] + seconds[["sys.self"]], fit$rho))
