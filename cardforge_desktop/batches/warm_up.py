"""Loading what the first card needs while the person still looks at the estimates."""


def warm_up() -> None:
    """Import the heavy parts of a generation and draw what every placeholder shares.

    Done once the first source is read, on its thread: at Start these would hold up the window, the first
    answers and each other.
    """
    import httpx  # noqa: F401
    import jiter  # noqa: F401
    import json_repair  # noqa: F401
    import truststore  # noqa: F401

    import cardforge_desktop.engines.openai
    import cardforge_desktop.generation.whole  # noqa: F401
    from cardforge_desktop.cards.placeholder import draw_placeholder

    draw_placeholder("")
