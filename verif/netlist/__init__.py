"""The RTL mapped to gates: area, timing, power, and its benches on the netlist."""
