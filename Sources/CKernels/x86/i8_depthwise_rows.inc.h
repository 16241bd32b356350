// A 3 x 3 depthwise convolution of int8 with the instruction that multiplies groups of four bytes:
// the three rows of a column stand in one group (the fourth weight is zero), so a position takes three
// of them, and a column is put together once for all windows that it lies in. Included by the two
// files that say how columns are put together, for BK_N channels.
//
// The instruction takes the input unsigned: x + 128, made by flipping the sign bit; 128 times the sum
// of the weights is taken off with the bias.

// The channels from c on, in all rows.
BK_INLINE void BK_OF(bk_i8_depthwise)(const bk_i8_depthwise_args *args, size_t c, const bool every_column) {
  const bk_window *w = &args->window;
  const size_t channels = w->channels;
  BK_OF(constants) s;
  BK_OF(constants_at)(args, c, &s);
  const int8_t *const nothing[3] = {args->absent, args->absent, args->absent};
  const BK_OF(group) outside = BK_OF(column)(nothing, 0, -128);
  for (size_t row = args->first; row < args->last; row++) {
    const int8_t *rows[3];
    for (size_t ky = 0; ky < 3; ky++) rows[ky] = bk_i8_input_row(args, row, ky) + c;
    int8_t *y = args->y + row * w->output_width * channels + c;
    size_t at = 0 - w->left;
    BK_OF(group) left = outside, middle;
    if (!w->left) left = BK_OF(column)(rows, 0, -128);
    at++;
    if (every_column) middle = BK_OF(column)(rows, at++ * channels, -128);
    for (size_t column = 0; column < w->output_width; column++, y += channels) {
      if (!every_column) middle = BK_OF(column)(rows, at++ * channels, -128);
      BK_OF(group) right = outside;
      if (at < w->width) right = BK_OF(column)(rows, at * channels, -128);
      at++;
      BK_OF(group) sum = BK_OF(dot)(s.bias, left, s.weights[0]);
      sum = BK_OF(dot)(sum, middle, s.weights[1]);
      sum = BK_OF(dot)(sum, right, s.weights[2]);
      BK_OF(finish)(args, &s, sum, y);
      if (every_column)
        left = middle, middle = right;
      else
        left = right;
    }
  }
}

#undef BK_OF
#undef BK_N
