# Writes markov_field.json: Scottish lip cancer smoothed over its map by R's mgcv.
# Run in this folder: Rscript markov_field.R /path/to/scotland_data.csv
suppressMessages(library(mgcv))
d <- read.csv(commandArgs(TRUE)[1])
lines <- readLines("../mcmc/scotland_neighbours.txt"); lines <- lines[!startsWith(lines, "#")]
nb <- lapply(strsplit(lines, " "), as.integer); names(nb) <- 1:56; nb <- lapply(nb, as.character)
d$place <- factor(1:56)
# The structured field alone, by restricted likelihood: the data leave little to places on their own.
m <- gam(cases ~ s(place, bs = "mrf", xt = list(nb = nb)) + offset(log(expected)),
         data = d, family = poisson, method = "REML")
r <- predict(m, type = "link", se.fit = TRUE)
cat(sprintf('{"made_with": "R mgcv %s",\n "log_risk": [%s],\n "deviation": [%s]}\n', packageVersion("mgcv"),
  paste(sprintf("%.6f", r$fit - log(d$expected)), collapse = ", "), paste(sprintf("%.6f", r$se.fit), collapse = ", ")),
  file = "markov_field.json")
