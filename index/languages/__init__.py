"""What is known of each language: how it is recognised, its stemmer, its words, its cues."""
