// Between fixed words and floats; conventions in float_parts.v.

// y = (-1)^sign * significand * 2^exponent as a W-bit word, exact for exponent <= W - 1 - S.
module float_to_fixed #(parameter S = 4, parameter W = 16) (
  input sign, input [$clog2(W-S+1)-1:0] exponent, input [S-1:0] significand, output [W-1:0] y);
  wire [W-1:0] magnitude = {{(W-S){1'b0}}, significand} << exponent;
  assign y = (magnitude ^ {W{sign}}) + sign;
endmodule

// y = rounded(x * 2^(TOP - (W - 1 - M))), in units of the float's smallest subnormal; TOP is the largest left shift, 0 <= TOP < W.
module fixed_to_float #(parameter W = 16, parameter TOP = 14, parameter E = 6, parameter M = 3) (input signed [W-1:0] x, output [E+M:0] y);
  localparam C = $clog2(W);
  localparam X = (E > C ? E : C) + 1;
  localparam V = (W < M + 3 ? M + 3 : W);
  wire [W-1:0] magnitude = (x ^ {W{x[W-1]}}) + x[W-1];
  wire [W-1:0] marker = 1 << (W - 1 - TOP);
  wire [C-1:0] zeros;
  leading_zeros #(.W(W), .C(C)) count (magnitude | marker, zeros);
  wire [W-1:0] normal = magnitude << zeros;
  wire [X-1:0] exponent = TOP + 1 - zeros;
  float_finish #(.X(X), .W(V), .E(E), .M(M)) finish (x[W-1], exponent, {normal, {(V-W){1'b0}}}, y);
endmodule
