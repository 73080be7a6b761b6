"""`python -m rohydr`."""

import sys

from rohydr.cli import main

sys.exit(main())
