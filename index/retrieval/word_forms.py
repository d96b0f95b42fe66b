"""What the comparable forms of words depend on, so that kept ones are not used by other rules."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from importlib.metadata import version

from index.languages.function_words import FUNCTION_WORDS, QUESTION_WORDS
from index.languages.registry import STEMMERS

# To be counted up whenever index.text.words makes other forms of the same tables.
VERSION = 2


def key_of_forms() -> str:
    """Hash the rules' version, the tables that they use, the stemmer's version and Unicode's."""
    tables = [STEMMERS, FUNCTION_WORDS, QUESTION_WORDS]
    rules = [VERSION, tables, version("PyStemmer"), unicodedata.unidata_version]
    return hashlib.sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()
