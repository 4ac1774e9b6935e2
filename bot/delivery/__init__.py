"""How does it get there, once? The outbox, e-mail, webhook and one-time links; what is inside is not its business."""
