"""The pure heart: values and functions of values. No files, no network, no clock, no logging."""
