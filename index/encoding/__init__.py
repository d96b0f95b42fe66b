"""Text into vectors: the encoder, how its model is found, exported once, and served."""
