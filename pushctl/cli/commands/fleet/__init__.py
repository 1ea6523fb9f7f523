"""The same command for many manifests at once, each in a process of its own."""
