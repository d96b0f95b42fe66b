"""Files that other programs made are added, and answer, through the command."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from bot.cli import main
from index.encoding.protocol import Encoder

FILES = Path(__file__).parent / "made_elsewhere"
NAMES = [
    "chromium.pdf",
    "feed.xml",
    "harbour.md",
    "libreoffice.docx",
    "libreoffice.pdf",
    "mail.eml",
    "pandoc.docx",
    "pandoc.epub",
    "pandoc.html",
    "result.json",
]
# Questions that each of them answers, and words of the passage that does.
QUESTIONS = {
    "What does a crossing cost for a grown-up?": "four crowns",
    "How many crowns do dogs pay?": "one crown",
    "When was the ferry built?": "1911",
    "How many passengers were there in 2022?": "31,400",
    "Who is the mayor?": "Lena Berg",
}


@pytest.fixture(autouse=True)
def own_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work on a database of this test, without the seeds: in the library of a chat."""
    monkeypatch.setenv("ARTICLE_BOT_DATABASE", f"sqlite:///{tmp_path / 'db.sqlite'}")
    monkeypatch.setenv("ARTICLE_BOT_READER", "off")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_answers_five_questions(
    name: str, encoder: Encoder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever program made it, each question finds its passage among those that are shown."""
    code = main(["--chat", "7", "add", str(FILES / name)], load_encoder=lambda _: encoder)
    assert code == 0, capsys.readouterr().err
    capsys.readouterr()

    lines = "\n".join(json.dumps({"question": question}) for question in QUESTIONS)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))
    main(["--chat", "7", "console", "--json"], load_encoder=lambda _: encoder)

    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    shown = {
        answer["question"]: " ".join(passage["text"] for passage in answer["passages"])
        for answer in answers
    }
    missing = [question for question, words in QUESTIONS.items() if words not in shown[question]]
    assert not missing
