"""The composition root: opens the store, builds every service once, hands one object to a face."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from logging.handlers import RotatingFileHandler

from sqlmodel import Session

from cardforge_desktop import __version__
from cardforge_desktop.batches.awake import Awake
from cardforge_desktop.batches.card_costs import CardCosts
from cardforge_desktop.batches.drafts import Drafts
from cardforge_desktop.batches.estimating import Estimating
from cardforge_desktop.batches.group_names import GroupNames
from cardforge_desktop.batches.holds import EngineHolds
from cardforge_desktop.batches.intake import Intake
from cardforge_desktop.batches.kept_sources import KeptSources
from cardforge_desktop.batches.limit_pauses import LimitPauses
from cardforge_desktop.batches.live import LiveItems
from cardforge_desktop.batches.liveness import Presence
from cardforge_desktop.batches.neighbours import Neighbours
from cardforge_desktop.batches.overview import Overview
from cardforge_desktop.batches.places import CallingPlaces
from cardforge_desktop.batches.preparing import Preparing
from cardforge_desktop.batches.queue import Queue
from cardforge_desktop.batches.rewriter import Rewriter
from cardforge_desktop.batches.scheduler import Scheduler
from cardforge_desktop.batches.trials import Trials
from cardforge_desktop.batches.usage_report import UsageReports
from cardforge_desktop.batches.worker import Tools
from cardforge_desktop.books.copies import CardCopies
from cardforge_desktop.books.exchange import BookFiles
from cardforge_desktop.books.search import BookSearch
from cardforge_desktop.books.service import Books
from cardforge_desktop.cards.claims import Claims
from cardforge_desktop.cards.exporting import CardFiles
from cardforge_desktop.cards.housekeeping import Housekeeping
from cardforge_desktop.cards.importing import CardImport
from cardforge_desktop.cards.search import CardSearch
from cardforge_desktop.cards.service import CardLibrary
from cardforge_desktop.costs.csv_export import LedgerCsv
from cardforge_desktop.costs.history import History
from cardforge_desktop.costs.ledger import Ledger
from cardforge_desktop.costs.limits import Limits
from cardforge_desktop.costs.price_list import PriceList
from cardforge_desktop.costs.prices import Prices
from cardforge_desktop.costs.sums import Spendings
from cardforge_desktop.engines.base import EngineError, Traits
from cardforge_desktop.engines.connections import Connections
from cardforge_desktop.engines.network import Network
from cardforge_desktop.engines.roster import Engines
from cardforge_desktop.events import Changed, Hub, Kind
from cardforge_desktop.keychain import Keychain
from cardforge_desktop.paths import Paths
from cardforge_desktop.profiles.authors import author
from cardforge_desktop.profiles.names import name_key
from cardforge_desktop.profiles.news import ProfileNews
from cardforge_desktop.profiles.service import Profiles
from cardforge_desktop.profiles.surroundings import Surroundings
from cardforge_desktop.profiles.unsaved import UnsavedProfiles
from cardforge_desktop.settings import Preferences
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.migrate import migrate
from cardforge_desktop.store.types import now
from cardforge_desktop.store.watching import StoreWatcher

_LOG_BYTES = 2_000_000


class Workspace:
    """Everything a face needs. Made by `open`, ended by `close`; all services are thread-safe and may block.

    Attributes:
        paths: the folders in force.
        hub: announces what changed; subscribe before anything is started.
        settings, keychain, engines, profiles, unsaved_profiles, library, books, book_search, book_files,
            card_copies, costs, prices, limits, spendings, card_costs, group_names, usage, drafts,
            preparing, queue, batches, rewriter, trials: the services.
    """

    def __init__(
        self,
        paths: Paths,
        concurrency: int | None = None,
        awake: Awake | None = None,
        *,
        face: str = "window",
        clock: Callable[[], datetime] = now,
    ) -> None:
        """Use `open`."""
        self.paths = paths
        self.hub = Hub()
        self._store = Store(paths.store)
        migrate(self._store)
        self.settings = Preferences(self._store, self.hub, paths.output)
        self.keychain = Keychain()
        self.library = CardLibrary(self._store, self.hub)
        self.card_search = CardSearch(self._store)
        self.card_imports = CardImport(self._store, self.library, self.hub)
        self.card_files = CardFiles(self._store, self.library, self.hub)
        self.books = Books(self._store, self.hub, self.library)
        self.book_search = BookSearch(self._store)
        self.book_files = BookFiles(self._store, self.books)
        self.card_copies = CardCopies(self._store, self.books, self.library)
        self._presence = Presence(paths.data / "workers")
        self._open_costs(paths, clock)
        self._network = Network()
        self.engines = Engines(
            Connections(self._store, self.hub, self.keychain), self._network, self.keychain, self.settings
        )
        who = author(face)
        self.profiles = Profiles(self._store, self.hub, who, self._surroundings, self._follow_profile)
        self.profiles.add_shipped()
        self.usage = UsageReports(
            self.spendings,
            self.card_costs,
            self.group_names,
            self.limits,
            self.prices,
            self.engines,
            self.profiles,
        )
        self.unsaved_profiles = UnsavedProfiles(
            self._store, self.hub, who, self._presence.worker_id, self._presence.alive
        )
        concurrent = concurrency or self.settings.get().concurrency
        tools = Tools(
            self._store,
            self.hub,
            LiveItems(self.hub),
            self._network,
            self.engines,
            self.profiles,
            self.library,
            self.costs,
            CallingPlaces(concurrent),
            CallingPlaces(concurrent),
            KeptSources(self._store),
            self.settings,
            Claims(self._store),
            EngineHolds(self.hub),
            self.books,
            self.prices,
            History(self._store),
        )
        self._fixed_concurrency = concurrency
        self._scheduler = Scheduler(tools, self._presence.worker_id, concurrent)
        estimating = Estimating(self.prices, tools.history)
        self._intake = Intake(tools, estimating)
        self.drafts = Drafts(tools, self._intake)
        self.preparing = Preparing(tools, estimating)
        self.queue = Queue(tools, self._presence, self._scheduler, self._intake, self.drafts)
        self.batches = Overview(tools, self._scheduler)
        self.rewriter = Rewriter(tools, self._presence.worker_id)
        self.trials = Trials(tools, self._presence.worker_id)
        self._limit_pauses = LimitPauses(tools, self.limits, self._presence.worker_id, self._scheduler.wake)
        self._neighbours = Neighbours(self._store, self._presence)
        self._neighbours.release_dead()
        self._watcher: StoreWatcher | None = None
        self._profile_news: ProfileNews | None = None
        self._awake = awake or Awake()
        self._keeps_awake = self.settings.get().keep_awake
        self._housekeeping = Housekeeping(self._purge, self.library.catch_up)
        self.hub.changed.connect(self._on_changed)

    @classmethod
    def open(
        cls,
        paths: Paths,
        concurrency: int | None = None,
        awake: Awake | None = None,
        *,
        face: str = "window",
        clock: Callable[[], datetime] = now,
    ) -> Workspace:
        """Open (and at the first start make) the workspace in these folders.

        Args:
            concurrency: generations at once; None follows the setting.
            awake: what keeps the machine awake; None = the system's own way.
            face: which one this is for, as authors of versions are told: ``command line``.
            clock: the time by which calls are noted and limits reset.

        Raises:
            CardForgeError: the folders or the store can't be used; the message says the way out.
        """
        paths.make()
        return cls(paths, concurrency, awake, face=face, clock=clock)

    def _open_costs(self, paths: Paths, clock: Callable[[], datetime]) -> None:
        self.prices = Prices(self._store, self.hub, PriceList(paths.data / "prices.json"))
        self.limits = Limits(self._store, self.hub, clock)
        self.costs = Ledger(
            self._store, self.hub, self.prices, self.limits, clock, is_alive=self._presence.alive
        )
        self.spendings = Spendings(self._store, clock)
        self.card_costs = CardCosts(self._store)
        self.group_names = GroupNames(self._store)

    @property
    def ledger_csv(self) -> LedgerCsv:
        """Writes the ledger for spreadsheets."""
        return LedgerCsv(self._store, self.group_names.of)

    def take_up(self) -> int:
        """At a window's start: go on where the last one ended; returns how many items do.

        From now on what other processes change is heard of, and what they leave when they die is taken over.
        While cards are made the machine is kept awake.
        """
        self.drafts.purge()
        self._watch(self._look_and_take_over)
        return self.queue.adopt()

    def watch(self) -> None:
        """Hear of what other processes change, such as a cancel of what runs here; take over nothing.

        While cards are made the machine is kept awake.
        """
        self._watch(self._look)

    def close(self) -> None:
        """Interrupt what runs (it goes on at the next start), end every thread and child process."""
        if self._watcher is not None:
            self._watcher.close()
        self._awake.close()
        self._limit_pauses.close()
        self.hub.changed.disconnect(self._on_changed)
        self._housekeeping.close()
        self._intake.close()
        self._scheduler.stop()
        self.engines.close()
        self._network.close()
        self._presence.close()
        self._store.close()

    def _watch(self, look: Callable[[bool], None]) -> None:
        if self._watcher is None:
            self._profile_news = ProfileNews(self._store)
            self._watcher = StoreWatcher(self._store, look, self._announce_everything)

    def _look(self, changed: bool, *, adopts: bool = False) -> None:
        self._awake.keep(self._keeps_awake and not self._scheduler.wait_idle(0))
        if changed:
            self._scheduler.look_again()
            self._announce_profiles()
        self._limit_pauses.look(changed, adopts=adopts)

    def _look_and_take_over(self, changed: bool) -> None:
        self._look(changed, adopts=True)
        if self._neighbours.take_over(stale=changed):
            self._scheduler.wake()
            self._announce_everything()

    def _purge(self) -> None:
        self.library.purge()
        self.books.purge()

    def _announce_profiles(self) -> None:
        """At once, and only those: whoever edits one must know before they save."""
        news = self._profile_news.ids() if self._profile_news is not None else frozenset()
        if news:
            self.hub.changed.emit(Changed(Kind.PROFILE, news))

    def _announce_everything(self) -> None:
        for kind in Kind:
            self.hub.changed.emit(Changed(kind))

    def _on_changed(self, changed: Changed) -> None:
        if changed.kind is Kind.SETTING:
            self._follow_settings()
        elif changed.kind is Kind.HOLD:
            self._scheduler.wake_if_started()
        elif changed.kind is Kind.CONNECTION and changed.ids:
            self.queue.try_now()  # whoever held the engines back may be mended

    def _surroundings(self) -> Surroundings:
        """What the rules of profiles must know of the rest of the app."""
        from cardforge_desktop.cards.formats import FORMATS
        from cardforge_desktop.tokens import tokenizer_for

        connections = self.engines.connections()
        return Surroundings(
            engines={each.name: self._traits(each.name) for each in connections},
            fixed_models=frozenset(each.name for each in connections if each.kind == "builtin"),
            engine=self.settings.get().engine,
            formats=frozenset(FORMATS),
            book_formats=frozenset(name for name, each in FORMATS.items() if each.holds == "book"),
            count=tokenizer_for("").count,
        )

    def _traits(self, engine: str) -> Traits | None:
        try:
            return self.engines.traits(engine)
        except EngineError:  # of a kind that this version does not know
            return None

    def _follow_profile(self, session: Session, old: str, new: str) -> Changed | None:
        """The profile that is chosen in the app gets another name, or gives way to another one."""
        if name_key(self.settings.get().profile) != name_key(old):
            return None
        return self.settings.update_within(session, profile=new)

    def _follow_settings(self) -> None:
        settings = self.settings.get()
        self._keeps_awake = settings.keep_awake
        if self._fixed_concurrency is None:
            self._scheduler.set_concurrency(settings.concurrency)


def log_to_file(paths: Paths) -> None:
    """Send the app's log to a file of at most some megabytes. Logs hold no keys and no prompts."""
    handler = RotatingFileHandler(
        paths.logs / "cardforge.log", maxBytes=_LOG_BYTES, backupCount=2, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("cardforge_desktop")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.info("CardForge %s starts", __version__)
