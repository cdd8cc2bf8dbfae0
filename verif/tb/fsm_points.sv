// SPDX-License-Identifier: Apache-2.0
// Cover points of every state machine of the RTL: its states, and its transitions other than by
// reset. Bound into the RTL of coverage builds. The label of a point is what reports show; the
// name of a module here is `fsm_` and that of the module it watches.
`default_nettype none

// `last_q` is the state a cycle ago, `live_q` tells that no reset was between.
`define FSM_WATCH(Width) \
  logic [Width-1:0] last_q; \
  logic             live_q; \
  always_ff @(posedge clk_i) begin \
    last_q <= state_i; \
    live_q <= rst_ni; \
  end
`define FSM_STATE(name) \
  state_``name: cover property (@(posedge clk_i) rst_ni && state_i == name);
`define FSM_ARC(from, to) \
  from``_to_``to: cover property ( \
    @(posedge clk_i) rst_ni && live_q && last_q == from && state_i == to);
`define FSM_PORTS(Width) (input wire clk_i, input wire rst_ni, input wire [Width-1:0] state_i)
`define FSM_BIND(target) bind target fsm_``target i_fsm (.clk_i, .rst_ni, .state_i(state_q));

module fsm_run_control `FSM_PORTS(2);
  typedef enum logic [1:0] {StIdle, StRun, StStop} state_e;
  `FSM_WATCH(2)
  `FSM_STATE(StIdle)
  `FSM_STATE(StRun)
  `FSM_STATE(StStop)
  `FSM_ARC(StIdle, StRun)
  `FSM_ARC(StRun, StStop)
  `FSM_ARC(StStop, StIdle)
endmodule

module fsm_packetizer `FSM_PORTS(2);
  typedef enum logic [1:0] {StLo, StHo, StLo0, StHo0} state_e;
  `FSM_WATCH(2)
  `FSM_STATE(StLo)
  `FSM_STATE(StHo)
  `FSM_STATE(StLo0)
  `FSM_STATE(StHo0)
  `FSM_ARC(StLo, StHo)
  `FSM_ARC(StHo, StLo)
  `FSM_ARC(StHo, StLo0)
  `FSM_ARC(StLo0, StHo0)
  `FSM_ARC(StHo0, StLo)
endmodule

module fsm_weight_loader `FSM_PORTS(2);
  typedef enum logic [1:0] {StIdle, StWait, StLo, StHo} state_e;
  `FSM_WATCH(2)
  `FSM_STATE(StIdle)
  `FSM_STATE(StWait)
  `FSM_STATE(StLo)
  `FSM_STATE(StHo)
  `FSM_ARC(StIdle, StWait)
  `FSM_ARC(StWait, StLo)
  `FSM_ARC(StLo, StHo)
  `FSM_ARC(StHo, StIdle)
  `FSM_ARC(StHo, StWait)
  `FSM_ARC(StHo, StLo)
endmodule

module fsm_global_activation_buffer `FSM_PORTS(2);
  typedef enum logic [1:0] {StIdle, StLo, StHo} state_e;
  `FSM_WATCH(2)
  `FSM_STATE(StIdle)
  `FSM_STATE(StLo)
  `FSM_STATE(StHo)
  `FSM_ARC(StIdle, StLo)
  `FSM_ARC(StLo, StHo)
  `FSM_ARC(StHo, StIdle)
  `FSM_ARC(StHo, StLo)
endmodule

module fsm_parameter_dma `FSM_PORTS(3);
  typedef enum logic [2:0] {StIdle, StBias, StRows, StPwl, StCmd} state_e;
  `FSM_WATCH(3)
  `FSM_STATE(StIdle)
  `FSM_STATE(StBias)
  `FSM_STATE(StRows)
  `FSM_STATE(StPwl)
  `FSM_STATE(StCmd)
  `FSM_ARC(StIdle, StBias)
  `FSM_ARC(StBias, StRows)
  `FSM_ARC(StBias, StPwl)
  `FSM_ARC(StBias, StCmd)
  `FSM_ARC(StRows, StPwl)
  `FSM_ARC(StRows, StCmd)
  `FSM_ARC(StPwl, StCmd)
  `FSM_ARC(StCmd, StIdle)
endmodule

module fsm_result_dma `FSM_PORTS(2);
  typedef enum logic [1:0] {StRequest, StData, StTable, StLength} state_e;
  `FSM_WATCH(2)
  `FSM_STATE(StRequest)
  `FSM_STATE(StData)
  `FSM_STATE(StTable)
  `FSM_STATE(StLength)
  `FSM_ARC(StRequest, StData)
  `FSM_ARC(StData, StRequest)
  `FSM_ARC(StData, StTable)
  `FSM_ARC(StTable, StLength)
  `FSM_ARC(StLength, StTable)
  `FSM_ARC(StLength, StRequest)
endmodule

module fsm_operand_loader `FSM_PORTS(3);
  typedef enum logic [2:0] {StIdle, StBias, StWeights, StActivations, StGive} state_e;
  `FSM_WATCH(3)
  `FSM_STATE(StIdle)
  `FSM_STATE(StBias)
  `FSM_STATE(StWeights)
  `FSM_STATE(StActivations)
  `FSM_STATE(StGive)
  `FSM_ARC(StIdle, StBias)
  `FSM_ARC(StBias, StWeights)
  `FSM_ARC(StWeights, StActivations)
  `FSM_ARC(StActivations, StGive)
  `FSM_ARC(StGive, StIdle)
endmodule

`FSM_BIND(run_control)
`FSM_BIND(packetizer)
`FSM_BIND(weight_loader)
`FSM_BIND(global_activation_buffer)
`FSM_BIND(parameter_dma)
`FSM_BIND(result_dma)
`FSM_BIND(operand_loader)

`default_nettype wire
