"""The rules, one file each or one per family."""
