"""What makes the weights in index.ranking: it runs from a checkout, and is not installed."""
