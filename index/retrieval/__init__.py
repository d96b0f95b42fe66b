"""What answers a question fast: indexes by vectors and words, and caches of the database."""
