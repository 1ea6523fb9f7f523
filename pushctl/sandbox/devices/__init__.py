"""What phones do with a message: their vendors' rules, when they are online, and SMS."""
