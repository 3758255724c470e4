"""The older entry point: ``python3 syntex_pipeline.py -b 10`` is ``./run batch -b 10``."""

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    run = str(Path(__file__).resolve().parent / "run")
    os.execv(run, [run, "batch", *sys.argv[1:]])
