"""Figures to compare, never asserted: each is a ratio, or stands beside one, measured in one run."""
