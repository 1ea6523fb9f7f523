"""Carries a plan out: for each task the intent, the call and the outcome."""
