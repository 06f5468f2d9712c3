"""The contracts of `.importlinter`, without the tool's banner."""

import sys

from importlinter.application.use_cases import lint_imports
from importlinter.configuration import configure

if __name__ == "__main__":
    configure()
    sys.exit(0 if lint_imports(config_filename=".importlinter", cache_dir=None) else 1)
