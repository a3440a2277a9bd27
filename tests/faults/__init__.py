"""What a reindex leaves behind when it is killed, loses power, or meets a failing disk."""
