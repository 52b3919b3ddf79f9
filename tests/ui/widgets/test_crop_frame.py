"""The crop frame: whatever is done to it, it lies in the picture, is not empty and keeps its shape."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.ui.widgets.crop_frame import CropFrame, Grip

SIDES = st.integers(1, 5000)
POINTS = st.integers(-6000, 12_000)
RATIOS = st.sampled_from([None, 1.0, 2 / 3, 16 / 9])
STEPS = st.one_of(
    st.tuples(st.just("moved"), POINTS, POINTS),
    st.tuples(st.just("grown"), POINTS, POINTS),
    st.tuples(st.just("dragged"), st.sampled_from(Grip), POINTS, POINTS),
    st.tuples(st.just("shaped"), RATIOS),
)


@given(st.tuples(SIDES, SIDES), RATIOS, st.lists(STEPS, max_size=8))
def test_a_frame_stays_inside_and_in_shape(size, ratio, steps):
    frame = CropFrame.whole(size, ratio)
    for name, *values in [("shaped", ratio), *steps]:
        frame = getattr(frame, name)(*values)
        left, top, width, height = frame.box
        assert left >= 0
        assert top >= 0
        assert width >= 1
        assert height >= 1
        assert left + width <= size[0]
        assert top + height <= size[1]
        if frame.ratio is not None and min(size) > 3:
            assert abs(width - height * frame.ratio) <= 1 + frame.ratio or 1 in (width, height)


@given(st.tuples(SIDES, SIDES))
def test_the_whole_picture_is_the_largest_frame_of_any_shape(size):
    assert CropFrame.whole(size).box == (0, 0, *size)
    _, _, width, height = CropFrame.whole(size, 2 / 3).box
    assert width >= size[0] - 1 or height >= size[1] - 1


def test_a_portrait_lies_in_the_middle_of_a_wide_picture():
    assert CropFrame.whole((3000, 1200), 2 / 3).box == (1100, 0, 800, 1200)


@pytest.mark.parametrize(
    ("grip", "box"),
    [
        (Grip.TOP_LEFT, (130, 140, 170, 160)),
        (Grip.TOP, (100, 140, 200, 160)),
        (Grip.RIGHT, (100, 100, 30, 200)),
        (Grip.BOTTOM_RIGHT, (100, 100, 30, 40)),
        (Grip.BOTTOM_LEFT, (130, 100, 170, 40)),
    ],
)
def test_a_grip_moves_its_edges_and_no_others(grip, box):
    assert CropFrame((1000, 1000), (100, 100, 200, 200)).dragged(grip, 130, 140).box == box


def test_a_frame_in_shape_stays_anchored_at_the_corner_across():
    frame = CropFrame((1000, 1000), (200, 200, 200, 300), 2 / 3)
    assert frame.dragged(Grip.TOP_LEFT, 300, 400).box == (300, 350, 100, 150)
    assert frame.dragged(Grip.BOTTOM_RIGHT, 600, 300).box == (200, 200, 400, 600)
    assert frame.dragged(Grip.BOTTOM_RIGHT, 9000, 9000).box == (200, 200, 533, 800)


def test_a_side_of_a_frame_in_shape_grows_it_around_its_middle():
    frame = CropFrame((1000, 1000), (200, 400, 200, 200), 1.0)
    assert frame.dragged(Grip.RIGHT, 500, 0).box == (200, 350, 300, 300)
    assert frame.dragged(Grip.TOP, 0, 300).box == (150, 300, 300, 300)


def test_an_edge_does_not_pass_the_one_across():
    frame = CropFrame((1000, 1000), (100, 100, 50, 50))
    assert frame.dragged(Grip.LEFT, 800, 0).box == (149, 100, 1, 50)
    assert frame.dragged(Grip.BOTTOM, 0, 5).box == (100, 100, 50, 1)


def test_a_shape_is_taken_from_the_middle_of_the_part():
    assert CropFrame((1000, 1000), (100, 100, 300, 200)).shaped(1.0).box == (150, 100, 200, 200)
    assert CropFrame((1000, 1000), (100, 100, 300, 200), 1.5).shaped(None).box == (100, 100, 300, 200)
