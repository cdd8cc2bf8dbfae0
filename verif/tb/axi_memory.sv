// SPDX-License-Identifier: Apache-2.0
// AXI4 slave with a memory of Lines beats of 256 bits, at byte address base_i.
//
// Reads: an AR is taken while fewer than 16 bursts are held; the first beat is valid latency_i
// (at least 1) cycles after the AR's handshake, or as soon as the bursts before it are out; then
// a beat a cycle. Writes: an AW is taken while fewer than 16 bursts are unanswered, W is always
// taken, in any order against its AW; the answer is valid 4 cycles after the later of AW and last
// beat. Pauses (stalls_i, in 256ths) hold the five channels back, independent of each other;
// unused R and B payload is random with garbage_i. All bursts have the same ID.
//
// Addresses outside the memory answer DECERR. `bad_read_i` is the answer (0: none) for the beat
// at bad_read_addr_i, `bad_write_i` the same for a burst that writes there. A read beat with an
// error is all ones, a write beat with an error is not written. A pulse of load_i fills lines_i
// lines from line_i on with mem.bin (most significant byte first), one of store_i writes them to
// mem.out (least significant byte first); done_o counts both. Reset forgets bursts, not contents.
`default_nettype none

module axi_memory #(
  parameter int Lines = 2 ** 18
) (
  input  wire logic         clk_i,
  input  wire logic         rst_ni,
  input  wire logic [39:0]  base_i,
  input  wire logic         load_i,
  input  wire logic         store_i,
  input  wire logic [31:0]  line_i,
  input  wire logic [31:0]  lines_i,
  output logic [31:0]       done_o,
  input  wire logic [15:0]  latency_i,
  input  wire logic         start_i,
  input  wire logic [31:0]  seed_i,
  input  wire logic         burst_i,
  input  wire logic         garbage_i,
  input  wire logic [39:0]  stalls_i,          // of B, W, AW, R, AR: 8 bits each, AR lowest
  input  wire logic [1:0]   bad_read_i,
  input  wire logic [39:0]  bad_read_addr_i,
  input  wire logic [1:0]   bad_write_i,
  input  wire logic [39:0]  bad_write_addr_i,
  input  wire logic         arvalid_i,
  output logic              arready_o,
  input  wire logic [39:0]  araddr_i,
  input  wire logic [7:0]   arlen_i,
  output logic              rvalid_o,
  input  wire logic         rready_i,
  output logic [255:0]      rdata_o,
  output logic [1:0]        rresp_o,
  output logic              rlast_o,
  input  wire logic         awvalid_i,
  output logic              awready_o,
  input  wire logic [39:0]  awaddr_i,
  input  wire logic [7:0]   awlen_i,
  input  wire logic         wvalid_i,
  output logic              wready_o,
  input  wire logic [255:0] wdata_i,
  input  wire logic [31:0]  wstrb_i,
  output logic              bvalid_o,
  input  wire logic         bready_i,
  output logic [1:0]        bresp_o
);

  localparam int Held = 16;  // bursts of each direction
  localparam int Ahead = 1024;  // W beats taken before their AW
  localparam int BLatency = 4;
  localparam logic [1:0] Decerr = 2'd3;

  logic [255:0] mem[Lines];

  localparam int Ar = 0, R = 1, Aw = 2, W = 3, B = 4;
  logic [4:0] stall;
  logic [5*32-1:0] randoms;
  logic [31:0] noise, cycle;

  for (genvar c = 0; c < 5; c = c + 1) begin : gen_stall
    stall_gen #(
      .Salt(1 + c)
    ) i_stall (
      .clk_i,
      .start_i,
      .seed_i,
      .prob_i(stalls_i[8*c +: 8]),
      .burst_i,
      .garbage_i(garbage_i && c == R),
      .stall_o(stall[c]),
      .random_o(randoms[32*c +: 32])
    );
  end
  assign noise = randoms[32*R+:32];

  function automatic logic inside_memory(input logic [39:0] address);
    return address >= base_i && address - base_i < 40'(Lines) * 40'd32;
  endfunction

  // Below, what is assigned with `=` is a testbench variable of one process.

  // Contents.
  integer file, got, i;
  initial done_o = 32'd0;
  always @(posedge clk_i) begin
    if (load_i) begin
      if (line_i + lines_i > 32'(Lines)) $fatal(1, "%m: the image does not fit");
      file = $fopen("mem.bin", "rb");
      if (file == 0) $fatal(1, "%m: cannot read mem.bin");
      got = $fread(mem, file, line_i, lines_i);
      if (32'(got) != lines_i * 32'd32) $fatal(1, "%m: mem.bin has %0d bytes only", got);
      $fclose(file);
      done_o <= done_o + 32'd1;
    end
    if (store_i) begin
      file = $fopen("mem.out", "wb");
      if (file == 0) $fatal(1, "%m: cannot write mem.out");
      for (i = 0; i < lines_i; i = i + 1) $fwrite(file, "%u", mem[line_i+32'(i)]);
      $fclose(file);
      done_o <= done_o + 32'd1;
    end
  end

  initial cycle = 32'd0;
  always_ff @(posedge clk_i) cycle <= cycle + 32'd1;

  // Reads.
  logic [39:0] ar_addr [Held];
  logic [31:0] ar_due [Held];
  logic [7:0]  ar_len [Held];
  logic [39:0] r_addr;
  logic [7:0]  r_beat;
  logic [4:0]  ar_held;
  logic [3:0] ar_head, ar_tail;
  logic ar_room;

  initial begin
    {ar_head, ar_tail, ar_held, r_beat} = '0;
    {ar_room, rvalid_o, rdata_o, rresp_o, rlast_o} = '0;
  end
  assign arready_o = rst_ni && !stall[Ar] && ar_room;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      {ar_head, ar_tail, ar_held, r_beat} = '0;
      rvalid_o <= 1'b0;
    end else begin
      if (arvalid_i && arready_o) begin
        ar_addr[ar_tail] = araddr_i;
        ar_len[ar_tail] = arlen_i;
        ar_due[ar_tail] = cycle + 32'(latency_i);
        ar_tail = ar_tail + 4'd1;
        ar_held = ar_held + 5'd1;
      end
      if (!rvalid_o || rready_i) begin
        rvalid_o <= 1'b0;
        {rdata_o, rresp_o, rlast_o} <= garbage_i ? {noise[2:0], {8{noise}}} : '0;
        if (ar_held != 5'd0 && cycle + 32'd1 >= ar_due[ar_head] && !stall[R]) begin
          r_addr = ar_addr[ar_head] + 40'(r_beat) * 40'd32;
          rvalid_o <= 1'b1;
          rlast_o <= r_beat == ar_len[ar_head];
          rresp_o <= 2'd0;
          rdata_o <= mem[32'((r_addr - base_i) >> 5)];
          if (!inside_memory(r_addr)) begin
            rresp_o <= Decerr;
            rdata_o <= '1;
          end else if (bad_read_i != 2'd0 && r_addr == bad_read_addr_i) begin
            rresp_o <= bad_read_i;
            rdata_o <= '1;
          end
          if (r_beat == ar_len[ar_head]) begin
            r_beat = 8'd0;
            ar_head = ar_head + 4'd1;
            ar_held = ar_held - 5'd1;
          end else begin
            r_beat = r_beat + 8'd1;
          end
        end
      end
    end
    ar_room <= ar_held < 5'(Held);
  end

  // Writes: beats wait for their address (w_*), bursts for the end of their beats (aw_*), answers
  // for their time (b_*).
  logic [39:0]  aw_addr [Held];
  logic [7:0]   aw_len [Held];
  logic [31:0]  b_due [Held];
  logic [1:0]   b_resp [Held];
  logic [3:0] aw_head, aw_tail, b_head;
  logic [4:0] aw_open, b_held;  // bursts that lack beats, answers due
  logic [255:0] w_data [Ahead];
  logic [31:0]  w_strb [Ahead];
  logic [9:0] w_head, w_tail;
  logic [10:0] w_held;
  logic aw_room, w_room;
  logic [39:0]  w_addr;
  logic [7:0]   w_beat;
  logic [1:0]   w_resp;
  logic [255:0] line;
  integer       b;

  initial begin
    {aw_head, aw_tail, b_head, aw_open, b_held, w_head, w_tail, w_held, w_beat, w_resp} = '0;
    {aw_room, w_room, bvalid_o, bresp_o} = '0;
  end
  assign awready_o = rst_ni && !stall[Aw] && aw_room;
  assign wready_o  = rst_ni && !stall[W] && w_room;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      {aw_head, aw_tail, b_head, aw_open, b_held, w_head, w_tail, w_held, w_beat, w_resp} = '0;
      bvalid_o <= 1'b0;
    end else begin
      if (awvalid_i && awready_o) begin
        aw_addr[aw_tail] = awaddr_i;
        aw_len[aw_tail] = awlen_i;
        aw_tail = aw_tail + 4'd1;
        aw_open = aw_open + 5'd1;
      end
      if (wvalid_i && wready_o) begin
        w_data[w_tail] = wdata_i;
        w_strb[w_tail] = wstrb_i;
        w_tail = w_tail + 10'd1;
        w_held = w_held + 11'd1;
      end
      while (w_held != 11'd0 && aw_open != 5'd0) begin
        w_addr = aw_addr[aw_head] + 40'(w_beat) * 40'd32;
        if (!inside_memory(w_addr)) begin
          w_resp = Decerr;
        end else if (bad_write_i != 2'd0 && w_addr == bad_write_addr_i) begin
          w_resp = bad_write_i;
        end else begin
          line = mem[32'((w_addr-base_i)>>5)];
          for (b = 0; b < 32; b = b + 1) begin
            if (w_strb[w_head][b]) line[b*8+:8] = w_data[w_head][b*8+:8];
          end
          mem[32'((w_addr-base_i)>>5)] = line;
        end
        w_head = w_head + 10'd1;
        w_held = w_held - 11'd1;
        w_beat = w_beat + 8'd1;
        if (w_beat == aw_len[aw_head] + 8'd1) begin
          b_due[aw_head] = cycle + 32'(BLatency);
          b_resp[aw_head] = w_resp;
          w_beat = 8'd0;
          w_resp = 2'd0;
          aw_head = aw_head + 4'd1;
          aw_open = aw_open - 5'd1;
          b_held = b_held + 5'd1;
        end
      end
      if (!bvalid_o || bready_i) begin
        bvalid_o <= 1'b0;
        bresp_o <= garbage_i ? noise[4:3] : 2'd0;
        if (b_held != 5'd0 && cycle + 32'd1 >= b_due[b_head] && !stall[B]) begin
          bvalid_o <= 1'b1;
          bresp_o <= b_resp[b_head];
          b_head = b_head + 4'd1;
          b_held = b_held - 5'd1;
        end
      end
    end
    aw_room <= aw_open + b_held < 5'(Held);
    w_room <= w_held < 11'(Ahead);
  end

endmodule

`default_nettype wire
