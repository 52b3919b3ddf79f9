"""Parts of the app that are large and imported late are imported one at a time.

Python lets two threads import modules that import each other at once, and gives one of them a module that is
half made rather than let both wait for ever: an ImportError that nobody caused.
"""

from __future__ import annotations

import threading

#: Held by who imports such a part.
ONE_AT_A_TIME = threading.Lock()
