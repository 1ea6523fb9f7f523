"""HTTP calls with limits of size and time, and which hosts are this machine."""
