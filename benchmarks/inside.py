"""Run a module of the benchmark as a process of the product: `python -m benchmarks.inside stage|opening ...`."""

import sys
from importlib import import_module

import django


def main() -> None:
    """Load the applications, then the module, which may then import them."""
    django.setup()
    import_module(f"benchmarks.{sys.argv[1]}").main(sys.argv[2:])


if __name__ == "__main__":
    main()
