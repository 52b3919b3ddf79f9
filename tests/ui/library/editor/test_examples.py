"""Examples as blocks: the text they came from comes back, whatever is done to the others."""

import re
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.ui.library.editor.examples import begin_of, join, place_in, rematch, split

_PARTS = st.sampled_from(
    [
        "<START>",
        "<start>",
        "<Start>",
        "\n",
        "\r\n",
        " ",
        "\t",
        "{{user}}: Hi",
        "{{char}}: Ho",
        "a",
        "<",
        ">",
        "é🜁",
    ]
)
TEXTS = st.one_of(st.lists(_PARTS, max_size=14).map("".join), st.text(max_size=30))


@given(TEXTS)
def test_the_blocks_of_a_text_join_to_it(text):
    blocks = split(text)
    assert join(blocks) == text or (not blocks and not text.strip())


@given(TEXTS)
def test_bodies_have_no_blanks_around_them_and_no_mark_in_them(text):
    for block in split(text):
        assert block.body == block.body.strip()
        assert "<start>" not in block.body.lower()
        assert not block.tail.strip()


@given(TEXTS, st.data())
def test_writing_in_one_block_leaves_every_other_character(text, data):
    blocks = split(text)
    if not blocks:
        return
    at = data.draw(st.integers(0, len(blocks) - 1))
    bodies = [block.body for block in blocks]
    bodies[at] = data.draw(st.text(alphabet="xyz \n", max_size=8))
    begin = begin_of(blocks, at)
    joined = join(rematch(blocks, bodies))
    assert joined == text[:begin] + bodies[at] + text[begin + len(blocks[at].body) :]


@given(TEXTS, st.randoms(use_true_random=False))
def test_sorted_blocks_are_the_same_examples_in_another_order(text, random):
    blocks = split(text)
    bodies = [block.body for block in blocks]
    random.shuffle(bodies)
    made = split(join(rematch(blocks, bodies)))
    assert Counter(block.body for block in made) == Counter(bodies)
    assert [block.body for block in made if block.body] == [body for body in bodies if body]


@given(TEXTS, st.data())
def test_a_removed_block_takes_only_itself(text, data):
    blocks = split(text)
    if not blocks:
        return
    at = data.draw(st.integers(0, len(blocks) - 1))
    bodies = [block.body for number, block in enumerate(blocks) if number != at]
    left = [block.body for block in split(join(rematch(blocks, bodies)))]
    assert [body for body in left if body] == [body for body in bodies if body]


@given(TEXTS, st.text(alphabet="xyz", min_size=1, max_size=5))
def test_a_new_block_begins_with_a_mark(text, body):
    blocks = split(text)
    made = join(rematch(blocks, [*(block.body for block in blocks), body]))
    assert split(made)[-1].body == body
    assert re.search(rf"<START>\n{body}\n$", made)


@given(TEXTS, st.data())
def test_a_place_in_the_text_is_found_in_its_block(text, data):
    blocks = split(text)
    if not blocks:
        return
    at = data.draw(st.integers(0, len(blocks) - 1))
    inner = data.draw(st.integers(0, max(len(blocks[at].body) - 1, 0)))
    if blocks[at].body:
        assert place_in(blocks, begin_of(blocks, at) + inner) == (at, inner)
