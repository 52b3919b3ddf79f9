"""What the frozen `cardforge` starts."""

import sys

from cardforge_desktop.cli import main

sys.exit(main())
