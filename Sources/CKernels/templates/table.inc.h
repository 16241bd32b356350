// The entries that every table fills from its own compilation of the templates.
#define BK_TABLE_OF_TEMPLATES                        \
  .f32_quantize_rows = BK_NAME(bk_f32_quantize_rows), \
  .f32_lstm_cell = BK_NAME(bk_f32_lstm_cell),        \
  .f32_unary = BK_NAME(bk_f32_unary),                \
  .f32_binary = BK_NAME(bk_f32_binary),              \
  .f32_clamp = BK_NAME(bk_f32_clamp),                \
  .f32_softmax = BK_NAME(bk_f32_softmax),            \
  .f32_sum = BK_NAME(bk_f32_sum),                    \
  .f32_maximum = BK_NAME(bk_f32_maximum),            \
  .f32_depthwise = BK_NAME(bk_f32_depthwise),        \
  .f32_pool = BK_NAME(bk_f32_pool)
