"""What systemd is given: units, users and folders, made from shipped templates."""
