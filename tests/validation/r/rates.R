# Writes rates.json: exact limits, rate ratios and standardised rates of R's epitools.
# Run in this folder: Rscript rates.R
suppressMessages(library(epitools))
numbers <- function(x) paste0("[", paste(sprintf("%.12g", x), collapse = ", "), "]")
limits <- pois.exact(c(0, 1, 7, 30, 250, 5000), pt = c(1, 2, 3.5, 10, 100, 1000), conf.level = 0.9)
# Two places: 30 events in 100,000 and 14 in 80,000; the second is the reference.
test <- poisson.test(c(30, 14), c(100000, 80000))
# Births with Down's syndrome in Michigan by mother's age and birth order (Fleiss, 1981, p. 249), which Fay and
# Feuer (1997) standardise to the births of all orders.
births <- matrix(c(230061, 329449, 114920, 39487, 14208, 3052, 72202, 326701, 208667, 83228, 28466, 5375,
  15050, 175702, 207081, 117300, 45026, 8660, 2293, 68800, 132424, 98301, 46075, 9834,
  327, 30666, 123419, 149919, 104088, 34392), 6)
cases <- matrix(c(107, 141, 60, 40, 39, 25, 25, 150, 110, 84, 82, 39, 3, 71, 114, 103, 108, 75,
  1, 26, 64, 89, 137, 96, 0, 8, 63, 112, 262, 295), 6)
all <- c(319933, 931318, 786511, 488235, 237863, 61313)
adjusted <- sapply(1:5, function(j) 1e5 * ageadjust.direct(cases[, j], births[, j], stdpop = all))
cat("{\n", paste(c(
  sprintf('"made_with": "R epitools %s, stats %s"', packageVersion("epitools"), packageVersion("stats")),
  sprintf('"exact": {"lower": %s, "upper": %s}', numbers(limits$lower), numbers(limits$upper)),
  sprintf('"ratio": {"estimate": %.12g, "lower": %.12g, "upper": %.12g, "p_value": %.12g}',
          test$estimate, test$conf.int[1], test$conf.int[2], test$p.value),
  sprintf('"adjusted": {"estimate": %s, "lower": %s, "upper": %s}',
          numbers(adjusted["adj.rate", ]), numbers(adjusted["lci", ]), numbers(adjusted["uci", ]))
), collapse = ",\n "), "\n}\n", sep = "", file = "rates.json")
