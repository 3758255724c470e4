"""What systemd is given: units, users, folders and log rotation, made from shipped templates."""
