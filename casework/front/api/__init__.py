"""The police's systems, version 1: JSON over HTTP. A face like the pages, without rules of its own."""
