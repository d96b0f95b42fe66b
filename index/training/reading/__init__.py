"""What makes and measures the weights of a reader, which reads question and window together."""
