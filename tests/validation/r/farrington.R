# Writes farrington.csv: farringtonFlexible of R's surveillance on salmonella.agona.
# Run in this folder: Rscript farrington.R
suppressMessages(library(surveillance))
data("salmonella.agona")
s <- disProg2sts(salmonella.agona)
control <- function(...) list(range = 264:312, noPeriods = 10, b = 5, w = 3, weightsThreshold = 2.58,
  pastWeeksNotIncluded = 26, thresholdMethod = "nbPlugin", ...)
run <- function(...) suppressWarnings(farringtonFlexible(s, control(...)))
a <- run(pThresholdTrend = 1)
b <- run(pThresholdTrend = 0.05, reweight = FALSE)
write.csv(data.frame(week = 264:312,
  upper = a@upperbound[, 1], expected = a@control$expected[, 1], alarm = a@alarm[, 1] + 0,
  upper_plain = b@upperbound[, 1], expected_plain = b@control$expected[, 1]),
  "farrington.csv", row.names = FALSE)
cat("# R surveillance", as.character(packageVersion("surveillance")), "\n", file = "farrington.csv", append = TRUE)
