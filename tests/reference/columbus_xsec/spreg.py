#!/usr/bin/env python3
"""Cuts the output of spreg 1.9.0 on Columbus down to what durbin computes too: spreg.py FULL.json > spreg.json

OLS and SLX by spreg.OLS; ML_Lag, ML_Lag with slx_lags=1, and ML_Error by method "full"; ML_Error with slx_lags=1 by method
"LU". Weights: libpysal's Queen, row-standardised. Errors of OLS are those with divisor n - k.
"""
import json
import sys

NAMES = {"CONSTANT": "_cons", "W_INC": "W*INC", "W_HOVAL": "W*HOVAL", "W_CRIME": "rho"}
MODELS = {"OLS": "ols", "SLX": "slx", "ML_Lag_full": "sar", "ML_SDM_full": "sdm", "ML_Error_full": "sem", "ML_SDEM_LU": "sdem"}

full = json.load(open(sys.argv[1]))
fits = []
for label, model in MODELS.items():
    fit = full[label]
    names = [NAMES.get(name, name) for name in fit["output"]["var_names"]]
    parameters = dict(zip(names, fit["output"]["coefficients"]))
    # Of the error models sig2n is that of the residuals before they are filtered.
    parameters["sigma2"] = fit["sig2"][0][0] if model in ("sem", "sdem") else fit["sig2n"]
    entry = {
        "model": model,
        "parameters": parameters,
        "std_errors": dict(zip(names, fit["output"]["std_err"])),
        "log_likelihood": fit["logll"],
    }
    effects = {"sdm": "SDM_effects_LeSage_Pace_exact", "sar": "SAR_effects_LeSage_Pace_exact"}.get(model)
    if effects:
        exact = full[effects]
        entry["impacts"] = {
            name: {
                "direct": {"estimate": exact["direct"][at]},
                "indirect": {"estimate": exact["total"][at] - exact["direct"][at]},
                "total": {"estimate": exact["total"][at]},
            }
            for at, name in enumerate(full["x"])
        }
    fits.append(entry)
json.dump(fits, sys.stdout, indent=1)
print()
