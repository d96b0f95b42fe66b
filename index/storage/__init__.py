"""The database, which is the truth: articles, sentences and vectors, and how they get there."""
