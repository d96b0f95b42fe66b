"""
What speed.py gives to all contenders: models, sentences, questions.

    python speed_job.py QUESTIONS.jsonl FOLDER    # write FOLDER/job.json

A process of its own, since torch makes it large: the peak of memory of a process that is started
is at least what the process that starts it holds.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cross_encoders import make_cross_encoder

QUESTION = "what conditions did the US set?"
ARTICLES = 48  # of the file, at most
QUESTIONS = 40  # of a round
SENTENCES = 512  # of a round: a few seconds of work


def write_job(path: Path, folder: Path) -> None:
    """Write the job of the articles in *path* into *folder*."""
    from index.datatypes import Article
    from index.encoding.find_model import find_model
    from index.evaluation.question_files import read_questions
    from index.storage.database import seed_articles
    from index.text.sentences import split_sentences

    def sentences_of(article: Article) -> list[str]:
        return [article.cut(sentence.span) for sentence in split_sentences(article.text)]

    rows = list(read_questions(path))[:ARTICLES]
    asked = [
        (i, question.question) for i, (_, questions) in enumerate(rows) for question in questions
    ]
    articles = [sentences_of(article) for article, _ in rows]
    sentences = [sentence for article in articles for sentence in article]
    model, cross_encoder = find_model(None), folder / "cross-encoder"
    make_cross_encoder(model, cross_encoder)
    job = {
        "model": str(model),
        "cross_encoder": str(cross_encoder),
        "seed": [sentence for article in seed_articles() for sentence in sentences_of(article)],
        "question": QUESTION,
        "articles": articles,
        "texts": [(article.id, article.title, article.text) for article, _ in rows],
        "questions": asked[:: -(-len(asked) // QUESTIONS)],
        "sentences": sentences[:: -(-len(sentences) // SENTENCES)],
    }
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")


if __name__ == "__main__":
    write_job(*map(Path, sys.argv[1:]))
