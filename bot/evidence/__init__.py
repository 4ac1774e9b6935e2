"""What shows it? Photos that people add: checked, drawn anew without their metadata, and kept whole and sealed."""
