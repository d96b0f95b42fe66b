"""Plain text and what stands in it: articles, sentences, lists, words, passages, messages."""
