"""One library: what is stored, under which ids, and what other processes see."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, func, select

from index.datatypes import Article, Sentence, Span
from index.errors import ArticleError, LibraryError, NotFoundError
from index.storage import schema
from index.storage.database import open_database, seed_articles
from index.storage.library import Library, open_library
from index.storage.records import Added, EncodedArticle, StoredArticle
from index.storage.renaming import rename_library
from index.text.articles import digest

MODEL = "model-1"

ADD = """
import sys
import numpy as np
from index.storage.database import open_database
from index.datatypes import Article, Sentence, Span
from index.storage.library import open_library
from index.storage.records import EncodedArticle
library = open_library(open_database(sys.argv[1]), "chat")
name, count = sys.argv[2], int(sys.argv[3])
vectors = np.ones((20, 8), dtype=np.float32)
sentences = [Sentence(Span(i, i + 1), 1) for i in range(20)]
print("ready", flush=True)
sys.stdin.readline()
for number in range(count):
    article = Article(f"{name}{number}", "Title", f"{name} {number} " + "x" * 2000)
    library.add([EncodedArticle(article, sentences, vectors)], "model-1")
    print(number, flush=True)
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Give the URL of a new database."""
    return f"sqlite:///{tmp_path}/articles.sqlite"


@pytest.fixture
def engine(url: str) -> Engine:
    """Open a new database."""
    return open_database(url)


@pytest.fixture
def library(engine: Engine) -> Library:
    """Open the library of a chat, which is empty at first."""
    return open_library(engine, "chat")


def prepare(
    name: str, text: str, *, explicit_id: bool = False, fill: float = 1.0
) -> EncodedArticle:
    """Prepare an article whose sentences are its lines, one paragraph each."""
    sentences, start = [], 0
    for number, line in enumerate(text.split("\n"), start=1):
        sentences.append(Sentence(Span(start, start + len(line)), number))
        start += len(line) + 1
    vectors = np.full((len(sentences), 3), fill, dtype=np.float32)
    article = Article(name, f"Title of {name}", text, f"{name}.txt", "de")
    return EncodedArticle(article, tuple(sentences), vectors, explicit_id)


def add(library: Library, *prepared: EncodedArticle, replace: bool = False) -> list[Added]:
    """Add articles as the tests' model encoded them."""
    return library.add(prepared, MODEL, replace=replace)


def key_of(library: Library, name: str) -> int:
    """Find the key of the article known as *name*."""
    return library.get(name).key


def state_of(library: Library) -> list[tuple[str, tuple[str, ...], str]]:
    """Every article: its first id, its other ids and its text."""
    return [
        (info.id, info.other_ids, library.get(info.id).article.text) for info in library.listing()
    ]


def rows_in(engine: Engine, table: str) -> int:
    """Count the rows of *table*."""
    with engine.connect() as connection:
        query = select(func.count()).select_from(schema.metadata.tables[table])
        return connection.execute(query).scalar_one()


def spawn(url: str, name: str, count: int) -> subprocess.Popen[str]:
    """Start a process that adds *count* articles when it is told to."""
    process = subprocess.Popen(
        [sys.executable, "-c", ADD, url, name, str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


class TestAdding:
    """What ``add`` and ``check`` do."""

    def test_stored_article_comes_back_whole(self, library):
        """Text, title, source, language, sentences and vectors are what was given."""
        encoded = prepare("a", "First.\nSecond, with an é and a 🙂.")

        assert add(library, encoded) == [Added("a", "added")]
        key = key_of(library, "a")
        assert library.load([key]) == {key: StoredArticle(key, encoded.article, encoded.sentences)}
        np.testing.assert_array_equal(library.vectors([key], MODEL)[key], encoded.vectors)

    def test_same_text_with_the_same_id_changes_nothing(self, library):
        """Adding an article again says so and does not move the revision."""
        add(library, prepare("a", "Text."))
        revision = library.revision()

        assert add(library, prepare("a", "Text.")) == [Added("a", "unchanged")]
        assert library.revision() == revision

    def test_same_text_from_another_file_is_known_under_its_first_id(self, library):
        """An id that was only derived from a file's name becomes no further name."""
        add(library, prepare("a", "Text."))

        assert add(library, prepare("b", "Text.")) == [Added("a", "unchanged", "a")]
        assert state_of(library) == [("a", (), "Text.")]

    def test_chosen_id_becomes_a_further_name(self, library):
        """A text that is there already can be asked for by the id that somebody chose."""
        add(library, prepare("a", "Text."))
        revision = library.revision()

        added = add(library, prepare("b", "Text.", explicit_id=True))

        assert added == [Added("b", "unchanged", "a")]
        assert state_of(library) == [("a", ("b",), "Text.")]
        assert library.get("b").article.id == "b"
        assert library.get("b").key == key_of(library, "a")
        assert library.revision() == revision + 1

    def test_taken_id_is_refused(self, library):
        """Another text does not replace one without being told to."""
        add(library, prepare("report", "Old."))

        with pytest.raises(ArticleError) as caught:
            add(library, prepare("other", "Other."), prepare("report", "New."))

        assert str(caught.value) == (
            "an article with the id 'report' is there already with another text; "
            "give --replace to replace it, or --id to add this one beside it."
        )
        assert state_of(library) == [("report", (), "Old.")]

    def test_replacing_stores_a_new_article(self, library, engine):
        """The old text goes with its sentences and vectors, and its key is not used again."""
        add(library, prepare("a", "Old.\nTwo."))
        old = key_of(library, "a")
        sentences = rows_in(engine, "sentences")

        assert add(library, prepare("a", "New."), replace=True) == [Added("a", "replaced")]
        assert state_of(library) == [("a", (), "New.")]
        assert library.load([old]) == {}
        assert library.vectors([old], MODEL) == {}
        assert rows_in(engine, "sentences") == sentences - 1

    def test_replacing_one_of_several_names_leaves_the_others(self, library):
        """The other names keep the old text."""
        add(library, prepare("a", "Old."), prepare("b", "Old.", explicit_id=True))

        add(library, prepare("a", "New."), replace=True)

        assert state_of(library) == [("b", (), "Old."), ("a", (), "New.")]

    def test_replacing_with_a_known_text_moves_the_name(self, library):
        """An id whose text is replaced by one that is there already becomes its last name."""
        add(library, prepare("a", "Old."), prepare("b", "Known."))

        added = add(library, prepare("a", "Known."), replace=True)

        assert added == [Added("a", "replaced", "b")]
        assert state_of(library) == [("b", ("a",), "Known.")]

    def test_repeated_text_in_one_call_is_stored_once(self, library):
        """Articles of one call see those before them."""
        added = add(library, prepare("a", "Text."), prepare("b", "Text."))

        assert added == [Added("a", "added"), Added("a", "unchanged", "a")]

    @pytest.mark.parametrize(
        ("name", "text", "replace", "expected"),
        [
            ("new", "New.", False, "new"),
            ("a", "Text.", False, "unchanged"),
            ("new", "Text.", False, "unchanged"),
            ("a", "New.", True, "replaced"),
        ],
    )
    def test_check_says_what_adding_would_do(self, library, name, text, replace, expected):
        """A caller learns before encoding whether there is anything to encode."""
        add(library, prepare("a", "Text."))

        article = prepare(name, text).article

        assert library.check(article, replace=replace) == expected

    def test_check_refuses_a_taken_id(self, library):
        """A conflict is found before anything is encoded."""
        add(library, prepare("a", "Text."))

        with pytest.raises(ArticleError, match=r"^an article with the id 'a' is there already"):
            library.check(prepare("a", "Other.").article, replace=False)

    def test_known_text_needs_no_vectors(self, library):
        """What ``check`` found unchanged is added without sentences and vectors."""
        add(library, prepare("a", "Text."))

        bare = EncodedArticle(Article("b", "Title", "Text."), explicit_id=True)

        assert add(library, bare) == [Added("b", "unchanged", "a")]

    def test_unknown_text_without_vectors_is_refused(self, library):
        """A text that was removed after ``check`` is not stored without its vectors."""
        with pytest.raises(LibraryError) as caught:
            add(library, EncodedArticle(Article("b", "Title", "Text.")))

        assert str(caught.value) == (
            "another process has just removed the text of 'b'; add it again."
        )

    @pytest.mark.parametrize(
        "vectors",
        [
            np.ones((1, 3), dtype=np.float32),
            np.ones((2, 3), dtype=np.float64),
            np.ones(2, dtype=np.float32),
            np.ones((2, 0), dtype=np.float32),
            np.array([[1, 2, 3], [1, 2, np.nan]], dtype=np.float32),
            np.array([[1, 2, 3], [1, 2, np.inf]], dtype=np.float32),
        ],
        ids=["too few", "float64", "flat", "no dimension", "nan", "infinite"],
    )
    def test_bad_vectors_are_refused(self, library, vectors):
        """Vectors must be finite float32, one for each sentence; nothing is stored otherwise."""
        encoded = prepare("a", "One.\nTwo.")

        with pytest.raises(LibraryError):
            add(library, EncodedArticle(encoded.article, encoded.sentences, vectors))

        assert library.listing() == []

    def test_libraries_are_apart(self, engine):
        """A chat's articles and ids are not those of another chat, nor the shared ones."""
        first, second = open_library(engine, "1"), open_library(engine, "2")

        add(first, prepare("a", "Text."))
        add(second, prepare("a", "Text."))
        second.remove(["a"])

        assert state_of(first) == [("a", (), "Text.")]
        assert state_of(second) == []
        assert [info.id for info in open_library(engine, None).listing()] == [
            seed.id for seed in seed_articles()
        ]

    def test_every_change_moves_the_revision(self, library):
        """Adding, encoding and removing each move it; reading does not."""
        revisions = [library.revision()]
        add(library, prepare("a", "Text."))
        revisions.append(library.revision())
        library.put_vectors({key_of(library, "a"): np.ones((1, 5), dtype=np.float32)}, "model-2")
        revisions.append(library.revision())
        library.remove(["a"])
        revisions.append(library.revision())

        assert revisions == [0, 1, 2, 3]


class TestReading:
    """Lists, single articles, and what is said when one is not there."""

    def test_absent_library_is_empty(self, library, engine):
        """A chat that nothing was added to has no articles, and reading makes no row for it."""
        assert library.listing() == []
        assert library.keys() == []
        assert library.missing_vectors(MODEL) == []
        assert library.revision() == 0
        assert rows_in(engine, "libraries") == 1

    def test_listing_has_the_figures_in_order_of_adding(self, library):
        """Each article is one line, with its counts and the time in UTC."""
        before = datetime.now(UTC)
        add(library, prepare("b", "One é🙂.\nTwo."), prepare("a", "Three."))
        add(library, prepare("c", "Three.", explicit_id=True))

        infos = library.listing()

        assert [
            (i.id, i.other_ids, i.title, i.characters, i.paragraphs, i.sentences, i.source)
            for i in infos
        ] == [
            ("b", (), "Title of b", 12, 2, 2, "b.txt"),
            ("a", ("c",), "Title of a", 6, 1, 1, "a.txt"),
        ]
        assert {info.language for info in infos} == {"de"}
        assert all(before <= info.added_at <= datetime.now(UTC) for info in infos)

    def test_unknown_id_proposes_close_ones(self, library):
        """A mistyped id is answered with the ids that look like it."""
        add(library, prepare("report-2023", "One."), prepare("letter", "Two."))

        with pytest.raises(NotFoundError) as caught:
            library.get("report-2032")

        assert str(caught.value) == (
            "no article has the id 'report-2032'; did you mean 'report-2023'?"
        )

    def test_unknown_id_without_close_ones_names_the_list(self, library):
        """Where nothing looks like the id, the message says how to see all."""
        with pytest.raises(NotFoundError) as caught:
            library.get("x")

        assert str(caught.value) == "no article has the id 'x'; see `article-bot list`."

    @pytest.mark.slow
    def test_more_articles_than_a_statement_holds(self, library):
        """Thousands of articles are added and read, though statements are limited."""
        names = [f"n{number}" for number in range(1201)]
        add(library, *(prepare(name, f"Text of {name}.") for name in names))

        keys = library.keys()

        assert [stored.article.id for stored in library.load(keys).values()] == names
        assert list(library.vectors(keys, MODEL)) == keys


class TestRemoving:
    """What ``remove`` takes along."""

    def test_removed_article_goes_with_its_names_and_rows(self, library, engine):
        """Sentences, vectors and further names go too; other articles stay."""
        before = [rows_in(engine, table) for table in ("sentences", "vectors", "names")]
        add(library, prepare("a", "One.\nTwo."), prepare("b", "One.\nTwo.", explicit_id=True))

        library.remove(["b", "a"])

        assert library.listing() == []
        after = [rows_in(engine, table) for table in ("sentences", "vectors", "names")]
        assert after == before

    def test_unknown_ids_are_named_and_nothing_is_removed(self, library):
        """All of the ids are removed or none."""
        add(library, prepare("a", "One."))

        with pytest.raises(NotFoundError) as caught:
            library.remove(["a", "x", "y", "x"])

        assert str(caught.value) == "no article has the id 'x' or 'y'; see `article-bot list`."
        assert state_of(library) == [("a", (), "One.")]

    def test_keys_are_never_used_again(self, library):
        """An article that is added after the last one was removed gets a key of its own."""
        add(library, prepare("a", "One."))
        first = key_of(library, "a")
        library.remove(["a"])

        add(library, prepare("a", "One."))

        assert key_of(library, "a") > first


class TestVectors:
    """Vectors of several models."""

    def test_old_vectors_stay_until_the_new_ones_are_complete(self, library):
        """Vectors of another model are dropped when no article misses the new ones."""
        add(library, prepare("a", "One."), prepare("b", "Two.\nThree."))
        first, second = library.keys()
        library.put_vectors({first: np.ones((1, 5), dtype=np.float32)}, "new")

        library.drop_other_vectors("new")
        assert library.missing_vectors("new") == [second]
        assert list(library.vectors([first, second], MODEL)) == [first, second]

        library.put_vectors({second: np.ones((2, 5), dtype=np.float32)}, "new")
        library.drop_other_vectors("new")
        assert library.missing_vectors("new") == []
        assert library.missing_vectors(MODEL) == [first, second]
        assert library.vectors([second], "new")[second].shape == (2, 5)

    def test_vectors_of_other_libraries_stay(self, library, engine):
        """Dropping old vectors is the business of one library."""
        add(library, prepare("a", "One."))
        other = open_library(engine, "other")
        add(other, prepare("a", "One."))

        other.put_vectors({other.keys()[0]: np.ones((1, 5), dtype=np.float32)}, "new")
        other.drop_other_vectors("new")

        assert list(library.vectors(library.keys(), MODEL)) == library.keys()

    def test_vectors_of_removed_articles_are_skipped(self, library):
        """Who encodes while somebody removes loses nothing but that article's vectors."""
        add(library, prepare("a", "One."), prepare("b", "Two."))
        first, second = library.keys()
        library.remove(["a"])

        vectors = np.ones((1, 5), dtype=np.float32)
        library.put_vectors({first: vectors, second: vectors}, "new")

        assert list(library.vectors([first, second], "new")) == [second]

    def test_wrong_number_of_vectors_is_refused(self, library):
        """Vectors that do not fit the sentences are refused with the numbers, all of them."""
        add(library, prepare("a", "One."), prepare("b", "Two.\nThree."))
        good = np.ones((1, 5), dtype=np.float32)

        with pytest.raises(LibraryError) as caught:
            library.put_vectors(dict.fromkeys(library.keys(), good), "new")

        assert str(caught.value) == (
            "'b' has 2 sentences, and its vectors are float32 of the shape (1, 5) instead of "
            "float32 (2, d); check the model."
        )
        assert library.missing_vectors("new") == library.keys()


class TestProcesses:
    """Several processes on one database."""

    def test_reader_sees_what_another_process_committed(self, library, url):
        """An open library shows an article that another process adds."""
        add(library, prepare("mine", "Text."))
        spawn(url, "theirs", 1).communicate("go\n")

        assert [info.id for info in library.listing()] == ["mine", "theirs0"]
        assert library.revision() == 2

    @pytest.mark.slow
    def test_two_writers_both_succeed(self, library, url):
        """Writers wait for each other and lose nothing."""
        processes = [spawn(url, name, 25) for name in ("a", "b")]
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in processes:
            process.communicate()

        assert [process.returncode for process in processes] == [0, 0]
        assert sorted(info.id for info in library.listing()) == sorted(
            f"{name}{number}" for name in ("a", "b") for number in range(25)
        )
        assert library.revision() == 50

    def test_killed_writer_leaves_whole_articles(self, library, url):
        """After a kill in the middle of adding, every article that is there is complete."""
        with spawn(url, "a", 10_000) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write("go\n")
            process.stdin.flush()
            for _ in range(20):
                acknowledged = int(process.stdout.readline())
            process.kill()

        stored = library.load(library.keys())

        assert len(stored) > acknowledged
        assert {len(article.sentences) for article in stored.values()} == {20}
        assert library.missing_vectors(MODEL) == []
        assert library.revision() == len(stored)
        add(library, prepare("next", "Text."))


def test_a_renamed_library_keeps_its_articles(engine: Engine) -> None:
    """The articles are there under the new name, also when an empty library had it."""
    old, new = open_library(engine, "old"), open_library(engine, "new")
    new.add([prepare("short", "Gone soon.")], MODEL)
    new.remove(["short"])
    old.add([prepare("cats", "Cats sleep.")], MODEL)

    assert rename_library(engine, "old", "new")

    assert [info.id for info in new.listing()] == ["cats"]
    assert (new.count(), old.count()) == (1, 0)
    assert new.revision() > 1


def test_a_library_is_not_renamed_over_another(engine: Engine) -> None:
    """When both have articles nothing changes."""
    old, new = open_library(engine, "old"), open_library(engine, "new")
    old.add([prepare("cats", "Cats sleep.")], MODEL)
    new.add([prepare("dogs", "Dogs bark.")], MODEL)

    assert not rename_library(engine, "old", "new")

    assert [info.id for info in old.listing()] == ["cats"]
    assert [info.id for info in new.listing()] == ["dogs"]


def test_digests_are_those_of_the_texts(library: Library) -> None:
    """Each article has one, and one that is removed has none."""
    add(library, prepare("a", "One."), prepare("b", "Two."))
    assert library.digests() == {digest("One."), digest("Two.")}
    library.remove(["a"])
    assert library.digests() == {digest("Two.")}
