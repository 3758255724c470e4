"""Personal data becomes placeholders before a remote call, and comes back afterwards."""
