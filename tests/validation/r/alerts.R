# Writes ears.csv, cusum.csv, cusum_lengths.csv and nowcast.csv with R's surveillance.
# Run in this folder: Rscript alerts.R
suppressMessages(library(surveillance))
said <- function(table, file) {
  write.csv(table, file, row.names = FALSE, quote = FALSE)
  cat("# R surveillance", as.character(packageVersion("surveillance")), "\n", file = file, append = TRUE)
}
data("salmonella.agona")
agona <- disProg2sts(salmonella.agona)
weeks <- 200:260
one <- function(method, least, alpha) {
  a <- earsC(agona, control = list(range = weeks, method = method, baseline = 7, minSigma = least, alpha = alpha))
  data.frame(method = method, smallest_sd = least, alpha = alpha, week = weeks,
    upper = upperbound(a)[, 1], alarm = alarms(a)[, 1] + 0)
}
said(rbind(one("C1", 0, 0.001), one("C1", 0.5, 0.001), one("C2", 0, 0.001), one("C2", 1.5, 0.01),
  one("C3", 0.5, 0.025)), "ears.csv")

# trans = "none": the sum of counts less k, never reset.
sums <- function(k, h) {
  a <- suppressWarnings(algo.cusum(salmonella.agona, control = list(range = weeks, k = k, h = h, m = 2, trans = "none")))
  data.frame(k = k, h = h, week = weeks, statistic = as.vector(a$cusum), alarm = as.vector(a$alarm) + 0)
}
said(rbind(sums(2.5, 8), sums(1.5, 12.5), sums(4.2, 5.6)), "cusum.csv")

lengths <- do.call(rbind, lapply(list(c(10, 3, 2.4), c(4, 0.5, 0.4), c(6.2, 1.4, 1), c(6.2, 1.4, 2), c(8, 7.5, 6)), function(x) {
  a <- arlCusum(h = x[1], k = x[2], theta = x[3])
  data.frame(h = x[1], k = x[2], theta = x[3], arl = a$ARL, fir = a$FIR.ARL)
}))
said(lengths, "cusum_lengths.csv")
found <- do.call(rbind, lapply(c(0.5, 1, 3, 8), function(m) {
  a <- findH(ARL0 = 500, theta0 = m, s = 1)
  data.frame(theta0 = m, theta1 = m + sqrt(m), k = a[["k"]], h = a[["h"]], arl = a[["ARL"]])
}))
said(found, "cusum_intervals.csv")

# Invented delays of 15 days; the estimate is the sum so far over the share reported.
set.seed(1994)
days <- 40
event <- rep(seq_len(days), rpois(days, 12))
delay <- pmin(rgeom(length(event), 0.3), 8)
dates <- as.Date("2024-01-01") + event - 1
cases <- data.frame(event = dates, report = dates + delay)
now <- as.Date("2024-01-01") + days - 1
cases <- cases[cases$report <= now, ]
run <- function(m) {
  control <- list(N.tInf.max = 200)
  a <- suppressWarnings(nowcast(now = now, when = seq(now - 7, now, by = "1 day"), data = cases,
    dEventCol = "event", dReportCol = "report", method = "lawless", D = 8, m = m, control = control))
  tail(as.vector(delayCDF(a)[["lawless"]]), Inf)
}
sink(nullfile()); whole <- run(NULL); part <- run(19); sink()
said(data.frame(day = seq_along(whole), share = whole, share_of_20 = part), "nowcast.csv")
said(data.frame(event = as.integer(cases$event - as.Date("2024-01-01")),
  report = as.integer(cases$report - as.Date("2024-01-01"))), "nowcast_cases.csv")
