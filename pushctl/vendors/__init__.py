"""What is known about the ways to a phone: numbers that vendors change, as data with sources."""
