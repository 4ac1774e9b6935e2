"""Who said what, and who holds the line?"""
