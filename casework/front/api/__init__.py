"""The police's systems, version 1: JSON over HTTP. A face like the pages: no rules, writes through services."""
