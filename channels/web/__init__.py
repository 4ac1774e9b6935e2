"""The web door: the chat API, the full page that works without JavaScript, and its files."""
