"""What the commands work with: settings, library, models, each opened when it is first needed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bot.config import Settings
    from index.answering import Answerer
    from index.encoding.protocol import Encoder
    from index.ranking.crossencoder import Reranker
    from index.reading.fused_ranking import Reader
    from index.sources.fetching import FetchRules
    from index.storage.library import Library


class Models(NamedTuple):
    """All that answers: vectors, a cross-encoder and a reader, where there are any."""

    encoder: Encoder
    reranker: Reranker | None = None
    reader: Reader | None = None


class Resources:
    """
    What the commands work with, opened when first needed.

    *load_encoder* takes a model's name, None for the packaged one; *notice* hears, in a sentence,
    what takes long while the model is loaded.
    """

    def __init__(
        self,
        load_encoder: Callable[[str | None], Encoder] | None = None,
        notice: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._load_encoder = load_encoder
        self._notice = notice
        self.database: str | None = None
        self.chat: str | None = None

    def listen(self, notice: Callable[[str], None]) -> None:
        """Let *notice* hear from now on what takes long while the model is loaded."""
        self._notice = notice

    @cached_property
    def settings(self) -> Settings:
        """What the environment sets; raises SettingsError for a bad value."""
        from bot.config import load_settings

        return load_settings()

    @cached_property
    def library(self) -> Library:
        """The articles that are asked, added to or listed; raises LibraryError."""
        from index.storage.database import open_database
        from index.storage.library import open_library

        return open_library(open_database(self.database or self.settings.database), self.chat)

    @cached_property
    def fetch_rules(self) -> FetchRules:
        """What may be fetched from the web; raises SettingsError for a bad value."""
        from index.sources.fetching import FetchRules

        return FetchRules(networks=self.settings.networks)

    @cached_property
    def _encoder(self) -> Encoder:
        settings = self.settings
        if self._load_encoder is not None:
            return self._load_encoder(settings.model)
        from index.encoding.load import load_encoder

        return load_encoder(
            settings.model,
            precision=settings.precision,
            cache=settings.cache,
            notice=self._notice,
        )

    def encoder(self) -> Encoder:
        """Load the model, the first time; raises ModelError."""
        return self._encoder

    def models(self) -> Models:
        """Load all models that answer; raises ModelError."""
        from index.reading.load_reader import fetch_reader

        # A local model switches the hub off for good, so those that may be there go before it.
        reader = fetch_reader(self.settings.reader)
        if self.settings.model is None or Path(self.settings.model).is_dir():
            _ = self._reranker
        encoder = self.encoder()
        return Models(encoder, self._reranker, self._load_reader(reader, encoder))

    def _load_reader(self, name: str, encoder: Encoder) -> Reader | None:
        from index.reading.load_reader import load_reader

        settings = self.settings
        return load_reader(
            name,
            encoder,
            precision=settings.precision,
            cache=settings.cache,
            notice=self._notice,
        )

    @cached_property
    def _reranker(self) -> Reranker | None:
        if self.settings.reranker is None:
            return None
        from index.ranking.crossencoder import load_reranker

        return load_reranker(self.settings.reranker)

    def answerer(
        self, passages: int, progress: Callable[[int, int], None] | None = None
    ) -> Answerer:
        """Open all that answers; *progress* hears of articles that have to be encoded first."""
        library = self.library  # first: a database that does not open is found at once
        from index.answering import Answerer
        from index.retrieval.corpus import Corpus

        encoder, reranker, reader = self.models()
        corpus = Corpus(library, encoder, cache=self.settings.cache)
        corpus.refresh(progress)
        return Answerer(corpus, reranker, passages, self.settings.threshold, reader)
