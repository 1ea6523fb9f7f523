"""Rules about what people see."""
