"""Settings: YAML files read into one frozen object, handed down in sections."""
