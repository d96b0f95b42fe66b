"""What is known of each language: how it is recognised, its stemmer, its words without a topic."""
