"""Checks of what the channels of vendors accept and do."""
