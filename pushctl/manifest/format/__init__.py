"""The canonical layout of a manifest, comments kept."""
