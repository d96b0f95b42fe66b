"""Plain text and what stands in it: articles, paragraphs, sentences, words, questions, passages."""
