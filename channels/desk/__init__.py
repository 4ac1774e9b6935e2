"""The services' door: the pages behind a one-time link."""
