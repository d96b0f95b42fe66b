"""Ask an article from Python: `python examples/ask.py "who appointed West?"`."""

import sys

from index import Answerer, Corpus, load_encoder, open_database, open_library

library = open_library(open_database("sqlite://"), None)  # in memory, with the first article
answer = Answerer(Corpus(library, load_encoder())).answer(" ".join(sys.argv[1:]) or "who is West?")
print(f"{answer.tier} ({answer.confidence:.2f})")  # "says", "may" or "not"
print(*(passage.text for passage in answer.passages), sep="\n---\n")
