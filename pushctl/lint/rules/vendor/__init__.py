"""Rules about what the channels of vendors accept and do."""
