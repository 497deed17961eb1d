# Writes farrington.csv: farringtonFlexible of R's surveillance on several of its series and settings.
# Run in this folder: Rscript farrington.R
suppressMessages(library(surveillance))
data("salmonella.agona", "ha", "momo", "salmHospitalized")
series <- list(
  agona = observed(disProg2sts(salmonella.agona))[, 1],
  hospital = observed(salmHospitalized)[, 1],
  momo3 = observed(momo)[1:400, 3], # few deaths
  momo6 = observed(momo)[1:400, 6]) # many
gaps <- series$agona
gaps[c(60:63, 170, 222, 250)] <- NA
series$gaps <- gaps
# Persons that no one counted: they grow and have a season, so that the offset matters.
people <- function(n) round(1e5 * exp(seq_len(n) / 300) * (1 + 0.2 * sin(seq_len(n) / 8)))
plain <- list(b = 5, w = 3, noPeriods = 10, weightsThreshold = 2.58, pastWeeksNotIncluded = 26,
  pThresholdTrend = 1, thresholdMethod = "nbPlugin")
settings <- list(
  noufaily = list(),
  unweighted = list(pThresholdTrend = 0.05, reweight = FALSE),
  tested = list(pThresholdTrend = 0.05),
  delta = list(pThresholdTrend = 0.05, thresholdMethod = "delta", alpha = 0.01),
  muan = list(pThresholdTrend = 0.05, thresholdMethod = "muan"),
  delta_unweighted = list(pThresholdTrend = 0.05, thresholdMethod = "delta", reweight = FALSE),
  muan_unweighted = list(thresholdMethod = "muan", reweight = FALSE),
  windows = list(noPeriods = 1, pThresholdTrend = 0.05, weightsThreshold = 1, pastWeeksNotIncluded = 3),
  recent = list(pastWeeksNotIncluded = 1, pThresholdTrend = 0.05),
  offset = list(populationOffset = TRUE, pThresholdTrend = 0.05),
  offset_muan = list(populationOffset = TRUE, pThresholdTrend = 0.05, thresholdMethod = "muan"),
  two_years = list(b = 2, noPeriods = 5))
run <- function(name, setting) {
  y <- series[[name]]
  s <- sts(matrix(y), frequency = 52, start = c(2001, 1), population = matrix(people(length(y))))
  weeks <- (length(y) - 39):length(y)
  control <- modifyList(modifyList(plain, settings[[setting]]), list(range = weeks, verbose = FALSE))
  a <- suppressWarnings(farringtonFlexible(s, control))
  data.frame(series = name, setting = setting, week = weeks, upper = upperbound(a)[, 1],
    expected = a@control$expected[, 1], p = as.numeric(a@control$pvalue[, 1]), alarm = alarms(a)[, 1] + 0)
}
grid <- expand.grid(name = names(series), setting = names(settings), stringsAsFactors = FALSE)
all <- do.call(rbind, Map(run, grid$name, grid$setting))
all[4:6] <- signif(all[4:6], 9)
write.csv(all, "farrington.csv", row.names = FALSE, quote = FALSE)
cat("# R surveillance", as.character(packageVersion("surveillance")), "\n", file = "farrington.csv", append = TRUE)
