"""The command line: its commands, and a conversation in the terminal."""
