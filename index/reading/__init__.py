"""A question and the text that may answer it, read together."""
