"""Several machines at work on one state: real processes, folders of their own, one engine."""
