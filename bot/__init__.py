"""Haven: a conversational referral assistant for people affected by anti-social behaviour or hate crime."""
