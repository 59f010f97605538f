# Cross-section models of Columbus by spatialreg, CRIME on INC and HOVAL.
#
#   Rscript models.R            prints what expected.json holds
#   Rscript models.R --check    compares it with expected.json, at 1e-6 of each number's size
#
# Needs spdep, spatialreg and jsonlite (Debian: r-cran-spdep r-cran-spatialreg r-cran-jsonlite).

suppressPackageStartupMessages({
  library(jsonlite)
  library(spdep)
  library(spatialreg)
})

script <- sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))
source(file.path(dirname(script), "..", "compare.R"))

regressors <- c("INC", "HOVAL")
model <- CRIME ~ INC + HOVAL
columbus <- read.csv(file.path(folder, "columbus.csv"))
links <- read.csv(file.path(folder, "w.csv"))
n <- nrow(columbus)
w <- matrix(0, n, n)
w[cbind(links$focal, links$neighbor)] <- links$weight
weights <- mat2listw(w, style = "W")

rename <- function(values) {
  names(values) <- sub("^lag\\.", "W*", sub("^\\(Intercept\\)$", "_cons", names(values)))
  values
}

searched <- function(fit, parameter) {
  at <- setNames(unname(fit[[parameter]]), parameter)
  error <- setNames(unname(fit[[paste0(parameter, ".se")]]), parameter)
  list(
    parameters = as.list(rename(c(fit$coefficients, at, sigma2 = fit$s2))),
    std_errors = as.list(rename(c(setNames(fit$rest.se, names(fit$coefficients)), error))),
    log_likelihood = as.numeric(logLik(fit)),
    aic = AIC(fit),
    bic = BIC(fit),
    interval = fit$interval
  )
}

regression <- function(fit) {
  table <- summary(fit)$coefficients
  list(
    parameters = as.list(rename(table[, 1])),
    std_errors = as.list(rename(table[, 2])),
    log_likelihood = as.numeric(logLik(fit)),
    r_squared = summary(fit)$r.squared
  )
}

# Mean diagonal, mean row sum less it, and mean row sum of (I - rho W)^-1 (I beta + W theta).
dense_effects <- function(fit) {
  beta <- rename(fit$coefficients)
  inverse <- solve(diag(n) - fit$rho * w)
  sapply(regressors, simplify = FALSE, function(name) {
    theta <- beta[paste0("W*", name)]
    effect <- inverse %*% (beta[[name]] * diag(n) + if (is.na(theta)) 0 else theta * w)
    direct <- mean(diag(effect))
    total <- sum(effect) / n
    Map(function(value) list(estimate = value), list(
      direct = direct, indirect = total - direct, total = total
    ))
  })
}

# Effects that are coefficients and sums of coefficients, with errors times `scale`.
linear_effects <- function(fit, scale = 1) {
  effects <- impacts(fit)
  sapply(regressors, simplify = FALSE, function(name) {
    sapply(c("direct", "indirect", "total"), simplify = FALSE, function(kind) {
      list(
        estimate = effects$impacts[[kind]][[name]],
        std_error = effects$se[[kind]][[name]] * scale
      )
    })
  })
}

sar <- lagsarlm(model, columbus, weights)
sdm <- lagsarlm(model, columbus, weights, Durbin = TRUE)
sem <- errorsarlm(model, columbus, weights)
sdem <- errorsarlm(model, columbus, weights, Durbin = TRUE)
slx <- lmSLX(model, columbus, weights)
# `impacts` divides the squared residuals of the error model by n - k, its coefficients' errors by n.
by_n <- sqrt((n - length(coef(slx))) / n)

# Pace & LeSage's test of least squares against the error model. The variance of least squares is
# (X'X)^-1 X' A A' X (X'X)^-1 with A = (I - lambda W)^-1; spatialreg has A A in place of A A', which is the same for a
# symmetric W alone, so that part is put right before its test.
spatial_hausman <- function(fit) {
  x <- fit$X
  half <- solve(crossprod(x), crossprod(x, solve(diag(n) - fit$lambda * w)))
  fit$Hcov <- tcrossprod(half)
  test <- Hausman.test(fit)
  list(spatial_hausman = list(statistic = as.numeric(test$statistic), df = unname(test$parameter)))
}

results <- list(
  sar = c(searched(sar, "rho"), list(impacts = dense_effects(sar))),
  sdm = c(searched(sdm, "rho"), list(impacts = dense_effects(sdm))),
  sem = c(searched(sem, "lambda"), spatial_hausman(sem)),
  sdem = c(
    searched(sdem, "lambda"), spatial_hausman(sdem), list(impacts = linear_effects(sdem, by_n))
  ),
  slx = c(regression(slx), list(impacts = linear_effects(slx))),
  ols = regression(lm(model, columbus))
)
entries <- unname(Map(function(name, fit) c(list(model = name), fit), names(results), results))
json <- toJSON(entries, digits = NA, auto_unbox = TRUE)

if (!checking) {
  cat(json, "\n")
  quit()
}

by_model <- function(entries) {
  numbers(setNames(entries, vapply(entries, function(entry) entry$model, "")))
}
parse <- function(...) by_model(fromJSON(..., simplifyVector = FALSE))
expected <- parse(file.path(folder, "expected.json"))
held <- agree(
  expected, parse(json), function(value) 1e-6 * pmax(abs(value), 1e-2), "numbers"
)
quit(status = if (held) 0 else 1)
