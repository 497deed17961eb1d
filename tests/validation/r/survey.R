# Writes survey.json: what R's survey package says of survey_sample.csv.
# Run in this folder: Rscript survey.R
suppressMessages(library(survey))
d <- read.csv("survey_sample.csv")
design <- function(...) svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, nest = TRUE, data = d, ...)
line <- function(name, m, deff = NA) {
  ci <- confint(m$fit, df = m$df)
  sprintf('"%s": {"estimate": %.12g, "standard_error": %.12g, "lower": %.12g, "upper": %.12g, "design_effect": %s}',
          name, m$estimate, m$se, ci[1], ci[2], ifelse(is.na(deff), "null", sprintf("%.12g", deff)))
}
mean_of <- function(s) { f <- svymean(~trust, s, deff = "replace"); list(fit = f, estimate = coef(f), se = SE(f), df = degf(s), deff = deff(f)) }
plain <- design(); finite <- design(fpc = ~fpc); a <- mean_of(plain); b <- mean_of(finite)
p <- svyciprop(~afraid, plain, method = "logit", df = degf(plain)); pc <- attr(p, "ci")
g <- svyglm(trust ~ woman, plain)
cat("{\n", paste(c(
  sprintf('"made_with": "R survey %s"', packageVersion("survey")),
  line("mean", a, a$deff), line("mean_fpc", b, b$deff),
  sprintf('"proportion": {"estimate": %.12g, "lower": %.12g, "upper": %.12g}', as.numeric(p), pc[1], pc[2]),
  sprintf('"difference": {"estimate": %.12g, "standard_error": %.12g}', coef(g)[2], SE(g)[2])
), collapse = ",\n "), "\n}\n", sep = "", file = "survey.json")
