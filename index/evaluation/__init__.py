"""How good the answers are, on files of judged questions."""
