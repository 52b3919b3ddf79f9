"""The frame a person drags over a picture: which part is kept. Pure; numbers are the picture's pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from cardforge_desktop.cards.avatar import Box


class Grip(Enum):
    """Where a frame is taken: which edges move, across (-1 left, 1 right) and down (-1 top, 1 bottom)."""

    TOP_LEFT = (-1, -1)
    TOP = (0, -1)
    TOP_RIGHT = (1, -1)
    RIGHT = (1, 0)
    BOTTOM_RIGHT = (1, 1)
    BOTTOM = (0, 1)
    BOTTOM_LEFT = (-1, 1)
    LEFT = (-1, 0)


@dataclass(frozen=True, slots=True)
class CropFrame:
    """A part of a picture: never outside of it, never empty, in its shape as near as whole pixels allow.

    Attributes:
        size: width and height of the picture, each 1 or more.
        box: left, top, width and height of the part.
        ratio: width by height that the part keeps; None = any.
    """

    size: tuple[int, int]
    box: Box
    ratio: float | None = None

    @classmethod
    def whole(cls, size: tuple[int, int], ratio: float | None = None) -> CropFrame:
        """As much of a picture as the shape allows, in its middle."""
        return cls(size, (0, 0, *size)).shaped(ratio)

    def shaped(self, ratio: float | None) -> CropFrame:
        """The largest part of this shape inside this part, around the same middle."""
        left, top, width, height = self.box
        if ratio is None:
            return replace(self, ratio=None)
        inner_width = max(1, round(min(width, height * ratio)))
        inner_height = max(1, min(height, round(inner_width / ratio)))
        box = (
            left + (width - inner_width) // 2,
            top + (height - inner_height) // 2,
            inner_width,
            inner_height,
        )
        return CropFrame(self.size, box, ratio)

    def moved(self, across: int, down: int) -> CropFrame:
        """The frame elsewhere; it stops at the picture's edges."""
        left, top, width, height = self.box
        left = min(max(left + across, 0), self.size[0] - width)
        top = min(max(top + down, 0), self.size[1] - height)
        return replace(self, box=(left, top, width, height))

    def grown(self, across: int, down: int) -> CropFrame:
        """The frame with its right and bottom edge moved; with a shape, one follows the other."""
        left, top, width, height = self.box
        if self.ratio is not None:
            width += across or round(down * self.ratio)
            return self._sized(Grip.BOTTOM_RIGHT, width)
        return self.dragged(Grip.BOTTOM_RIGHT, left + width + across, top + height + down)

    def dragged(self, grip: Grip, x: int, y: int) -> CropFrame:
        """The frame with a grip of it pulled to a point, which may lie anywhere."""
        left, top, width, height = self.box
        right, bottom = left + width, top + height
        across, down = grip.value
        if across < 0:
            left = min(max(x, 0), right - 1)
        elif across > 0:
            right = max(min(x, self.size[0]), left + 1)
        if down < 0:
            top = min(max(y, 0), bottom - 1)
        elif down > 0:
            bottom = max(min(y, self.size[1]), top + 1)
        if self.ratio is None:
            return replace(self, box=(left, top, right - left, bottom - top))
        wanted = max(
            (right - left) if across else 0,
            (bottom - top) * self.ratio if down else 0,
        )
        return self._sized(grip, wanted)

    def _sized(self, grip: Grip, wanted: float) -> CropFrame:
        """In shape and as wide as wanted, what lies opposite of the grip staying where it is."""
        left, top, width, height = self.box
        ratio = self.ratio or width / height
        most_across = _room(grip.value[0], left, width, self.size[0])
        most_down = _room(grip.value[1], top, height, self.size[1])
        new_width = max(1, int(min(max(wanted, 1), most_across, most_down * ratio)))
        new_height = max(1, min(round(new_width / ratio), most_down))
        box = (
            _begin(grip.value[0], left, width, new_width),
            _begin(grip.value[1], top, height, new_height),
            new_width,
            new_height,
        )
        return replace(self, box=box).moved(0, 0)


def _room(side: int, start: int, length: int, whole: int) -> int:
    """How long a frame can become on one axis when its `side` is pulled; 0 grows to both sides alike."""
    if side < 0:
        return start + length
    if side > 0:
        return whole - start
    return length + 2 * min(start, whole - start - length)


def _begin(side: int, start: int, length: int, new_length: int) -> int:
    if side < 0:
        return start + length - new_length
    return start if side > 0 else start + (length - new_length) // 2
