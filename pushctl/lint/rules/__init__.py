"""The checks, one file each or one per family; `lint/rules.toml` describes their rules."""
