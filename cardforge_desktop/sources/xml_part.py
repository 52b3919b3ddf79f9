"""XML inside documents, read as a stream of events: no tree, no entities, no network."""

from collections.abc import Mapping
from typing import Any, ClassVar
from xml.sax.handler import ContentHandler, feature_external_ges

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.sources.model import SourceError
from cardforge_desktop.sources.zip_file import ZipParts

_DEEPEST = 5000
_MOST_ELEMENTS = 1_000_000
_PIECE = 64 * 1024
# One element's attributes are held all at once, some hundred bytes for each.
_LONGEST_TAG = 1024 * 1024


class _TooManyError(Exception):
    """More elements than are read."""


class XmlHandler(ContentHandler):
    """What happens at the beginning, the end and the words of elements.

    Attributes:
        prefixes: namespace → what stands before the local name in the names that `start` and `end` get;
            names of other namespaces are bare.
    """

    prefixes: ClassVar[Mapping[str, str]] = {}

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._elements = 0
        self._events = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def words(self, text: str) -> None:
        """A piece of text."""

    @property
    def events(self) -> int:
        """How much has been found so far."""
        return self._events

    # SAX chose the names and the arguments of the next two.
    def startElementNS(  # noqa: N802
        self,
        name: tuple[str | None, str],
        qname: str | None,  # noqa: ARG002
        attrs: Any,
    ) -> None:
        """Count, then hand on."""
        self._events += 1
        self._elements += 1
        self._depth += 1
        if self._elements > _MOST_ELEMENTS:
            raise _TooManyError
        if self._depth > _DEEPEST:
            raise ValueError("nested too deeply")
        self.start(self._short(name), {self._short(key): value for key, value in attrs.items()})

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:  # noqa: N802, ARG002
        """Hand on."""
        self._events += 1
        self._depth -= 1
        self.end(self._short(name))

    def characters(self, content: str) -> None:
        """Hand on."""
        self._events += 1
        self.words(content)

    def _short(self, name: tuple[str | None, str]) -> str:
        return self.prefixes.get(name[0] or "", "") + name[1]


def parse_part(parts: ZipParts, name: str, handler: XmlHandler) -> None:
    """Send what is in a part to the handler.

    Raises:
        SourceError: SOURCE_DAMAGED (missing, not well formed, nested without end, with entities of its own),
            SOURCE_TOO_LARGE, SOURCE_ENCRYPTED.
    """
    from xml.sax import SAXException

    from defusedxml.common import DefusedXmlException

    xml = parts.read(name)
    try:
        _feed(xml, handler)
    except _TooManyError as error:
        raise parts.too_large(f"more than {_MOST_ELEMENTS} elements in {name}") from error
    except DefusedXmlException as error:
        raise SourceError.of(
            ErrorCode.SOURCE_DAMAGED,
            parts.path,
            f"it declares XML entities, which no {parts.kind.noun} does.",
        ) from error
    except (SAXException, ValueError, LookupError, TypeError) as error:  # the last two: odd encodings
        raise parts.damaged() from error


def _feed(xml: bytes, handler: XmlHandler) -> None:
    """Piece by piece, so that an element that never ends its attributes is noticed."""
    from defusedxml.expatreader import DefusedExpatParser

    # Old packages name a document type at a public address. It is never fetched (external_ges), so that it
    # may be there; declaring entities may not.
    parser = DefusedExpatParser(namespaceHandling=1, forbid_external=False, forbid_entities=True)
    parser.setFeature(feature_external_ges, False)
    parser.setContentHandler(handler)
    silent, events = 0, 0
    for start in range(0, max(len(xml), 1), _PIECE):  # even of nothing: it is not well formed
        parser.feed(xml[start : start + _PIECE])
        silent = silent + _PIECE if handler.events == events else 0
        events = handler.events
        if silent > _LONGEST_TAG:
            raise ValueError("a tag without end")
    parser.close()
