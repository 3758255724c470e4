"""What comes with syntx and lies in every home: laid out once, kept up to date after that."""
