"""How the character talks: examples that models learn the voice from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cardforge_desktop.ui.library.editor import examples
from cardforge_desktop.ui.library.editor.bench import Bench
from cardforge_desktop.ui.library.editor.finding_lines import marks_of
from cardforge_desktop.ui.library.editor.sections.greetings import TextsBox, go_into, show_lists
from cardforge_desktop.ui.library.editor.sections.section import Section
from cardforge_desktop.ui.widgets.basics import label
from cardforge_desktop.ui.widgets.sortable_list import ListWords

if TYPE_CHECKING:
    from cardforge_desktop.cards.lint import Finding
    from cardforge_desktop.cards.model import Card
    from cardforge_desktop.cards.package import CardPackage
    from cardforge_desktop.ui.library.editor.examining import Examination


class ExamplesBox(TextsBox):
    """The blocks of `mes_example`; what stands around them is kept as it is written."""

    def __init__(self, bench: Bench) -> None:
        words = ListWords(
            self.tr("Example %1"),
            self.tr("Add example"),
            self.tr("No examples yet. A few lines of talk show a voice better than any description."),
            "{{user}}: …\n{{char}}: …",
        )
        hint = self.tr("each begins with <START> in the card")
        super().__init__(bench, "mes_example", self.tr("Example messages"), hint, words)
        self._text = ""
        self._blocks: tuple[examples.Block, ...] = ()

    def read(self, card: Card) -> list[str]:
        """The bodies of the blocks. What was typed here stays in the block it was typed in."""
        if card.mes_example != self._text:
            self._text, self._blocks = card.mes_example, examples.split(card.mes_example)
        return [block.body for block in self._blocks]

    def show_counts(self, examination: Examination) -> None:
        """All of them together."""
        count = examination.counts.get("mes_example")
        self._count.set_count(count, estimate=examination.is_estimate)

    def show_findings(self, findings: Mapping[str, Sequence[Finding]]) -> None:
        """Lines under the parts of each block, the findings below the list."""
        found = findings.get("mes_example", ())
        for at, item in enumerate(self.list.items):
            mine = [each for each in found if each.start is not None and self._at(each.start) == at]
            item.field.mark(marks_of(mine, self._begin(at)))
        self._general.show_findings(found)

    def place_of(self, path: str, start: int, end: int) -> tuple[int, int, int] | None:
        """Which block a place in the whole text is in."""
        if path != "mes_example" or not self.list.items:
            return None
        if start < 0:
            return 0, -1, -1
        at, first = examples.place_in(self._blocks, start)
        last_at, last = examples.place_in(self._blocks, end)
        return at, first, last if last_at == at else len(self._blocks[at].body)

    def path_of(self, at: int) -> str:
        """Examples are asked for all at once."""
        del at
        return "mes_example"

    def keep(self, texts: list[str], at: int) -> None:
        """Join the blocks."""
        self._blocks = examples.rematch(self._blocks, texts)
        self._text = text = examples.join(self._blocks)
        path = f"mes_example[{at}]" if at >= 0 else "mes_example"
        self.bench.session.edit(
            path, lambda card: card.model_copy(update={"mes_example": text}), typed=at >= 0
        )

    def _at(self, offset: int) -> int:
        return examples.place_in(self._blocks, offset)[0]

    def _begin(self, at: int) -> int:
        return examples.begin_of(self._blocks, at)


class ExamplesSection(Section):
    """Example messages as a list."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.examples = ExamplesBox(bench)
        self.column.addWidget(self.examples)
        self.column.addWidget(
            label(
                self.tr(
                    "Examples are the first to leave the prompt when the chat grows: keep facts out of them."
                ),
                "caption",
                wrap=True,
            )
        )
        self.column.addStretch(1)

    def show_package(self, package: CardPackage) -> None:
        """The blocks."""
        show_lists((self.examples,), package)

    def show_counts(self, examination: Examination) -> None:
        """Tokens of all."""
        self.examples.show_counts(examination)

    def show_findings(self, findings: Mapping[str, Sequence[Finding]]) -> None:
        """Findings of all."""
        self.examples.show_findings(findings)

    def go_to(self, path: str, start: int, end: int, *, focus: bool) -> bool:
        """Into the block."""
        head, _, rest = path.partition("[")
        if rest:  # typed in this block
            number = min(int(rest.partition("]")[0]), max(len(self.examples.list.items) - 1, 0))
            return self._go_to_block(head, number, focus=focus)
        return go_into(self, (self.examples,), path, start, end, focus=focus)

    def _go_to_block(self, path: str, at: int, *, focus: bool) -> bool:
        begin = self.examples._begin(at) if self.examples.list.items else -1
        return go_into(self, (self.examples,), path, begin, begin, focus=focus)
