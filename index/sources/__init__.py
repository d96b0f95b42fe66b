"""Everything that is not plain text into articles: addresses, files, feeds, exports, safely."""
