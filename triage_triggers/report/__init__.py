"""Reports that people read: self-contained HTML pages, and transcripts with what was found marked in them."""
