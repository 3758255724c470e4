"""``python -m syntx``."""

from syntx.cli import main

if __name__ == "__main__":
    main()
