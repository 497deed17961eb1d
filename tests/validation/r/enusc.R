# Writes enusc.json: victims and fear in Chile's survey ENUSC 2019, by R's survey package.
# Run in this folder: Rscript enusc.R /path/to/enusc.csv.gz
suppressMessages(library(survey))
d <- read.csv(gzfile(commandArgs(TRUE)[1]))
d$rises <- ifelse(d$P3_1_1 %in% 1:3, d$P3_1_1 == 1, NA)
d$woman <- d$rph_sexo == 2
line <- function(name, estimate, se, ci, df, deff = NA)
  sprintf('"%s": {"estimate": %.12g, "standard_error": %.12g, "lower": %.12g, "upper": %.12g, "degrees_of_freedom": %d%s}',
          name, estimate, se, ci[1], ci[2], df, ifelse(is.na(deff), "", sprintf(', "design_effect": %.12g', deff)))
mean_of <- function(name, formula, g, df) {
  m <- svymean(formula, g, na.rm = TRUE, deff = "replace")
  line(name, coef(m)[length(coef(m))], SE(m)[length(coef(m))], confint(m, df = df)[length(coef(m)), ], df, deff(m)[length(coef(m))])
}
out <- c()
for (lonely in c("adjust", "certainty")) {
  options(survey.lonely.psu = lonely)
  g <- svydesign(~Conglomerado, strata = ~VarStrat, weights = ~Fact_Pers, nest = TRUE, data = d)
  df <- degf(g)
  out <- c(out, mean_of(paste0("victim_", lonely), ~VP_DC, g, df))
}
options(survey.lonely.psu = "adjust")
p <- svyciprop(~VP_DC, g, method = "logit", df = df); ci <- attr(p, "ci")
out <- c(out, sprintf('"victim_logit": {"estimate": %.12g, "lower": %.12g, "upper": %.12g}', as.numeric(p), ci[1], ci[2]))
w <- subset(g, woman); m <- svymean(~VP_DC, w)
out <- c(out, sprintf('"victim_women": {"estimate": %.12g, "standard_error": %.12g}', coef(m), SE(m)))
x <- svymean(~rph_edad, subset(g, enc_region == 5)); 
out <- c(out, sprintf('"age_region_5": {"estimate": %.12g, "standard_error": %.12g}', coef(x), SE(x)))
f <- svyglm(VP_DC ~ woman, g)
out <- c(out, sprintf('"women_less_men": {"estimate": %.12g, "standard_error": %.12g}', coef(f)[2], SE(f)[2]))
lone <- sum(tapply(d$Conglomerado, d$VarStrat, function(x) length(unique(x))) == 1)
cat("{\n", paste(c(sprintf('"made_with": "R survey %s"', packageVersion("survey")), sprintf('"strata_of_one_cluster": %d', lone), out),
  collapse = ",\n "), "\n}\n", sep = "", file = "enusc.json")
