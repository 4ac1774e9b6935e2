"""Where do people and services come in? The web, the desk and text messages."""
