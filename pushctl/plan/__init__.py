"""From desired, recorded and listed to a plan. Pure: no files, no network, no clock."""
