# Writes interrupted_series.csv: R's glm, and sandwich on it, on sicily.csv as Bernal et al. (2017) fit it.
# Run in this folder: Rscript interrupted_series.R
suppressMessages(library(sandwich))
d <- read.csv("sicily.csv", comment.char = "#")
d$since <- seq_len(nrow(d)) - 37
d$ban <- as.numeric(d$since >= 0)
turn <- 2 * pi * seq_len(nrow(d)) / 12
season <- cbind(sin(turn), cos(turn), sin(2 * turn), cos(2 * turn))
control <- glm.control(epsilon = 1e-14)
step <- glm(aces ~ offset(log(stdpop)) + since + ban + season, quasipoisson, d, control = control)
naive <- glm(aces ~ offset(log(stdpop)) + since + ban, poisson, d, control = control)
full <- glm(aces ~ offset(log(stdpop)) + since + ban + I(since * ban) + season, quasipoisson, d, control = control)
box <- Box.test(residuals(full, "pearson"), lag = 11, type = "Ljung-Box")
row <- function(name, fit, V) data.frame(fit = name, term = c("constant", "trend", "level"),
  coefficient = unname(coef(fit)[1:3]), error = unname(sqrt(diag(V))[1:3]))
slope <- function(name, V) data.frame(fit = name, term = "slope", coefficient = coef(full)[["I(since * ban)"]],
  error = sqrt(V["I(since * ban)", "I(since * ban)"]))
hac <- NeweyWest(full, lag = 3, prewhite = FALSE, adjust = TRUE)
out <- rbind(row("poisson", naive, vcov(naive)), row("step", step, vcov(step)),
  row("full", full, vcov(full)), slope("full", vcov(full)), row("hac", full, hac), slope("hac", hac),
  data.frame(fit = c("step", "full", "full"), term = c("dispersion", "dispersion", "ljung_box_p_value"),
    coefficient = c(summary(step)$dispersion, summary(full)$dispersion, box$p.value), error = NA))
out$coefficient <- format(out$coefficient, digits = 15); out$error <- format(out$error, digits = 15)
write.csv(out, "interrupted_series.csv", row.names = FALSE, quote = FALSE)
cat("# R", as.character(getRversion()), "sandwich", as.character(packageVersion("sandwich")), "\n",
  file = "interrupted_series.csv", append = TRUE)
