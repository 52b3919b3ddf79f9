"""Loading what the first card needs while the person still looks at the estimates."""

from importlib import import_module

_MODULES = (
    "anyio._backends._asyncio",
    "cardforge_desktop.engines.openai",
    "cardforge_desktop.generation.whole",
    "cardforge_desktop.cards.formats",
    "httpcore",
    "httpx",
    "jiter",
    "json_repair",
    "keyring",
)


def warm_up() -> None:
    """Import the heavy parts of a generation and draw what every placeholder shares.

    Done once the first sources are read, on their threads: at Start it would hold up the window, the first
    answers and each other.
    """
    for name in _MODULES:
        import_module(name)
    import_module("keyring").get_keyring()  # looks for the system's keyring
    import_module("cardforge_desktop.cards.placeholder").draw_placeholder("")
