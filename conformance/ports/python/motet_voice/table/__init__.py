"""The table (chapter 8): a dictionary spread over the ring. Parts know of each other only downwards; ``table`` puts them together."""
