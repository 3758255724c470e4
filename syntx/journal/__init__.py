"""The logs: appending, rotating, packing, and reading all their days as one."""
