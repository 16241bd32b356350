// Holds every kernel table that this CPU runs against the portable one, and prints a digest of each
// family's results, which must be the same on every instruction set. Compiled for each architecture
// by the tests and run under emulation. `kernel_check bench` times an encoder-decoder LSTM instead,
// `kernel_check list` says which function stands where in the tables.
//
// Output: `selected NAME` (what this CPU gets), `table NAME`, `digest NAME FAMILY HEX`, `fail ...`; exit code 1 when anything failed.
#include "kernel_check.h"

static void check_table(const bk_kernels *kernels) {
  printf("table %s\n", kernels->name);
  check_float_gemm(kernels);
  check_i8_gemm(kernels);
  check_i4_gemm(kernels);
  check_i8_add(kernels);
  check_quantize(kernels);
  check_unary(kernels);
  check_lstm_cell(kernels);
  check_rows(kernels);
  check_spatial(kernels);
  check_rare(kernels);
}

int main(int count, char **arguments) {
  if (count > 1 && strcmp(arguments[1], "bench") == 0) return bench();
  if (count > 1 && strcmp(arguments[1], "list") == 0) return list();
  printf("selected %s\n", bk_kernels_select()->name);
  for (size_t i = 0; bk_kernels_at(i); i++) check_table(bk_kernels_at(i));
  if (failures) printf("%d failures\n", failures);
  return failures ? 1 : 0;
}
