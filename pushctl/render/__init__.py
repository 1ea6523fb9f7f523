"""From values to text. Pure: nothing here writes, asks, or knows the time."""
