"""What members and admins can call: one file a feature."""
