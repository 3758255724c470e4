"""The older system's files: read as jobs, and jobs written as such files."""
