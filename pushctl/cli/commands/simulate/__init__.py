"""`pushctl simulate`: the manifest lived through in memory."""
