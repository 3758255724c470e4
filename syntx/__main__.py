"""``python -m syntx``."""

from syntx.parentage import die_with_parent

if __name__ == "__main__":
    # Before the imports that take their time, or a parent could die unnoticed meanwhile.
    die_with_parent()
    from syntx.cli import main

    main()
