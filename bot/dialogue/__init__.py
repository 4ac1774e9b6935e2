"""RASA: the one room where the dialogue engine stands. Nothing else knows it."""
