// SPDX-License-Identifier: Apache-2.0
// Addresses of rtl/csr/panacea.rdl and indices of its counters. verif/csr compares them.
`default_nettype none

package csr_pkg;

  parameter int CsrAddrW = 12;

  parameter logic [11:0] AddrId = 12'h000;
  parameter logic [11:0] AddrVersion = 12'h004;
  parameter logic [11:0] AddrParamCore = 12'h008;
  parameter logic [11:0] AddrParamTile = 12'h00C;
  parameter logic [11:0] AddrParamWmem = 12'h010;
  parameter logic [11:0] AddrParamAmem = 12'h014;
  parameter logic [11:0] AddrParamOmem = 12'h018;
  parameter logic [11:0] AddrCtrl = 12'h020;
  parameter logic [11:0] AddrStatus = 12'h024;
  parameter logic [11:0] AddrError = 12'h028;
  parameter logic [11:0] AddrErrorDesc = 12'h02C;
  parameter logic [11:0] AddrErrorAddrLo = 12'h030;
  parameter logic [11:0] AddrErrorAddrHi = 12'h034;
  parameter logic [11:0] AddrProgAddrLo = 12'h040;
  parameter logic [11:0] AddrProgAddrHi = 12'h044;
  parameter logic [11:0] AddrProgCount = 12'h048;
  parameter logic [11:0] AddrIrqStatus = 12'h050;
  parameter logic [11:0] AddrIrqEnable = 12'h054;
  parameter logic [11:0] AddrCounters = 12'h100;

  parameter logic [31:0] IdValue = 32'h504E_4341;  // "PNCA"
  parameter logic [31:0] VersionValue = 32'h0001_0000;

  // Codes of ERROR.code.
  parameter logic [7:0] ErrNone = 8'd0;
  parameter logic [7:0] ErrBadDescriptor = 8'd1;
  parameter logic [7:0] ErrReadFailed = 8'd2;
  parameter logic [7:0] ErrWriteFailed = 8'd3;
  parameter logic [7:0] ErrCoreError = 8'd4;
  parameter logic [7:0] ErrBlockTooLarge = 8'd5;
  parameter logic [7:0] ErrAborted = 8'd6;
  parameter logic [7:0] ErrCorruptStream = 8'd7;
  parameter logic [7:0] ErrTimeout = 8'd8;

  // Counters, by position.
  parameter int NumCounters = 24;
  parameter int CntCycles = 0;
  parameter int CntDwoBusy = 1;
  parameter int CntSwoBusy = 2;
  parameter int CntCsBusy = 3;
  parameter int CntPpuBusy = 4;
  parameter int CntDmaReadBusy = 5;
  parameter int CntDmaWriteBusy = 6;
  parameter int CntProductsHh = 7;
  parameter int CntProductsHl = 8;
  parameter int CntProductsLh = 9;
  parameter int CntProductsLl = 10;
  parameter int CntBytesRead = 11;
  parameter int CntBytesWritten = 12;
  parameter int CntWmemWrites = 13;
  parameter int CntWmemReads = 14;
  parameter int CntAmemWrites = 15;
  parameter int CntAmemReads = 16;
  parameter int CntOmemWrites = 17;
  parameter int CntOmemReads = 18;
  parameter int CntStallWeights = 19;
  parameter int CntStallActivations = 20;
  parameter int CntStallResults = 21;
  parameter int CntStallDescriptor = 22;
  parameter int CntStallBus = 23;

endpackage

`default_nettype wire
