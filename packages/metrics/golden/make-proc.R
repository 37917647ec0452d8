# Writes proc.json: DeLong's intervals and test by pROC, on the cases of golden.json.
#
# Made by pROC 1.18.0 on R 4.2 (Debian 12: apt-get install r-cran-proc r-cran-jsonlite), after golden/make.py:
#     Rscript golden/make-proc.R
suppressMessages({
  library(pROC)
  library(jsonlite)
})
arguments <- commandArgs(trailingOnly = FALSE)
folder <- dirname(sub("^--file=", "", arguments[grep("^--file=", arguments)]))
golden <- fromJSON(file.path(folder, "golden.json"), simplifyDataFrame = FALSE)
cases <- lapply(golden$delong, function(case) {
  a <- roc(case$labels, case$a, levels = c(0, 1), direction = "<", quiet = TRUE)
  b <- roc(case$labels, case$b, levels = c(0, 1), direction = "<", quiet = TRUE)
  paired <- roc.test(b, a, method = "delong", paired = TRUE)
  own <- ci.auc(a, method = "delong")
  list(
    name = unbox(case$name), aucA = unbox(as.numeric(auc(a))), aucB = unbox(as.numeric(auc(b))),
    lowA = unbox(own[1]), highA = unbox(own[3]),
    z = unbox(unname(paired$statistic)), pValue = unbox(paired$p.value),
    low = unbox(paired$conf.int[1]), high = unbox(paired$conf.int[2])
  )
})
written <- list(
  madeBy = unbox(paste0("pROC ", packageVersion("pROC"), ", R ", getRversion())),
  delong = cases
)
writeLines(toJSON(written, digits = NA), file.path(folder, "proc.json"))
