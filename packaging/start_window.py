"""What the frozen `cardforge-desktop` starts."""

import sys

from cardforge_desktop.__main__ import main

sys.exit(main())
