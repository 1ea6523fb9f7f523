"""The text of each rule: why, a bad example and a good one."""
