"""`python -m diwan.project NOUN VERB ...`: the product's command line."""

import sys

from diwan.project.cli import main

sys.exit(main())
