"""The only code that calls the ports: look, settle what is in doubt, apply a plan."""
