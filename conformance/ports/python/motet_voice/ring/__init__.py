"""The ring (chapter 7 of the specification): positions, a node's own state, its operations, and lookups."""
