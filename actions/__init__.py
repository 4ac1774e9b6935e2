"""The assistant's moves: Rasa's SDK in, bot called, replies out."""
