"""Text for people: widths, escapes, times, plurals and differences."""
