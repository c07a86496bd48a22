"""The record of a child: who, where placed, and what to know before anything happens."""
