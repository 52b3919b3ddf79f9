"""The scripted server for this room's tests."""

from tests.support.engines import scripted_server

__all__ = ["scripted_server"]
