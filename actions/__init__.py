"""What does the assistant do when it is its turn? One file per topic."""
