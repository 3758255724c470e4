"""The older entry point: ``python3 syntex_pipeline.py -b 10`` is ``syntx batch -b 10``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from syntx.cli import main

if __name__ == "__main__":
    main(["batch", *sys.argv[1:]])
