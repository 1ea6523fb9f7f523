"""`pushctl sandbox`: run the emulator, move its clock, break it, and see what arrived."""
