// The LSTM step of a table, before its definition. All but AVX-512 have the product and the cell one after the other:
// what lies between is the gates of one step, 2 KB for 128 units, written to and read from the first-level
// cache. On NEON these are 256 of some 60,000 to 120,000 instructions of a step, less than half a percent; AVX-512
// gains from the cell's latency hidden behind the next block's weights, which the in-order A53 would not hide.
#define BK_LSTM_STEP bk_f32_lstm_step__scalar
#define BK_ATTENTION bk_f32_attention__scalar
// What an instruction set may have its own version of.
#define BK_LAYER_NORM BK_NAME(bk_f32_layer_norm)
#define BK_SOFTMAX BK_NAME(bk_f32_softmax)
#define BK_QUANTIZE_ROWS BK_NAME(bk_f32_quantize_rows)

// The families that every table fills from its own compilation of the templates.
#define BK_TABLE_OF_TEMPLATES                                      \
  .recurrent =                                                     \
      {                                                            \
          .f32_lstm_step = BK_LSTM_STEP,                           \
          .f32_lstm_cell = BK_NAME(bk_f32_lstm_cell),              \
          .f32_gru_gates = BK_NAME(bk_f32_gru_gates),              \
          .f32_gru_blend = BK_NAME(bk_f32_gru_blend),              \
      },                                                           \
  .rows =                                                          \
      {                                                            \
          .f32_layer_norm = BK_LAYER_NORM,                         \
          .f32_log_softmax = BK_NAME(bk_f32_log_softmax),          \
          .f32_l2_norm = BK_NAME(bk_f32_l2_norm),                  \
          .f32_softmax = BK_SOFTMAX,                               \
          .f32_attention = BK_ATTENTION,                           \
          .f32_sum = BK_NAME(bk_f32_sum),                          \
          .f32_maximum = BK_NAME(bk_f32_maximum),                  \
      },                                                           \
  .elementwise =                                                   \
      {                                                            \
          .f32_unary = BK_NAME(bk_f32_unary),                      \
          .f32_binary = BK_NAME(bk_f32_binary),                    \
          .f32_clamp = BK_NAME(bk_f32_clamp),                      \
      },                                                           \
  .quantized = {                                                   \
      .f32_quantize_rows = BK_QUANTIZE_ROWS,                       \
      .i8_binary = BK_QUANTIZED(bk_i8_binary),                     \
      .i8_table = BK_QUANTIZED(bk_i8_table),                       \
      .i8_softmax = BK_QUANTIZED(bk_i8_softmax),                   \
      .i8_sum = BK_QUANTIZED(bk_i8_sum),                           \
      .i8_matmul = BK_QUANTIZED(bk_i8_matmul),                     \
      .i8_gates = BK_QUANTIZED(bk_i8_gates),                       \
      .i8_lstm_cell = BK_QUANTIZED(bk_i8_lstm_cell),               \
  }
// Where the kernels of int8 come from; AVX-512 has them compiled for itself.
#define BK_QUANTIZED BK_NAME

// With the depthwise convolutions given, as instruction sets have their own.
#define BK_SPATIAL_OF_TEMPLATES(f32_depthwise_kernel, i8_depthwise_kernel) \
  .spatial =                                                       \
      {                                                            \
          .f32_depthwise = f32_depthwise_kernel,                   \
          .i8_depthwise = i8_depthwise_kernel,                     \
          .f32_pool = BK_NAME(bk_f32_pool),                        \
          .i8_pool = BK_NAME(bk_i8_pool),                          \
          .i8_widen = BK_NAME(bk_i8_widen),                        \
      }

// The int8 products of one instruction set, which come together.
#define BK_I8_GEMMS(isa)                     \
  .i8_f32_gemm = bk_i8_f32_gemm__##isa,      \
  .i8_i8_gemm = bk_i8_i8_gemm__##isa,        \
  .i8_i32_gemm = bk_i8_i32_gemm__##isa
