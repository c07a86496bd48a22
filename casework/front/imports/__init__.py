"""An authority's own files, read, checked and brought into the record."""
