"""Evolution: what finished jobs teach, and which recipes the next generation tries."""
