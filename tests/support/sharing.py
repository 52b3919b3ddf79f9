"""How the tests are shared out among the processes of a run."""

from xdist.scheduler.loadscope import LoadScopeScheduling

#: What the shipped model writes for these takes a minute and is looked at by all of them: one process.
#: (xdist's own groups are lost: it renames tests to mark them, which pytest 9.2 no longer takes.)
TOGETHER = (
    "tests/generation/test_stepwise.py::",
    "tests/generation/test_showing.py::test_the_real_small_model_is_asked_what_was_shown",
    "tests/generation/test_plan.py::test_the_small_model_is_estimated_within_half_and_twice",
)


class Sharing(LoadScopeScheduling):
    """Gives each process the next test when it is free; those of `TOGETHER` are one piece of work."""

    def _split_scope(self, nodeid: str) -> str:
        return "together" if nodeid.startswith(TOGETHER) else nodeid
