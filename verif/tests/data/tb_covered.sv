// A run that is started and aborted, so that it is known what of `run_control` is covered; and a
// wide signal of which one bit changes.
`default_nettype none

module tb_covered
  import panacea_pkg::*;
  import ppu_pkg::*;
  import chip_pkg::*;
();

  logic clk  /* verilator public_flat_rd */;  // cocotb wants to see something
  logic rst_n, start, abort;
  core_err_t core_err;
  ppu_err_t  ppu_err;

  assign core_err = '0;
  assign ppu_err  = '0;

  run_control i_dut (
    .clk_i (clk),
    .rst_ni (rst_n),
    .start_i (start),
    .abort_i (abort),
    .begin_o (),
    .run_no (),
    .stop_o (),
    .bus_idle_i (1'b1),
    .progress_i (1'b0),
    .all_dealt_i (1'b0),
    .all_written_i (1'b0),
    .playing_i (1'b0),
    .read_error_i (1'b0),
    .read_addr_i ('0),
    .write_error_i (1'b0),
    .write_addr_i ('0),
    .bad_desc_i ('0),
    .desc_index_i ('0),
    .next_desc_i ('0),
    .chunk_error_i (1'b0),
    .table_error_i (1'b0),
    .w_end_error_i (1'b0),
    .x_end_error_i (1'b0),
    .w_large_i (1'b0),
    .x_large_i (1'b0),
    .core_err_i (core_err),
    .ppu_err_i (ppu_err),
    .end_o (),
    .end_code_o (),
    .end_detail_o (),
    .end_desc_o (),
    .end_addr_o ()
  );

  logic [69:0] wide;
  assign wide = {36'd0, start, 33'd0};  // bit 33 alone changes

  stream_fifo #(
    .Width(70),
    .Depth(2)
  ) i_wide (
    .clk_i (clk),
    .rst_ni (rst_n),
    .valid_i (1'b0),
    .ready_o (),
    .data_i (wide),
    .valid_o (),
    .ready_i (1'b0),
    .data_o ()
  );

  initial begin
    {clk, rst_n, start, abort} = '0;
    forever #5 clk = !clk;
  end

  initial begin
    #22 rst_n = 1'b1;
    #10 start = 1'b1;
    #10 start = 1'b0;
    #30 abort = 1'b1;
  end

endmodule

`default_nettype wire
