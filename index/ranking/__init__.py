"""Which sentence answers, and how sure that is."""
