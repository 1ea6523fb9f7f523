"""Text for people: widths, escapes, times, plurals, suggestions and differences."""
