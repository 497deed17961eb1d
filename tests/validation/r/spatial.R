# Spatial autocorrelation by spdep, and natural breaks by classInt, on data of libpysal.
#   Rscript spatial.R <shared data>/libpysal_examples
# Writes spatial.csv (one row a place) and spatial_global.csv beside this script.
suppressPackageStartupMessages({library(spdep); library(sf); library(classInt)})
data_folder <- commandArgs(trailingOnly = TRUE)[1]
script <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))
places <- list(); whole <- list()
for (set in list(c("columbus/columbus.shp", "CRIME"), c("sids2/sids2.shp", "SIDR79"),
                 c("stl/stl_hom.shp", "HR8893"))) {
  map <- st_read(file.path(data_folder, set[1]), quiet = TRUE)
  x <- map[[set[2]]]
  queen <- poly2nb(map, queen = TRUE)
  rook <- poly2nb(map, queen = FALSE)
  row <- nb2listw(queen, style = "W")
  self <- nb2listw(include.self(queen), style = "B")
  near <- knn2nb(knearneigh(suppressWarnings(st_coordinates(st_centroid(st_geometry(map)))), k = 4))
  normal <- moran.test(x, row, randomisation = FALSE, alternative = "two.sided")
  # mlvar = FALSE divides by n - 1, as GeoDa and esda do.
  local <- localmoran(x, row, mlvar = FALSE)
  cut <- attr(local, "quadr")$pysal
  name <- dirname(set[1])
  places[[name]] <- data.frame(
    set = name, value = x, queen = card(queen), rook = card(rook),
    g_star = as.numeric(localG(x, self)), local_moran = local[, "Ii"],
    quadrant = tolower(as.character(cut)), nearest = sapply(near, sum))
  breaks <- classIntervals(x, n = 5, style = "fisher")$brks
  whole[[name]] <- data.frame(
    set = name, moran = unname(normal$estimate[1]), p_normal = normal$p.value,
    breaks = paste(format(breaks, digits = 17, trim = TRUE), collapse = " "))
}
write_with_versions <- function(rows, name) {
  path <- file.path(dirname(script), name)
  writeLines(sprintf("# spdep %s, classInt %s, %s", packageVersion("spdep"),
                     packageVersion("classInt"), R.version.string), path)
  options(digits = 17)
  suppressWarnings(write.table(do.call(rbind, rows), path, append = TRUE, sep = ",",
                               row.names = FALSE, quote = FALSE))
}
write_with_versions(places, "spatial.csv")
write_with_versions(whole, "spatial_global.csv")
