"""How the tests are shared out among the processes of a run."""

from xdist.scheduler.loadscope import LoadScopeScheduling

#: What costs much and is looked at by several tests is made in one process, by the first of them.
#: (xdist's own groups are lost: it renames tests to mark them, which pytest 9.2 no longer takes.)
TOGETHER = {
    # Cards by the shipped model, a minute of writing.
    "tests/generation/test_stepwise.py::": "written cards",
    "tests/generation/test_showing.py::test_the_real_small_model_is_asked_what_was_shown": "written cards",
    "tests/generation/test_plan.py::test_the_small_model_is_estimated_within_half_and_twice": "written cards",
    # A wheel, and an environment in which it is installed.
    "tests/packaging/test_wheel.py::": "wheel",
}


class Sharing(LoadScopeScheduling):
    """Gives each process the next test when it is free; a group of `TOGETHER` is one piece, and the first."""

    def _split_scope(self, nodeid: str) -> str:
        return next((group for start, group in TOGETHER.items() if nodeid.startswith(start)), nodeid)
