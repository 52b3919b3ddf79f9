"""How to start a module of this package in a process of its own, from a checkout, a wheel or a frozen app."""

import sys

CHILD_FLAG = "--cardforge-child"


def child_command(module: str) -> list[str]:
    """The command line that runs ``module`` as ``__main__``; module is a full dotted name.

    A frozen app has no ``python -m``: there the app itself is started with a flag that its entry
    point (`run_child`) answers before anything else is imported.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_FLAG, module]
    # -P: the folder somebody works in must not lend its files to the imports of the child.
    return [sys.executable, "-P", "-m", module]


def run_child(argv: list[str]) -> bool:
    """Run the module a frozen app was started for; False when `argv` asks for no child.

    Only modules of this package are run.
    """
    if len(argv) < 3 or argv[1] != CHILD_FLAG or not argv[2].startswith("cardforge_desktop."):
        return False
    import runpy

    module = argv[2]
    sys.argv = [module, *argv[3:]]
    runpy.run_module(module, run_name="__main__")
    return True
