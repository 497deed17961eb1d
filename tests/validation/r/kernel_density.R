# Kernel densities with both edge corrections (spatstat, GPL; Debian r-cran-spatstat).
# Run in this folder: Rscript kernel_density.R > kernel_density.csv
# Points lie on the pixels' centres, so that rounding them there moves none.
suppressMessages({library(spatstat.geom); library(spatstat.explore)})
set.seed(1985)
rows <- 30; columns <- 40; cell <- 50
inside <- matrix(TRUE, rows, columns)
inside[1:12, 25:40] <- FALSE
ok <- which(inside)
at <- sample(ok, 120, replace = TRUE, prob = exp(-((col(inside)[ok] - 24)^2 + (row(inside)[ok] - 12)^2) / 150))
x <- (col(inside)[at] - 0.5) * cell; y <- (row(inside)[at] - 0.5) * cell
weight <- sample(1:3, 120, replace = TRUE)
rectangle <- owin(c(0, columns * cell), c(0, rows * cell))
mask <- owin(mask = inside, xrange = c(0, columns * cell), yrange = c(0, rows * cell))
said <- function(window, kernel, ...) {
  points <- ppp(x, y, window = window)
  image <- density.ppp(points, sigma = 150, dimyx = c(rows, columns), kernel = kernel, ...)
  as.vector(image$v) * 1e6
}
table <- data.frame(
  row = as.vector(row(inside)) - 1, column = as.vector(col(inside)) - 1,
  inside = as.vector(inside) * 1,
  count = as.vector(table(factor(at, seq_along(inside)))),
  weight = as.vector(tapply(weight, factor(at, seq_along(inside)), sum, default = 0)),
  none = said(rectangle, "gaussian", edge = FALSE),
  uniform = said(rectangle, "gaussian"),
  diggle = said(rectangle, "gaussian", diggle = TRUE),
  weighted = said(rectangle, "gaussian", edge = FALSE, weights = weight),
  mask_uniform = said(mask, "gaussian"),
  mask_diggle = said(mask, "gaussian", diggle = TRUE),
  quartic = said(rectangle, "quartic", edge = FALSE),
  epanechnikov = said(rectangle, "epanechnikov", edge = FALSE)
)
cat("# written by kernel_density.R,", R.version.string, "spatstat.explore", as.character(packageVersion("spatstat.explore")), "\n")
cat("# events per square kilometre on 30 x 40 pixels of 50 m, sigma 150 m\n")
write.csv(format(table, digits = 10, trim = TRUE), row.names = FALSE, quote = FALSE)
