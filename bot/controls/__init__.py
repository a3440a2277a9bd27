"""What buttons, menus and forms do when they are used: one file a feature."""
