"""The testee of link/1: ``conformance/LINK.md``."""
