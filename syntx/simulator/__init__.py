"""A real HTTP server that plays models offline: seeded, with a hidden landscape and faults."""
