# SPDX-License-Identifier: Apache-2.0
# OpenSTA: power of netlist_top from the activity of its pins.
#
# In the current directory: period.txt (in ns), cells.lib (outputs are functions of themselves: else OpenSTA
# 2.0.17 replaces the activities of all pins behind ports by its own), netlist.v, activity.txt (a
# line of pin, transitions per clock cycle, time at 1). Writes power.txt: internal, switching,
# leakage, total in W.

proc lines_of { path } {
  set file [open $path]
  set lines [split [string trimright [read $file] "\n"] "\n"]
  close $file
  return $lines
}

proc run_power {} {
  read_liberty cells.lib
  read_verilog netlist.v
  link_design netlist_top
  # A library may count in ps.
  set_cmd_units -time ns
  create_clock -name clk -period [lindex [lines_of period.txt] 0] [get_ports clk_i]
  # Logic between ports and flip-flops has no clock of its own, and would not count.
  foreach port [all_inputs] {
    if { [get_property $port full_name] ne "clk_i" } {
      set_input_delay 0 -clock clk $port
    }
  }
  # set_power_activity -pins calls a procedure that OpenSTA 2.0.17 does not have; and this
  # must come before power is first asked for.
  foreach line [lines_of activity.txt] {
    lassign $line pin activity duty
    set found [get_pins $pin]
    if { $found eq "" } {
      error "no pin $pin"
    }
    sta::set_power_pin_activity $found $activity $duty
  }
  set file [open power.txt w]
  puts $file [lrange [sta::design_power [sta::cmd_corner]] 0 3]
  close $file
}

if { [catch run_power why] } {
  puts "Error: $why"
  exit 1
}
