// Fixed-point operators, two's complement, exact unless said otherwise.

// p = a * b: a carry chain for each bit of b.
module fixed_multiply #(parameter A = 8, parameter B = 8) (
  input signed [A-1:0] a, input signed [B-1:0] b, output signed [A+B-1:0] p);
  wire signed [A:0] sum [0:B];
  wire [B-1:0] low;
  assign sum[0] = 0;
  genvar i;
  generate for (i = 0; i < B; i = i + 1) begin : row
    wire signed [A:0] term = {(A+1){b[i]}} & {a[A-1], a};
    wire signed [A:0] total;
    if (i == B - 1) begin : last
      assign total = sum[i] - term;
    end else begin : other
      assign total = sum[i] + term;
    end
    assign low[i] = total[0];
    assign sum[i+1] = total >>> 1;
  end endgenerate
  assign p = {sum[B][A-1:0], low};
endmodule

// p = a * b as the synthesiser sees fit: with DSP blocks allowed.
module fixed_multiply_free #(parameter A = 8, parameter B = 8) (
  input signed [A-1:0] a, input signed [B-1:0] b, output signed [A+B-1:0] p);
  assign p = a * b;
endmodule

// s = a + b modulo 2^W.
module fixed_add #(parameter W = 8) (input signed [W-1:0] a, input signed [W-1:0] b, output signed [W-1:0] s);
  assign s = a + b;
endmodule

// acc = (clear ? 0 : acc) + x at each clock.
module fixed_accumulate #(parameter W = 8) (input clk, input clear, input signed [W-1:0] x, output reg signed [W-1:0] acc);
  always @(posedge clk) acc <= x + (clear ? {W{1'b0}} : acc);
endmodule

// y = x / 2^DROP rounded to nearest, ties to even, saturated to OUT bits.
module fixed_round #(parameter IN = 16, parameter DROP = 4, parameter OUT = 8) (input signed [IN-1:0] x, output signed [OUT-1:0] y);
  localparam KEPT = IN - DROP;
  wire [IN:0] padded = {x, 1'b0};
  wire guard = padded[DROP];
  wire sticky = |(padded & ((1 << DROP) - 1));
  wire up = guard & (sticky | x[DROP]);
  wire signed [KEPT:0] rounded = $signed(x[IN-1:DROP]) + $signed({1'b0, up});
  wire overflow = ~(&rounded[KEPT:OUT-1] | ~|rounded[KEPT:OUT-1]);
  assign y = overflow ? {rounded[KEPT], {(OUT-1){~rounded[KEPT]}}} : rounded[OUT-1:0];
endmodule

module maximum #(parameter W = 8) (input signed [W-1:0] a, input signed [W-1:0] b, output signed [W-1:0] y);
  assign y = a > b ? a : b;
endmodule

// relu
module select #(parameter W = 8) (input signed [W-1:0] x, output signed [W-1:0] y);
  assign y = x[W-1] ? {W{1'b0}} : x;
endmodule

// q = floor(a / b) for 0 <= a < 2^A, 0 < b < 2^B, OUT quotient bits; a restoring array, a row a quotient bit.
module divide #(parameter A = 8, parameter B = 8) (input [A-1:0] a, input [B-1:0] b, output [A-1:0] q);
  wire [B:0] rest [0:A];
  assign rest[0] = 0;
  genvar i;
  generate for (i = 0; i < A; i = i + 1) begin : row
    wire [B:0] next = {rest[i][B-1:0], a[A-1-i]};
    wire [B+1:0] difference = {1'b0, next} - {2'b0, b};
    assign q[A-1-i] = ~difference[B+1];
    assign rest[i+1] = difference[B+1] ? next : difference[B:0];
  end endgenerate
endmodule
