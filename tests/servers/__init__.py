"""Real servers for tests, each started once and shared by all processes of a run."""
