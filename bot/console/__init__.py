"""The console: the commands that read and print, and the session with a person."""
