// Parts of the float operators. A float has E exponent bits, M stored significand bits, bias 2^(E-1)-1, gradual subnormals; every code is
// finite (no infinities or NaNs); results are rounded to nearest, ties to even, and saturate.

// Number of leading zeros of x, at most W - 1.
module leading_zeros #(parameter W = 8, parameter C = 3) (input [W-1:0] x, output [C-1:0] count);
  localparam P = 1 << C;
  wire [P-1:0] stage [0:C];
  assign stage[0] = {x, {(P-W){1'b1}}};
  genvar k;
  generate for (k = 0; k < C; k = k + 1) begin : halve
    localparam H = 1 << (C - 1 - k);
    wire zero = ~|stage[k][P-1 : P-H];
    assign count[C-1-k] = zero;
    assign stage[k+1] = zero ? stage[k] << H : stage[k];
  end endgenerate
endmodule

// x / 2^by; the last bit of y collects what is shifted out.
module shift_right_sticky #(parameter W = 8, parameter C = 3) (input [W-1:0] x, input [C-1:0] by, output [W-1:0] y);
  wire [W-1:0] stage [0:C];
  assign stage[0] = x;
  genvar k;
  generate for (k = 0; k < C; k = k + 1) begin : step
    localparam H = 1 << k;
    if (H < W - 1) begin : part
      assign stage[k+1] = by[k] ? {{H{1'b0}}, stage[k][W-1:H+1], |stage[k][H:0]} : stage[k];
    end else begin : all
      assign stage[k+1] = by[k] ? {{(W-1){1'b0}}, |stage[k]} : stage[k];
    end
  end endgenerate
  assign y = stage[C];
endmodule

// Rounds {exponent, significand}: X exponent bits (never negative), a hidden bit on top of W significand bits; W >= M + 3.
// exponent is the biased one of the hidden bit; where the hidden bit is 0, the number is subnormal and `exponent` does not matter.
module float_finish #(parameter X = 6, parameter W = 8, parameter E = 5, parameter M = 2) (
  input sign, input [X-1:0] exponent, input [W-1:0] significand, output [E+M:0] y);
  wire hidden = significand[W-1];
  wire guard = significand[W-2-M];
  wire sticky = |significand[W-3-M:0];
  wire up = guard & (sticky | significand[W-1-M]);
  wire [X+M:0] packed_up = {1'b0, hidden ? exponent : {X{1'b0}}, significand[W-2:W-1-M]} + up;
  wire overflow = |packed_up[X+M:E+M];
  assign y = {sign, overflow ? {(E+M){1'b1}} : packed_up[E+M-1:0]};
endmodule
