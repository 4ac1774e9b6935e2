"""How is each part asked from the command line? One file a part; `bot.__main__` puts them together."""
