// Float operators; conventions in float_parts.v.

// s = rounded(a + b)
module float_add #(parameter E = 5, parameter M = 2) (input [E+M:0] a, input [E+M:0] b, output [E+M:0] s);
  localparam W = M + 5;  // carry, significand, guard, round, sticky
  localparam C = $clog2(W);
  localparam D = $clog2(M + 4);
  wire a_is_big = a[E+M-1:0] >= b[E+M-1:0];
  wire [E+M:0] big = a_is_big ? a : b;
  wire [E+M:0] little = a_is_big ? b : a;
  wire [E-1:0] e_big = big[E+M-1:M], e_small = little[E+M-1:M];
  wire n_big = |e_big, n_small = |e_small;
  wire [E-1:0] x_big = n_big ? e_big : 1;
  wire [E-1:0] distance = e_big - e_small - (n_big & ~n_small);
  wire [M+3:0] aligned;
  generate if (E > D) begin : far
    wire beyond = |distance[E-1:D];
    shift_right_sticky #(.W(M+4), .C(D)) align ({n_small, little[M-1:0], 3'b0}, distance[D-1:0] | {D{beyond}}, aligned);
  end else begin : near
    shift_right_sticky #(.W(M+4), .C(E)) align ({n_small, little[M-1:0], 3'b0}, distance, aligned);
  end endgenerate
  wire subtract = big[E+M] ^ little[E+M];
  wire [W:0] with_carry = {1'b0, n_big, big[M-1:0], 3'b0, 1'b1} + {{1'b0, aligned} ^ {W{subtract}}, subtract};
  wire [W-1:0] sum = with_carry[W:1];
  // Normalising stops at exponent 1: a marker bit ends the count of leading zeros there.
  wire [W-1:0] marker = {1'b1, {(W-1){1'b0}}} >> x_big;
  wire [C-1:0] zeros;
  leading_zeros #(.W(W), .C(C)) count (sum | marker, zeros);
  wire [W-1:0] normal = sum << zeros;
  wire [E:0] exponent = {1'b0, x_big} + 1 - zeros;
  float_finish #(.X(E+1), .W(W), .E(E), .M(M)) finish (big[E+M], exponent, normal, s);
endmodule

// The exact product: sign, significands of ML + 1 and MR + 1 bits, the sum of the exponents (of subnormals: 1).
module float_product #(parameter E = 5, parameter ML = 2, parameter MR = 2) (
  input [E+ML:0] a, input [E+MR:0] b, output sign, output [E:0] exponent, output [ML+MR+1:0] significand);
  wire n_a = |a[E+ML-1:ML], n_b = |b[E+MR-1:MR];
  wire [ML:0] m_a = {n_a, a[ML-1:0]};
  wire [MR:0] m_b = {n_b, b[MR-1:0]};
  assign sign = a[E+ML] ^ b[E+MR];
  assign exponent = {1'b0, a[E+ML-1:ML+1], a[ML] | ~n_a} + {1'b0, b[E+MR-1:MR+1], b[MR] | ~n_b};
  wire [ML+1:0] sum [0:MR+1];
  wire [MR:0] low;
  assign sum[0] = 0;
  genvar i;
  generate for (i = 0; i <= MR; i = i + 1) begin : row
    // The running sum is the plain operand, so that the carry chain needs no LUT for the term alone.
    wire [ML+1:0] term = {(ML+2){m_b[i]}} & {1'b0, m_a};
    wire [ML+1:0] total = sum[i] + term;
    assign low[i] = total[0];
    assign sum[i+1] = {1'b0, total[ML+1:1]};
  end endgenerate
  assign significand = {sum[MR+1][ML:0], low};
endmodule

// p = rounded(a * b)
module float_multiply #(parameter E = 5, parameter M = 2) (input [E+M:0] a, input [E+M:0] b, output [E+M:0] p);
  localparam S = 2 * M + 2;
  localparam W = S + 2;
  localparam C = $clog2(S);
  localparam BIAS = (1 << (E - 1)) - 1;
  localparam X = (E > C ? E : C) + 2;
  localparam D = $clog2(M + 3);
  wire sign;
  wire [E:0] exponents;
  wire [S-1:0] significand;
  float_product #(.E(E), .ML(M), .MR(M)) product (a, b, sign, exponents, significand);
  wire [C-1:0] zeros;
  leading_zeros #(.W(S), .C(C)) count (significand, zeros);
  wire [S-1:0] normal = significand << zeros;
  // Biased exponent of the leading bit, when it is on top.
  wire signed [X:0] biased = $signed({1'b0, exponents}) - (BIAS - 1) - $signed({1'b0, zeros});
  wire tiny = biased < 1;
  wire [X:0] deficit = 1 - biased;
  wire beyond = |deficit[X:D];
  wire [W-1:0] shifted;
  shift_right_sticky #(.W(W), .C(D)) denormalise ({normal, 2'b0}, tiny ? deficit[D-1:0] | {D{beyond}} : {D{1'b0}}, shifted);
  float_finish #(.X(X), .W(W), .E(E), .M(M)) finish (sign, biased[X-1:0], shifted, p);
endmodule

// y = x rounded from E + 1 exponent bits and I stored bits to E and M. Needs 2^(E-1) > M: the input's subnormals become zero.
module float_round #(parameter E = 5, parameter I = 10, parameter M = 3) (input [E+I+1:0] x, output [E+M:0] y);
  localparam W = (I + 1 < M + 3 ? M + 3 : I + 1);
  localparam SHIFT = 1 << (E - 1);  // difference of the biases
  localparam D = $clog2(M + 3);
  wire [E:0] field = x[E+I:I];
  wire [W-1:0] significand = {|field, x[I-1:0], {(W-I-1){1'b0}}};
  wire signed [E+1:0] biased = $signed({1'b0, field}) - SHIFT;
  wire tiny = biased < 1;
  wire [E+1:0] deficit = 1 - biased;
  wire beyond = |deficit[E+1:D];
  wire [W-1:0] shifted;
  shift_right_sticky #(.W(W), .C(D)) denormalise (significand, tiny ? deficit[D-1:0] | {D{beyond}} : {D{1'b0}}, shifted);
  float_finish #(.X(E+1), .W(W), .E(E), .M(M)) finish (x[E+I+1], biased[E:0], shifted, y);
endmodule
